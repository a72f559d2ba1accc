// Draws the customer's state turn by turn as an SVG line chart, with a table that says the same.

import { freshId, make } from "./element.js";

const HEIGHT = 260;
const TOP = 26;
const BOTTOM = 30;
const LEFT = 34;

/**
 * A chart of gauges from 0 to 100.
 *
 * `series` is a list of {id, name, values}, all of one length; the first value is the start. `turning` is
 * the turn (1 or more) to mark, or null. `width` is in CSS pixels, so that letters keep their size.
 */
export function lineChart({ words, title, text, series, turning, width }) {
  const turns = series[0].values.length - 1;
  const right = 24 + 8 * Math.max(...series.map((one) => labelWidth(`${one.name} 100`)));
  const x = (turn) => round(LEFT + (turns ? turn / turns : 0) * (width - LEFT - right));
  const y = (value) => round(TOP + (1 - value / 100) * (HEIGHT - TOP - BOTTOM));
  const [titleId, textId] = [freshId("chart-title"), freshId("chart-text")];

  const grid = [0, 25, 50, 75, 100].map((value) => [
    make("line", { class: "tk-grid", x1: LEFT, x2: width - right, y1: y(value), y2: y(value) }),
    make("text", { class: "tk-tick", x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, String(value)),
  ]);
  const everyTurn = Array.from({ length: turns + 1 }, (_, turn) => turn);
  const ticks = everyTurn.map((turn) =>
    make(
      "text",
      { class: "tk-tick", x: x(turn), y: HEIGHT - 8, "text-anchor": "middle" },
      turn ? String(turn) : words.atStart,
    ),
  );
  const mark = turning && turningMark(words, x(turning), x(turning) > width / 2);
  const places = apart(series.map(({ values }) => y(values.at(-1))));
  const lines = series.map(({ id, name, values }, number) =>
    make(
      "g",
      { class: `tk-series tk-series-${id}` },
      make("polyline", { points: values.map((value, turn) => `${x(turn)},${y(value)}`).join(" ") }),
      values.map((value, turn) => point(number, x(turn), y(value))),
      make(
        "text",
        { class: "tk-series-name", x: x(turns) + 12, y: places[number] + 4 },
        `${name} ${values.at(-1)}`,
      ),
    ),
  );
  return make(
    "svg",
    {
      class: "tk-chart",
      role: "img",
      viewBox: `0 0 ${width} ${HEIGHT}`,
      width,
      height: HEIGHT,
      "aria-labelledby": titleId,
      "aria-describedby": textId,
      direction: "ltr",
    },
    make("title", { id: titleId }, title),
    make("desc", { id: textId }, text),
    grid,
    ticks,
    mark,
    lines,
  );
}

/** The same numbers as a table: a row a turn, a column a series. */
export function chartTable({ words, title, series, turning }) {
  const rows = series[0].values.map((_, turn) =>
    make(
      "tr",
      {},
      make(
        "th",
        { scope: "row" },
        turn ? String(turn) : words.atStart,
        turn === turning ? ` (${words.turningPoint})` : null,
      ),
      series.map(({ values }) => make("td", {}, String(values[turn]))),
    ),
  );
  return make(
    "div",
    { class: "tk-scroll", role: "group", "aria-label": title, tabindex: 0 },
    make(
      "table",
      { class: "tk-table" },
      make("caption", { class: "tk-unseen" }, title),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          [words.turn, ...series.map(({ name }) => name)].map((name) => make("th", { scope: "col" }, name)),
        ),
      ),
      make("tbody", {}, rows),
    ),
  );
}

function turningMark(words, x, leftwards) {
  const away = leftwards ? -7 : 7;
  return make(
    "g",
    { class: "tk-turning" },
    make("line", { x1: x, x2: x, y1: TOP - 8, y2: HEIGHT - BOTTOM }),
    make(
      "text",
      { x: x + away, y: TOP - 10, "text-anchor": leftwards ? "end" : "start" },
      words.turningPoint,
    ),
  );
}

/** A mark of its own shape for each series: disc, square, diamond. */
function point(number, x, y) {
  if (number === 0) return make("circle", { cx: x, cy: y, r: 4 });
  if (number === 1) return make("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7 });
  return make("polygon", { points: `${x},${y - 5} ${x + 5},${y} ${x},${y + 5} ${x - 5},${y}` });
}

/** Heights moved as little as needed so that labels do not lie on each other. */
function apart(heights, least = 18) {
  const order = heights.map((_, index) => index).sort((a, b) => heights[a] - heights[b]);
  const placed = heights.slice();
  for (let k = 1; k < order.length; k += 1) {
    placed[order[k]] = Math.max(placed[order[k]], placed[order[k - 1]] + least);
  }
  const excess = Math.max(0, placed[order.at(-1)] - (HEIGHT - BOTTOM));
  for (let k = order.length - 1, ceiling = Infinity; k >= 0; k -= 1) {
    placed[order[k]] = Math.min(placed[order[k]], excess ? HEIGHT - BOTTOM : Infinity, ceiling);
    ceiling = placed[order[k]] - least;
  }
  return placed;
}

/** Roughly how many Latin letters wide a text is. */
function labelWidth(text) {
  return Array.from(text).reduce((width, letter) => width + (letter > "\u2e80" ? 1.8 : 1), 0);
}

function round(value) {
  return Math.round(value * 10) / 10;
}
