// The drill as a trainee sees it: short items one by one, an explanation after each answer, a result.

import { headingLevel, make, paragraphs, freshId } from "./element.js";
import { attemptsPanel, noteLine, problemLine, savedLine, verdict } from "./panels.js";
import { seededOrder } from "./shuffle.js";
import { finished, newRecord, withStep } from "./store.js";
import { wordsFor } from "./words.js";

/** Mark answers by the key: how many are right, by category, and whether the drill is passed. */
export function markDrill(bundle, steps) {
  const answers = new Map(steps.map(({ item, answer }) => [item, answer]));
  const wrong = bundle.items.filter((item) => answers.get(item.id) !== item.key);
  const right = bundle.items.length - wrong.length;
  const redLinesMissed = wrong.filter((item) => item.red_line).length;
  return {
    answers,
    wrong,
    redLinesMissed,
    result: { right, of: bundle.items.length, passed: right >= bundle.pass && redLinesMissed === 0 },
  };
}

/** Whether steps answer each item of the drill at most once, with answers that exist. */
export function drillCanContinue(bundle, steps) {
  const items = new Set(bundle.items.map(({ id }) => id));
  const categories = new Set(bundle.categories.map(({ id }) => id));
  return steps.every(({ item, answer }) => items.delete(item) && categories.has(answer));
}

/** Show a drill inside `place`; `host` keeps its attempts. */
export function mountDrill(place, bundle, host) {
  const words = wordsFor(bundle.lang);
  const level = headingLevel(place);
  const heading = (text, down = 0, attributes = {}) => make(`h${level + down}`, attributes, text);
  const itemOf = new Map(bundle.items.map((item) => [item.id, item]));
  const nameOf = new Map(bundle.categories.map(({ id, name }) => [id, name]));
  const root = make("section", {
    class: "tk-player tk-drill",
    "data-activity": bundle.id,
    "data-lm-suppress-shortcuts": "true",
    "aria-label": words.drillLabel(bundle.title),
    lang: bundle.lang,
  });
  let record = null;
  let onNumber = null;

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    if (event.target.closest("input, textarea, select")) return;
    event.stopPropagation();
    if (onNumber?.(Number(event.key) - 1)) event.preventDefault();
  });

  function show(...parts) {
    root.replaceChildren(...parts);
  }

  function intro(focus) {
    onNumber = null;
    const begin = make(
      "button",
      { type: "button", class: "tk-start tk-primary", onclick: start },
      words.drillStart,
    );
    const redLines = bundle.items.some((item) => item.red_line);
    show(
      make(
        "div",
        { class: "tk-card tk-brief" },
        problemLine(words, host.problem),
        heading(bundle.title, 0, { class: "tk-title", dir: "auto" }),
        paragraphs(bundle.intro),
        make(
          "dl",
          { class: "tk-facts" },
          pair(words.items, words.itemsCount(bundle.items.length)),
          pair(words.time, words.aboutMinutes(bundle.minutes)),
          pair(words.passMark, words.passCount(bundle.pass, bundle.items.length)),
        ),
        redLines && make("p", { class: "tk-quiet" }, words.drillRedLine),
        make("div", { class: "tk-actions" }, begin),
      ),
      attemptsPanel({ words, bundle, host, heading, onreview: review, canReplay }),
    );
    if (focus) begin.focus();
  }

  function canReplay(candidate) {
    if (candidate.content !== bundle.hash || !drillCanContinue(bundle, candidate.steps)) return null;
    if (candidate.steps.length !== bundle.items.length) return null;
    return { ...candidate, result: markDrill(bundle, candidate.steps).result };
  }

  function start() {
    const given = { content: bundle.hash, variant: "base", learner: host.learner(), host: host.name };
    record = newRecord(bundle, { ...given, lowPressure: Boolean(host.options().low_pressure) });
    host.setCurrent(record);
    item(true);
  }

  function ordered() {
    return seededOrder(bundle.items.length, record.seed).map((index) => bundle.items[index]);
  }

  function item(focus, note = null) {
    const number = record.steps.length;
    const answered = new Set(record.steps.map((step) => step.item));
    const current = ordered().find(({ id }) => !answered.has(id));
    if (!current) {
      finish();
      return;
    }
    const [textId, questionId] = [freshId("item"), freshId("question")];
    const answers = bundle.categories.map(({ id, name }, index) =>
      make(
        "button",
        {
          type: "button",
          class: "tk-answer",
          "data-answer": id,
          "aria-keyshortcuts": String(index + 1),
          onclick: () => choose(id),
        },
        make("kbd", { "aria-hidden": "true" }, String(index + 1)),
        make("span", { class: "tk-answer-text", dir: "auto" }, name),
        make("span", { class: "tk-answer-mark" }),
      ),
    );
    const group = make(
      "div",
      { class: "tk-item", role: "group", tabindex: -1, "aria-labelledby": `${textId} ${questionId}` },
      make("blockquote", { class: "tk-item-text", id: textId, dir: "auto" }, current.text),
      make("p", { class: "tk-question", id: questionId }, words.whichOne),
      make("div", { class: "tk-answers" }, answers),
    );
    const explanation = make("div", { class: "tk-explanation", role: "status" });
    const following = make("div", { class: "tk-actions" });
    const of = bundle.items.length;
    show(
      make(
        "div",
        { class: "tk-card" },
        note && noteLine(note),
        make("p", { class: "tk-progress" }, words.progress(number + 1, of)),
        make("progress", {
          class: "tk-bar",
          max: of,
          value: number,
          "aria-label": words.progress(number + 1, of),
        }),
        group,
        explanation,
        following,
      ),
    );
    onNumber = (index) => {
      if (!answers[index] || answers[index].disabled) return false;
      choose(bundle.categories[index].id);
      return true;
    };
    if (focus) group.focus({ preventScroll: true });

    function choose(answer) {
      if (record.steps.length !== number) return;
      record = withStep(record, { item: current.id, answer });
      host.setCurrent(record);
      const right = answer === current.key;
      for (const button of answers) {
        const its = button.dataset.answer;
        const word =
          its === current.key
            ? right
              ? words.right
              : words.rightAnswer
            : its === answer
              ? words.yourAnswer
              : "";
        button.disabled = true;
        button.classList.toggle("tk-is-right", its === current.key);
        button.classList.toggle("tk-is-wrong", its === answer && !right);
        if (word) button.lastChild.append(its === current.key ? "✓ " : "✗ ", word);
      }
      const last = number + 1 === of;
      const next = make(
        "button",
        { type: "button", class: "tk-next tk-primary", onclick: () => item(true) },
        last ? words.toResult : words.next,
      );
      following.append(next);
      next.focus({ preventScroll: true });
      explanation.append(
        make("p", { class: "tk-explanation-head" }, right ? `✓ ${words.right}` : `✗ ${words.notRight}`),
        !right && current.feedback[answer]
          ? because(words.whyWrong(nameOf.get(answer)), current.feedback[answer])
          : "",
        because(words.whyRight(nameOf.get(current.key)), current.feedback[current.key]),
      );
      next.scrollIntoView({ block: "nearest" });
    }
  }

  function because(head, text) {
    if (!text) return "";
    return make("p", { dir: "auto" }, make("strong", {}, words.colon(head)), text);
  }

  function finish() {
    record = finished(record, markDrill(bundle, record.steps).result);
    host.addAttempts([record]);
    host.setCurrent(null);
    result(record, host.deliver(record));
  }

  function review(past) {
    result(past, null);
  }

  function result(done, delivery) {
    onNumber = null;
    const marked = markDrill(bundle, done.steps);
    const { right, of, passed } = marked.result;
    const reasons = [];
    if (passed) reasons.push(words.drillPassed(bundle.pass, of));
    if (right < bundle.pass) reasons.push(words.drillReasonScore(right, bundle.pass));
    if (marked.redLinesMissed) reasons.push(words.drillReasonRedLine(marked.redLinesMissed));
    const head = heading(words.result, 0, { class: "tk-title", tabindex: -1 });
    const lesson = bundle.lesson_links?.[bundle.lesson];
    show(
      make(
        "section",
        { class: "tk-debrief", "aria-label": words.result },
        make(
          "div",
          { class: "tk-card" },
          head,
          make("p", { class: "tk-score-value" }, words.drillScores(right, of)),
          verdict(words, passed, reasons),
        ),
        make("div", { class: "tk-card" }, heading(words.byCategory, 1), categoryTable(marked)),
        make(
          "div",
          { class: "tk-card" },
          heading(words.missed, 1),
          marked.wrong.length
            ? make(
                "ul",
                { class: "tk-missed" },
                marked.wrong.map((each) => missedItem(each, marked)),
              )
            : make("p", {}, words.noneMissed),
          lesson && make("p", {}, make("a", { href: lesson }, words.readLesson)),
        ),
      ),
      make(
        "div",
        { class: "tk-actions" },
        make("button", { type: "button", class: "tk-again tk-primary", onclick: start }, words.drillAgain),
      ),
      savedLine(words, delivery),
      attemptsPanel({ words, bundle, host, heading, onreview: null, canReplay }),
    );
    head.focus({ preventScroll: true });
    root.scrollIntoView({ block: "nearest" });
  }

  function categoryTable({ answers }) {
    const rows = bundle.categories.map(({ id, name }) => {
      const its = bundle.items.filter((item) => item.key === id);
      const good = its.filter((item) => answers.get(item.id) === id).length;
      const taken = its.map((item) => answers.get(item.id)).filter((answer) => answer !== id);
      const names = [...new Set(taken)].map(
        (answer) => `${nameOf.get(answer)} × ${taken.filter((one) => one === answer).length}`,
      );
      return make(
        "tr",
        {},
        make("th", { scope: "row", dir: "auto" }, name),
        make("td", {}, `${good} / ${its.length}`),
        make("td", { dir: "auto" }, names.length ? words.listed(names) : "–"),
      );
    });
    const columns = [words.category, words.rightOf, words.takenFor].map((name) =>
      make("th", { scope: "col" }, name),
    );
    return make(
      "table",
      { class: "tk-table" },
      make("thead", {}, make("tr", {}, columns)),
      make("tbody", {}, rows),
    );
  }

  function missedItem({ id, text, key, red_line: redLine, feedback }, { answers }) {
    const answer = answers.get(id);
    return make(
      "li",
      {},
      redLine && make("p", { class: "tk-red-line" }, "⚑ ", words.redLineItem),
      make("blockquote", { class: "tk-item-text", dir: "auto" }, text),
      make(
        "p",
        {},
        `✗ ${words.colon(words.yourAnswer)}${nameOf.get(answer)}`,
        make("br"),
        `✓ ${words.colon(words.rightAnswer)}${nameOf.get(key)}`,
      ),
      because(words.whyWrong(nameOf.get(answer)), feedback[answer]),
      because(words.whyRight(nameOf.get(key)), feedback[key]),
    );
  }

  function pair(name, value) {
    return make("div", {}, make("dt", {}, name), make("dd", {}, value));
  }

  place.replaceChildren(root);
  host.deliverUnsent();
  const kept = host.current();
  if (kept && kept.content === bundle.hash && drillCanContinue(bundle, kept.steps)) {
    record = kept;
    item(false, words.drillResumed);
  } else {
    if (kept) {
      host.setAside(kept);
      host.setCurrent(null);
      host.problem = { kind: "outdated" };
    }
    intro(false);
  }
  return { close: () => {} };
}
