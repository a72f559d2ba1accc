// Puts the right view for a bundle into a place on the page.

import { mountDeck } from "./deck.js";
import { mountDrill } from "./drill.js";
import { mountCase } from "./player.js";

const VIEWS = { case: mountCase, drill: mountDrill, deck: mountDeck };

/** Show a bundle inside `place`; `host` keeps its attempts. Returns {close}, which stops what still runs. */
export function mount(place, bundle, host) {
  const view = VIEWS[bundle?.kind];
  if (!view) throw new Error(`unknown kind of activity: ${bundle?.kind}`);
  return view(place, bundle, host);
}
