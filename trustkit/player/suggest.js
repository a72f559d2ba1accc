// What to try next in the case room: worked out from what was played and what was missed in it.

import { bestAndLatest } from "./store.js";

const MOST = 3;
const RECENT = 10;

/** What was played of each case, as {id: {times, best, latest, passed, unmet}}; `unmet` counts new versions. */
export function standings(cases, kept) {
  return Object.fromEntries(
    cases.map(({ id, variants }) => {
      const attempts = kept?.[id]?.attempts ?? [];
      const met = new Set(attempts.map(({ variant }) => variant));
      const shown = bestAndLatest(attempts);
      return [
        id,
        {
          times: attempts.length,
          best: shown?.best ?? null,
          latest: shown?.latest ?? null,
          passed: Boolean(shown?.best.result.passed),
          unmet: variants.filter((variant) => !met.has(variant)).length,
        },
      ];
    }),
  );
}

/** The behaviour that the latest attempts with a summary missed most, or null where none missed anything. */
export function missedMost(behaviours, kept) {
  const summaries = Object.values(kept ?? {})
    .flatMap(({ attempts, missed }) =>
      attempts.flatMap(({ id, finished_at: when }) =>
        missed[id] ? [{ when: Date.parse(when), missed: missed[id] }] : [],
      ),
    )
    .sort((a, b) => b.when - a.when)
    .slice(0, RECENT);
  let most = null;
  for (const id of Object.keys(behaviours)) {
    const strength = summaries.reduce((sum, { missed }) => sum + (missed[id] ?? 0), 0);
    if (strength > (most?.strength ?? 0)) most = { id, strength };
  }
  return most?.id ?? null;
}

/**
 * A suggestion: {kind, behaviour, skill, picks}. `kind` is first (nothing played yet), missed, open (some are
 * not passed yet) or done; each pick is {id, reason} with reason easy, new, open, version, harder or again,
 * and `trains` true where the case trains the skill.
 */
export function suggestion({ cases, behaviours }, kept) {
  const known = standings(cases, kept);
  const gentle = [...cases].sort((a, b) => a.difficulty - b.difficulty || a.minutes - b.minutes);
  const played = cases.some(({ id }) => known[id].times);
  if (!played) {
    const picks = gentle.slice(0, MOST).map(({ id }) => ({ id, reason: "easy", trains: false }));
    return { kind: "first", behaviour: null, skill: null, picks };
  }

  const behaviour = missedMost(behaviours, kept);
  const skill = behaviour && behaviours[behaviour].compass;
  const trains = ({ compass }) => Boolean(skill) && compass.includes(skill);
  const reasonFor = ({ id }) => {
    const { times, passed, unmet } = known[id];
    if (!passed) return times ? "open" : "new";
    return unmet ? "version" : "again";
  };
  const pick = (one, reason = reasonFor(one)) => ({ id: one.id, reason, trains: trains(one) });
  const open = gentle.filter(({ id }) => !known[id].passed);
  const version = gentle.filter(({ id }) => known[id].passed && known[id].unmet);

  if (behaviour) {
    const again = gentle.filter(({ id }) => known[id].passed && !known[id].unmet);
    const ranked = [...open.filter(trains), ...version.filter(trains), ...open, ...version, ...again.filter(trains)];
    const picks = [...new Set(ranked.length ? ranked : gentle)].slice(0, MOST).map((one) => pick(one));
    return { kind: "missed", behaviour, skill, picks };
  }
  if (open.length) {
    return { kind: "open", behaviour: null, skill: null, picks: open.slice(0, MOST).map((one) => pick(one)) };
  }
  const hardest = [...gentle].reverse().filter((one) => !version.includes(one));
  const picks = [
    ...version.map((one) => pick(one)),
    ...hardest.map((one) => pick(one, "harder")),
  ].slice(0, MOST);
  return { kind: "done", behaviour: null, skill: null, picks };
}
