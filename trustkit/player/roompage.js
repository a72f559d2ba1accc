// Mounts the case room at `[data-trustkit-room]`; the attribute names the element that holds its data.

import { mountRoom } from "./room.js";

function openRoom() {
  const place = document.querySelector("[data-trustkit-room]");
  if (!place) return;
  const { refresh } = mountRoom(place, JSON.parse(document.querySelector(place.dataset.trustkitRoom).textContent));
  // Whoever comes back from a case, or plays in another tab, sees what was just played.
  window.addEventListener("pageshow", (event) => event.persisted && refresh());
  window.addEventListener("storage", refresh);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", openRoom);
else openRoom();
