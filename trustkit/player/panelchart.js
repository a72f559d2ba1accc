// Draws a chart block as SVG at the width of its place: letters keep their size, series differ by more than colour.

import { freshId, make } from "./element.js";

const CHART_HEIGHT = 280;
const ABOVE = 22;
const BELOW = 44;
const LINE = 14;
const DASHES = [null, "7 4", "2 4", "9 3 2 3"];
const COLOURS = 4;

/** Round steps of an axis from `low` to `high`, about `count` of them, the ends included. */
export function axisTicks(low, high, count = 5) {
  if (!(high > low)) return axisTicks(low - 1, low + 1, count);
  const rough = (high - low) / Math.max(1, count - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A number in a few characters. */
export function shortNumber(value) {
  return value === null || value === undefined ? "–" : String(Number(Number(value).toPrecision(6)));
}

/** The chart of a block as an SVG element of this width in CSS pixels. */
export function blockChart(block, width) {
  const { kind, x: places, series, marks } = block;
  const values = [...series.flatMap(({ y }) => y), ...marks.map(({ y }) => y)].filter((value) => value !== null);
  const least = block.low ?? Math.min(...values, kind === "bar" ? 0 : Infinity);
  const most = block.high ?? Math.max(...values, kind === "bar" ? 0 : -Infinity);
  const ticks = axisTicks(least, most);
  const [low, high] = [ticks[0], ticks.at(-1)];
  const left = 14 + 7.5 * Math.max(...ticks.map((tick) => shortNumber(tick).length));
  const right = width - 14;
  const numeric = kind !== "bar" && places.every((place) => typeof place === "number");
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const band = (right - left) / Math.max(1, places.length);
  const across = (place) => {
    if (!numeric) return left + band * (places.indexOf(place) + 0.5);
    return last > first ? left + ((place - first) / (last - first)) * (right - left) : (left + right) / 2;
  };
  const labels = placeLabels({ places, numeric, bars: kind === "bar", across, width: right - left, first, last });
  const below = BELOW + Math.max(0, ...labels.map(({ line }) => line)) * LINE;
  const down = (value) => ABOVE + (1 - (value - low) / (high - low)) * (CHART_HEIGHT - ABOVE - below);
  const [titleId, descriptionId] = [freshId("chart"), freshId("chart")];
  return make(
    "svg",
    {
      class: "tk-chart tk-block-chart",
      role: "img",
      viewBox: `0 0 ${width} ${CHART_HEIGHT}`,
      width,
      height: CHART_HEIGHT,
      "aria-labelledby": titleId,
      "aria-describedby": descriptionId,
      direction: "ltr",
    },
    make("title", { id: titleId }, block.caption),
    make("desc", { id: descriptionId }, block.alt),
    ticks.map((tick) => [
      make("line", { class: "tk-grid", x1: left, x2: right, y1: near(down(tick)), y2: near(down(tick)) }),
      make(
        "text",
        { class: "tk-tick", x: left - 6, y: near(down(tick)) + 4, "text-anchor": "end" },
        shortNumber(tick),
      ),
    ]),
    labels.map(({ x, line, text }) =>
      make("text", { class: "tk-tick", x, y: CHART_HEIGHT - below + 18 + line * LINE, "text-anchor": "middle" }, text),
    ),
    make("text", { class: "tk-tick", x: 2, y: 12 }, block.y_label),
    make("text", { class: "tk-tick", x: right, y: CHART_HEIGHT - 6, "text-anchor": "end" }, block.x_label),
    kind === "bar" ? hatchings(titleId) : null,
    series.map((one, number) =>
      make(
        "g",
        { class: `tk-series tk-colour-${number % COLOURS}` },
        kind === "bar"
          ? barsOf(one, number, { places, across, down, band, count: series.length, low, high, stem: titleId })
          : lineOf(one, number, { places, across, down, steps: kind === "steps" }),
      ),
    ),
    marks.map((mark) => markOf(mark, { across, down, left, right })),
  );
}

/** What each line or bar stands for: a sample of its dash or hatching with its name. */
export function chartLegend({ kind, series }) {
  const stem = freshId("legend");
  return make(
    "ul",
    { class: "tk-legend" },
    series.map((one, number) =>
      make(
        "li",
        {},
        make(
          "svg",
          { class: "tk-chart tk-sample", viewBox: "0 0 34 14", width: 34, height: 14, "aria-hidden": "true" },
          kind === "bar" && !number ? hatchings(stem) : null,
          make(
            "g",
            { class: `tk-series tk-colour-${number % COLOURS}` },
            kind === "bar"
              ? make("rect", { class: "tk-bar-shape", x: 1, y: 1, width: 32, height: 12, mask: hatch(number, stem) })
              : [
                  make("polyline", { points: "1,7 33,7", "stroke-dasharray": dashOf(one, number) }),
                  shapeAt(number, 17, 7),
                ],
          ),
        ),
        make("span", { dir: "auto" }, one.name),
      ),
    ),
  );
}

/** The names below the axis as {x, line, text}; each bar keeps its name, on a second line where one is too narrow. */
function placeLabels({ places, numeric, bars, across, width, first, last }) {
  const widest = Math.max(...places.map((place) => wide(String(place))));
  const room = Math.max(2, Math.floor(width / (widest + 16)));
  let shown = places;
  let lines = 1;
  if (numeric) {
    const most = Math.max(2, Math.min(8, room));
    const whole = places.every(Number.isInteger);
    shown = axisTicks(first, last, most).filter(
      (tick) => tick >= first && tick <= last && (!whole || Number.isInteger(tick)),
    );
  } else if (bars) {
    lines = nextToEachOther(places, across) ? 1 : 2;
  } else if (places.length > room) {
    const every = Math.ceil(places.length / room);
    shown = places.filter((_, index) => index % every === 0);
  }
  return shown.map((place, index) => ({
    x: near(across(place)),
    line: index % lines,
    text: typeof place === "number" ? shortNumber(place) : place,
  }));
}

/** Whether the names of all places fit on one line. */
function nextToEachOther(places, across) {
  return places.every((place, index) => {
    const next = places[index + 1];
    if (next === undefined) return true;
    return (wide(String(place)) + wide(String(next))) / 2 + 6 <= across(next) - across(place);
  });
}

function lineOf(one, number, { places, across, down, steps }) {
  const runs = [[]];
  places.forEach((place, index) => {
    const value = one.y[index];
    if (value === null) {
      runs.push([]);
      return;
    }
    const run = runs.at(-1);
    const [x, y] = [near(across(place)), near(down(value))];
    if (steps && run.length) run.push([x, run.at(-1)[1]]);
    run.push([x, y]);
  });
  const dots = places.length <= 30 ? places : [];
  return [
    runs
      .filter((run) => run.length)
      .map((run) =>
        make("polyline", {
          points: run.map(([x, y]) => `${x},${y}`).join(" "),
          "stroke-dasharray": dashOf(one, number),
        }),
      ),
    dots.map((place, index) =>
      one.y[index] === null ? null : shapeAt(number, near(across(place)), near(down(one.y[index]))),
    ),
  ];
}

function barsOf(one, number, { places, across, down, band, count, low, high, stem }) {
  const breadth = Math.max(3, (band * 0.7) / count);
  const ground = down(Math.min(Math.max(0, low), high));
  return places.map((place, index) => {
    const value = one.y[index];
    if (value === null) return null;
    const top = down(value);
    return make("rect", {
      class: "tk-bar-shape",
      x: near(across(place) - (breadth * count) / 2 + breadth * number),
      y: near(Math.min(top, ground)),
      width: near(breadth - 1),
      height: near(Math.max(1, Math.abs(ground - top))),
      mask: hatch(number, stem),
    });
  });
}

function markOf({ x, y, text }, { across, down, left, right }) {
  const [at, height] = [near(across(x)), near(down(y))];
  const leftwards = at > (left + right) / 2;
  return make(
    "g",
    { class: "tk-chart-mark" },
    make("path", { d: `M${at - 6} ${height - 6}l12 12m0 -12l-12 12` }),
    make(
      "text",
      { x: at + (leftwards ? -10 : 10), y: height - 8 < 24 ? height + 18 : height - 8, "text-anchor": leftwards ? "end" : "start" },
      text,
    ),
  );
}

function dashOf({ dash }, number) {
  return dash ? "7 4" : DASHES[number % DASHES.length];
}

/** A mark of its own shape for each series: disc, square, diamond, triangle. */
function shapeAt(number, x, y) {
  const shape = number % COLOURS;
  if (shape === 0) return make("circle", { cx: x, cy: y, r: 3 });
  if (shape === 1) return make("rect", { x: x - 3, y: y - 3, width: 6, height: 6 });
  if (shape === 2) return make("polygon", { points: `${x},${y - 4} ${x + 4},${y} ${x},${y + 4} ${x - 4},${y}` });
  return make("polygon", { points: `${x},${y - 4} ${x + 4},${y + 3} ${x - 4},${y + 3}` });
}

function hatch(number, stem) {
  return number % COLOURS ? `url(#${stem}-hatch-${number % COLOURS})` : null;
}

/** Hatchings as masks, so that they take the colour of their bar; the second to fourth series have one each. */
function hatchings(stem) {
  const strokes = { 1: "M0 8L8 0", 2: "M0 4H8", 3: "M0 0L8 8M0 8L8 0" };
  return make(
    "defs",
    {},
    Object.entries(strokes).map(([kind, d]) => [
      make(
        "pattern",
        { id: `${stem}-hatching-${kind}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
        make("rect", { width: 8, height: 8, fill: "#666666" }),
        make("path", { d, stroke: "#ffffff", "stroke-width": 2.5 }),
      ),
      make(
        "mask",
        { id: `${stem}-hatch-${kind}`, maskUnits: "userSpaceOnUse", x: 0, y: 0, width: 4000, height: 4000 },
        make("rect", { width: 4000, height: 4000, fill: `url(#${stem}-hatching-${kind})` }),
      ),
    ]),
  );
}

function wide(text) {
  return 7 * Array.from(text).reduce((sum, letter) => sum + (letter > "\u2e80" ? 1.8 : 1), 0);
}

function near(value) {
  return Math.round(value * 10) / 10;
}
