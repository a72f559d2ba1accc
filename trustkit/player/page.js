// Mounts a player at every `[data-trustkit]` of a page; the attribute names the element that holds the bundle.

import { make } from "./element.js";
import { mount } from "./mount.js";
import { pageHost } from "./store.js";
import { wordsFor } from "./words.js";

function mountAll() {
  for (const place of document.querySelectorAll("[data-trustkit]:not([data-trustkit-mounted])")) {
    place.setAttribute("data-trustkit-mounted", "");
    try {
      const bundle = JSON.parse(document.querySelector(place.dataset.trustkit).textContent);
      mount(place, bundle, pageHost(bundle.id));
    } catch (error) {
      const words = wordsFor(document.documentElement.lang);
      place.replaceChildren(
        make("p", { class: "tk-notice tk-problem", role: "alert" }, words.problemBundle(error.message)),
      );
    }
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
else mountAll();
