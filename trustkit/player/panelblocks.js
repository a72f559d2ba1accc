// The blocks of a panel that are read: text, facts, tables, charts, bars, findings and the verdict.

import { freshId, make } from "./element.js";
import { blockChart, chartLegend, shortNumber } from "./panelchart.js";
import { verdict } from "./panels.js";

const NARROWEST = 260;

/** A block as an element; `heading(text, down, attributes)` makes a heading of the right level. */
export function blockOf(block, { words, heading }) {
  const makers = {
    text: textBlock,
    heading: ({ text }) => heading(text, 1, { dir: "auto", tabindex: -1 }),
    facts: ({ facts }) => factsList(facts),
    table: tableBlock,
    chart: (one) => chartBlock(one, words),
    bars: (one) => barsBlock(one, words),
    findings: (one) => findingsBlock(one, words),
    result: (one) => resultBlock(one, words),
  };
  const maker = makers[block.block];
  if (!maker) throw new Error(`unknown kind of block: ${block.block}`);
  return maker(block);
}

function textBlock({ paragraphs, tone }) {
  const names = { plain: "tk-text", note: "tk-notice", warn: "tk-notice tk-problem", good: "tk-notice tk-went-well" };
  const sign = { warn: "! ", good: "✓ " }[tone];
  return make(
    "div",
    { class: names[tone] ?? names.plain },
    paragraphs.map((paragraph, index) =>
      make("p", { dir: "auto" }, sign && !index ? make("span", { "aria-hidden": "true" }, sign) : null, paragraph),
    ),
  );
}

function factsList(facts) {
  return make(
    "dl",
    { class: "tk-facts" },
    facts.map(([name, value]) =>
      make("div", {}, make("dt", { dir: "auto" }, name), make("dd", { dir: "auto" }, value)),
    ),
  );
}

function tableBlock({ columns, rows, caption }) {
  const row = ([name, ...cells]) =>
    make("tr", {}, make("th", { scope: "row", dir: "auto" }, name), cells.map((cell) => make("td", { dir: "auto" }, cell)));
  return make(
    "div",
    { class: "tk-scroll", role: "group", "aria-label": caption, tabindex: 0 },
    make(
      "table",
      { class: "tk-table" },
      make("caption", { dir: "auto" }, caption),
      make("thead", {}, make("tr", {}, columns.map((name) => make("th", { scope: "col", dir: "auto" }, name)))),
      make("tbody", {}, rows.map(row)),
    ),
  );
}

function chartBlock(block, words) {
  const frame = make("div", { class: "tk-chart-frame" });
  let drawn = 0;
  function draw() {
    const width = Math.max(NARROWEST, Math.floor(frame.clientWidth) || 600);
    if (Math.abs(width - drawn) < 2) return;
    drawn = width;
    frame.replaceChildren(blockChart(block, width));
  }
  // The first size is known once the frame stands in the page; until then nothing is drawn.
  new ResizeObserver(draw).observe(frame);
  const columns = [block.x_label, ...block.series.map(({ name }) => name)];
  const rows = block.x.map((place, index) => [
    String(place),
    ...block.series.map(({ y }) => shortNumber(y[index])),
  ]);
  return make(
    "figure",
    { class: "tk-figure", tabindex: -1 },
    frame,
    block.series.length > 1 ? chartLegend(block) : null,
    make("figcaption", { dir: "auto" }, block.caption),
    make(
      "details",
      { class: "tk-details" },
      make("summary", {}, words.numbersAsTable),
      tableBlock({ columns, rows, caption: block.caption }),
    ),
  );
}

function barsBlock({ bars }, words) {
  return make(
    "ul",
    { class: "tk-block-bars" },
    bars.map(({ name, value, low = 0, high = 100, target = null, unit = "" }) => {
      const share = (number) => Math.max(0, Math.min(1, (number - low) / (high - low || 1))) * 300;
      const said = `${shortNumber(value)}${unit && ` ${unit}`}`;
      return make(
        "li",
        {},
        make("span", { dir: "auto" }, name),
        make("span", {}, target === null ? said : `${said} · ${words.targetAt(shortNumber(target))}`),
        make(
          "svg",
          { class: "tk-gauge", viewBox: "0 0 300 14", preserveAspectRatio: "none", "aria-hidden": "true" },
          make("rect", { class: "tk-gauge-track", x: 0, y: 2, width: 300, height: 10 }),
          make("rect", { class: "tk-gauge-fill", x: 0, y: 2, width: share(value), height: 10 }),
          target === null
            ? null
            : make("line", { class: "tk-gauge-target", x1: share(target), x2: share(target), y1: 0, y2: 14 }),
        ),
      );
    }),
  );
}

/** A text with its findings marked, and the list that points at them; places are counted in characters. */
function findingsBlock({ text, findings, none_text: none }, words) {
  const placed = findings.filter(({ start }) => start !== null);
  const loose = findings.filter(({ start }) => start === null);
  const ordered = [...placed.toSorted((a, b) => a.start - b.start || b.end - a.end), ...loose];
  const numberOf = new Map(ordered.map((one, index) => [one, index + 1]));
  const letters = Array.from(text);
  const edges = [...new Set([0, letters.length, ...placed.flatMap(({ start, end }) => [start, end])])];
  edges.sort((a, b) => a - b);
  const firstMarks = new Map();
  const lines = new Map();
  const parts = edges.slice(0, -1).map((from, index) => {
    const words_ = letters.slice(from, edges[index + 1]).join("");
    const over = placed.filter(({ start, end }) => start <= from && end > from);
    if (!over.length) return words_;
    const worst = over.some(({ severity }) => severity === "red-line")
      ? "red-line"
      : over.some(({ severity }) => severity === "look")
        ? "look"
        : "note";
    const begins = over.filter(({ start }) => start === from);
    const mark = make(
      "mark",
      { class: `tk-found tk-found-${worst}`, id: freshId("mark"), tabindex: -1 },
      begins.map((one) =>
        make(
          "button",
          {
            type: "button",
            class: "tk-found-number",
            "aria-label": words.toFinding(numberOf.get(one)),
            onclick: () => lines.get(one).focus(),
          },
          String(numberOf.get(one)),
        ),
      ),
      words_,
    );
    for (const one of begins) firstMarks.set(one, mark);
    return mark;
  });
  const list = ordered.map((one) => {
    const { kind, why, better, start, severity } = one;
    const line = make(
      "li",
      { class: `tk-finding tk-finding-${severity}`, "data-kind": kind, tabindex: -1 },
      make(
        "p",
        { dir: "auto" },
        make("strong", {}, words.colon(words.findingWord[severity])),
        why,
      ),
      better ? make("p", { class: "tk-better", dir: "auto" }, make("strong", {}, words.colon(words.betterHead)), better) : null,
      start === null
        ? null
        : make(
            "button",
            { type: "button", class: "tk-secondary", onclick: () => firstMarks.get(one).focus() },
            words.toPlace(numberOf.get(one)),
          ),
    );
    lines.set(one, line);
    return line;
  });
  return make(
    "div",
    { class: "tk-findings" },
    make("p", { class: "tk-kicker" }, words.yourText),
    make("div", { class: "tk-checked-text", dir: "auto" }, parts),
    list.length
      ? [make("p", { class: "tk-found-count" }, words.foundCount(list.length)), make("ol", {}, list)]
      : make("p", { class: "tk-notice tk-went-well" }, none),
  );
}

function resultBlock({ reached, sentences, parts }, words) {
  const shown = verdict({ ...words, passed: words.reached, notYet: words.notReached }, reached, sentences);
  return make("div", { class: "tk-panel-result" }, shown, parts.length ? factsList(parts) : null);
}
