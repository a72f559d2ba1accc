// The debrief of a case as a trainee reads it: both scores, the customer's state, each turn and what else could be.

import { chartTable, lineChart } from "./chart.js";
import { debriefOf, summaryOf } from "./debrief.js";
import { make, ownText, paragraphs } from "./element.js";
import { verdict } from "./panels.js";

const LOCALES = { en: "en-GB", zh: "zh-CN" };
const DATE = { dateStyle: "long", timeStyle: "short" };

/** Whole points of a gauge given in thousandths, as the meters show it. */
export function points(gauge) {
  return Math.floor(gauge / 1000);
}

/**
 * The debrief of a finished attempt as one element. What needs the solution is filled in when
 * `solution` (a promise) is there.
 */
export function report({ words, bundle, variant, play, record, solution, heading }) {
  const { text } = variant;
  const { steps } = record;
  const own = ownText(bundle);
  const choices = steps.map(({ choice }) => choice);
  const positions = play.walk(choices);
  const summary = summaryOf(play, positions);
  const scene = (id) => text.scenes[id];
  const head = heading(text.endings[summary.ending].title, 0, {
    class: "tk-title",
    tabindex: -1,
    ...own,
  });
  const later = make(
    "div",
    { class: "tk-later", "aria-busy": "true" },
    make("p", { class: "tk-card tk-computing", role: "status" }, words.computing),
  );
  const root = make(
    "section",
    { class: "tk-debrief", "aria-label": words.debrief },
    paperHead(),
    make(
      "div",
      { class: "tk-card tk-ending" },
      make("p", { class: "tk-kicker" }, words.debrief),
      head,
      make(
        "blockquote",
        { class: "tk-last-words", ...own },
        make("p", { class: "tk-speaker" }, text.customer.name),
        paragraphs(scene(summary.closing[0]).lines[summary.closing[1]], own),
      ),
      paragraphs(text.endings[summary.ending].text, own),
      verdict(words, summary.passed, reasons()),
    ),
    scores(),
    redLines(),
    later,
  );

  Promise.resolve(solution)
    .then((solved) => debriefOf(solved, choices).then((story) => fill(story, solved)))
    .catch((error) => {
      if (error?.name === "AbortError") return;
      later.replaceChildren(chartCard(null), make("p", { class: "tk-card" }, words.computeFailed));
    })
    .finally(() => later.removeAttribute("aria-busy"));

  return { root, head };

  function fill(story, solved) {
    later.replaceChildren(
      ...[chartCard(story), hiddenFacts(), turnCards(story), paths(story, solved)].filter(Boolean),
    );
  }

  /** What a sheet of paper must say of itself, and a screen need not: which case and version, who and when. */
  function paperHead() {
    const version = bundle.variants.findIndex(({ id }) => id === variant.id) + 1;
    const pair = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));
    return make(
      "div",
      { class: "tk-paper-head" },
      make("p", { class: "tk-paper-title", ...own }, text.title ?? bundle.title),
      make(
        "dl",
        {},
        pair(words.version, words.versionOf(version, bundle.variants.length, variant.id)),
        pair(words.date, new Date(record.finished_at).toLocaleString(LOCALES[bundle.lang], DATE)),
        pair(words.learner, record.learner),
      ),
    );
  }

  function reasons() {
    const [conductMark, outcomeMark] = play.model.pass_mark;
    if (summary.passed) return [words.passedReason(Math.min(conductMark, outcomeMark))];
    const found = [];
    if (summary.red_lines.length)
      found.push(words.reasonRedLine(words.listed(summary.red_lines.map(redLineName))));
    if (summary.conduct < conductMark) found.push(words.reasonConduct(summary.conduct, conductMark));
    if (summary.outcome < outcomeMark) found.push(words.reasonOutcome(summary.outcome, outcomeMark));
    return found;
  }

  function redLineName(code) {
    return bundle.red_lines[code].name;
  }

  function scores() {
    const [conductMark, outcomeMark] = play.model.pass_mark;
    const [good, won] = [summary.conduct >= conductMark, summary.outcome >= outcomeMark];
    const last = summary.gauges.at(-1);
    const first = summary.gauges[0];
    const names = Object.values(bundle.compass);
    const change = (name, gauge) =>
      make(
        "div",
        {},
        make("dt", {}, name),
        make("dd", {}, `${points(first[gauge])} → ${points(last[gauge])}`),
      );
    return make(
      "div",
      { class: "tk-card" },
      heading(words.twoScores, 1),
      make(
        "div",
        { class: "tk-scores" },
        make(
          "div",
          { class: "tk-score tk-score-conduct" },
          heading(words.conduct, 2),
          figure(summary.conduct, conductMark),
          make("p", { class: "tk-quiet" }, words.conductText),
          make(
            "ul",
            { class: "tk-bars" },
            summary.bars.map((value, index) => bar(names[index], value)),
          ),
        ),
        make(
          "div",
          { class: "tk-score tk-score-outcome" },
          heading(words.outcome, 2),
          figure(summary.outcome, outcomeMark),
          make("p", { class: "tk-quiet" }, words.outcomeText),
          make("ul", { class: "tk-bars" }, bar(words.outcome, summary.outcome)),
          make(
            "dl",
            { class: "tk-changes" },
            change(words.trust, "trust"),
            change(words.satisfaction, "satisfaction"),
            change(words.anger, "anger"),
          ),
        ),
      ),
      good !== won && make("p", { class: "tk-aside" }, good ? words.partConduct : words.partOutcome),
    );
  }

  function figure(score, mark) {
    const needed = make("span", { class: "tk-quiet" }, words.toPass(mark));
    return make("p", { class: "tk-score-value" }, String(score), " ", needed);
  }

  function bar(name, value) {
    const fillBar = make("span", { class: "tk-fill" });
    fillBar.style.width = `${value ?? 0}%`;
    return make(
      "li",
      { class: value === null ? "tk-not-assessed" : null },
      make("span", { class: "tk-bar-name" }, name),
      make("span", { class: "tk-bar-value" }, value === null ? words.notAssessed : String(value)),
      make("span", { class: "tk-track", "aria-hidden": "true" }, fillBar),
    );
  }

  function redLines() {
    const crossed = choices.flatMap((id, at) => {
      const here = positions[at];
      const choice = play.scenes[here.scene].choices[play.indexOf(here, id)];
      return choice.red_line < 0 ? [] : [{ at, code: play.structure.red_lines[choice.red_line].id }];
    });
    if (!crossed.length) return null;
    return make(
      "div",
      { class: "tk-card tk-red-lines" },
      heading(words.redLines, 1),
      make(
        "ul",
        {},
        crossed.map(({ at, code }) =>
          make(
            "li",
            {},
            make("strong", {}, `⚑ ${words.redLineAt(at + 1)} · ${redLineName(code)}`),
            make("p", {}, bundle.red_lines[code].meaning),
            quote(words.you, said(play.scenes[positions[at].scene].id, choices[at])),
          ),
        ),
      ),
    );
  }

  function said(sceneId, choiceId) {
    return scene(sceneId).choices[choiceId].say;
  }

  function quote(name, line) {
    return make(
      "blockquote",
      { class: name === words.you ? "tk-own" : null, dir: "auto" },
      make("span", { class: "tk-speaker" }, words.colon(name)),
      make("span", own, line),
    );
  }

  function chartCard(story) {
    const turning = story ? story.turning_point + 1 : null;
    const values = (gauge) => summary.gauges.map((gauges) => points(gauges[gauge]));
    const series = ["trust", "satisfaction", "anger"].map((id) => ({
      id,
      name: words[id],
      values: values(id),
    }));
    const at = (place) => words.listed(series.map(({ name, values: all }) => `${name} ${all.at(place)}`));
    const about = [words.chartText(at(0), at(-1)), turning ? words.chartTurning(turning) : ""]
      .join(" ")
      .trim();
    const title = words.chartTitle(text.customer.name);
    const frame = make("div", { class: "tk-chart-frame" });
    let drawn = 0;
    const draw = () => {
      const width = Math.max(260, Math.floor(frame.clientWidth) || 640);
      if (Math.abs(width - drawn) < 8) return;
      drawn = width;
      frame.replaceChildren(lineChart({ words, title, text: about, series, turning, width }));
    };
    new ResizeObserver(draw).observe(frame);
    return make(
      "div",
      { class: "tk-card" },
      heading(words.customerState, 1),
      story && make("p", {}, turningText(story)),
      frame,
      details(words.asTable, chartTable({ words, title, series, turning })),
    );
  }

  function turningText({ turns, turning_point: at }) {
    const { regret, trust } = turns[at];
    return regret > 0
      ? words.turningLost(at + 1, regret)
      : words.turningWon(at + 1, words.signed(Math.round(trust / 1000)));
  }

  function hiddenFacts() {
    const { facts, known } = play.structure;
    const learned = positions.at(-1).facts;
    const hidden = facts.map((id, bit) => ({ id, bit })).filter(({ id, bit }) => text.facts[id] && !((known >> bit) & 1));
    if (!hidden.length) return null;
    return make(
      "div",
      { class: "tk-card" },
      heading(words.hiddenState, 1),
      make("p", { class: "tk-quiet" }, words.hiddenStateText),
      make(
        "ul",
        { class: "tk-hidden-facts" },
        hidden.map(({ id, bit }) => {
          const out = (learned >> bit) & 1;
          return make(
            "li",
            {},
            make("span", own, text.facts[id]),
            " ",
            make("span", { class: "tk-tag" }, out ? `✓ ${words.cameOut}` : `○ ${words.stayedHidden}`),
          );
        }),
      ),
    );
  }

  function turnCards(story) {
    return make(
      "div",
      { class: "tk-card" },
      heading(words.turns, 1),
      make(
        "ol",
        { class: "tk-turns" },
        story.turns.map((turn, at) => turnCard(turn, at, at === story.turning_point)),
      ),
    );
  }

  function turnCard(turn, at, turning) {
    const tags = [];
    if (turning) tags.push(make("span", { class: "tk-tag" }, `◆ ${words.turningPoint}`));
    if (turn.red_line)
      tags.push(make("span", { class: "tk-tag tk-tag-bad" }, `⚑ ${redLineName(turn.red_line)}`));
    const [before, after] = [summary.gauges[at].trust, summary.gauges[at + 1].trust].map(points);
    return make(
      "li",
      { class: "tk-turn" },
      make("div", { class: "tk-turn-head" }, heading(words.turnNumber(at + 1), 2), tags),
      quote(text.customer.name, scene(turn.scene).lines[turn.line]),
      steps[at].wrote && make(
        "div",
        { class: "tk-own-words-kept" },
        make("p", { class: "tk-speaker" }, words.ownWordsYours),
        make("blockquote", { dir: "auto" }, steps[at].wrote),
      ),
      quote(words.you, said(turn.scene, turn.choice)),
      make("p", { class: "tk-feedback", ...own }, scene(turn.scene).choices[turn.choice].feedback),
      turn.revealed.filter((fact) => text.facts[fact]).map((fact) =>
        make("p", { class: "tk-quiet" }, words.colon(words.learned), make("span", own, text.facts[fact])),
      ),
      make(
        "ul",
        { class: "tk-behaviours", "aria-label": words.behaviours },
        turn.behaviours.map(behaviourTag),
        againstTag(turn),
      ),
      make(
        "dl",
        { class: "tk-turn-facts" },
        make(
          "div",
          {},
          make("dt", {}, words.trustMoved),
          make("dd", {}, `${before} → ${after} (${words.signed(after - before)})`),
        ),
        make(
          "div",
          {},
          make("dt", {}, words.regret),
          make("dd", {}, turn.regret > 0 ? words.regretText(turn.regret) : words.regretNone),
        ),
      ),
      turn.instead.length > 0 &&
        details(
          words.instead,
          make(
            "ul",
            { class: "tk-instead" },
            turn.instead.map((other) => insteadItem(turn, other)),
          ),
        ),
    );
  }

  function behaviourTag([id, strength]) {
    const { name, compass, sign, lesson } = bundle.behaviours[id];
    const address = bundle.lesson_links?.[lesson];
    return make(
      "li",
      { class: sign > 0 ? "tk-helps" : "tk-hurts" },
      make("span", { class: "tk-sign" }, words.signed(sign * strength)),
      " ",
      make("span", { class: "tk-unseen" }, words.colon(sign > 0 ? words.helps : words.hurts)),
      name,
      make("span", { class: "tk-quiet" }, ` · ${bundle.compass[compass]}`),
      address && [" · ", make("a", { href: address }, words.lesson(lesson))],
    );
  }

  /** The rule card that this choice breaks, named like a behaviour that hurts; null where it breaks none. */
  function againstTag({ scene: sceneId, choice }) {
    const code = bundle.against?.[sceneId]?.[choice];
    if (!code) return null;
    const title = text.house_rules?.[code]?.title;
    const address = bundle.rule_links?.[code];
    const name = words.against(code);
    return make(
      "li",
      { class: "tk-hurts tk-against" },
      make("span", { class: "tk-sign", "aria-hidden": "true" }, "§ "),
      address ? make("a", { href: address }, name) : name,
      (title ?? bundle.rule_titles?.[code]) && [
        make("span", { class: "tk-quiet" }, " · ", make("span", title ? own : {}, title ?? bundle.rule_titles[code])),
      ],
    );
  }

  function insteadItem(turn, other) {
    const { lines, choices: ahead } = scene(other.scene);
    return make(
      "li",
      {},
      quote(words.you, said(turn.scene, other.choice)),
      other.red_line && make("p", { class: "tk-red-line" }, `⚑ ${redLineName(other.red_line)}`),
      make(
        "blockquote",
        { dir: "auto" },
        make("span", { class: "tk-speaker" }, words.colon(words.customerThen(text.customer.name))),
        make("span", own, lines[other.line]),
      ),
      make(
        "p",
        { class: "tk-quiet" },
        Object.keys(ahead).length ? "" : `${words.contactEnds} `,
        `${words.bestStill(other.best)} · ${words.trustMoved} ${words.signed(Math.round(other.trust / 1000))}`,
      ),
    );
  }

  function paths(story, solved) {
    const best = solved.bestPath();
    const passes = play.passed(best.end);
    const other = story.acceptable_path;
    return make(
      "div",
      { class: "tk-card" },
      heading(words.otherPaths, 1),
      passes ? details(words.bestPath, pathScript(story.best_path)) : make("p", {}, words.noBestPath),
      other.length ? details(words.acceptablePath, pathScript(other)) : make("p", {}, words.noOtherPath),
    );
  }

  function pathScript(ids) {
    const way = play.walk(ids);
    const end = way.at(-1);
    const lines = way.flatMap((position, at) => {
      const { id } = play.scenes[position.scene];
      const customer = scriptLine("tk-customer", text.customer.name, scene(id).lines[play.line(position)]);
      return at < ids.length ? [customer, scriptLine("tk-agent", words.you, said(id, ids[at]))] : [customer];
    });
    return [
      make("p", { class: "tk-quiet" }, words.pathScores(play.outcome(end), play.conduct(end))),
      make("ol", { class: "tk-script" }, lines),
      make("p", own, make("strong", {}, text.endings[play.structure.endings[play.ending(end)].id].title)),
    ];
  }

  function scriptLine(name, speaker, line) {
    return make(
      "li",
      { class: `tk-line ${name}` },
      make("span", { class: "tk-speaker" }, speaker),
      make("div", { class: "tk-said" }, paragraphs(line, own)),
    );
  }

  function details(label, ...content) {
    return make("details", { class: "tk-details" }, make("summary", {}, label), content);
  }
}
