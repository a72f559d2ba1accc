/* Repairs what assistive technology stumbles over in the theme. Nothing here is needed to read a page. */
(function () {
  "use strict";

  const chinese = document.documentElement.lang.startsWith("zh");
  const words = chinese
    ? { sidebar: "课程目录", task: "待办", wide: "可横向滚动的内容", pages: "展开或收起：" }
    : { sidebar: "Course contents", task: "Task", wide: "Content that scrolls sideways", pages: "Open or close: " };

  function each(selector, repair) {
    for (const element of document.querySelectorAll(selector)) repair(element);
  }

  function repair() {
    // What a button is called must contain what it shows.
    each(".search-button-field", (button) => button.removeAttribute("aria-label"));

    // A side column outside of any landmark is lost to those who jump from landmark to landmark.
    each("#pst-primary-sidebar", (column) => {
      column.setAttribute("role", "complementary");
      column.setAttribute("aria-label", words.sidebar);
    });

    // An arrow alone says nothing to a screen reader.
    each("nav.bd-links details > summary", (arrow) => {
      const module = arrow.closest("li")?.querySelector("a");
      arrow.setAttribute("aria-label", words.pages + (module ? module.textContent.trim() : ""));
    });

    each("input.task-list-item-checkbox", (box) => {
      box.setAttribute("aria-label", box.closest("li")?.textContent.trim() || words.task);
    });

    // The corner of a data table is no heading of anything.
    each("th", (corner) => {
      if (corner.textContent.trim()) return;
      const cell = document.createElement("td");
      cell.className = corner.className;
      corner.replaceWith(cell);
    });

    // What scrolls must be reachable with the keyboard.
    each(".bd-article pre, .pst-scrollable-table-container", (box) => {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", words.wide);
      }
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", repair);
  else repair();
})();
