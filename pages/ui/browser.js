// Streamlit has no setting for the language of its fixed strings, none to bring a highlighted figure into view, and none
// to tie a figure of a list to its place in a text.
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
  // Our own words, and the text of reports: never translated, and too long to be looked through.
  const OURS = "[data-testid=stHtml]";
  const isOurs = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(OURS);

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
    if (root.nodeType !== 1 || isOurs(root)) return;
    speakAttributes(root);
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node.nodeType === 3 ? NodeFilter.FILTER_ACCEPT : node.matches(OURS) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP);
    while (texts.nextNode()) speakText(texts.currentNode);
    const named = root.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]:not(${OURS} *)`).join());
    named.forEach(speakAttributes);
  };
  // 原文: what names one place (a row of the list, a mark in the text, a box on the page) lights up together.
  const BOXES = ".report, .original, .figures";
  const placed = (node) => (node?.nodeType === 1 ? node.closest("[data-place]") : null);
  const placesOf = (element) => element.dataset.place.split(" ");
  const at = (place, within = "") => document.querySelectorAll(`${within} [data-place~="${CSS.escape(place)}"]`);
  const chosenPlace = () => {
    const mark = placed(document.querySelector(".report mark.chosen"));
    return mark ? placesOf(mark)[0] : undefined;
  };
  // The frame of a web page may not be reached into: it is led to a place by the fragment of its address.
  const leadFrame = (place) => {
    const frame = document.querySelector(".framed iframe");
    if (!frame?.contentWindow || !place || frame.dataset.led === place) return;
    frame.dataset.led = place;
    frame.contentWindow.location.replace(`about:srcdoc#${place}`);
  };
  const makeFrame = (holder) => {
    if (holder.querySelector("iframe")) return;
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "");
    frame.setAttribute("referrerpolicy", "no-referrer");
    frame.title = holder.dataset.title;
    frame.srcdoc = holder.querySelector("pre").textContent;
    frame.addEventListener("load", () => leadFrame(chosenPlace()));
    holder.append(frame);
  };
  // Into the part of a box that is on the screen: a box may reach beyond it.
  const scrollTo = (box, element, always, whole) => {
    const [outer, inner] = [box.getBoundingClientRect(), element.getBoundingClientRect()];
    const [top, bottom] = [Math.max(outer.top, 0), Math.min(outer.bottom, innerHeight)];
    const [from, to] = bottom - top > 90 && !whole ? [top, bottom] : [outer.top, outer.bottom];
    if (always || inner.top < from + 30 || inner.bottom > to - 10) box.scrollTop += inner.top - from - (to - from) / 3;
    if (inner.left < outer.left || inner.right > outer.right) box.scrollLeft += inner.left - outer.left - 20;
  };
  // Where the boxes stood when a figure was chosen: what is drawn anew stays under the reader's eyes.
  let kept;
  let forgetting;
  const within = (root, names) => [...(root.matches(names) ? [root] : []), ...root.querySelectorAll(names)];
  const stayPut = () => {
    const box = document.querySelector(`.${kept.clicked}`);
    const main = box?.closest("[data-testid=stMain]");
    if (main) main.scrollTop += box.getBoundingClientRect().top - kept.top;
  };
  const bringIntoView = (root) => {
    if (root.nodeType !== 1) return;
    within(root, ".framed").forEach(makeFrame);
    if (kept) stayPut();
    for (const box of within(root, BOXES)) {
      const stood = kept?.scrolled[box.classList[0]];
      if (stood !== undefined) box.scrollTop = stood;
      const chosen = box.querySelector(".chosen");
      if (chosen) scrollTo(box, chosen, stood === undefined && !box.matches(".figures"), true);
      if (box.matches(".report")) leadFrame(chosenPlace());
    }
  };
  for (const own of ["wheel", "touchmove", "pointerdown"]) {
    addEventListener(own, () => (kept = undefined), { passive: true, capture: true });
  }
  let pointed = null;
  let waiting;
  const point = (element) => {
    if (element === pointed) return;
    pointed = element;
    document.querySelectorAll(".pointed, .together").forEach((lit) => lit.classList.remove("pointed", "together"));
    clearTimeout(waiting);
    const places = element ? placesOf(element) : [];
    const lit = places.flatMap((place) => [...at(place)]);
    for (const each of lit) {
      each.classList.add("pointed");
      const sentence = each.dataset.sentence;
      if (sentence === undefined) continue;
      for (const other of each.closest(BOXES).querySelectorAll(`[data-sentence="${sentence}"]`)) {
        if (!lit.includes(other)) other.classList.add("together");
      }
    }
    // Whoever runs down the list does not want the text to jump at every row.
    waiting = setTimeout(() => {
      const own = element?.closest(BOXES);
      for (const box of document.querySelectorAll(BOXES)) {
        const there = box === own ? null : box.querySelector(".pointed");
        if (there) scrollTo(box, there, false);
      }
      leadFrame(places[0] ?? chosenPlace());
    }, 140);
  };
  // Streamlit runs the page anew for an address that changes by the history; a link would load it all anew.
  const choose = (link, box) => {
    const scrolled = Object.fromEntries([...document.querySelectorAll(BOXES)].map((each) => [each.classList[0], each.scrollTop]));
    kept = { scrolled, clicked: box.classList[0], top: box.getBoundingClientRect().top };
    clearTimeout(forgetting);
    forgetting = setTimeout(() => (kept = undefined), 3000);
    history.pushState(history.state, "", link.href);
    dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  };
  const linkAt = (node) => {
    const element = placed(node) ?? node.closest?.(".figures tr");
    if (!element?.closest(BOXES)) return null;
    const row = element.matches("tr") ? element : placesOf(element).flatMap((place) => [...at(place, ".figures")])[0];
    return row?.querySelector("a");
  };
  let mouse = "";
  addEventListener("mouseover", (event) => {
    // What moves under a mouse that stands still is not pointed at.
    const here = `${event.screenX},${event.screenY}`;
    if (here !== mouse) point(placed(event.target));
    mouse = here;
  });
  addEventListener("focusin", (event) => point(placed(event.target)));
  addEventListener("click", (event) => {
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const link = isPlain && getSelection().isCollapsed ? linkAt(event.target) : null;
    if (!link) return;
    event.preventDefault();
    choose(link, event.target.closest(BOXES));
  });
  addEventListener("keydown", (event) => {
    const link = event.key === "Enter" && !event.target.matches("a, input, textarea") ? linkAt(event.target) : null;
    if (link) choose(link, event.target.closest(BOXES));
  });

  // A switch to the source by the server first puts the source's query on the page that is left, then goes: "back" would
  // come to that page under a query that is not its own. The second step takes the place of the first.
  const push = history.pushState.bind(history);
  const PATIENCE = 5000;
  let queried = -PATIENCE;
  history.pushState = (state, title, url) => {
    const to = new URL(url ?? location.href, location.href);
    const stays = to.pathname === location.pathname;
    const follows = !stays && to.pathname.endsWith("/source") && to.search !== "" && to.search === location.search;
    if (follows && performance.now() - queried < PATIENCE) history.replaceState(state, title, url);
    else push(state, title, url);
    queried = stays ? performance.now() : -PATIENCE;
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
    const language = chinese ? "zh-CN" : "en";
    // Even the same language, set again, makes the browser work out every style of the page anew.
    if (document.documentElement.lang !== language) document.documentElement.lang = language;
    for (const change of changes) {
      // A chart is built from thousands of nodes, and all its words are ours.
      if (change.target.namespaceURI === "http://www.w3.org/2000/svg") continue;
      change.addedNodes.forEach(bringIntoView);
      if (!chinese) continue;
      if (change.type === "childList") change.addedNodes.forEach(speak);
      if (change.type === "characterData") speakText(change.target);
      if (change.type === "attributes") speakAttributes(change.target);
    }
    if (kept) stayPut();
  }).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
})();
