// Mounts the skills passport at `[data-trustkit-passport]`; the attribute names the element that holds its data.

import { make } from "./element.js";
import { mountPassport } from "./passport.js";
import { wordsFor } from "./words.js";

function openPassport() {
  const place = document.querySelector("[data-trustkit-passport]");
  if (!place) return;
  try {
    const data = JSON.parse(document.querySelector(place.dataset.trustkitPassport).textContent);
    const { refresh } = mountPassport(place, data);
    // Whoever comes back from an activity, or plays in another tab, sees what was just done.
    window.addEventListener("pageshow", (event) => event.persisted && refresh());
    window.addEventListener("storage", refresh);
  } catch (error) {
    const words = wordsFor(document.documentElement.lang);
    place.replaceChildren(
      make("p", { class: "tk-notice tk-problem", role: "alert" }, words.problemBundle(error.message)),
    );
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", openPassport);
else openPassport();
