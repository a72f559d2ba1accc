// The case as a trainee sees it: the brief, the conversation choice by choice, then the debrief.

import { resultOf } from "./debrief.js";
import { freshId, fromItsTop, headingLevel, make, ownText, paragraphs } from "./element.js";
import { BROKEN, KEPT, Play } from "./engine.js";
import { missedOf, shownIn } from "./missed.js";
import { lookAtWords, ownWords, whatYouWrote } from "./ownwords.js";
import { attemptsPanel, noteLine, problemLine, savedLine } from "./panels.js";
import { printOnly } from "./printing.js";
import { pagePython } from "./python.js";
import { points, report } from "./report.js";
import { ruleCards } from "./rulecards.js";
import { seededOrder } from "./shuffle.js";
import { solve } from "./solve.js";
import { bestAndLatest, finished, newRecord, withStep } from "./store.js";
import { duration, wordsFor } from "./words.js";

const MINUTES_OF_A_DAY = 1440;

/** Show a case inside `place`; `host` keeps its attempts. Returns {close}, which stops what still runs. */
export function mountCase(place, bundle, host) {
  const words = wordsFor(bundle.lang);
  const own = ownText(bundle);
  const python = host.python ?? (bundle.python ? pagePython(bundle.python.base) : null);
  const level = headingLevel(place);
  const heading = (text, down = 0, attributes = {}) => make(`h${level + down}`, attributes, text);
  const stop = new AbortController();
  const plays = new Map();
  const solutions = new Map();
  const root = make("section", {
    class: "tk-player tk-case",
    "data-activity": bundle.id,
    "data-lm-suppress-shortcuts": "true",
    "aria-label": words.caseLabel(bundle.title),
    lang: bundle.lang,
  });
  let conversation = null;

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    event.stopPropagation();
    if (!event.repeat && conversation?.press(Number(event.key) - 1)) event.preventDefault();
  });

  function options() {
    const { low_pressure: calm, live_feedback: live } = host.options();
    return { low_pressure: Boolean(calm), live_feedback: Boolean(live) };
  }

  function playOf(variant) {
    if (!plays.has(variant.id)) plays.set(variant.id, new Play(variant.structure));
    return plays.get(variant.id);
  }

  function solutionOf(variant) {
    if (!solutions.has(variant.id)) {
      const solving = solve(playOf(variant), { signal: stop.signal });
      solving.catch(() => {});
      solutions.set(variant.id, solving);
    }
    return solutions.get(variant.id);
  }

  /** The variant and positions of a record, or null when its steps cannot have happened in this case. */
  function replayed({ variant: id, content, steps }) {
    const variant = bundle.variants.find((one) => one.id === id);
    if (!variant || variant.structure.hash !== content) return null;
    const play = playOf(variant);
    const positions = play.walk(steps.map(({ choice }) => choice));
    if (!positions) return null;
    const scenesAgree = steps.every(({ scene }, at) => scene === play.scenes[positions[at].scene].id);
    return scenesAgree ? { variant, play, positions } : null;
  }

  function canReplay(record) {
    const known = replayed(record);
    if (!known || !known.play.isOver(known.positions.at(-1))) return null;
    return { ...record, result: resultOf(known.play, known.positions) };
  }

  /** The variant of the next attempt: the one after the latest attempt's, around and around. */
  function nextVariant() {
    const shown = bestAndLatest(host.attempts());
    const latest = bundle.variants.findIndex(({ id }) => id === shown?.latest.variant);
    return bundle.variants[shown ? (latest + 1) % bundle.variants.length : 0];
  }

  function brief() {
    conversation = null;
    const { text } = nextVariant();
    const title = text.title ?? bundle.title;
    // A page that has the case's title as its own need not say it twice.
    const said = place.dataset.titled === title;
    const pair = (name, value, attributes = {}) =>
      make("div", attributes.row ?? {}, make("dt", {}, name), make("dd", attributes.text ?? {}, value));
    root.replaceChildren(
      make(
        "div",
        { class: "tk-card tk-brief" },
        problemLine(words, host.problem),
        said ? null : heading(title, 0, { class: "tk-title", ...own }),
        own.lang && make("p", { class: "tk-quiet tk-one-language" }, words.englishOnly),
        make(
          "dl",
          { class: "tk-facts" },
          pair(
            words.yourCustomer,
            [make("strong", {}, text.customer.name), make("br"), text.customer.about],
            { row: { class: "tk-wide" }, text: own },
          ),
          pair(words.channel, bundle.channel_name),
          pair(words.time, words.aboutMinutes(bundle.minutes)),
          pair(words.difficulty, words.ofFive(bundle.difficulty)),
        ),
        heading(words.whatYouKnow, said ? 0 : 1),
        briefParts(nextVariant()),
        ruleCards({ words, bundle, text }),
        make(
          "p",
          { class: "tk-aside" },
          make("strong", {}, words.colon(words.whatIsScored)),
          words.scoredText,
        ),
        make(
          "div",
          { class: "tk-actions" },
          make("button", { type: "button", class: "tk-start tk-primary", onclick: begin }, words.start),
        ),
        switches(),
      ),
      attemptsPanel({ words, bundle, host, heading, onreview: (record) => debrief(record, null), canReplay }),
    );
  }

  /** What the agent may know: the brief and the facts that are known at the start. */
  function briefParts({ structure: { facts, known }, text }) {
    const given = facts.filter((id, bit) => (known >> bit) & 1 && text.facts[id]);
    const list = make(
      "ul",
      {},
      given.map((id) => make("li", own, text.facts[id])),
    );
    return [paragraphs(text.brief, own), given.length ? list : null];
  }

  /** The two switches; `changed` is called with the options after each change. */
  function switches(changed = () => {}) {
    const one = (name, key, label) => {
      const box = make("input", { type: "checkbox", class: name });
      box.checked = options()[key];
      box.addEventListener("change", () => {
        host.setOptions({ ...host.options(), [key]: box.checked });
        changed(options());
      });
      return make("label", { class: "tk-switch" }, box, make("span", {}, label));
    };
    return make(
      "div",
      { class: "tk-switches" },
      one("tk-low-pressure", "low_pressure", words.lowPressure),
      one("tk-live-feedback", "live_feedback", words.liveFeedback),
    );
  }

  function begin() {
    const variant = nextVariant();
    const record = newRecord(bundle, {
      content: variant.structure.hash,
      variant: variant.id,
      learner: host.learner(),
      host: host.name,
      lowPressure: options().low_pressure,
    });
    host.setCurrent(record);
    converse(record, replayed(record), null);
    conversation.focus();
    // The brief may have been longer than the screen: the call begins where one can read it.
    fromItsTop(root);
  }

  function converse(record, known, note) {
    solutionOf(known.variant);
    conversation = new Conversation(record, known, note);
    root.replaceChildren(conversation.root);
    conversation.showNewest();
  }

  function finish(record, known) {
    const done = finished(record, resultOf(known.play, known.positions));
    host.addAttempts([done]);
    host.setCurrent(null);
    debrief(done, host.deliver(done));
  }

  function debrief(record, delivery) {
    conversation = null;
    const { variant, play } = replayed(record);
    const solution = solutionOf(variant);
    const story = report({ words, bundle, variant, play, record, solution, heading });
    const choices = record.steps.map(({ choice }) => choice);
    solution
      .then((solved) => host.noteMissed(record.id, missedOf(solved, choices), shownIn(play, choices)))
      .catch(() => {});
    const print = () => printOnly(story.root);
    root.replaceChildren(
      problemLine(words, host.problem) ?? "",
      story.root,
      make(
        "div",
        { class: "tk-card tk-after" },
        make(
          "div",
          { class: "tk-actions" },
          make("button", { type: "button", class: "tk-again tk-primary", onclick: begin }, words.again),
          make("button", { type: "button", class: "tk-back tk-secondary", onclick: backToBrief }, words.back),
          make("button", { type: "button", class: "tk-print tk-secondary", onclick: print }, words.print),
        ),
        bundle.variants.length > 1 && make("p", { class: "tk-quiet" }, words.againVariant),
        savedLine(words, delivery),
      ),
      attemptsPanel({ words, bundle, host, heading, onreview: null, canReplay }),
    );
    story.head.focus({ preventScroll: true });
    root.scrollIntoView({ block: "start" });
  }

  function backToBrief() {
    brief();
    root.querySelector(".tk-start").focus({ preventScroll: true });
    root.scrollIntoView({ block: "start" });
  }

  /** One conversation on the screen; each choice adds to the log and changes only what changed. */
  class Conversation {
    constructor(record, known, note) {
      this.record = record;
      this.known = known;
      this.text = known.variant.text;
      this.order = known.play.scenes.map(({ choices }, scene) =>
        seededOrder(choices.length, record.seed, scene),
      );
      this.questionId = freshId("question");
      this.buttons = [];
      this.meters = new Map();
      this.build(note);
      const { play, positions } = known;
      this.speak(positions[0]);
      record.steps.forEach((step, at) => this.turn(step, positions[at], positions[at + 1]));
      this.offer(play.choices(this.here()));
    }

    here() {
      return this.known.positions.at(-1);
    }

    build(note) {
      this.log = make("div", {
        class: "tk-log",
        role: "log",
        "aria-live": "polite",
        "aria-label": words.conversation,
        tabindex: 0,
      });
      this.choices = make("div", { class: "tk-choices" });
      this.question = make("p", { class: "tk-question", id: this.questionId }, words.yourReply);
      this.hint = make("p", { class: "tk-quiet tk-hint" }, words.replyHint);
      this.group = make(
        "div",
        { class: "tk-reply", role: "group", tabindex: -1, "aria-labelledby": this.questionId },
        this.question,
        this.choices,
        this.hint,
      );
      this.promises = make("div", { class: "tk-promises" });
      this.dashboard = make(
        "div",
        { class: "tk-meters" },
        this.meter("trust", words.trust),
        this.meter("anger", words.anger),
        this.meter("clock", words.clock),
      );
      const who = make(
        "div",
        { class: "tk-who" },
        heading(this.text.customer.name, 0, { class: "tk-title", ...own }),
        make("p", { class: "tk-quiet" }, bundle.channel_name),
      );
      this.talk = make(
        "div",
        { class: "tk-talk" },
        make("div", { class: "tk-head" }, who, this.dashboard),
        this.log,
      );
      const restart = make("button", { type: "button", class: "tk-restart tk-secondary" }, words.restart);
      const ask = make("div", { class: "tk-ask", role: "group", hidden: true, "aria-label": words.restart });
      restart.addEventListener("click", () => {
        ask.hidden = false;
        ask.querySelector("button").focus();
      });
      const close = () => {
        ask.hidden = true;
        restart.focus();
      };
      ask.append(
        make("p", {}, words.restartQuestion),
        make("button", { type: "button", class: "tk-secondary", onclick: close }, words.restartNo),
        make(
          "button",
          { type: "button", class: "tk-secondary tk-restart-yes", onclick: () => this.restart() },
          words.restartYes,
        ),
      );
      this.root = make(
        "div",
        { class: "tk-card tk-stage" },
        problemLine(words, host.problem),
        note && noteLine(note),
        this.talk,
        this.promises,
        this.group,
        make(
          "details",
          { class: "tk-details tk-reminder" },
          make("summary", {}, words.whatYouKnow),
          make(
            "div",
            {},
            make("p", own, this.text.customer.about),
            briefParts(this.known.variant),
          ),
        ),
        ruleCards({ words, bundle, text: this.text }),
        make(
          "div",
          { class: "tk-foot" },
          switches((now) => this.setOptions(now)),
          restart,
        ),
        ask,
      );
      this.dashboard.hidden = options().low_pressure;
    }

    restart() {
      host.setCurrent(null);
      begin();
    }

    setOptions({ low_pressure: calm }) {
      this.dashboard.hidden = calm;
      this.record = { ...this.record, options: { low_pressure: calm } };
      host.setCurrent(this.record);
    }

    focus() {
      this.group.focus({ preventScroll: true });
    }

    press(place) {
      const button = this.buttons[place];
      if (button) this.choose(Number(button.dataset.index));
      return Boolean(button);
    }

    /** Everything that one choice of the trainee does on the screen and in the store. */
    choose(index) {
      const { play, positions } = this.known;
      const before = this.here();
      const scene = play.scenes[before.scene];
      const step = { scene: scene.id, choice: scene.choices[index].id };
      if (this.wrote) step.wrote = this.wrote;
      const { draft, ...kept } = host.options();
      if (draft) host.setOptions(kept);
      this.question.hidden = false;
      const after = play.step(before, index);
      positions.push(after);
      this.record = withStep(this.record, step);
      if (play.isOver(after)) {
        finish(this.record, this.known);
        return;
      }
      // The focus moves first, so that a screen reader then reads the new lines of the log to their end.
      this.focus();
      this.turn(step, before, after);
      this.offer(play.choices(after));
      this.showNewest();
      this.bringIntoView();
      host.setCurrent(this.record);
    }

    turn({ scene, choice }, before, after) {
      const { say, feedback } = this.text.scenes[scene].choices[choice];
      this.newest = this.line("tk-agent", words.you, say);
      this.log.append(this.newest);
      if (options().live_feedback) this.note("tk-feedback", words.feedback, feedback);
      this.known.play.structure.facts.forEach((fact, bit) => {
        // A fact without text is only remembered by the conversation.
        if (((after.facts & ~before.facts) >> bit) & 1 && this.text.facts[fact])
          this.note("tk-learned", words.learned, this.text.facts[fact]);
      });
      const { elapsed } = this.known.play.scenes[after.scene];
      if (elapsed)
        this.log.append(make("div", { class: "tk-later-on" }, words.later(duration(words, elapsed))));
      this.known.play.structure.promises.forEach((promise, index) => {
        const [was, is] = [before.promises[index], after.promises[index]];
        const name = this.text.promises[promise];
        if (is >= 0 && is !== was) this.note("tk-promise", words.promised, name);
        if (is === KEPT && was !== KEPT) this.note("tk-promise", words.promiseKept, name);
        if (is === BROKEN && was !== BROKEN) this.note("tk-promise", words.promiseBroken, name);
      });
      this.speak(after);
    }

    speak(position) {
      const { play } = this.known;
      const { id } = play.scenes[position.scene];
      this.log.append(
        this.line("tk-customer", this.text.customer.name, this.text.scenes[id].lines[play.line(position)]),
      );
    }

    line(name, speaker, said) {
      return make(
        "div",
        { class: `tk-line ${name}` },
        make("span", { class: "tk-speaker", dir: "auto" }, speaker),
        make("div", { class: "tk-said" }, paragraphs(said, own)),
      );
    }

    note(name, label, said) {
      this.log.append(
        make(
          "div",
          { class: `tk-note ${name}` },
          make("strong", {}, words.colon(label)),
          make("span", own, said),
        ),
      );
    }

    offer(open) {
      const position = this.here();
      const scene = this.known.play.scenes[position.scene];
      this.wrote = "";
      if (scene.id === bundle.write_at && !this.record.steps.some(({ scene: past }) => past === scene.id)) {
        this.askForWords(open);
        this.showState(position);
        return;
      }
      this.showChoices(open);
      this.showState(position);
    }

    /** The one turn that may be written first; choosing stays possible at once. */
    askForWords(open) {
      const { draft } = host.options();
      const box = ownWords({
        words,
        draft: draft?.attempt === this.record.id ? draft.text : "",
        keep: (text) => host.setOptions({ ...host.options(), draft: { attempt: this.record.id, text } }),
        done: (text) => {
          this.wrote = text;
          this.question.hidden = Boolean(text);
          this.showChoices(open);
          if (text) this.choices.prepend(whatYouWrote(words, text));
          this.focus();
        },
        look: python && ((text, place) => lookAtWords({ python, words, text, place, lang: bundle.lang })),
      });
      this.buttons = [];
      this.hint.hidden = true;
      this.choices.replaceChildren(box.root);
    }

    showChoices(open) {
      const position = this.here();
      const scene = this.known.play.scenes[position.scene];
      this.hint.hidden = false;
      const shown = this.order[position.scene].filter((index) => open.includes(index));
      this.buttons = shown.map((index, place) => {
        const { id } = scene.choices[index];
        return make(
          "button",
          {
            type: "button",
            class: "tk-choice",
            "data-choice": id,
            "data-index": index,
            "aria-keyshortcuts": String(place + 1),
            // The second click of a double click would land on the next scene's choice.
            onclick: (event) => event.detail < 2 && this.choose(index),
          },
          make("kbd", { "aria-hidden": "true" }, String(place + 1)),
          make("span", own, this.text.scenes[scene.id].choices[id].say),
        );
      });
      this.choices.replaceChildren(...this.buttons);
    }

    showState(position) {
      const { play, positions } = this.known;
      const before = positions.at(-2) ?? position;
      for (const name of ["trust", "anger"]) {
        const value = points(play[name](position));
        this.setMeter(name, value, value - points(play[name](before)));
      }
      this.setClock(position);
      const open = play.structure.promises.flatMap((id, index) =>
        position.promises[index] >= 0 ? [{ id, left: position.promises[index] - position.clock }] : [],
      );
      this.promises.replaceChildren(
        ...(open.length ? [make("p", { class: "tk-promises-title" }, words.openPromises)] : []),
        ...(open.length
          ? [
              make(
                "ul",
                {},
                open.map((promise) => this.openPromise(promise)),
              ),
            ]
          : []),
      );
    }

    openPromise({ id, left }) {
      const due = left > 0 ? words.dueIn(duration(words, left)) : words.dueNow;
      const name = make("span", own, this.text.promises[id]);
      return make("li", {}, name, " ", make("span", { class: "tk-tag" }, due));
    }

    meter(name, label) {
      const value = make("span", { class: "tk-meter-value", "aria-hidden": "true" });
      const fill = make("span", { class: "tk-fill" });
      const gauge = make(
        "div",
        { class: `tk-meter tk-meter-${name}`, role: "meter", "aria-label": label, "aria-valuemin": 0 },
        make("span", { class: "tk-meter-name", "aria-hidden": "true" }, label),
        value,
        make("span", { class: "tk-track", "aria-hidden": "true" }, fill),
      );
      this.meters.set(name, { gauge, value, fill });
      return gauge;
    }

    setMeter(name, now, change) {
      const { gauge, value, fill } = this.meters.get(name);
      gauge.setAttribute("aria-valuemax", 100);
      gauge.setAttribute("aria-valuenow", now);
      const moved = change ? ` (${words.signed(change)})` : "";
      gauge.setAttribute("aria-valuetext", words.ofHundred(now) + moved);
      value.textContent = `${now}${change ? ` ${change > 0 ? "▲" : "▼"} ${words.signed(change)}` : ""}`;
      fill.style.width = `${now}%`;
    }

    setClock({ minutes, clock }) {
      const { gauge, value, fill } = this.meters.get("clock");
      const { patience } = this.known.play.structure;
      const day = Math.floor(clock / MINUTES_OF_A_DAY) + 1;
      const spent = words.ofPatience(minutes, patience);
      const parts = [minutes > patience ? `${spent} – ${words.beyondPatience}` : spent];
      if (day > 1) parts.push(words.dayNumber(day));
      value.textContent = parts.join(" · ");
      gauge.setAttribute("aria-valuemax", patience);
      gauge.setAttribute("aria-valuenow", Math.min(minutes, patience));
      gauge.setAttribute(
        "aria-valuetext",
        [words.patienceText(minutes, patience), ...parts.slice(1)].join(" · "),
      );
      fill.style.width = `${Math.min(100, Math.floor((100 * minutes) / Math.max(1, patience)))}%`;
      gauge.classList.toggle("tk-over", minutes > patience);
    }

    /** Scroll the log so that the newest exchange is seen from its beginning, and make room for all of it. */
    showNewest() {
      const { log } = this;
      const first = this.newest ?? log.firstElementChild;
      log.style.maxHeight = "";
      const above = first.offsetTop - log.offsetTop - 8;
      const needed = log.scrollHeight - above;
      if (needed > log.clientHeight) log.style.maxHeight = `${needed}px`;
      log.scrollTop = above;
    }

    /** Scroll the page as little as needed: to the log, with its meters where the screen is tall enough. */
    bringIntoView() {
      const roomy = this.talk.offsetHeight < 0.8 * window.innerHeight;
      (roomy ? this.talk : this.log).scrollIntoView({ block: "nearest" });
    }
  }

  // On paper nothing can be opened, so everything is open while printing.
  let closed = [];
  const open = () => {
    // Some browsers say it twice before they print.
    closed = [...closed, ...root.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  };
  const closeAgain = () => {
    for (const one of closed) one.open = false;
    closed = [];
  };
  window.addEventListener("beforeprint", open, { signal: stop.signal });
  window.addEventListener("afterprint", closeAgain, { signal: stop.signal });

  place.replaceChildren(root);
  host.deliverUnsent();
  const kept = host.current();
  const known = kept && replayed(kept);
  if (known && known.play.isOver(known.positions.at(-1))) finish(kept, known);
  else if (known) converse(kept, known, words.resumed);
  else {
    if (kept) {
      host.setAside(kept);
      host.setCurrent(null);
      host.problem = { kind: "outdated" };
    }
    brief();
  }
  return { close: () => stop.abort() };
}
