// What a trainee has shown in this browser: rules of mastery, compass, lessons. Values in, values out.

import { bestAndLatest } from "./store.js";

/** With fewer cases than this nothing is said about a behaviour. */
export const FEWEST_CASES = 2;

/** True when an attempt counts: passed, and for a case without a red line. */
export function counts({ result }) {
  return Boolean(result.passed) && !result.red_lines?.length;
}

/** The "kind:id" of everything passed; `activities` are {kind, id}. */
export function passedOf(activities, kept) {
  const passed = activities.filter(({ id, kind }) =>
    kept?.[id]?.attempts.some((record) => record.kind === kind && counts(record)),
  );
  return new Set(passed.map(({ kind, id }) => `${kind}:${id}`));
}

/**
 * How a rule stands: {done, open, met}. `met` is null where this browser cannot know it: a reply and an assignment
 * are marked by a trainer. What is to come is neither done nor open, and such a rule is never met.
 */
export function standingOf(rule, passed) {
  const built = rule.activities.filter((id) => !rule.to_come.includes(id));
  const done = built.filter((id) => passed.has(`${rule.kind}:${id}`));
  const open = built.filter((id) => !done.includes(id));
  if (rule.to_come.length) return { done, open, met: false };
  if (rule.kind === "reply" || rule.kind === "assignment") return { done, open, met: null };
  return { done, open, met: done.length >= rule.least };
}

/**
 * How each behaviour of the compass stands, from the latest noted attempt at each case: {cases, well, short, most},
 * where `cases` had to do with it, `well` showed it, `short` lacked some of it, and `most` was missed most or null.
 */
export function compassOf({ compass, behaviours, cases }, kept) {
  const noted = cases.flatMap(({ id }) => {
    const { attempts = [], shown = {}, missed = {} } = kept?.[id] ?? {};
    const latest = bestAndLatest(attempts.filter((record) => shown[record.id]))?.latest;
    return latest ? [{ shown: shown[latest.id], missed: missed[latest.id] ?? {} }] : [];
  });
  const ofSkill = (summary, skill) => Object.entries(summary).filter(([id]) => behaviours[id]?.compass === skill);
  return Object.fromEntries(
    Object.keys(compass).map((skill) => {
      const here = noted
        .map(({ shown, missed }) => ({ shown: ofSkill(shown, skill), missed: ofSkill(missed, skill) }))
        .filter(({ shown, missed }) => shown.length || missed.length);
      const sums = new Map();
      for (const [id, strength] of here.flatMap(({ missed }) => missed)) sums.set(id, (sums.get(id) ?? 0) + strength);
      const most = [...sums].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0] ?? null;
      const well = here.filter(({ shown }) => shown.length).length;
      const short = here.filter(({ missed }) => missed.length).length;
      return [skill, { cases: here.length, well, short, most }];
    }),
  );
}

/** A table as CSV that a spreadsheet opens with its letters intact, and in which no cell is taken for a formula. */
export function csvText(rows) {
  const cell = (value) => {
    const text = String(value ?? "");
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
