// What a package remembers at the learning platform, as a short text: what was read, the best of each activity, which
// attempts the platform knows, and the choices of what was begun. The choices are enough, since the case is played again from them.

import { drillCanContinue } from "./drillmarks.js";
import { Play } from "./engine.js";

const VERSION = 1;
const HASH = 8;

/** The memory of somebody who begins. */
export function newMemory() {
  return { page: null, read: [], best: {}, current: {}, told: {}, said: [] };
}

/** The memory as ASCII text of at most `limit` characters; what was begun first is left to the browser where it is too long. */
export function memoryText(memory, bundles, limit) {
  const best = Object.fromEntries(
    Object.entries(memory.best).map(([id, { points, passed }]) => [id, passed ? points : -1 - points]),
  );
  const current = Object.values(memory.current)
    .filter(({ activity }) => bundles.has(activity))
    .sort((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at))
    .map((record) => [record.activity, packed(bundles.get(record.activity), record)]);
  const { page, read, told, said } = memory;
  for (;;) {
    const whole = { v: VERSION, p: page, r: read, b: best, c: Object.fromEntries(current), t: told, s: said };
    const text = JSON.stringify(whole).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
    if (text.length <= limit || !current.length) return text;
    current.pop();
  }
}

/** The memory that such a text holds; a new one where it holds none. What does not fit this content is left out. */
export function memoryFrom(text, bundles) {
  const memory = newMemory();
  try {
    const { v, p, r, b, c, t, s } = JSON.parse(text);
    if (v !== VERSION) return memory;
    for (const [id, sign] of Object.entries(b)) {
      memory.best[id] = { points: sign < 0 ? -1 - sign : sign, passed: sign >= 0 };
    }
    for (const [id, one] of Object.entries(c)) {
      const record = bundles.has(id) ? unpacked(bundles.get(id), one) : null;
      if (record) memory.current[id] = record;
    }
    return { ...memory, page: p, read: r, told: t, said: s };
  } catch {
    return memory;
  }
}

function packed(bundle, record) {
  const { id, content, variant, seed, started_at: started, learner, options, steps } = record;
  const head = [id, content.slice(0, HASH), variant, seed, started, learner, options.low_pressure ? 1 : 0];
  let last = 0;
  const since = ({ at }) => {
    const more = at - last;
    last = at;
    return more;
  };
  if (bundle.kind === "drill") {
    const place = (name) => bundle.items.findIndex((item) => item.id === name);
    return [...head, steps.map((step) => [place(step.item), step.answer, since(step)])];
  }
  const { structure } = bundle.variants.find((one) => one.id === variant);
  const play = new Play(structure);
  const positions = play.walk(steps.map(({ choice }) => choice));
  const text = steps.map((step, at) => `${play.indexOf(positions[at], step.choice)}:${since(step).toString(36)}`);
  return [...head, text.join(" ")];
}

function unpacked(bundle, [id, hash, variant, seed, started, learner, calm, written]) {
  const found = bundle.kind === "drill" ? bundle : bundle.variants.find((one) => one.id === variant)?.structure;
  if (!found?.hash.startsWith(hash)) return null;
  const steps = bundle.kind === "drill" ? drillSteps(bundle, written) : caseSteps(found, written);
  return steps && {
    schema: 1, id, kind: bundle.kind, activity: bundle.id, content: found.hash, lang: bundle.lang, variant, seed,
    learner, host: "page", started_at: started, finished_at: null, steps, result: null,
    options: { low_pressure: calm === 1 },
  };
}

function caseSteps(structure, text) {
  const play = new Play(structure);
  let [here, at] = [play.start(), 0];
  const steps = [];
  for (const [index, more] of text.split(" ").filter(Boolean).map((one) => one.split(":"))) {
    const place = Number(index);
    if (play.isOver(here) || !play.choices(here).includes(place)) return null;
    const scene = play.scenes[here.scene];
    at += Number.parseInt(more, 36);
    steps.push({ at, scene: scene.id, choice: scene.choices[place].id });
    here = play.step(here, place);
  }
  return steps;
}

function drillSteps(bundle, list) {
  let at = 0;
  const steps = list.map(([place, answer, more]) => {
    at += more;
    return { at, item: bundle.items[place]?.id, answer };
  });
  return drillCanContinue(bundle, steps) ? steps : null;
}
