// The skills passport: what was finished in this browser, what it shows, and what a certificate still asks for.

import { freshId, headingLevel, make } from "./element.js";
import { scoresText } from "./panels.js";
import { compassOf, counts, csvText, FEWEST_CASES, passedOf, standingOf } from "./passportrules.js";
import { passportWordsFor } from "./passportwords.js";
import { printOnly } from "./printing.js";
import { bestAndLatest, download, exportText, keptOf, pageHost } from "./store.js";
import { progressToKeep, readingKept, takeInProgress } from "./store.js";

/** Show the passport inside `place`; `data` says what the course holds. Returns {refresh}. */
export function mountPassport(place, data) {
  const words = passportWordsFor(data.lang);
  const level = headingLevel(place);
  const host = pageHost("passport");
  const activities = [...data.cases, ...data.drills, ...data.panels];
  const known = new Map(activities.map((one) => [`${one.kind}:${one.id}`, one]));
  const titleOf = (kind, id) => known.get(`${kind}:${id}`)?.title ?? id;
  const root = make("section", {
    class: "tk-player tk-passport",
    "aria-label": words.passport,
    lang: data.lang,
  });
  let kept = {};
  let passed = new Set();

  const attemptsOf = ({ kind, id }) => (kept?.[id]?.attempts ?? []).filter((record) => record.kind === kind);
  const isDone = (one) => passed.has(`${one.kind}:${one.id}`);

  function refresh() {
    kept = keptOf(activities.map(({ id }) => id));
    passed = passedOf(activities, kept);
    const begun = activities.some((one) => attemptsOf(one).length);
    const path = make("div", { class: "tk-passport-path" });
    const parts = [
      !kept && make("p", { class: "tk-notice" }, words.roomWithoutStorage),
      begun ? honest() : empty(),
      Object.keys(data.rules).length > 0 && chooser(path),
      path,
      ...(begun ? [compass(), cases(), drills(), panels()] : []),
      takeAway(begun),
    ];
    root.replaceChildren(...parts.filter(Boolean));
    showPath(path);
  }

  function part(title, ...content) {
    const id = freshId("passport");
    return make(
      "section",
      { class: "tk-card", "aria-labelledby": id },
      make(`h${level}`, { id, class: "tk-passport-title" }, title),
      content,
    );
  }

  function empty() {
    const { lesson, case: first } = data.start;
    const link = (one, said) => one && make("li", {}, make("a", { href: one.href }, said(one.title)));
    return part(
      words.emptyTitle,
      make("p", {}, words.emptyText),
      make("ul", {}, link(lesson, words.emptyLesson), link(first, words.emptyCase)),
    );
  }

  function honest() {
    const lines = [words.honestBrowser, words.honestRank, words.honestReplay];
    return make(
      "div",
      { class: "tk-quiet tk-passport-honest" },
      lines.map((line) => make("p", {}, line)),
    );
  }

  // The path and its rules -----------------------------------------------------------------------------------------

  function chosen() {
    const { path } = host.options();
    return data.rules[path] ? path : Object.keys(data.rules)[0];
  }

  function chooser(path) {
    const id = freshId("path");
    const select = make(
      "select",
      { id },
      Object.keys(data.rules).map((name) => make("option", { value: name }, words.pathNames[name])),
    );
    select.value = chosen();
    select.addEventListener("change", () => {
      host.setOptions({ ...host.options(), path: select.value });
      showPath(path, select.value);
    });
    return make("div", { class: "tk-passport-choice" }, make("label", { for: id }, words.pathLabel), select);
  }

  function showPath(path, name = chosen()) {
    if (!name) return;
    const rules = data.rules[name].map((rule) => ({ rule, standing: standingOf(rule, passed) }));
    const met = rules.filter(({ standing }) => standing.met).length;
    path.replaceChildren(
      part(
        words.certificate,
        make("p", {}, make("strong", {}, data.titles[name])),
        make("p", { role: "status" }, words.metRules(met, rules.length)),
        make(
          "ul",
          { class: "tk-passport-rules" },
          rules.map(({ rule, standing }) => ruleItem(rule, standing)),
        ),
      ),
      lessons(data.paths[name] ?? []),
    );
  }

  function ruleText(rule, { done }) {
    if (rule.kind === "reply") return words.rule.reply(rule.least, rule.of);
    if (rule.kind === "assignment") return words.rule.assignments(rule.of);
    if (rule.kind === "drill") return words.rule.drills(done.length, rule.of);
    if (rule.activities.length !== 1) return words.rule.cases(done.length, rule.least);
    return (rule.observed ? words.rule.exam : words.rule.one)(titleOf("case", rule.activities[0]));
  }

  function ruleState(rule, { met }) {
    if (rule.to_come.length) return "later";
    if (met === null) return "trainer";
    return met ? "met" : "open";
  }

  function ruleItem(rule, standing) {
    const state = ruleState(rule, standing);
    const sign = { met: "✓", open: "○", trainer: "◇", later: "…" }[state];
    const missing = rule.kind === "drill" || (rule.kind === "case" && rule.activities.length === 1);
    return make(
      "li",
      { "data-rule": rule.id, "data-state": state },
      make("span", { "aria-hidden": "true", class: "tk-passport-sign" }, sign),
      make(
        "div",
        {},
        make("span", {}, ruleText(rule, standing), " "),
        make("span", { class: "tk-tag" }, words.state[state]),
        rule.observed && standing.met && make("p", { class: "tk-quiet" }, words.ruleObserved),
        rule.to_come.length > 0 && make("p", { class: "tk-quiet" }, words.ruleToCome(rule.to_come.length)),
        missing && standing.open.length > 0 && stillOpen(rule.kind, standing.open),
      ),
    );
  }

  function stillOpen(kind, ids) {
    const link = (id) => {
      const one = known.get(`${kind}:${id}`);
      return make("li", {}, activityLink(one ?? { title: id }));
    };
    return details(words.stillOpen(ids.length), make("ul", {}, ids.map(link)));
  }

  function lessons(path) {
    if (!path.length) return "";
    const all = path.flatMap((lesson) => lesson.activities);
    const inModule = grouped(path, ({ module }) => module);
    return part(
      words.lessonsOfPath,
      make("p", {}, words.lessonsDone(all.filter(isDone).length, all.length)),
      [...inModule].map(([module, here]) => {
        const own = here.flatMap((lesson) => lesson.activities);
        const done = own.filter(isDone).length;
        return details(
          words.moduleLine(module, data.modules[module] ?? "", done, own.length),
          make("ul", { class: "tk-passport-lessons" }, here.map(lessonItem)),
        );
      }),
    );
  }

  function lessonItem(lesson) {
    return make(
      "li",
      { "data-lesson": lesson.number },
      make("a", { href: lesson.href }, lesson.title),
      lesson.core && make("span", { class: "tk-tag" }, words.core),
      lesson.activities.length
        ? make(
            "ul",
            { class: "tk-passport-ticks" },
            lesson.activities.map((one) =>
              tick(isDone(one), `${words.colon(words.kinds[one.kind])}${titleOf(one.kind, one.id)}`),
            ),
          )
        : make("p", { class: "tk-quiet" }, words.nothingToDo),
    );
  }

  function tick(done, ...content) {
    const said = done ? words.activityDone : words.activityOpen;
    return make(
      "li",
      { class: done ? "tk-done" : null },
      make("span", { "aria-hidden": "true", class: "tk-passport-sign" }, done ? "✓" : "○"),
      make("span", {}, content, make("span", { class: "tk-unseen" }, ` (${said})`)),
    );
  }

  // What was done ---------------------------------------------------------------------------------------------------

  function compassLines() {
    return Object.entries(compassOf(data, kept)).map(([skill, standing]) => {
      const { cases: n, well, short, most } = standing;
      if (n < FEWEST_CASES) return [skill, words.compassTooFew];
      const missed = most && data.behaviours[most];
      const more = missed ? (missed.sign > 0 ? words.compassMissed : words.compassCost)(missed.name) : "";
      return [skill, `${words.compassSaid(n, well, short)} ${more}`.trim()];
    });
  }

  function compass() {
    return part(
      words.compassTitle,
      make("p", { class: "tk-quiet" }, words.compassFrom),
      make(
        "dl",
        { class: "tk-passport-compass" },
        compassLines().map(([skill, said]) =>
          make("div", { "data-skill": skill }, make("dt", {}, data.compass[skill]), make("dd", {}, said)),
        ),
      ),
    );
  }

  function cases() {
    const played = data.cases.filter((one) => attemptsOf(one).length);
    if (!played.length) return null;
    return part(
      words.casesTitle,
      make("p", {}, words.casesPassed(played.filter(isDone).length, played.length)),
      make(
        "ul",
        { class: "tk-passport-played" },
        played.map((one) => make("li", { "data-case": one.id }, activityLink(one), bestLines(one))),
      ),
    );
  }

  function bestLines(one) {
    const attempts = attemptsOf(one);
    const { best, latest } = bestAndLatest(attempts);
    const crossed = (record) => (record.result.red_lines?.length ? ` · ⚑ ${words.redLineCrossed}` : "");
    const told = (record) => scoresText(words, record) + crossed(record);
    const lines = [[words.best, best], ...(attempts.length > 1 ? [[words.latest, latest]] : [])];
    return make(
      "ul",
      { class: "tk-quiet" },
      lines.map(([label, record]) => make("li", {}, words.colon(label), told(record))),
    );
  }

  function drills() {
    const inModule = grouped(data.drills, ({ module }) => module ?? "");
    const line = (module, done, of) =>
      module ? words.moduleLine(module, data.modules[module] ?? "", done, of) : words.otherLine(done, of);
    return part(
      words.drillsTitle,
      make("p", {}, words.drillsPassed(data.drills.filter(isDone).length, data.drills.length)),
      [...inModule].map(([module, here]) =>
        details(
          line(module, here.filter(isDone).length, here.length),
          make(
            "ul",
            { class: "tk-passport-ticks" },
            here.map((one) => tick(isDone(one), activityLink(one), drillScore(one))),
          ),
        ),
      ),
    );
  }

  function drillScore(one) {
    const shown = bestAndLatest(attemptsOf(one));
    if (!shown) return null;
    const { right, of } = shown.best.result;
    return make("span", { class: "tk-quiet" }, ` ${words.drillScores(right, of)}`);
  }

  function panels() {
    const used = data.panels.filter((one) => attemptsOf(one).length);
    if (!used.length) return null;
    return part(
      words.panelsTitle,
      make(
        "ul",
        { class: "tk-passport-ticks" },
        used.map((one) => {
          const target = one.kind === "simulator" ? (isDone(one) ? words.targetMet : words.targetOpen) : null;
          const told = [words.panelUsed(attemptsOf(one).length), target].filter(Boolean);
          return tick(isDone(one), activityLink(one), make("span", { class: "tk-quiet" }, ` ${words.listed(told)}`));
        }),
      ),
    );
  }

  // To take away ----------------------------------------------------------------------------------------------------

  function takeAway(begun) {
    const status = make("div", { class: "tk-quiet tk-news", role: "status" });
    const save = (name, text, type) => {
      download(name, text, type);
      status.replaceChildren(make("p", {}, words.exported(name)));
    };
    const attempts = activities.flatMap((one) => attemptsOf(one));
    const button = (name, text, onclick) =>
      make("button", { type: "button", class: `${name} tk-secondary`, onclick }, text);
    const file = make("input", {
      type: "file",
      accept: ".json,application/json",
      hidden: true,
      "aria-label": words.takeIn,
    });
    file.addEventListener("change", () => takeIn(file));
    const anything = begun || Object.keys(readingKept().read).length > 0;
    const all = () => exportText(host.learner(), attempts, progressToKeep(kept, host.deck()));
    const section = part(
      words.takeAway,
      make("p", {}, words.takeAwayText),
      make(
        "div",
        { class: "tk-actions" },
        anything && button("tk-export", words.exportAll, () => save("trustkit-attempts.json", all())),
        button("tk-take-in", words.takeIn, () => file.click()),
        begun &&
          button("tk-export-csv", words.exportCsv, () =>
            save("trustkit-passport.csv", csvText(table()), "text/csv"),
          ),
        begun && button("tk-print", words.print, print),
      ),
      file,
      status,
    );
    section.id = "take-away";
    return section;
  }

  async function takeIn({ files }) {
    if (!files.length) return;
    const taken = takeInProgress(await files[0].text(), activities.map(({ id }) => id));
    const lines = taken.problem
      ? [words.takeInProblems[taken.problem]]
      : [words.takenIn(taken.added, taken.read), taken.others ? words.takenOthers(taken.others) : null];
    const look = taken.problem ? { class: "tk-notice tk-problem" } : { class: "tk-notice" };
    refresh();
    root.querySelector(".tk-take-in").focus();
    // Only what changes in a place that is there already is read out.
    root.querySelector(".tk-news").replaceChildren(...lines.filter(Boolean).map((line) => make("p", look, line)));
  }

  function table() {
    const scores = ({ kind, result }) =>
      kind === "case" ? `${result.conduct}/${result.outcome}` : kind === "drill" ? `${result.right}/${result.of}` : "";
    const played = activities
      .filter((one) => attemptsOf(one).length)
      .map((one) => {
        const attempts = attemptsOf(one);
        const { best, latest } = bestAndLatest(attempts);
        const yes = attempts.some(counts) ? "yes" : "no";
        const told = [scores(best), scores(latest), latest.finished_at, ""];
        return [one.kind, one.id, one.title, attempts.length, yes, ...told];
      });
    const blank = ["", "", "", "", ""];
    const skills = compassLines().map(([skill, said]) => ["compass", skill, data.compass[skill], ...blank, said]);
    const rules = Object.entries(data.rules).flatMap(([name, asked]) =>
      asked.map((rule) => {
        const standing = standingOf(rule, passed);
        return [`rule ${name}`, rule.id, ruleText(rule, standing), "", ruleState(rule, standing), "", "", "", ""];
      }),
    );
    const head = ["kind", "id", "title", "attempts", "passed", "best", "latest", "finished_at", "said"];
    return [head, ...played, ...skills, ...rules];
  }

  function print() {
    const closed = [...root.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
    window.addEventListener("afterprint", () => closed.forEach((one) => (one.open = false)), { once: true });
    printOnly(root);
  }

  function activityLink({ title, href, text_lang: textLang = data.lang }) {
    const own = { lang: textLang === data.lang ? null : textLang };
    return href ? make("a", { href, ...own }, title) : make("span", own, title);
  }

  function details(label, ...content) {
    return make("details", { class: "tk-details" }, make("summary", {}, label), content);
  }

  place.replaceChildren(root);
  refresh();
  return { refresh };
}

function grouped(list, keyOf) {
  const groups = new Map();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
