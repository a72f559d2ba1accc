// The launch page of a package for learning platforms: shows its pages one at a time and reports what is done on them.
//
// A package is one document, so that the platform sees one session from the first page to the last.

import { cmi5Session } from "./xapi.js";
import { make } from "./element.js";
import { lmsHost } from "./lmshost.js";
import { memoryFrom, memoryText } from "./lmsmemory.js";
import { standingIn } from "./lmsreport.js";
import { ALL_LMS_WORDS } from "./lmswords.js";
import { mount } from "./mount.js";
import { mountPanel } from "./panel.js";
import { pagePython } from "./python.js";
import { scormSession } from "./scorm.js";
import { storageOf } from "./store.js";

async function openPackage() {
  const info = JSON.parse(document.querySelector("#package").textContent);
  const words = ALL_LMS_WORDS[info.lang];
  const bundles = new Map();
  for (const page of info.pages) {
    for (const data of templateOf(page).content.querySelectorAll('script[type="application/json"]')) {
      const bundle = JSON.parse(data.textContent);
      if (bundle.id) bundles.set(bundle.id, bundle);
    }
  }
  const session = info.format === "cmi5" ? cmi5Session(info, () => desk.memory) : scormSession(info.format, info);
  const desk = { storage: null, memory: null, tell };
  const notice = document.querySelector("#notice");
  const article = document.querySelector("article");
  let limit = 4096;
  let open = false;
  let silent = false;
  let shown = { page: null, close: () => {} };
  let hosts = new Map();

  function say(problem) {
    notice.hidden = !problem;
    notice.textContent = problem ? words.problems[problem] : "";
  }

  /** Report where everything stands, with these interactions; resolves to whether the platform took it. */
  async function tell(interactions, done = null) {
    if (!open || silent) return false;
    const finished = done && { bundle: done.activity, ...done.worth };
    const taken = await session.report({
      standing: standingIn(info, desk.memory),
      text: () => memoryText(desk.memory, bundles, limit),
      interactions,
      finished,
    });
    if (open) say(taken ? null : "not-taken");
    marks();
    return taken;
  }

  function templateOf(page) {
    return document.querySelector(`template[data-page="${page.id}"]`);
  }

  function doneOn(page) {
    const { best, read } = desk.memory;
    return page.activities.length ? page.activities.every((id) => best[id]) : read.includes(page.id);
  }

  function marks() {
    for (const page of info.pages) {
      const entry = document.querySelector(`nav a[data-page="${page.id}"]`);
      if (!entry) continue;
      entry.querySelector(".lms-done").textContent = doneOn(page) ? `✓ ${words.done}` : "";
      if (page === shown.page) entry.setAttribute("aria-current", "page");
      else entry.removeAttribute("aria-current");
    }
  }

  function show(page, anchor, focus) {
    shown.close();
    article.replaceChildren(templateOf(page).content.cloneNode(true));
    const open = [];
    for (const place of article.querySelectorAll("[data-trustkit], [data-trustkit-panel]")) {
      const panel = place.dataset.trustkitPanel;
      const bundle = bundles.get(JSON.parse(article.querySelector(panel ?? place.dataset.trustkit).textContent).id);
      const host = hosts.get(bundle.id);
      const python = bundle.python ? pagePython(bundle.python.base) : null;
      open.push(panel ? mountPanel(place, bundle, host, python) : mount(place, bundle, host));
    }
    const following = info.pages[info.pages.indexOf(page) + 1];
    if (following) {
      article.append(make("p", { class: "lms-next" }, make("a", { href: `#/${following.id}` }, words.next(following.title))));
    }
    const reading = watchEnd(page);
    shown = { page, close: () => [...open, reading].forEach((one) => one?.close?.()) };
    marks();
    const target = anchor ? document.getElementById(anchor) : null;
    if (target) target.scrollIntoView();
    else if (focus) {
      const head = article.querySelector("h1");
      head?.setAttribute("tabindex", "-1");
      head?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    if (desk.memory.page !== page.id) {
      desk.memory.page = page.id;
      tell([]);
    }
  }

  /** A page without anything to do counts as done when its end was seen. */
  function watchEnd(page) {
    if (page.activities.length) return null;
    const end = make("p", { class: "tk-quiet lms-end", role: "status" }, "\u00a0");
    article.append(end);
    const watch = new IntersectionObserver((seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      end.textContent = words.readToEnd;
      if (desk.memory.read.includes(page.id)) return;
      desk.memory.read.push(page.id);
      tell([]);
      marks();
    });
    watch.observe(end);
    return { close: () => watch.disconnect() };
  }

  function wanted() {
    const [, id, anchor] = location.hash.match(/^#\/([^/]+)(?:\/(.+))?$/) ?? [];
    return { page: info.pages.find((one) => one.id === id), anchor };
  }

  function end() {
    if (!open) return;
    open = false;
    session.close();
  }

  let opened = { text: "", learner: "", limit };
  let problem = null;
  try {
    opened = await session.open();
    open = true;
    ({ silent } = opened);
    if (silent) problem = "silent";
  } catch (error) {
    problem = error.message in words.problems ? error.message : "refused";
    opened.learner = error.learner ?? "";
  }
  ({ limit } = opened);
  desk.memory = memoryFrom(opened.text, bundles);
  desk.storage = storageOf(opened.learner) ?? undefined;
  hosts = new Map([...bundles.values()].map((bundle) => [bundle.id, lmsHost(bundle, desk).meet()]));
  say(problem);
  window.addEventListener("pagehide", end);
  // Whoever switches away may not come back.
  document.addEventListener("visibilitychange", () => open && document.hidden && session.flush());
  window.addEventListener("pageshow", (event) => event.persisted && say("ended"));
  window.addEventListener("hashchange", () => {
    const { page, anchor } = wanted();
    if (page) show(page, anchor, true);
  });
  const back = session.back?.();
  if (back) {
    const leave = document.querySelector("#leave");
    leave.hidden = false;
    leave.textContent = words.leave;
    leave.href = back;
  }
  const { page, anchor } = wanted();
  show(page ?? info.pages.find(({ id }) => id === desk.memory.page) ?? info.pages[0], anchor, false);
  document.documentElement.dataset.ready = "";
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", openPackage);
else openPackage();
