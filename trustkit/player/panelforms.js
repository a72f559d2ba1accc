// The forms of a panel: native controls for every kind of field, and what was put into them.

import { freshId, make } from "./element.js";

const MOST_RADIOS = 7;
const MOST_STEPS = 200;

/**
 * A form block as an element. `onanswer(values)` takes the answer; `draft` is what was typed before it was sent;
 * `ondraft(values)` keeps what is being typed. Returns {element, refuse(sentence), focus()}.
 */
export function formOf(block, { words, draft, onanswer, ondraft }) {
  const fields = block.fields.map((field) => {
    const before = draft && field.id in draft ? draft[field.id] : field.value;
    return { id: field.id, ...fieldOf({ ...field, value: before }, words) };
  });
  const problem = make("p", { class: "tk-notice tk-problem", role: "alert", hidden: true });
  const send = make("button", { type: "submit", class: "tk-primary tk-submit" }, block.submit);
  const values = () => Object.fromEntries(fields.map(({ id, value }) => [id, value()]));
  let waiting = null;
  const element = make(
    "form",
    {
      class: "tk-form",
      "data-form": block.id,
      onsubmit: (event) => {
        event.preventDefault();
        clearTimeout(waiting);
        if (send.getAttribute("aria-disabled")) return;
        problem.hidden = true;
        send.setAttribute("aria-disabled", "true");
        onanswer(values());
      },
      oninput: () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => ondraft(values()), 400);
      },
    },
    fields.map(({ element: one }) => one),
    problem,
    make("div", { class: "tk-actions" }, send),
  );
  return {
    element,
    close: () => clearTimeout(waiting),
    focus: () =>
      (element.querySelector("input:checked") ?? element.querySelector("input, select, textarea, button")).focus({
        preventScroll: true,
      }),
    refuse: (sentence) => {
      send.removeAttribute("aria-disabled");
      problem.textContent = sentence;
      problem.hidden = false;
    },
  };
}

function fieldOf(field, words) {
  if (field.field === "number") return numberField(field);
  if (field.field === "several") return severalField(field);
  if (field.field === "order") return orderField(field, words);
  if (field.field === "text") return textField(field, words);
  return field.options.length > MOST_RADIOS ? selectField(field) : radioField(field);
}

function numberField({ label, low, high, step, unit, value }) {
  const id = freshId("field");
  const slides = (high - low) / step <= MOST_STEPS;
  const shown = (number) => `${Number(Number(number).toPrecision(6))}${unit ? ` ${unit}` : ""}`;
  const out = make("output", { for: id, class: "tk-number-value" }, shown(value));
  const input = make("input", {
    id,
    type: slides ? "range" : "number",
    min: low,
    max: high,
    step,
    value,
    required: true,
    "aria-valuetext": slides && unit ? shown(value) : null,
    oninput: () => {
      out.textContent = shown(input.value);
      if (slides && unit) input.setAttribute("aria-valuetext", shown(input.value));
    },
  });
  const element = make(
    "div",
    { class: "tk-field tk-field-number" },
    make("label", { for: id, dir: "auto" }, label),
    slides ? out : null,
    make(
      "div",
      { class: "tk-slide" },
      make("span", { class: "tk-tick-text", "aria-hidden": "true" }, String(low)),
      input,
      make("span", { class: "tk-tick-text", "aria-hidden": "true" }, slides ? String(high) : `${high} ${unit}`),
    ),
  );
  return { element, value: () => Number(input.value) };
}

function radioField({ label, options, value }) {
  const name = freshId("choice");
  const inputs = options.map(([id]) =>
    make("input", { type: "radio", name, value: id, required: true, checked: id === value }),
  );
  return {
    element: group(label, inputs, options),
    value: () => inputs.find((input) => input.checked)?.value ?? null,
  };
}

function severalField({ label, options, value }) {
  const inputs = options.map(([id]) =>
    make("input", { type: "checkbox", value: id, checked: value.includes(id) }),
  );
  return {
    element: group(label, inputs, options),
    value: () => inputs.filter((input) => input.checked).map((input) => input.value),
  };
}

function group(label, inputs, options) {
  return make(
    "fieldset",
    { class: "tk-field" },
    make("legend", { dir: "auto" }, label),
    inputs.map((input, index) =>
      make("label", { class: "tk-option" }, input, make("span", { dir: "auto" }, options[index][1])),
    ),
  );
}

function selectField({ label, options, value }) {
  const id = freshId("field");
  const select = make(
    "select",
    { id, required: true },
    value === null ? make("option", { value: "" }) : null,
    options.map(([option, text]) => make("option", { value: option, selected: option === value }, text)),
  );
  return {
    element: make("div", { class: "tk-field" }, make("label", { for: id, dir: "auto" }, label), select),
    value: () => select.value || null,
  };
}

function textField({ label, lines, most, value }, words) {
  const id = freshId("field");
  const left = make("p", { class: "tk-quiet", role: "status" });
  const area = make("textarea", { id, rows: lines, maxlength: most, dir: "auto", required: true, oninput: count });
  area.value = value;
  function count() {
    const rest = most - area.value.length;
    left.textContent = rest <= most / 10 ? words.lettersLeft(rest) : "";
  }
  count();
  const element = make("div", { class: "tk-field" }, make("label", { for: id, dir: "auto" }, label), area, left);
  return { element, value: () => area.value };
}

function orderField({ label, options, value }, words) {
  const names = new Map(options);
  let ids = [...value];
  const said = make("p", { class: "tk-unseen", role: "status" });
  const list = make("ol", { class: "tk-order" });
  function move(id, by) {
    const from = ids.indexOf(id);
    const to = from + by;
    if (to < 0 || to >= ids.length) return;
    ids = ids.toSpliced(from, 1).toSpliced(to, 0, id);
    draw();
    said.textContent = words.movedTo(names.get(id), to + 1, ids.length);
    const buttons = [...list.children[to].querySelectorAll("button")];
    (buttons[by < 0 ? 0 : 1].disabled ? buttons.find((button) => !button.disabled) : buttons[by < 0 ? 0 : 1]).focus();
    list.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function draw() {
    list.replaceChildren(
      ...ids.map((id, index) =>
        make(
          "li",
          {},
          make("span", { dir: "auto" }, names.get(id)),
          mover("↑", words.moveUp(names.get(id)), index === 0, () => move(id, -1)),
          mover("↓", words.moveDown(names.get(id)), index === ids.length - 1, () => move(id, 1)),
        ),
      ),
    );
  }
  draw();
  return {
    element: make("fieldset", { class: "tk-field" }, make("legend", { dir: "auto" }, label), list, said),
    value: () => [...ids],
  };
}

function mover(sign, label, disabled, onclick) {
  return make("button", { type: "button", class: "tk-secondary", "aria-label": label, disabled, onclick }, sign);
}
