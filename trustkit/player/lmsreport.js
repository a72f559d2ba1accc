// What a learning platform is told: each choice as an interaction, and where somebody stands in a package. Pure.

import { answersOf, isRight, kindOf, phraseIds } from "./drillmarks.js";
import { Play } from "./engine.js";

const FEW = 250;
const DRILL_TYPES = { match: "matching", order: "sequencing", rate: "likert" };

/**
 * The steps of a record from number `from` on as interactions, in a form that no standard owns:
 * {id, type, response (a list of ids, or of pairs for matching), result, weight, seconds, at, text, options}.
 */
export function interactionsOf(bundle, record, from) {
  const one = bundle.kind === "case" ? caseInteractions(bundle, record) : drillInteractions(bundle, record);
  const started = Date.parse(record.started_at);
  return record.steps.slice(from).map((step, place) => {
    const at = from + place;
    const before = at ? record.steps[at - 1].at : 0;
    return { seconds: Math.max(0, step.at - before), at: new Date(started + 1000 * step.at), ...one(step, at) };
  });
}

/** In a case no choice is the key: it counts as correct where trust rose, as wrong where it fell or a line was crossed. */
function caseInteractions(bundle, { variant: id, steps }) {
  const { structure, text } = bundle.variants.find((variant) => variant.id === id);
  const play = new Play(structure);
  const positions = play.walk(steps.map(({ choice }) => choice));
  return ({ scene: name, choice }, at) => {
    const [before, after] = [positions[at], positions[at + 1]];
    const scene = play.scenes[before.scene];
    const words = text.scenes[name];
    const crossed = scene.choices[play.indexOf(before, choice)].red_line >= 0;
    const moved = crossed ? -1 : play.trust(after) - play.trust(before);
    return {
      id: `${bundle.id}.${name}`,
      type: "choice",
      response: [choice],
      result: moved > 0 ? "correct" : moved < 0 ? "wrong" : "neutral",
      weight: scene.choices.some(({ red_line: line }) => line >= 0) ? 2 : 1,
      text: short(words.lines[play.line(before)]),
      options: play.choices(before).map((index) => {
        const option = scene.choices[index].id;
        return { id: option, text: words.choices[option].say };
      }),
    };
  };
}

function drillInteractions(bundle) {
  const items = new Map(bundle.items.map((item) => [item.id, item]));
  return ({ item: id, answer }) => {
    const item = items.get(id);
    const kind = kindOf(item);
    return {
      id: `${bundle.id}.${id}`,
      type: DRILL_TYPES[kind] ?? "choice",
      response: kind === "match" ? Object.entries(answer) : [answer].flat().map(String),
      result: isRight(item, answer) ? "correct" : "wrong",
      weight: item.red_line ? 2 : 1,
      text: short(item.text),
      options: optionsOf(bundle, item, kind),
    };
  };
}

function optionsOf(bundle, item, kind) {
  const named = (list) => list.map(({ id, name }) => ({ id, text: name }));
  if (kind === "match") return { source: named(item.left), target: named(item.right) };
  if (kind === "order") return named(item.parts);
  if (kind === "rate") return item.scale.map(({ value, name }) => ({ id: String(value), text: name }));
  if (kind === "mark-in-text") return phraseIds(item).map((id) => ({ id, text: id }));
  return named(answersOf(bundle, item));
}

function short(text) {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > FEW ? `${line.slice(0, FEW - 1)}…` : line;
}

/**
 * What a finished attempt is worth: {points, passed}, points 0 to 100. A case is worth the lower of its two scores, as
 * both are needed; one that crossed a red line stays below the mark, so that points and verdict never disagree.
 */
export function worthOf(bundle, { result, variant: id }) {
  const { passed } = result;
  if (bundle.kind === "case") {
    const mark = Math.max(...bundle.variants.find((variant) => variant.id === id).structure.model.pass_mark);
    const lower = Math.min(result.conduct, result.outcome);
    return { points: passed ? Math.max(mark, lower) : Math.min(mark - 1, lower), passed };
  }
  if (bundle.kind === "drill") return { points: Math.floor((100 * result.right) / result.of), passed };
  return { points: passed ? 100 : 0, passed };
}

/** The better of two worths; either may be missing. A pass beats any score. */
export function betterOf(one, other) {
  if (!one || !other) return one ?? other;
  const order = Number(other.passed) - Number(one.passed) || other.points - one.points;
  return order > 0 ? other : one;
}

/**
 * Where somebody stands in a package: {complete, passed, points, share, parts}. `passed` and `points` are null where
 * nothing is marked; an activity not done yet counts 0 points. A page is done when its cases and drills are done, or,
 * without any, when it was read to its end.
 */
export function standingIn({ pages }, { best, read }) {
  const marked = [...new Set(pages.flatMap((page) => page.activities))];
  const done = pages.filter((page) =>
    page.activities.length ? page.activities.every((id) => best[id]) : read.includes(page.id),
  );
  const complete = done.length === pages.length;
  const sum = marked.reduce((total, id) => total + (best[id]?.points ?? 0), 0);
  return {
    complete,
    passed: marked.length && complete ? marked.every((id) => best[id].passed) : null,
    points: marked.some((id) => best[id]) ? Math.floor(sum / marked.length) : null,
    share: done.length / pages.length,
    parts: Object.entries(best).map(([id, worth]) => ({ id, ...worth })),
  };
}
