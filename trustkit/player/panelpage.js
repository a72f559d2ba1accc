// Mounts a panel at every `[data-trustkit-panel]` of a page; the attribute names the element with its bundle.

import { make } from "./element.js";
import { mountPanel } from "./panel.js";
import { panelWordsFor } from "./panelwords.js";
import { pagePython } from "./python.js";
import { pageHost } from "./store.js";

function mountPanels() {
  for (const place of document.querySelectorAll("[data-trustkit-panel]:not([data-trustkit-mounted])")) {
    place.setAttribute("data-trustkit-mounted", "");
    try {
      const bundle = JSON.parse(document.querySelector(place.dataset.trustkitPanel).textContent);
      mountPanel(place, bundle, pageHost(bundle.id), bundle.python ? pagePython(bundle.python.base) : null);
    } catch (error) {
      const words = panelWordsFor(document.documentElement.lang);
      place.replaceChildren(
        make("p", { class: "tk-notice tk-problem", role: "alert" }, words.problemBundle(error.message)),
      );
    }
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountPanels);
else mountPanels();
