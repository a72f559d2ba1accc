// The panel of a simulator or checker: draws the blocks that Python returns, and sends it what the trainee answers.
//
// Nothing but the answers is kept. Taking one back, going on after a reload and replaying are all the same question
// to Python with other answers.

import { headingLevel, make } from "./element.js";
import { blockOf } from "./panelblocks.js";
import { formOf } from "./panelforms.js";
import { attemptsPanel, noteLine, problemLine, savedLine } from "./panels.js";
import { panelWordsFor } from "./panelwords.js";
import { cannotRun } from "./python.js";
import { finished, newRecord, withStep } from "./store.js";

const MEGABYTE = 1_000_000;

/** Show the panel of a bundle inside `place`; `host` keeps the answers; `python` (or null) is what answers them. */
export function mountPanel(place, bundle, host, python) {
  const words = panelWordsFor(bundle.lang);
  const simulator = bundle.kind === "simulator";
  const level = headingLevel(place);
  const heading = (text, down = 0, attributes = {}) => make(`h${Math.min(6, level + down)}`, attributes, text);
  const root = make("section", {
    class: "tk-player tk-panel",
    "data-activity": bundle.id,
    "data-lm-suppress-shortcuts": "true",
    "aria-label": simulator ? words.simulatorLabel(bundle.title) : words.checkerLabel(bundle.title),
    lang: bundle.lang,
  });
  // JupyterLab takes arrow keys and letters for its own wherever nothing can be written, a slider for one.
  root.addEventListener("keydown", (event) => {
    const shortcut = event.ctrlKey || event.metaKey || event.altKey;
    if (!shortcut && event.target.closest("input, textarea, select, button, summary")) event.stopPropagation();
  });
  let record = null;
  let drawn = [];
  let form = null;
  let asked = 0;

  // ------------------------------------------------------------ before it runs

  function card(focus, problem = null) {
    leave();
    const kept = host.current();
    const begin = make(
      "button",
      { type: "button", class: "tk-start tk-primary", onclick: () => start(kept) },
      kept?.steps.length || kept?.draft
        ? words[`${bundle.kind}Resume`]
        : words[`${bundle.kind}Start`],
    );
    const refusal = python?.loads ? cannotRun() : null;
    const call = `${simulator ? "Simulator" : "Checker"}("${bundle.id}")`;
    let way = begin;
    if (!python) way = make("p", { class: "tk-notice tk-not-here" }, words.onlyJupyter(call));
    else if (refusal) way = make("p", { class: "tk-notice tk-not-here" }, words.cannot[refusal]);
    const size = way === begin && python.loads && !python.ready() && bundle.python?.bytes;
    root.replaceChildren(
      make(
        "div",
        { class: "tk-card tk-brief" },
        problemLine(words, host.problem),
        heading(bundle.title, 0, { class: "tk-title", dir: "auto" }),
        make("p", { dir: "auto" }, bundle.about),
        make(
          "dl",
          { class: "tk-facts" },
          make("div", {}, make("dt", {}, words.time), make("dd", {}, words.aboutMinutes(bundle.minutes))),
        ),
        problem && make("p", { class: "tk-notice tk-problem", role: "alert" }, problem),
        simulator ? null : make("p", { class: "tk-quiet" }, python?.loads === false ? words.staysInNotebook : words.staysHere),
        size ? make("p", { class: "tk-quiet" }, words.loadsOnce(Math.round(size / MEGABYTE))) : null,
        make("div", { class: "tk-actions" }, way),
      ),
      attempts(),
    );
    if (focus && way === begin) begin.focus();
  }

  /** What was finished so far; a checker keeps no attempts. */
  function attempts() {
    if (!simulator) return "";
    // A page cannot replay before Python is there; what is handed in is replayed in any case.
    const canReplay = (one) => (one.content === bundle.hash ? one : null);
    return attemptsPanel({ words, bundle, host, heading, onreview: null, canReplay });
  }

  async function start(kept) {
    const bar = make("progress", { class: "tk-bar", "aria-label": words.loading });
    const said = make("p", { class: "tk-progress", role: "status", tabindex: -1 }, words.loading);
    const numbers = make("p", { class: "tk-quiet", "aria-hidden": "true" });
    if (python.loads) {
      root.replaceChildren(make("div", { class: "tk-card tk-loading" }, said, bar, numbers));
      // The button that was pressed is gone; the focus waits here.
      said.focus({ preventScroll: true });
    }
    try {
      await python.start(({ loaded, total }) => {
        bar.max = total;
        bar.value = loaded;
        const [now, all] = [loaded, total].map((bytes) => (bytes / MEGABYTE).toFixed(1));
        numbers.textContent = words.loadedOf(now, all);
        if (loaded >= total) said.textContent = words.starting;
      });
    } catch (error) {
      card(true, words.loadFailed(error.message));
      return;
    }
    if (kept) record = kept;
    else begin();
    await show(kept?.steps.length ? words.panelResumed : null, true);
  }

  function begin() {
    const given = { content: bundle.hash, variant: "base", learner: host.learner(), host: host.name };
    record = newRecord(bundle, { ...given, lowPressure: Boolean(host.options().low_pressure) });
    host.setCurrent(record);
  }

  // ------------------------------------------------------------ while it runs

  function question(steps) {
    const { kind, id, lang } = bundle;
    const given = steps.map((step) => ({ form: step.form, values: step.values }));
    return { kind, id, lang, seed: record.seed, steps: given };
  }

  /** Ask Python for the page after the answers so far and draw it; null when it was overtaken by a later question. */
  async function reply(steps) {
    asked += 1;
    const mine = asked;
    // What was asked before the notebook's kernel is free waits for it.
    const waiting = setTimeout(() => busy(python.loads ? words.sentAnswer : words.waitingForKernel), 1500);
    try {
      const answer = await python.ask(question(steps));
      return mine === asked ? answer : null;
    } catch (error) {
      return { fault: error.message };
    } finally {
      clearTimeout(waiting);
      busy("");
    }
  }

  const status = make("p", { class: "tk-quiet tk-busy", role: "status" });

  function busy(text) {
    status.textContent = text;
  }

  async function show(note, focus) {
    const answer = await reply(record.steps);
    if (!answer) return;
    if (answer.fault || answer.problem) {
      // The answers do not fit this version, or a module is at fault: the way out is a new run.
      if (record.steps.length && answer.problem) {
        host.setAside(record);
        host.setCurrent(null);
      }
      card(true, answer.problem ?? words.stopped(answer.fault));
      return;
    }
    draw(answer, note, focus);
  }

  async function answered(values) {
    const step = { form: form.id, values };
    const answer = await reply([...record.steps, step]);
    if (!answer) return;
    if (answer.problem) {
      form.refuse(answer.problem);
      return;
    }
    if (answer.fault) {
      form.refuse(words.stopped(answer.fault));
      return;
    }
    const { draft: _, ...before } = record;
    record = withStep(before, step);
    let delivery = null;
    if (simulator && answer.result && !record.finished_at) {
      record = finished(record, answer.result);
      host.addAttempts([record]);
      delivery = host.deliver(record);
    }
    host.setCurrent(record);
    draw(answer, null, true, delivery);
  }

  function takeBack() {
    record = { ...record, steps: record.steps.slice(0, -1) };
    delete record.draft;
    host.setCurrent(record);
    show(null, true);
  }

  /** What counts stays as it was answered: only what came after it can be taken back. */
  function steadySteps() {
    return host.attempts().find(({ id }) => id === record.id)?.steps.length ?? 0;
  }

  const body = make("div", { class: "tk-card tk-blocks" });
  const foot = make("div", { class: "tk-actions tk-panel-foot" });
  const saved = make("div", {});

  function draw(answer, note, focus, delivery = null) {
    form?.close();
    if (!root.contains(body)) {
      drawn = [];
      body.replaceChildren();
      const title = heading(bundle.title, 0, { class: "tk-title", dir: "auto" });
      root.replaceChildren(make("div", { class: "tk-panel-head" }, title), body, status, foot, saved);
    }
    // What did not change stays, so that a long page neither flickers nor loses its place.
    const asText = answer.blocks.map((block) => JSON.stringify(block));
    let same = 0;
    while (same < drawn.length && drawn[same].text === asText[same] && answer.blocks[same].block !== "form") same += 1;
    for (const { element } of drawn.splice(same)) element.remove();
    body.querySelector(".tk-resumed")?.remove();
    form = null;
    for (const [index, block] of answer.blocks.entries()) {
      if (index < same) continue;
      const element = make("div", { class: `tk-block tk-block-${block.block}` });
      if (block.block === "form") {
        form = {
          id: block.id,
          ...formOf(block, {
            words,
            draft: record.draft?.form === block.id ? record.draft.values : null,
            onanswer: answered,
            ondraft: (values) => {
              record = { ...record, draft: { form: block.id, values } };
              host.setCurrent(record);
            },
          }),
        };
        element.append(form.element);
      } else {
        element.append(blockOf(block, { words, heading }));
      }
      drawn.push({ text: asText[index], element });
      body.append(element);
    }
    if (note) {
      const line = noteLine(note);
      line.classList.add("tk-resumed");
      body.prepend(line);
    }
    const canUndo = answer.undo && record.steps.length > steadySteps();
    foot.replaceChildren(
      canUndo ? make("button", { type: "button", class: "tk-undo tk-secondary", onclick: takeBack }, words.takeBack) : "",
      record.steps.length
        ? make("button", { type: "button", class: "tk-restart tk-secondary", onclick: askStartOver }, words.startOver)
        : "",
    );
    if (delivery) saved.replaceChildren(savedLine(words, delivery));
    if (focus) focusOn(note ? drawn.length - 1 : same);
  }

  /** Lead the reader to what is new: what a screen reader can name first, the form when nothing else is new. */
  function focusOn(index) {
    const element = drawn[Math.min(index, drawn.length - 1)]?.element;
    if (!element) return;
    if (element.contains(form?.element)) {
      form.focus();
    } else {
      const named = element.querySelector(":is(h2, h3, h4, h5, h6, figure, .tk-scroll)[tabindex]");
      if (!named) element.setAttribute("tabindex", "-1");
      (named ?? element).focus({ preventScroll: true });
    }
    element.scrollIntoView({ block: element.offsetHeight > innerHeight * 0.8 ? "start" : "nearest" });
  }

  function askStartOver() {
    const no = make(
      "button",
      { type: "button", class: "tk-restart-no tk-secondary", onclick: () => show(null, false).then(focusRestart) },
      words.startOverNo,
    );
    const yes = make(
      "button",
      { type: "button", class: "tk-restart-yes tk-secondary", onclick: startOver },
      words.startOverYes,
    );
    if (record.finished_at) {
      startOver();
      return;
    }
    foot.replaceChildren(make("p", { role: "status" }, words.startOverQuestion), yes, no);
    no.focus();
  }

  function focusRestart() {
    foot.querySelector(".tk-restart")?.focus();
  }

  function startOver() {
    begin();
    drawn = [];
    body.replaceChildren();
    saved.replaceChildren();
    show(null, true);
  }

  function leave() {
    form?.close();
    form = null;
    drawn = [];
  }

  place.replaceChildren(root);
  host.deliverUnsent();
  const kept = host.current();
  if (kept && kept.content !== bundle.hash) {
    host.setAside(kept);
    host.setCurrent(null);
    host.problem = { kind: "outdated" };
  }
  card(false);
  return { close: leave };
}
