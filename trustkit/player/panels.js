// The parts that a case and a drill share: the verdict, notes, what was saved where, the list of attempts.

import { make } from "./element.js";
import { bestAndLatest, download, exportText, importText } from "./store.js";

/** Passed or not yet, by a word and a sign, with the reasons. */
export function verdict(words, passed, reasons) {
  return make(
    "div",
    { class: `tk-verdict ${passed ? "tk-passed" : "tk-not-yet"}` },
    make(
      "p",
      { class: "tk-verdict-word" },
      make("span", { "aria-hidden": "true" }, passed ? "✓ " : "○ "),
      passed ? words.passed : words.notYet,
    ),
    make(
      "ul",
      {},
      reasons.map((reason) => make("li", {}, reason)),
    ),
  );
}

/** A quiet line that screen readers read out. */
export function noteLine(text) {
  return make("p", { class: "tk-notice", role: "status" }, text);
}

/** What the trainee must know about what the browser keeps, or null when all is well. */
export function problemLine(words, problem) {
  if (!problem) return null;
  const texts = {
    damaged: () => words.problemDamaged(problem.key),
    "no-storage": () => words.problemStorage,
    full: () => words.problemFull,
    outdated: () => words.problemOutdated,
  };
  return make("p", { class: "tk-notice tk-problem", role: "alert" }, texts[problem.kind]());
}

/** A line that says where a finished attempt was saved, once `delivery` (a promise or null) tells. */
export function savedLine(words, delivery) {
  const line = make("p", { class: "tk-saved tk-quiet", role: "status" });
  delivery?.then((answer) => {
    line.textContent = savedText(words, answer);
  });
  return line;
}

function savedText(words, { where, path, reason, offline }) {
  if (where === "workspace") return words.savedWorkspace(path);
  if (where === "notebook") return words.savedNotebook;
  if (where === "lms") return words.savedLms;
  if (offline) return words.saveOffline;
  return reason ? words.saveRefused(reason) : words.savedBrowser;
}

/** One attempt in a few words, for a case, a drill or a simulator. */
export function scoresText(words, { kind, result }) {
  const verdictWord = result.passed ? `✓ ${words.passed}` : `○ ${words.notYet}`;
  if (kind === "simulator") return verdictWord;
  const scores =
    kind === "drill"
      ? words.drillScores(result.right, result.of)
      : words.caseScores(result.conduct, result.outcome);
  return `${scores} · ${verdictWord}`;
}

/**
 * The list of finished attempts with export and import.
 *
 * `canReplay(record)` gives the record with its result worked out anew, or null when it cannot be replayed;
 * `onreview(record)` opens a past debrief (null: no such button).
 */
export function attemptsPanel({ words, bundle, host, heading, onreview, canReplay, message = null }) {
  const attempts = host.attempts();
  const shown = bestAndLatest(attempts);
  const status = make("div", { class: "tk-import-status", role: "status" }, message);
  const file = make("input", {
    type: "file",
    accept: ".json,application/json",
    class: "tk-import-file",
    hidden: true,
    onchange: () => takeIn(file),
  });

  async function takeIn({ files }) {
    if (!files.length) return;
    const taken = importText(await files[0].text(), bundle.id);
    if (taken.problem) {
      status.replaceChildren(make("p", {}, words.importProblems[taken.problem]));
      return;
    }
    const replayed = taken.attempts.map(canReplay).filter(Boolean);
    if (taken.learner && !attempts.length && replayed.length) host.adoptLearner(taken.learner);
    host.addAttempts(replayed);
    const added = host.attempts().length - attempts.length;
    const lines = [added ? words.imported(added) : replayed.length ? words.importedNone : null];
    const refused = taken.attempts.length - replayed.length;
    if (refused) lines.push(words.importRefused(refused));
    if (taken.others) lines.push(words.importOthers(taken.others));
    const said = lines.filter(Boolean).map((line) => make("p", {}, line));
    panel.replaceWith(attemptsPanel({ words, bundle, host, heading, onreview, canReplay, message: said }));
  }

  const buttons = [];
  if (shown && onreview && canReplay(shown.latest)) {
    buttons.push(button("tk-review", words.review, () => onreview(shown.latest)));
  }
  if (shown) {
    buttons.push(
      button("tk-export", words.exportAttempts, () =>
        download(`trustkit-attempts-${bundle.id}.json`, exportText(host.learner(), host.attempts())),
      ),
    );
  }
  buttons.push(button("tk-import", words.importAttempts, () => file.click()));
  const panel = make(
    "div",
    { class: "tk-attempts" },
    shown && [
      heading(words.attempts, 1, { class: "tk-attempts-title" }),
      make("p", {}, words.attemptsCount(attempts.length)),
      make(
        "dl",
        {},
        make("div", {}, make("dt", {}, words.best), make("dd", {}, scoresText(words, shown.best))),
        make("div", {}, make("dt", {}, words.latest), make("dd", {}, scoresText(words, shown.latest))),
      ),
    ],
    make("div", { class: "tk-actions tk-actions-quiet" }, buttons),
    file,
    status,
  );
  return panel;
}

function button(name, text, onclick) {
  return make("button", { type: "button", class: `${name} tk-secondary`, onclick }, text);
}
