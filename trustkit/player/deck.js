// The practice deck: single items come back after 1, 3, 7 and 21 days, kept in the browser alone.

import { itemView, shownItem } from "./drillitems.js";
import { isRight } from "./drillmarks.js";
import { reasonsOf } from "./drillreasons.js";
import { freshId, fromItsTop, headingLevel, make, ownText } from "./element.js";
import { noteLine, problemLine } from "./panels.js";
import { newSeed, seededOrder } from "./shuffle.js";
import { wordsFor } from "./words.js";

/** Days until a card of box 1, 2, 3, 4 comes back. */
export const BOX_DAYS = [1, 3, 7, 21];
const ROUND = 10;
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** The number of this day where the learner is; the next day has the next number. */
export function localDay(now = new Date()) {
  return Math.floor((now.getTime() - now.getTimezoneOffset() * MINUTE) / DAY);
}

/** A card's state after an answer on a day: right goes one box up, wrong back to the first. */
export function afterAnswer(state, right, day) {
  const box = right ? Math.min((state?.box ?? 0) + 1, BOX_DAYS.length) : 1;
  return { box, due: day + BOX_DAYS[box - 1] };
}

/** What stands in the boxes on a day: {due, fresh, met, next}: cards due, new ones, those met, days until the next. */
export function standingOf(cards, states, day) {
  const known = cards.filter(({ id }) => states[id]);
  const later = known.map(({ id }) => states[id].due - day).filter((days) => days > 0);
  return {
    due: known.length - later.length,
    fresh: cards.length - known.length,
    met: known.length,
    next: later.length ? Math.min(...later) : null,
  };
}

/** The ids of one round: what is due, the longest overdue first, then new cards in the order of the seed; ten at most. */
export function roundOf(cards, states, day, seed) {
  const due = cards
    .filter(({ id }) => states[id] && states[id].due <= day)
    .sort((a, b) => states[a.id].due - states[b.id].due);
  const mixed = seededOrder(cards.length, seed).map((place) => cards[place]);
  const fresh = mixed.filter(({ id }) => !states[id]);
  return [...due, ...fresh].slice(0, ROUND).map(({ id }) => id);
}

/** What was kept of a deck, as far as it has the form of one: states by card, and the round that goes on. */
export function soundDeck(value) {
  const isObject = (one) => typeof one === "object" && one !== null && !Array.isArray(one);
  const isState = (one) =>
    isObject(one) && Number.isInteger(one.due) && Number.isInteger(one.box) && one.box >= 1 && one.box <= BOX_DAYS.length;
  if (!isObject(value)) return { version: 1, states: {}, rounds: {} };
  const isRound = (one) =>
    isObject(one) &&
    Number.isInteger(one.seed) &&
    Array.isArray(one.cards) &&
    Array.isArray(one.right) &&
    one.right.length < one.cards.length;
  const sound = (all, fits) =>
    Object.fromEntries(Object.entries(isObject(all) ? all : {}).filter(([, one]) => fits(one)));
  return { version: 1, states: sound(value.states, isState), rounds: sound(value.rounds, isRound) };
}

/** Show a deck inside `place`; `host` keeps its boxes, and `today()` gives the number of the day. */
export function mountDeck(place, bundle, host, today = localDay) {
  const words = wordsFor(bundle.lang);
  const level = headingLevel(place);
  const heading = (text, attributes = {}) => make(`h${level}`, { class: "tk-title", ...attributes }, text);
  const cards = new Map(bundle.cards.map((card) => [card.id, card]));
  const root = make("section", {
    class: "tk-player tk-drill tk-deck",
    "data-activity": bundle.id,
    "data-lm-suppress-shortcuts": "true",
    "aria-label": words.deckLabel,
    lang: bundle.lang,
  });
  let press = () => false;

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    event.stopPropagation();
    if (press(Number(event.key))) event.preventDefault();
  });

  const read = () => soundDeck(host.deck());
  const goingOn = () => {
    const round = read().rounds[bundle.id];
    return round?.cards.every((id) => cards.has(id)) ? round : null;
  };
  const keep = (change) => host.setDeck(change(read()));
  const keepRound = (round) =>
    keep((kept) => {
      const { [bundle.id]: _, ...rounds } = kept.rounds;
      return { ...kept, rounds: round ? { ...rounds, [bundle.id]: round } : rounds };
    });

  function front(focus, done = null) {
    press = () => false;
    const { due, fresh, met, next } = standingOf(bundle.cards, read().states, today());
    const waiting = due + fresh > 0;
    const head = heading(done ? words.deckDone(done.right, done.of) : words.deckLabel, { tabindex: -1 });
    const begin = waiting && button("tk-start tk-primary", done ? words.deckAgain : words.deckStart, start);
    root.replaceChildren(
      make(
        "div",
        { class: "tk-card" },
        problemLine(words, host.problem),
        head,
        !done && make("p", {}, words.deckIntro),
        bundle.cards.length === 0 && make("p", {}, words.deckEmpty),
        make(
          "ul",
          { class: "tk-deck-standing" },
          [words.deckDue(due), words.deckNew(fresh), words.deckLearned(met, bundle.cards.length)].map((line) =>
            make("li", {}, line),
          ),
        ),
        !waiting && next !== null && make("p", {}, words.deckNothing(words.inDays(next))),
        make("div", { class: "tk-actions" }, begin),
      ),
    );
    if (!focus) return;
    head.focus({ preventScroll: true });
    fromItsTop(root);
  }

  function start() {
    const seed = newSeed();
    const ids = roundOf(bundle.cards, read().states, today(), seed);
    if (!ids.length) return front(true);
    keepRound({ seed, cards: ids, right: [] });
    card(true);
  }

  function card(focus, note = null) {
    const round = goingOn();
    if (!round) return front(focus);
    const { right: before, cards: ids } = round;
    const id = ids[before.length];
    const own = ownText({ ...bundle, text_lang: cards.get(id).text_lang });
    const item = shown(cards.get(id), round.seed, bundle.cards.indexOf(cards.get(id)));
    const [textId, questionId] = [freshId("card"), freshId("question")];
    const view = itemView({ words, bundle: { categories: item.categories }, item, own, answered });
    const group = make(
      "div",
      { class: "tk-item", role: "group", tabindex: -1, "aria-labelledby": `${textId} ${questionId}` },
      make("blockquote", { class: "tk-item-text", id: textId, ...own }, item.text),
      make("p", { class: "tk-question", id: questionId }, view.question),
      view.body,
    );
    const explanation = make("div", { class: "tk-explanation", role: "status" });
    const following = make("div", { class: "tk-actions" });
    const progress = words.progress(before.length + 1, ids.length);
    root.replaceChildren(
      make(
        "div",
        { class: "tk-card" },
        note && noteLine(note),
        make("p", { class: "tk-progress" }, `${progress} · `, make("span", own, item.drill)),
        make("progress", { class: "tk-bar", max: ids.length, value: before.length, "aria-label": progress }),
        group,
        explanation,
        following,
      ),
    );
    press = view.press;
    if (focus) {
      group.focus({ preventScroll: true });
      fromItsTop(root);
    }
    let open = true;

    function answered(answer) {
      if (!open) return;
      open = false;
      const right = isRight(item, answer);
      const day = today();
      const last = before.length + 1 === ids.length;
      const results = [...before, right];
      const state = afterAnswer(read().states[id], right, day);
      keep((kept) => ({ ...kept, states: { ...kept.states, [id]: state } }));
      keepRound(last ? null : { ...round, right: results });
      view.reveal(answer);
      const next = button("tk-next tk-primary", last ? words.deckEnd : words.deckNext, () =>
        last ? front(true, { right: results.filter(Boolean).length, of: ids.length }) : card(true),
      );
      following.append(next);
      next.focus({ preventScroll: true });
      const lesson = bundle.lesson_links?.[item.lesson];
      explanation.append(
        make("p", { class: "tk-explanation-head" }, right ? `✓ ${words.right}` : `✗ ${words.notRight}`),
        ...[reasonsOf({ words, bundle: { ...bundle, categories: item.categories }, item, answer, own })].flat(),
        make(
          "p",
          { class: "tk-quiet" },
          words.deckComesBack(words.inDays(state.due - day)),
          lesson && [" ", make("a", { href: lesson }, words.lesson(item.lesson))],
        ),
      );
      if (explanation.offsetHeight > 0.7 * window.innerHeight) explanation.scrollIntoView({ block: "start" });
      else next.scrollIntoView({ block: "nearest" });
    }
  }

  /** A card as this round shows it: answers of its own are shuffled, categories are not. */
  function shown({ answers, own_answers: own, ...rest }, seed, index) {
    return shownItem(own ? { ...rest, answers } : { ...rest, categories: answers }, seed, index);
  }

  function button(name, text, onclick) {
    return make("button", { type: "button", class: name, onclick }, text);
  }

  place.replaceChildren(root);
  if (goingOn()) card(false, words.deckResumed);
  else front(false);
  return { close: () => {} };
}
