// The six kinds of drill items as a trainee meets them: controls for mouse, touch, keyboard and screen reader.

import { freshId, make } from "./element.js";
import { answersOf, kindOf, orderFor, phraseIds, rightOrders } from "./drillmarks.js";
import { anchorName, outcomeOf, passageOf } from "./drillreasons.js";
import { seededOrder } from "./shuffle.js";

const LONG = 40;
const MOST_TRIES = 1000;
const LETTERS = "ABCDEFGHI";

/**
 * An item as one attempt shows it: what has no order of its own is put in the order of the seed. Shared
 * categories, anchors and the entries on the left stay; the parts of an order never begin in a right order.
 */
export function shownItem(item, seed, place) {
  const mixed = (things, salt) => seededOrder(things.length, seed, salt).map((at) => things[at]);
  const salt = place + 1;
  if (kindOf(item) === "match") return { ...item, right: mixed(item.right, salt) };
  if (kindOf(item) === "order") return { ...item, parts: neverRight(item, (salts) => mixed(item.parts, salts), salt) };
  return item.answers ? { ...item, answers: mixed(item.answers, salt) } : item;
}

function neverRight(item, mixed, salt) {
  const right = new Set(rightOrders(item).map((order) => order.join()));
  let parts = mixed(salt);
  for (let n = 1; n < MOST_TRIES && right.has(parts.map(({ id }) => id).join()); n += 1) {
    parts = mixed(salt + 1000 * n);
  }
  return parts;
}

/**
 * The controls of one item, as {question, body, check, press, reveal}: `check` is the button that gives the
 * answer (null where a single press does), `press(digit)` does what a number key does and tells whether it did,
 * `reveal(answer)` shows what was right. `answered(answer)` is called once.
 */
export function itemView(the) {
  const view = VIEWS_BY_KIND[kindOf(the.item)](the);
  return { check: null, press: () => false, ...view };
}

const VIEWS_BY_KIND = {
  choose({ words, bundle, item, own, answered }) {
    const offered = answersOf(bundle, item);
    const named = (shared, single) => (item.answers ? single : shared);
    const buttons = offered.map(({ id, name }, index) =>
      make(
        "button",
        {
          type: "button",
          class: "tk-answer",
          "data-answer": id,
          "aria-keyshortcuts": String(index + 1),
          onclick: () => answered(id),
        },
        make("kbd", { "aria-hidden": "true" }, String(index + 1)),
        make("span", { class: "tk-answer-text", ...own }, name),
        make("span", { class: "tk-answer-mark" }),
      ),
    );
    return {
      question: item.answers ? words.ask.one : words.whichOne,
      body: make("div", { class: `tk-answers${item.answers ? " tk-answers-own" : ""}` }, buttons),
      press: (digit) => {
        if (!buttons[digit - 1] || buttons[digit - 1].disabled) return false;
        answered(offered[digit - 1].id);
        return true;
      },
      reveal: (answer) => {
        const right = answer === item.key;
        for (const button of buttons) {
          const its = button.dataset.answer;
          button.disabled = true;
          if (its === item.key) showMark(button, true, right ? words.right : named(words.rightAnswer, words.theRight));
          else if (its === answer) showMark(button, false, named(words.yourAnswer, words.yours));
        }
      },
    };
  },

  "multi-choose"({ words, item, own, answered }) {
    const note = noteOf();
    const options = item.answers.map(({ id, name }, index) => option("checkbox", { id, name, own, key: index + 1 }));
    const chosen = () => options.filter(({ input }) => input.checked).map(({ id }) => id);
    return {
      question: words.ask.several,
      body: [make("div", { class: "tk-answers" }, options.map(({ label }) => label)), note],
      check: checkButton(words, () => {
        if (chosen().length) answered(chosen());
        else say(note, words.chooseFirst, options[0].input);
      }),
      press: (digit) => pressed(options[digit - 1]?.input),
      reveal: (answer) => {
        note.replaceChildren();
        for (const { id, input, label } of options) {
          input.disabled = true;
          input.checked = answer.includes(id);
          const belongs = item.key.includes(id);
          showMark(label, belongs === input.checked, belongs ? words.belongs : words.belongsNot);
        }
      },
    };
  },

  match({ words, item, own, answered }) {
    const note = noteOf();
    const long = item.right.some(({ name }) => name.length > LONG);
    const letter = (at) => (long ? `${LETTERS[at]} · ` : "");
    const rows = item.left.map(({ id, name }) => {
      const selectId = freshId("match");
      const select = make(
        "select",
        { id: selectId, class: "tk-match", "data-left": id },
        make("option", { value: "" }, words.chooseOne),
        item.right.map((one, at) => make("option", { value: one.id, ...own }, `${letter(at)}${one.name}`)),
      );
      const row = make(
        "li",
        { class: "tk-pair" },
        make("label", { for: selectId, class: "tk-pair-left", ...own }, name),
        select,
        make("span", { class: "tk-answer-mark" }),
      );
      return { id, row, select };
    });
    return {
      question: words.ask.match,
      body: [
        long &&
          make(
            "ul",
            { class: "tk-lettered" },
            item.right.map(({ name }, at) =>
              make("li", {}, make("kbd", {}, LETTERS[at]), make("span", own, name)),
            ),
          ),
        make("ul", { class: "tk-pairs" }, rows.map(({ row }) => row)),
        note,
      ],
      check: checkButton(words, () => {
        const open = rows.find(({ select }) => !select.value);
        if (open) say(note, words.matchAll, open.select);
        else answered(Object.fromEntries(rows.map(({ id, select }) => [id, select.value])));
      }),
      reveal: (answer) => {
        note.replaceChildren();
        for (const { id, row, select } of rows) {
          select.disabled = true;
          const right = answer[id] === item.key[id];
          const at = item.right.findIndex((one) => one.id === item.key[id]);
          showMark(row, right, right ? words.right : words.rightAnswer);
          if (right) continue;
          row.lastChild.append(words.colon(""), make("span", own, `${letter(at)}${item.right[at].name}`));
        }
      },
    };
  },

  order({ words, item, own, answered }) {
    const live = make("p", { class: "tk-unseen", role: "status" });
    const list = make("ol", { class: "tk-order" });
    const rows = item.parts.map(({ id, name }) => {
      const button = (step, sign, label) =>
        make(
          "button",
          {
            type: "button",
            class: `tk-move ${step < 0 ? "tk-up" : "tk-down"}`,
            "aria-label": `${words.colon(label)}${name}`,
            onclick: () => move(row, step),
          },
          make("span", { "aria-hidden": "true" }, sign),
        );
      const row = make(
        "li",
        { class: "tk-part", "data-part": id },
        make("span", { class: "tk-part-text", ...own }, name),
        make(
          "span",
          { class: "tk-moves" },
          button(-1, "↑", words.moveUp),
          button(1, "↓", words.moveDown),
        ),
        make("span", { class: "tk-answer-mark" }),
      );
      row.addEventListener("keydown", (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step || !event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        move(row, step);
      });
      return row;
    });
    list.append(...rows);
    let open = true;
    mend();

    // The neighbour is moved around the part, which so keeps the keyboard's focus.
    function move(row, step) {
      const neighbour = step < 0 ? row.previousElementSibling : row.nextElementSibling;
      if (!open || !neighbour) return;
      if (step < 0) row.after(neighbour);
      else row.before(neighbour);
      mend();
      const at = [...list.children].indexOf(row) + 1;
      live.textContent = words.nowAt(row.firstChild.textContent, at, rows.length);
    }

    // A button that can do nothing stays in reach, so that the focus is not lost on the way.
    function mend() {
      for (const row of list.children) {
        row.querySelector(".tk-up").setAttribute("aria-disabled", String(!row.previousElementSibling));
        row.querySelector(".tk-down").setAttribute("aria-disabled", String(!row.nextElementSibling));
      }
    }

    return {
      question: words.ask.order,
      body: [make("p", { class: "tk-hint tk-quiet" }, words.orderHint), list, live],
      check: checkButton(words, () => answered([...list.children].map((row) => row.dataset.part))),
      reveal: (answer) => {
        open = false;
        live.textContent = "";
        const right = orderFor(item, answer);
        for (const row of rows) {
          const [is, belongs] = [answer.indexOf(row.dataset.part), right.indexOf(row.dataset.part)];
          row.querySelector(".tk-moves").remove();
          showMark(row, is === belongs, is === belongs ? words.right : words.rightPlace(belongs + 1));
        }
      },
    };
  },

  "mark-in-text"({ words, item, own, answered }) {
    const buttons = new Map();
    const phraseOf = ({ id, text }) => {
      const toggle = () => phrase.setAttribute("aria-pressed", String(phrase.getAttribute("aria-pressed") !== "true"));
      const phrase = make(
        "span",
        {
          class: "tk-phrase",
          role: "button",
          tabindex: 0,
          "aria-pressed": "false",
          "data-phrase": id,
          onclick: () => buttons.size && toggle(),
          onkeydown: (event) => {
            if (!buttons.size || (event.key !== " " && event.key !== "Enter")) return;
            event.preventDefault();
            event.stopPropagation();
            toggle();
          },
        },
        text,
      );
      buttons.set(id, phrase);
      return phrase;
    };
    const passage = passageOf(item.passage, own, phraseOf);
    const marked = () => phraseIds(item).filter((id) => buttons.get(id).getAttribute("aria-pressed") === "true");
    return {
      question: words.ask.mark,
      body: [make("p", { class: "tk-hint tk-quiet" }, words.markHint), passage],
      check: checkButton(words, () => answered(marked())),
      reveal: (answer) => {
        for (const [id, phrase] of buttons) {
          const { good, said } = outcomeOf(words, item, answer, id);
          const quiet = good && !answer.includes(id);
          for (const name of ["role", "tabindex", "aria-pressed"]) phrase.removeAttribute(name);
          phrase.classList.toggle("tk-was-marked", answer.includes(id));
          phrase.classList.add("tk-checked", quiet ? "tk-left-alone" : good ? "tk-is-right" : "tk-is-wrong");
          if (quiet) continue;
          phrase.append(
            make("span", { class: "tk-phrase-mark" }, good ? " ✓" : " ✗"),
            make("span", { class: "tk-unseen" }, ` (${said})`),
          );
        }
        buttons.clear();
      },
    };
  },

  rate({ words, item, own, answered }) {
    const note = noteOf();
    const name = freshId("rate");
    const options = item.scale.map((anchor) =>
      option("radio", { id: anchor.value, name: anchor.name, own, key: anchor.value, group: name }),
    );
    return {
      question: words.ask.rate,
      body: [
        item.passage && make("div", { class: "tk-transcript" }, passageOf(item.passage, own)),
        make(
          "div",
          { class: "tk-answers", role: "radiogroup", "aria-label": words.ask.rate },
          options.map(({ label }) => label),
        ),
        note,
      ],
      check: checkButton(words, () => {
        const chosen = options.find(({ input }) => input.checked);
        if (chosen) answered(chosen.id);
        else say(note, words.chooseFirst, options[0].input);
      }),
      press: (digit) => pressed(options.find(({ id }) => id === digit)?.input),
      reveal: (answer) => {
        note.replaceChildren();
        for (const { id, input, label } of options) {
          input.disabled = true;
          input.checked = id === answer;
          if (id === item.key) showMark(label, true, id === answer ? words.right : words.theRight);
          else if (id === answer) {
            const close = Math.abs(id - item.key) <= (item.within ?? 0);
            showMark(label, close, close ? words.closeEnough : words.yours);
          }
        }
      },
    };
  },
};

/** A checkbox or radio button with its text, the key that presses it, and room for what was right. */
function option(type, { id, name, own, key, group = null }) {
  const input = make("input", {
    type,
    name: group,
    value: id,
    "aria-keyshortcuts": String(key),
  });
  const label = make(
    "label",
    { class: "tk-answer tk-option", "data-answer": id },
    input,
    make("kbd", { "aria-hidden": "true" }, String(key)),
    make("span", { class: "tk-answer-text", ...own }, name),
    make("span", { class: "tk-answer-mark" }),
  );
  return { id, input, label };
}

function pressed(input) {
  if (!input || input.disabled) return false;
  input.focus({ preventScroll: true });
  input.click();
  return true;
}

function checkButton(words, onclick) {
  return make("button", { type: "button", class: "tk-check tk-primary", onclick }, words.check);
}

function noteOf() {
  return make("div", { class: "tk-first", role: "status" });
}

/** Say what is still missing, and go there. */
function say(note, text, where) {
  note.replaceChildren(make("p", {}, text));
  where.focus();
}

/** Mark a row as right or not by an edge, a sign and words. */
function showMark(row, good, text) {
  row.classList.add(good ? "tk-is-right" : "tk-is-wrong");
  row.querySelector(".tk-answer-mark").append(good ? "✓ " : "✗ ", text);
}

/** The text of the item in a card, with the passage of items that are judged by it, for the result. */
export function itemText({ words, item, own }) {
  return [
    make("blockquote", { class: "tk-item-text", ...own }, item.text),
    item.passage &&
      make(
        "details",
        { class: "tk-details" },
        make("summary", {}, words.showText),
        passageOf(item.passage, own, ({ text }) => make("u", {}, text)),
      ),
  ];
}
