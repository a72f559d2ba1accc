// The case room: filters over the list that the page holds, what was played in this browser, what to try next.

import { freshId, make } from "./element.js";
import { scoresText } from "./panels.js";
import { keptOf } from "./store.js";
import { standings, suggestion } from "./suggest.js";
import { wordsFor } from "./words.js";

const FILTERS = ["industry", "skill", "difficulty"];

/** Bring the case room inside `place` to life; `data` says what the list holds. Returns {refresh}. */
export function mountRoom(place, data) {
  const words = wordsFor(data.lang);
  const cases = new Map(data.cases.map((one) => [one.id, one]));
  const entries = new Map(
    [...place.querySelectorAll("[data-case]")].map((entry) => [entry.dataset.case, entry]),
  );
  const groups = [...place.querySelectorAll("[data-industry]")];
  const advice = make("section", { class: "tk-card tk-advice", "aria-labelledby": freshId("advice") });
  const status = make("p", { class: "tk-quiet tk-shown", role: "status" });
  const controls = new Map();
  const first = groups[0];
  first.before(advice, filters());

  function filters() {
    const used = (list) => [...new Set(list)];
    const choices = {
      industry: used(data.cases.map(({ industry }) => industry)).map((id) => [
        id,
        data.cases.find(({ industry }) => industry === id).industry_name,
      ]),
      skill: Object.entries(data.compass).filter(([id]) => data.cases.some(({ compass }) => compass.includes(id))),
      difficulty: used(data.cases.map(({ difficulty }) => difficulty))
        .sort()
        .map((level) => [String(level), words.ofFive(level)]),
    };
    const reset = make("button", { type: "reset", class: "tk-secondary" }, words.showAll);
    const form = make(
      "form",
      { class: "tk-filters", "aria-label": words.filters, onsubmit: (event) => event.preventDefault() },
      FILTERS.map((name) => filter(name, choices[name])),
      reset,
      status,
    );
    form.addEventListener("change", () => apply());
    // A form is reset after its event.
    form.addEventListener("reset", () => setTimeout(apply));
    return form;
  }

  function filter(name, choices) {
    const id = freshId(`filter-${name}`);
    const wanted = new URLSearchParams(location.search).get(name);
    const select = make(
      "select",
      { id, name },
      make("option", { value: "" }, words.all),
      choices.map(([value, text]) => make("option", { value }, text)),
    );
    if (choices.some(([value]) => value === wanted)) select.value = wanted;
    controls.set(name, select);
    return make("div", { class: "tk-filter" }, make("label", { for: id }, words.filterBy[name]), select);
  }

  function apply() {
    const [industry, skill, difficulty] = FILTERS.map((name) => controls.get(name).value);
    let shown = 0;
    for (const [id, entry] of entries) {
      const one = cases.get(id);
      const fits =
        (!industry || one.industry === industry) &&
        (!skill || one.compass.includes(skill)) &&
        (!difficulty || String(one.difficulty) === difficulty);
      entry.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-case]:not([hidden])");
    const narrowed = Boolean(industry || skill || difficulty);
    status.textContent = shown ? words.shownOf(shown, entries.size) : words.noneShown;
    place.querySelector(".tk-filters [type=reset]").hidden = !narrowed;
    remember();
  }

  /** Keep the choice in the address, so that it is still there on the way back and can be passed on. */
  function remember() {
    const address = new URL(location.href);
    for (const name of FILTERS) {
      const { value } = controls.get(name);
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    try {
      if (address.href !== location.href) history.replaceState(history.state, "", address);
    } catch {
      // A page opened as a file may not change its address; the filters work all the same.
    }
  }

  function refresh() {
    const kept = keptOf([...cases.keys()]);
    const known = standings(data.cases, kept);
    for (const [id, entry] of entries) {
      entry.querySelector(".tk-played")?.remove();
      if (known[id].times) entry.append(played(known[id]));
    }
    advice.replaceChildren(...adviceParts(kept, known).filter(Boolean));
  }

  function played({ times, best, latest }) {
    const crossed = (record) => (record.result.red_lines?.length ? ` · ⚑ ${words.redLineCrossed}` : "");
    const told = (record) => scoresText(words, record) + crossed(record);
    const line = (label, record) =>
      make("li", {}, label && make("span", { class: "tk-quiet" }, words.colon(label)), told(record));
    const lines = times > 1 ? [line(words.best, best), line(words.latest, latest)] : [line(null, latest)];
    return make("div", { class: "tk-played" }, make("p", {}, words.playedTimes(times)), make("ul", {}, lines));
  }

  function adviceParts(kept, known) {
    const { kind, behaviour, skill, picks } = suggestion(data, kept);
    const states = Object.values(known);
    const count = (holds) => states.filter(holds).length;
    const title = { id: advice.getAttribute("aria-labelledby"), class: "tk-advice-title" };
    const level = place.dataset.headings;
    const sums = words.playedOf(count(({ times }) => times), states.length, count(({ passed }) => passed));
    const why = {
      first: () => words.adviceFirst,
      missed: () => {
        const { name, sign } = data.behaviours[behaviour];
        return (sign > 0 ? words.adviceMissed : words.adviceCost)(name, data.compass[skill]);
      },
      open: () => words.adviceOpen,
      done: () => words.adviceDone,
    };
    return [
      make(`h${level}`, title, words.tryNext),
      !kept && make("p", { class: "tk-notice" }, words.roomWithoutStorage),
      kind !== "first" && make("p", {}, sums),
      kept && make("p", {}, why[kind]()),
      make(
        "ol",
        { class: "tk-picks" },
        picks.map((pick) => pickItem(pick, skill)),
      ),
      kind !== "first" && make("p", { class: "tk-quiet" }, words.onlyThisBrowser),
    ];
  }

  function pickItem({ id, reason, trains }, skill) {
    const { title, text_lang: textLang, customer, difficulty, minutes } = cases.get(id);
    const parts =
      reason === "easy"
        ? [`${words.difficulty} ${words.ofFive(difficulty)}`, words.aboutMinutes(minutes)]
        : [trains ? words.trainsSkill(data.compass[skill]) : null, words.reasons[reason]];
    const own = { lang: textLang === data.lang ? null : textLang };
    return make(
      "li",
      { "data-pick": id },
      make("a", { href: entries.get(id).querySelector("a").getAttribute("href"), ...own }, title),
      make("span", own, ` · ${customer.name}`),
      make("span", { class: "tk-quiet tk-reason" }, words.listed(parts.filter(Boolean))),
    );
  }

  apply();
  refresh();
  return { refresh };
}
