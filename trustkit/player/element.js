// Makes page elements in one expression, and finds the heading level a player should start at.

const SVG_NAMES = new Set([
  "svg",
  "g",
  "path",
  "line",
  "circle",
  "rect",
  "polygon",
  "polyline",
  "text",
  "title",
  "desc",
  "defs",
  "pattern",
  "mask",
]);

/**
 * Make one element. Names starting with "on" become listeners, booleans become bare attributes,
 * null and undefined are left out. Children are nodes or text; texts are never parsed as HTML.
 */
export function make(name, attributes = {}, ...children) {
  const svg = SVG_NAMES.has(name);
  const node = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.append(child);
  }
}

/**
 * The attributes of an element that holds a text of the activity: its direction, and its language where that
 * is not the language of the player's own words.
 */
export function ownText({ lang, text_lang: textLang = lang }) {
  return textLang === lang ? { dir: "auto" } : { dir: "auto", lang: textLang };
}

/** A text of several paragraphs (blank lines part them) as a list of <p>. */
export function paragraphs(text, attributes = { dir: "auto" }) {
  return String(text ?? "")
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => make("p", attributes, part));
}

/** The level (2 to 4) a heading inside `place` needs so that the outline of the page has no gap. */
export function headingLevel(place) {
  let level = 1;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const before = heading.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (before && !place.contains(heading)) level = Number(heading.tagName[1]);
  }
  return Math.min(4, level + 1);
}

/** Show what is new from its first line on, where it does not stand on the screen as a whole already. */
export function fromItsTop(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const under = Number.parseFloat(getComputedStyle(element).scrollMarginTop) || 0;
  if (top < under || bottom > window.innerHeight) element.scrollIntoView({ block: "start" });
}

let lastNumber = 0;

/** An id that no other element of this page has. */
export function freshId(stem) {
  lastNumber += 1;
  return `tk-${stem}-${lastNumber}`;
}
