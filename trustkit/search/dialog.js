/* Shows what the search finds while one types: in the dialog of every page and on the search page. */
(() => {
  "use strict";

  const AT_ONCE = { dialog: 12, page: 200 };
  const WORDS = {
    en: {
      loading: "Loading the texts …",
      failed: "The texts could not be loaded. Reload the page and search again.",
      none: (query) => `Nothing found for “${query}”.`,
      hint: "Try fewer or other words, or go on here:",
      some: (count) => (count === 1 ? "1 place found" : `${count} places found`),
      fewer: (query) => `No place has all of “${query}”. These have some of it:`,
      all: (count) => `Show all ${count}`,
    },
    zh: {
      loading: "正在载入课程文本……",
      failed: "课程文本没有载入。请刷新页面后再搜索。",
      none: (query) => `没有找到“${query}”。`,
      hint: "换个说法或减少词语再试，也可以从这里找：",
      some: (count) => `找到 ${count} 处`,
      fewer: (query) => `没有一处包含“${query}”的全部内容，以下包含一部分：`,
      all: (count) => `查看全部 ${count} 处`,
    },
  };
  const words = WORDS[document.documentElement.lang.startsWith("zh") ? "zh" : "en"];
  const root = document.documentElement.dataset.content_root || "./";
  let loading = null;

  /** Load the index, once, as a script: that also works from a file. */
  function load(address) {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve({ pages: trustkitSearch.prepare(trustkitSearchIndex), ways: trustkitSearchIndex.ways });
      script.onerror = () => {
        loading = null;
        script.remove();
        reject(new Error(address));
      };
      document.head.append(script);
    });
    return loading;
  }

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function withMarks(name, className, pieces) {
    return element(name, className, ...pieces.map(([text, isHit]) => (isHit ? element("mark", "", text) : text)));
  }

  function link(address, ...content) {
    const made = element("a", "", ...content);
    made.href = root + address;
    return element("li", "", made);
  }

  function result(hit, found) {
    const { page, part } = hit;
    const where = [page.group, part.heading].filter(Boolean).join(" › ");
    const content = [withMarks("span", "tk-search-title", trustkitSearch.marked(page.title, found))];
    if (where) content.push(withMarks("span", "tk-search-where", trustkitSearch.marked(where, found)));
    if (part.text) content.push(withMarks("span", "tk-search-line", trustkitSearch.line(part, found)));
    return link(page.address + (part.anchor ? `#${part.anchor}` : ""), ...content);
  }

  /** Make a place with a field search while one types. `at` is "dialog" or "page". */
  function begin(place, at) {
    const field = place.querySelector("input[name=q]");
    const status = place.querySelector(".tk-search-status");
    const list = place.querySelector(".tk-search-results");
    let shown = null;

    function tell(text, ...items) {
      status.textContent = text;
      list.replaceChildren(...items);
    }

    async function look() {
      const query = field.value.trim();
      if (query === shown) return;
      shown = query;
      if (!query) {
        tell("");
        return;
      }
      let index;
      try {
        if (!loading) tell(words.loading);
        index = await load(place.dataset.index);
      } catch {
        shown = null;
        tell(words.failed);
        return;
      }
      // Whoever typed on while the index came has asked something else by now.
      if (field.value.trim() !== query) return;
      const { words: found, hits } = trustkitSearch.find(index.pages, query);
      if (!hits.length) {
        tell(`${words.none(query)} ${words.hint}`, ...index.ways.map(([address, title]) => link(address, title)));
        return;
      }
      const all = hits[0].found === found.length;
      const items = hits.slice(0, AT_ONCE[at]).map((hit) => result(hit, found));
      if (at === "dialog" && hits.length > items.length) {
        const more = link(`search.html?q=${encodeURIComponent(query)}`, words.all(hits.length));
        more.className = "tk-search-more";
        items.push(more);
      }
      tell(all ? words.some(hits.length) : words.fewer(query), ...items);
    }

    field.addEventListener("focus", () => void load(place.dataset.index).catch(() => {}));
    field.addEventListener("input", (event) => {
      // What a Chinese keyboard shows before the characters are chosen is not what is meant.
      if (!event.isComposing) look();
    });
    field.addEventListener("compositionend", look);

    // The results are plain links, one after the other in the order of Tab; the arrows go the same way.
    place.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      const links = [...list.querySelectorAll("a")];
      const here = links.indexOf(document.activeElement);
      if (event.key === "Escape" && place.open) {
        place.close();
      } else if (event.key === "ArrowDown" && links.length) {
        links[Math.min(here + 1, links.length - 1)].focus();
      } else if (event.key === "ArrowUp" && here >= 0) {
        (links[here - 1] || field).focus();
      } else if (here >= 0 && event.key === "Home") {
        links[0].focus();
      } else if (here >= 0 && event.key === "End") {
        links.at(-1).focus();
      } else if (here >= 0 && (event.key.length === 1 && event.key !== " " || event.key === "Backspace")) {
        // Typing on goes on in the field.
        field.focus();
        return;
      } else {
        return;
      }
      event.preventDefault();
    });
    return look;
  }

  function start() {
    const dialog = document.getElementById("pst-search-dialog");
    if (dialog?.dataset.index) {
      const look = begin(dialog, "dialog");
      // A result on the page that is open only moves the page; the dialog must not stay before it.
      dialog.addEventListener("click", (event) => {
        if (event.target.closest(".tk-search-results a")) dialog.close();
      });
      look();
    }
    const page = document.getElementById("tk-search-page");
    if (page) {
      const look = begin(page, "page");
      const field = page.querySelector("input[name=q]");
      field.value = new URLSearchParams(location.search).get("q") || "";
      field.focus();
      look();
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
