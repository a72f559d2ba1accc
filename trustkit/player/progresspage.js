// On every page: notes what was read in this browser, and says beside lessons and modules how far somebody is.

import { make } from "./element.js";
import { activitiesOf, nextToRead, standingOfLessons, whereToGoOn } from "./progress.js";
import { progressWordsFor } from "./progresswords.js";
import { keepReading, keptOf, pageHost, readingKept } from "./store.js";

/** An end that is only passed by on the way to somewhere else was not read; it stays in view for this long, in ms. */
const SEEN = 1000;

function showProgress() {
  const words = progressWordsFor(document.documentElement.lang);
  const end = document.querySelector(".tk-end[data-lesson]");
  const map = courseMap();
  const refresh = () => {
    const reading = readingKept();
    const kept = keptOf(activitiesOf(map.lessons).map(({ id }) => id).concat(map.cases.map(({ id }) => id)));
    markSidebar(words, reading);
    markLists(words, map, reading, kept);
    if (map.home) showHome(words, map, reading, kept);
    if (map.module) showModule(words, map, reading);
    if (end) showEnd(words, end, map, reading, kept);
  };
  if (end) {
    noteReading(end, refresh);
    // An activity that ends on this page changes what its end says.
    document.addEventListener("click", () => setTimeout(refresh, 300));
  }
  refresh();
  // Whoever comes back from a lesson, or reads in another tab, sees what was just done.
  window.addEventListener("pageshow", (event) => event.persisted && refresh());
  window.addEventListener("storage", refresh);
}

/** What the page says about the course: {lessons, modules, cases, home, module}. */
function courseMap() {
  const data = document.querySelector("#course-map");
  return { lessons: [], modules: {}, cases: [], ...(data && JSON.parse(data.textContent)) };
}

function noteReading(end, refresh) {
  const { lesson } = end.dataset;
  keepReading({ ...readingKept(), last: lesson });
  let timer = null;
  const watch = new IntersectionObserver(([{ isIntersecting: inView }]) => {
    clearTimeout(timer);
    if (!inView) return;
    timer = setTimeout(() => {
      watch.disconnect();
      const { read } = readingKept();
      if (!read[lesson]) keepReading({ last: lesson, read: { ...read, [lesson]: new Date().toISOString() } });
      refresh();
    }, SEEN);
  });
  const begin = () => watch.observe(end);
  // Before all activities stand in their places, a page is short and its end is in view.
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin, { once: true });
}

function markSidebar(words, reading) {
  for (const link of document.querySelectorAll("nav.bd-links a")) {
    const number = link.textContent.trim().match(/^(\d{1,2}\.\d{1,2})\s/)?.[1];
    if (!number || !reading.read[number] || link.querySelector(".tk-read-mark")) continue;
    link.append(make("span", { class: "tk-read-mark" }, sign("✓"), unseen(` (${words.readMark})`)));
  }
}

function markLists(words, { lessons, modules }, reading, kept) {
  const numbered = new Map(lessons.map((lesson) => [lesson.number, lesson]));
  for (const place of document.querySelectorAll(".tk-standing[data-lesson]")) {
    const lesson = numbered.get(place.dataset.lesson);
    if (!lesson) continue;
    const read = Boolean(reading.read[lesson.number]);
    const { passed, activities } = standingOfLessons([lesson], reading, kept);
    const said = [read ? words.readMark : words.notReadMark];
    if (activities) said.push(words.activitiesPassed(passed, activities));
    place.classList.toggle("tk-is-read", read);
    place.replaceChildren(sign(read ? "✓" : "○"), ` ${words.joined(said)}`);
  }
  for (const place of document.querySelectorAll(".tk-standing[data-module]")) {
    const own = (modules[place.dataset.module] ?? []).map((number) => numbered.get(number)).filter(Boolean);
    if (!own.length) continue;
    const { read, lessons: of, passed, activities } = standingOfLessons(own, reading, kept);
    if (!read && !passed) {
      place.replaceChildren();
      continue;
    }
    const done = read === of && passed === activities;
    place.classList.toggle("tk-is-read", done);
    place.replaceChildren(
      bar(read + passed, of + activities, words.overall),
      make("span", {}, sign(done ? "✓ " : ""), words.lessonsRead(read, of)),
      activities ? make("span", {}, words.activitiesPassed(passed, activities)) : "",
    );
  }
}

function showHome(words, map, reading, kept) {
  const hero = document.querySelector(".tk-hero");
  document.querySelector(".tk-go-on")?.remove();
  const { path } = pageHost("passport").options();
  const onward = whereToGoOn(map, path, reading, kept);
  const { read, lessons, passed, activities } = standingOfLessons(map.lessons, reading, kept);
  if (!hero || (!onward.lesson && !onward.case && !read && !passed)) return;
  const { case: left, lesson: next } = onward;
  const way = (href, kind, title, lang) => {
    const said = [make("span", { class: "tk-way-kind" }, kind), make("strong", { lang }, title)];
    return make("li", {}, make("a", { href, class: "tk-way" }, said));
  };
  const ways = [
    left && way(left.href, words.goOnCase(left.customer), left.title, left.text_lang),
    next && way(next.href, words.goOnLesson(next.minutes), next.title),
  ].filter(Boolean);
  hero.after(
    make(
      "section",
      { class: "tk-go-on", "aria-labelledby": "tk-go-on" },
      make("h2", { id: "tk-go-on" }, ways.length ? words.goOn : words.overall),
      ways.length ? make("ul", { class: "tk-ways" }, ways) : "",
      make(
        "p",
        { class: "tk-overall" },
        bar(read + passed, lessons + activities, words.overall),
        make("span", {}, words.joined([words.lessonsRead(read, lessons), words.activitiesPassed(passed, activities)])),
        map.passport ? make("a", { href: map.passport }, words.passport) : "",
      ),
    ),
  );
}

function showModule(words, { lessons }, reading) {
  const go = document.querySelector(".tk-go a");
  if (!go || !lessons.some(({ number }) => reading.read[number] || reading.last === number)) return;
  const begun = lessons.find(({ number }) => number === reading.last && !reading.read[number]);
  const onward = begun ?? nextToRead(lessons, reading);
  if (!onward) {
    go.parentElement.replaceChildren(sign("✓ "), words.allRead);
    return;
  }
  go.href = onward.href;
  go.textContent = words.onward(onward.title);
}

function showEnd(words, end, { lessons }, reading, kept) {
  const place = end.querySelector(".tk-end-standing");
  const lesson = lessons.find(({ number }) => number === end.dataset.lesson);
  if (!place || !lesson) return;
  const { passed, activities: of } = standingOfLessons([lesson], reading, kept);
  const read = Boolean(reading.read[lesson.number]);
  const open = activitiesOf([lesson]).filter(
    (one) => !standingOfLessons([{ number: "", activities: [`${one.kind}:${one.id}`] }], reading, kept).passed,
  );
  const links = open
    .filter(({ kind, id }) => document.getElementById(`${kind}-${id}`))
    .flatMap(({ kind, id }, at) => [at ? words.comma : "", make("a", { href: `#${kind}-${id}` }, titleOf(kind, id))]);
  place.classList.toggle("tk-is-read", read && !open.length);
  place.replaceChildren(
    make(
      "p",
      {},
      sign(read ? "✓ " : "○ "),
      words.joined([read ? words.readMark : words.notReadMark, ...(of ? [words.activitiesPassed(passed, of)] : [])]),
    ),
    links.length ? make("p", {}, words.stillOpen, links) : of ? make("p", {}, words.nothingOpen) : "",
  );
}

/** What an activity of this page is called: its bundle says so. */
function titleOf(kind, id) {
  const text = document.getElementById(`${kind}-${id}-data`)?.textContent;
  return (text && JSON.parse(text).title) || id;
}

function bar(value, max, label) {
  return make("progress", { class: "tk-progress-bar", value, max: Math.max(1, max), "aria-label": label });
}

function sign(text) {
  return text ? make("span", { "aria-hidden": "true", class: "tk-sign" }, text) : "";
}

function unseen(text) {
  return make("span", { class: "visually-hidden" }, text);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", showProgress);
else showProgress();
