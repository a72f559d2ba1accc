// Shows on a page the way into the browser lab, where the site that the page stands in has one.

async function showLab() {
  const places = document.querySelectorAll("[data-tk-lab]");
  // From a file nothing can be asked, and no lab would run.
  if (!places.length || location.protocol === "file:") return;
  const site = new URL(places[0].dataset.tkSite, location.href);
  let lab = {};
  try {
    const answer = await fetch(new URL("lab.json", site), { cache: "no-cache" });
    if (answer.ok) lab = await answer.json();
  } catch {
    return;
  }
  for (const place of places) {
    const found = lab[place.dataset.tkLab];
    if (!found) continue;
    const link = document.createElement("a");
    link.href = new URL(found.open ?? found.download, site);
    if (!found.open) link.download = "";
    link.textContent = found.open ? place.dataset.open : place.dataset.download;
    place.append(link);
    place.hidden = false;
  }
}

showLab();
