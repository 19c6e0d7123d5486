// Streamlit has no setting for the language of its fixed strings, and none to bring a highlighted figure into view.
// And it looks for its server under the page's own path first, which the console reports as two addresses not found.
window.__streamlit = { BACKEND_BASE_URL: `${location.origin}/` };
(() => {
  const inChinese = () => new URLSearchParams(location.search).get("lang") !== "en";
  // Calendars name their months in the browser's language, whatever the page's is.
  const language = () => (inChinese() ? "zh-CN" : "en-GB");
  Object.defineProperty(navigator, "language", { get: language });
  Object.defineProperty(navigator, "languages", { get: () => [language()] });

  const ATTRIBUTES = ["aria-label", "title", "placeholder", "data-title", "aria-valuetext"];
  const turned = (words) => Object.fromEntries(Object.entries(words).map(([english, chinese]) => [chinese, english]));
  // In a part a star stands for any words, such as a name: "Remove *".
  const quoted = (text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const patterns = (parts) =>
    Object.entries(parts).map(([from, to]) => [new RegExp(`^${from.split("*").map(quoted).join("(.+?)")}$`, "s"), to]);
  const LANGUAGES = { zh: [CHINESE, patterns(PARTS)], en: [turned(CHINESE), patterns(turned(PARTS))] };
  const LATIN = /[A-Za-z]{2}/;
  const said = (text) => {
    const chinese = inChinese();
    if (chinese && !LATIN.test(text)) return undefined;
    const [words, parts] = LANGUAGES[chinese ? "zh" : "en"];
    const whole = text.trim();
    if (Object.hasOwn(words, whole)) return text.replace(whole, words[whole]);
    // A button of a table is called "Search: <name of the table>".
    const [head, colon] = whole.match(/^(.+?)(?:: |：)/)?.slice(0, 2).reverse() ?? [];
    if (head !== undefined && Object.hasOwn(words, head)) {
      return text.replace(colon, words[head] + (chinese ? "：" : ": "));
    }
    for (const [pattern, words] of parts) {
      const found = whole.match(pattern);
      if (found) return words.split("*").reduce((said, next, place) => said + (found[place] ?? "") + next);
    }
    return undefined;
  };
  const isOurs = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("[data-testid=stHtml]");

  const speakText = (node) => {
    const words = said(node.data);
    if (words !== undefined && words !== node.data && !isOurs(node)) node.data = words;
  };
  const speakAttributes = (element) => {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      const words = value === null ? undefined : said(value);
      if (words !== undefined && words !== value) element.setAttribute(name, words);
    }
  };
  const speak = (root) => {
    if (root.nodeType === 3) return speakText(root);
    if (root.nodeType !== 1) return;
    speakAttributes(root);
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) speakText(texts.currentNode);
    root.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join()).forEach(speakAttributes);
  };
  const bringIntoView = (root) => {
    const mark = root.nodeType === 1 ? root.querySelector(".report mark.chosen") : null;
    const box = mark?.closest(".report");
    if (box) box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  };

  // A grid of Streamlit's chooses its first cell when the keyboard comes to it and another with each arrow, Tab
  // included, and a chosen cell opens its source. So keys scroll it, Tab goes on, and Enter asks for a plain table.
  let byKey = false;
  const grid = (event) => (event.target.dataset?.testid === "data-grid-canvas" ? event.target : null);
  const hint = (canvas) => {
    const words = TABLE_KEYS[inChinese() ? "zh" : "en"];
    canvas.setAttribute("aria-description", words);
    canvas.closest("[data-testid=stDataFrame]").dataset.keys = words;
  };
  const steps = (box) => ({
    ArrowDown: [0, 30], ArrowUp: [0, -30], ArrowRight: [80, 0], ArrowLeft: [-80, 0],
    PageDown: [0, box.clientHeight - 60], PageUp: [0, 60 - box.clientHeight], Home: [-1e6, -1e6], End: [0, 1e6],
  });
  addEventListener("pointerdown", () => { byKey = false; }, true);
  addEventListener("keydown", (event) => {
    byKey = true;
    const canvas = grid(event);
    if (!canvas || event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopImmediatePropagation();
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const address = new URL(location.href);
      address.searchParams.set("tables", "plain");
      location.assign(address);
      return;
    }
    const box = canvas.closest("[data-testid=stDataFrame]").querySelector(".dvn-scroller");
    const step = box && steps(box)[event.key];
    if (!step) return;
    const before = [box.scrollLeft, box.scrollTop];
    box.scrollBy(...step);
    // At its end the page scrolls on.
    if (before[0] !== box.scrollLeft || before[1] !== box.scrollTop) event.preventDefault();
  }, true);
  for (const name of ["focus", "focusin"]) {
    addEventListener(name, (event) => {
      const canvas = byKey && grid(event);
      if (!canvas) return;
      hint(canvas);
      event.stopImmediatePropagation();
    }, true);
  }

  // Plotly draws for the width of the window. With a view box the drawing shrinks to the width of the paper; one that
  // was drawn for a telephone is not blown up.
  addEventListener("beforeprint", () => {
    for (const drawing of document.querySelectorAll("svg.main-svg")) {
      const [width, height] = ["width", "height"].map((name) => drawing.getAttribute(name));
      drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
      drawing.style.maxWidth = `${width}px`;
    }
  });
  addEventListener("afterprint", () => {
    for (const drawing of document.querySelectorAll("svg.main-svg[viewBox]")) {
      drawing.removeAttribute("viewBox");
      drawing.style.maxWidth = "";
    }
  });

  let wasChinese = inChinese();
  new MutationObserver((changes) => {
    const chinese = inChinese();
    if (chinese !== wasChinese) {
      speak(document.body);
      dispatchEvent(new Event("languagechange"));
    }
    wasChinese = chinese;
    document.documentElement.lang = chinese ? "zh-CN" : "en";
    for (const change of changes) {
      change.addedNodes.forEach(bringIntoView);
      if (!chinese) continue;
      if (change.type === "childList") change.addedNodes.forEach(speak);
      if (change.type === "characterData") speakText(change.target);
      if (change.type === "attributes") speakAttributes(change.target);
    }
  }).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
})();
