// Shows a case that is being written: it is played from memory and shown anew, at the same place, after each save.

import { make } from "./element.js";
import { Play } from "./engine.js";
import { mount } from "./mount.js";
import { newRecord, withStep } from "./store.js";

const memory = { current: null, attempts: [], options: {} };
const words = JSON.parse(document.querySelector("#words").textContent);
let shown = null;
let saved = null;

/** A host that keeps everything as long as the page is open, and nothing of it in the browser's storage. */
function memoryHost() {
  return {
    name: "page",
    problem: null,
    current: () => memory.current,
    setCurrent: (record) => {
      memory.current = record;
    },
    setAside: () => {},
    attempts: () => memory.attempts,
    addAttempts: (records) => memory.attempts.push(...records),
    noteMissed: () => {},
    options: () => memory.options,
    setOptions: (options) => {
      memory.options = options;
    },
    learner: () => "preview",
    adoptLearner: () => {},
    deliver: () => null,
    deliverUnsent: async () => {},
  };
}

/** A record of these choices in one variant, as far as they are still on offer there. */
function record(bundle, variant, choices, seed) {
  const play = new Play(variant.structure);
  const made = newRecord(bundle, {
    content: variant.structure.hash,
    variant: variant.id,
    learner: "preview",
    host: "page",
    lowPressure: Boolean(memory.options.low_pressure),
  });
  const positions = [play.start()];
  let walked = { ...made, seed: seed ?? made.seed };
  for (const choice of choices) {
    const here = positions.at(-1);
    const index = play.isOver(here) ? -1 : play.indexOf(here, choice);
    if (index < 0) break;
    walked = withStep(walked, { scene: play.scenes[here.scene].id, choice });
    positions.push(play.step(here, index));
  }
  return walked;
}

/** The conversation that goes on after the case was saved; null where none had begun. */
function carriedOn(bundle) {
  const { current } = memory;
  const variant = bundle.variants.find(({ id }) => id === current?.variant);
  if (!variant) return null;
  return record(
    bundle,
    variant,
    current.steps.map(({ choice }) => choice),
    current.seed,
  );
}

function finding({ path, line, rule, severity, message }) {
  return make(
    "li",
    { class: `preview-${severity}` },
    make("code", {}, line ? `${path}:${line}` : path),
    " ",
    make("strong", {}, words[severity] ?? severity),
    " ",
    make("code", {}, rule),
    make("p", {}, message),
  );
}

function showFindings({ bundle, findings }) {
  const list = document.querySelector("#findings");
  const errors = (findings ?? []).filter(({ severity }) => severity === "error");
  const head = findings?.length ? words.findings.replace("{count}", findings.length) : words.clean;
  list.replaceChildren(
    make("h2", {}, findings ? head : words.looking),
    bundle ? "" : make("p", { class: "preview-stopped" }, words.broken),
    make("ul", {}, (findings ?? []).map(finding)),
  );
  list.classList.toggle("preview-broken", !bundle || errors.length > 0);
}

function showCase({ bundle, choices }) {
  const place = document.querySelector("#player");
  shown?.close();
  shown = null;
  if (!bundle) {
    place.replaceChildren();
    return;
  }
  const { scrollY } = window;
  document.title = bundle.title;
  if (memory.current) memory.current = carriedOn(bundle);
  else if (choices.length && !memory.attempts.length) {
    memory.current = record(bundle, bundle.variants[0], choices);
  }
  shown = mount(place, bundle, memoryHost());
  window.scrollTo(0, scrollY);
}

async function look() {
  const answer = await fetch("now");
  const now = await answer.json();
  if (now.saved !== saved) showCase(now);
  saved = now.saved;
  showFindings(now);
  document.documentElement.dataset.number = now.number;
}

const ended = document.querySelector("#ended");
const changes = new EventSource("changes");
changes.addEventListener("open", () => {
  ended.hidden = true;
});
changes.addEventListener("message", look);
changes.addEventListener("error", () => {
  ended.hidden = false;
});
