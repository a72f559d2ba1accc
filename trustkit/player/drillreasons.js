// Why an answer to a drill item was right or not: the explanations after each answer and in the result.

import { make } from "./element.js";
import { answersOf, isRight, kindOf, orderFor, phraseIds } from "./drillmarks.js";

const nameIn = (things, id) => things.find((one) => one.id === id)?.name ?? String(id);

/** The anchor of a scale in words: its number, where the text does not begin with it, and its text. */
export function anchorName(words, { value, name }) {
  return Number.parseInt(name, 10) === value ? name : `${words.colon(String(value))}${name}`;
}

/** A passage line by line; `phraseOf(piece)` makes the element of a phrase that can be marked. */
export function passageOf(passage, own, phraseOf = ({ text }) => text) {
  const line = (pieces) => make("p", own, pieces.map((piece) => (piece.id ? phraseOf(piece) : piece.text)));
  return make("div", { class: "tk-passage" }, passage.map(line));
}

/** The explanations of an item for one answer, as elements. */
export function reasonsOf({ words, bundle, item, answer, own }) {
  if (kindOf(item) === "choose" && !item.answers) return sharedReasons({ words, bundle, item, answer, own });
  return make("ul", { class: "tk-reasons" }, REASONS[kindOf(item)]({ words, item, answer, own }));
}

/** The two sentences of an item whose answers all items share: why not this one, and why that one. */
function sharedReasons({ words, bundle, item: { key, feedback }, answer, own }) {
  const name = (id) => nameIn(bundle.categories, id);
  // A name in another language cannot stand inside a sentence of ours.
  const head = (id, said, short) =>
    own.lang ? [words.colon(short), make("span", own, name(id)), " "] : words.colon(said(name(id)));
  const because = (id, said, short) =>
    feedback[id] && make("p", {}, make("strong", {}, head(id, said, short)), make("span", own, feedback[id]));
  return [
    answer !== key && because(answer, words.whyWrong, words.yourAnswer),
    because(key, words.whyRight, words.rightAnswer),
  ].filter(Boolean);
}

/** One explanation: a sign, a word for it, what it is about, and the text. */
function reason(own, { good, said, name, more = null, text }) {
  return make(
    "li",
    { class: good === null ? "tk-reason-plain" : good ? "tk-reason-right" : "tk-reason-wrong" },
    make(
      "p",
      { class: "tk-reason-head" },
      make("span", { class: "tk-reason-sign", "aria-hidden": "true" }, good === null ? "· " : good ? "✓ " : "✗ "),
      make("strong", own, name),
      said && make("span", { class: "tk-reason-said" }, ` · ${said}`),
    ),
    more && make("p", { class: "tk-quiet" }, more),
    text && make("p", own, text),
  );
}

const REASONS = {
  choose({ words, item, answer, own }) {
    const { answers, key, feedback } = item;
    const about = (id, good, said) => reason(own, { good, said, name: nameIn(answers, id), text: feedback[id] });
    const rest = answers.filter(({ id }) => id !== key && id !== answer);
    return [
      answer !== key && about(answer, false, words.yours),
      about(key, true, answer === key ? words.yours : words.theRight),
      ...rest.map(({ id }) => about(id, null, words.alsoNot)),
    ];
  },

  "multi-choose"({ words, item: { answers, key, feedback }, answer, own }) {
    return answers.map(({ id, name }) => {
      const belongs = key.includes(id);
      const said = belongs ? words.belongs : words.belongsNot;
      return reason(own, { good: belongs === answer.includes(id), said, name, text: feedback[id] });
    });
  },

  match({ words, item: { left, right, key, feedback }, answer, own }) {
    return left.map(({ id, name }) => {
      const good = answer[id] === key[id];
      const more = good ? null : [words.colon(words.yourAnswer), make("span", own, nameIn(right, answer[id]))];
      return reason(own, { good, name: `${name} → ${nameIn(right, key[id])}`, more, text: feedback[id] });
    });
  },

  order({ words, item, answer, own }) {
    const { parts, feedback } = item;
    return orderFor(item, answer).map((id, at) => {
      const was = answer.indexOf(id);
      const said = was === at ? null : words.yourPlace(was + 1);
      return reason(own, { good: was === at, said, name: `${at + 1}. ${nameIn(parts, id)}`, text: feedback[id] });
    });
  },

  "mark-in-text"({ words, item, answer, own }) {
    const text = new Map(item.passage.flat().map((piece) => [piece.id, piece.text]));
    return phraseIds(item).map((id) => {
      const said = outcomeOf(words, item, answer, id);
      return reason(own, { ...said, name: text.get(id), text: item.feedback[id] });
    });
  },

  rate({ words, item, answer, own }) {
    const { scale, key, feedback } = item;
    const name = (value) => anchorName(words, scale.find((one) => one.value === value));
    const off = answer === key ? null : answer < key ? feedback.lower : feedback.higher;
    const good = isRight(item, answer);
    return [
      answer !== key &&
        reason(own, { good, said: good ? words.closeEnough : words.yours, name: name(answer), text: off }),
      reason(own, {
        good: true,
        said: answer === key ? words.yours : words.theRight,
        name: name(key),
        text: feedback.key,
      }),
    ];
  },
};

/** What became of one phrase: {good, said}. */
export function outcomeOf(words, { key }, answer, id) {
  const [wanted, marked] = [key.includes(id), answer.includes(id)];
  const said = wanted ? (marked ? words.phraseFound : words.phraseMissed) : marked ? words.phraseWrong : words.phraseLeft;
  return { good: wanted === marked, said };
}

/** What was answered and what is right in two lines, for an item whose answers all items share; else null. */
export function bothAnswers({ words, bundle, item, answer, own }) {
  if (kindOf(item) !== "choose" || item.answers) return null;
  const named = (id) => make("span", own, nameIn(answersOf(bundle, item), id));
  return make(
    "p",
    {},
    `✗ ${words.colon(words.yourAnswer)}`,
    named(answer),
    make("br"),
    `✓ ${words.colon(words.rightAnswer)}`,
    named(item.key),
  );
}
