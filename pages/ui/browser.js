// Streamlit has no setting for the language of its fixed strings, and none to bring a highlighted figure into view.
(() => {
  const inChinese = () => new URLSearchParams(location.search).get("lang") !== "en";
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "data-title"];
  const turned = (words) => Object.fromEntries(Object.entries(words).map(([english, chinese]) => [chinese, english]));
  const LANGUAGES = { zh: [CHINESE, PARTS], en: [turned(CHINESE), turned(PARTS)] };
  const said = (text) => {
    const [words, parts] = LANGUAGES[inChinese() ? "zh" : "en"];
    const whole = text.trim();
    // A button of a table is called "Search: <name of the table>", an end of a slider "<name> — start <name>".
    const head = whole.split(": ", 1)[0];
    if (words[whole] !== undefined) return text.replace(whole, words[whole]);
    if (words[head] !== undefined) return text.replace(head, words[head]);
    const part = Object.keys(parts).find((known) => text.includes(known));
    return part === undefined ? undefined : text.replace(part, parts[part]);
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
    if (chinese !== wasChinese) speak(document.body);
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
