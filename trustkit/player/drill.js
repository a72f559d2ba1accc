// The drill as a trainee sees it: short items one by one, an explanation after each answer, a result.

import { itemText, itemView, shownItem } from "./drillitems.js";
import { drillCanContinue, isRight, kindOf, markDrill } from "./drillmarks.js";
import { bothAnswers, reasonsOf } from "./drillreasons.js";
import { freshId, fromItsTop, headingLevel, make, ownText, paragraphs } from "./element.js";
import { attemptsPanel, noteLine, problemLine, savedLine, verdict } from "./panels.js";
import { seededOrder } from "./shuffle.js";
import { finished, newRecord, withStep } from "./store.js";
import { wordsFor } from "./words.js";

/** Show a drill inside `place`; `host` keeps its attempts. */
export function mountDrill(place, bundle, host) {
  const words = wordsFor(bundle.lang);
  const own = ownText(bundle);
  const level = headingLevel(place);
  const heading = (text, down = 0, attributes = {}) => make(`h${level + down}`, attributes, text);
  const isTest = bundle.path || Boolean(bundle.form);
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
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key)) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select")) return;
    event.stopPropagation();
    if (onNumber?.(Number(event.key))) event.preventDefault();
  });

  function show(...parts) {
    root.replaceChildren(...parts);
  }

  function intro(focus) {
    onNumber = null;
    const begin = make(
      "button",
      { type: "button", class: "tk-start tk-primary", onclick: start },
      isTest ? words.testStart : words.drillStart,
    );
    const redLines = bundle.items.some((item) => item.red_line);
    show(
      make(
        "div",
        { class: "tk-card tk-brief" },
        problemLine(words, host.problem),
        heading(bundle.title, 0, { class: "tk-title", ...own }),
        own.lang && make("p", { class: "tk-quiet tk-one-language" }, words.drillEnglishOnly),
        paragraphs(bundle.intro, own),
        make(
          "dl",
          { class: "tk-facts" },
          pair(words.items, words.itemsCount(bundle.items.length)),
          pair(words.time, words.aboutMinutes(bundle.minutes)),
          pair(words.passMark, passMarks()),
        ),
        redLines && make("p", { class: "tk-quiet" }, words.drillRedLine),
        make("div", { class: "tk-actions" }, begin),
      ),
      attemptsPanel({ words, bundle, host, heading, onreview: review, canReplay }),
    );
    if (focus) begin.focus();
  }

  /** What is needed to pass, each mark on a line. */
  function passMarks() {
    const { pass, pass_f1: f1, pass_kappa: kappa } = bundle;
    const lines = [
      pass && words.passCount(pass, bundle.items.length),
      f1 && words.passF1(share(f1)),
      kappa && words.passKappa(share(kappa)),
    ];
    return lines.filter(Boolean).map((line) => make("div", {}, line));
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
    const { seed } = record;
    const mixed = seededOrder(bundle.items.length, seed);
    // Items that are judged by the same text follow one another, so that it is read once.
    const groups = new Map();
    for (const place of mixed) {
      const { passage } = bundle.items[place];
      const group = passage ? JSON.stringify(passage) : place;
      groups.set(group, [...(groups.get(group) ?? []), place]);
    }
    return [...groups.values()].flat().map((place) => shownItem(bundle.items[place], seed, place));
  }

  function item(focus, note = null) {
    const number = record.steps.length;
    const done = new Set(record.steps.map((step) => step.item));
    const current = ordered().find(({ id }) => !done.has(id));
    if (!current) {
      finish();
      return;
    }
    const [textId, questionId] = [freshId("item"), freshId("question")];
    const view = itemView({ words, bundle, item: current, own, answered });
    const group = make(
      "div",
      { class: "tk-item", role: "group", tabindex: -1, "aria-labelledby": `${textId} ${questionId}` },
      make("blockquote", { class: "tk-item-text", id: textId, ...own }, current.text),
      make("p", { class: "tk-question", id: questionId }, view.question),
      view.body,
    );
    const explanation = make("div", { class: "tk-explanation", role: "status" });
    const following = make("div", { class: "tk-actions" }, view.check);
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
    onNumber = view.press;
    if (focus) {
      group.focus({ preventScroll: true });
      fromItsTop(root);
    }

    function answered(answer) {
      if (record.steps.length !== number) return;
      record = withStep(record, { item: current.id, answer });
      host.setCurrent(record);
      view.reveal(answer);
      const right = isRight(current, answer);
      const last = number + 1 === of;
      const next = make(
        "button",
        { type: "button", class: "tk-next tk-primary", onclick: () => item(true) },
        last ? words.toResult : words.next,
      );
      following.replaceChildren(next);
      next.focus({ preventScroll: true });
      explanation.append(
        make("p", { class: "tk-explanation-head" }, right ? `✓ ${words.right}` : `✗ ${words.notRight}`),
        ...[reasonsOf({ words, bundle, item: current, answer, own })].flat(),
      );
      // What is longer than the screen is read from its beginning.
      if (explanation.offsetHeight > 0.7 * window.innerHeight) explanation.scrollIntoView({ block: "start" });
      else next.scrollIntoView({ block: "nearest" });
    }
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
    const head = heading(words.result, 0, { class: "tk-title", tabindex: -1 });
    const lesson = bundle.lesson_links?.[bundle.lesson];
    const mixed = bundle.categories.length > 0 && bundle.items.some(isSorted);
    show(
      make(
        "section",
        { class: "tk-debrief", "aria-label": words.result },
        make(
          "div",
          { class: "tk-card" },
          head,
          make("p", { class: "tk-score-value" }, words.drillScores(right, of)),
          verdict(words, passed, reasonsFor(marked)),
          agreement(marked),
          bundle.twin && make("p", { class: "tk-quiet tk-form" }, words.otherForm(bundle.form, bundle.twin.title)),
        ),
        bundle.path && placement(marked),
        mixed && make("div", { class: "tk-card" }, heading(words.byCategory, 1), categoryTable(marked)),
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
          readAgain(marked),
          lesson && !bundle.path && make("p", {}, make("a", { href: lesson }, words.readLesson)),
        ),
      ),
      make(
        "div",
        { class: "tk-actions" },
        make("button", { type: "button", class: "tk-again tk-primary", onclick: start }, isTest ? words.testAgain : words.drillAgain),
      ),
      savedLine(words, delivery),
      attemptsPanel({ words, bundle, host, heading, onreview: null, canReplay }),
    );
    head.focus({ preventScroll: true });
    fromItsTop(root);
  }

  function reasonsFor({ result, short, texts, kappa, redLinesMissed }) {
    const { pass, pass_f1: passF1, pass_kappa: passKappa } = bundle;
    if (result.passed) return [pass ? words.drillPassed(pass, result.of) : words.drillPassedAll];
    const reasons = [];
    if (short.right) reasons.push(words.drillReasonScore(result.right, pass));
    if (short.f1) reasons.push(words.drillReasonF1(share(texts.f1), share(passF1)));
    if (short.kappa) reasons.push(words.drillReasonKappa(share(kappa), share(passKappa)));
    if (redLinesMissed) reasons.push(words.drillReasonRedLine(redLinesMissed));
    return reasons;
  }

  /** F1 and kappa, each with a plain sentence; null where the drill has neither. */
  function agreement({ texts, kappa }) {
    if (!texts && kappa === null) return null;
    const { hits, wanted, marked } = texts ?? {};
    const line = (name, value, said) =>
      make("li", { class: `tk-measure tk-measure-${name}` }, make("strong", {}, value), " ", said);
    return make(
      "ul",
      { class: "tk-measures" },
      texts && line("f1", words.f1Value(share(texts.f1)), words.f1Text(hits, wanted) + words.f1Extra(marked - hits)),
      kappa !== null && line("kappa", words.kappaValue(share(kappa)), words.kappaText),
    );
  }

  /** The result of a placement test: for each lesson, whether it may be skipped. */
  function placement({ wrong }) {
    const missed = new Set(wrong.map((item) => item.lesson));
    const numbers = lessonsOf(bundle.items);
    const first = numbers.find((number) => missed.has(number));
    const said = (number) => {
      if (!missed.has(number)) return `✓ ${words.maySkip}`;
      return `→ ${number === first ? words.beginHere : words.thenThis}`;
    };
    const rows = numbers.map((number) =>
      make(
        "li",
        { class: missed.has(number) ? "tk-begin-here" : "tk-may-skip" },
        lessonLink(number),
        ` · ${said(number)}`,
      ),
    );
    return make("div", { class: "tk-card tk-placement" }, heading(words.yourPath, 1), make("ul", {}, rows));
  }

  /** The lessons of the missed items; a placement test has said it already. */
  function readAgain({ wrong }) {
    const numbers = bundle.path ? [] : lessonsOf(wrong);
    if (!numbers.length) return null;
    return [
      make("p", { class: "tk-read-again" }, words.colon(words.readAgain)),
      make("ul", {}, numbers.map((number) => make("li", {}, lessonLink(number)))),
    ];
  }

  function lessonsOf(items) {
    const numbers = [...new Set(items.map((item) => item.lesson).filter(Boolean))];
    const parts = (number) => number.split(".").map(Number);
    return numbers.sort((a, b) => parts(a)[0] - parts(b)[0] || parts(a)[1] - parts(b)[1]);
  }

  function lessonLink(number) {
    const address = bundle.lesson_links?.[number];
    return address ? make("a", { href: address }, words.lesson(number)) : words.lesson(number);
  }

  function isSorted(item) {
    return kindOf(item) === "choose" && !item.answers;
  }

  function categoryTable({ answers }) {
    const rows = bundle.categories.map(({ id, name }) => {
      const its = bundle.items.filter((item) => isSorted(item) && item.key === id);
      const good = its.filter((item) => answers.get(item.id) === id).length;
      const taken = its.map((item) => answers.get(item.id)).filter((answer) => answer !== id);
      const names = [...new Set(taken)].map(
        (answer) => `${nameOf.get(answer)} × ${taken.filter((one) => one === answer).length}`,
      );
      return make(
        "tr",
        {},
        make("th", { scope: "row", ...own }, name),
        make("td", {}, `${good} / ${its.length}`),
        make("td", own, names.length ? words.listed(names) : "–"),
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

  function missedItem(item, { answers }) {
    const the = { words, bundle, item, own, answer: answers.get(item.id) };
    return make(
      "li",
      {},
      item.red_line && make("p", { class: "tk-red-line" }, "⚑ ", words.redLineItem),
      itemText(the),
      bothAnswers(the),
      reasonsOf(the),
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

/** Thousandths as a share with two places, rounded down, so that what falls short never looks as if it did not. */
function share(thousandths) {
  if (thousandths === null) return "–";
  const hundredths = Math.floor(Math.abs(thousandths) / 10);
  return `${thousandths < 0 ? "−" : ""}${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}
