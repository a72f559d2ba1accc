// Speaks with a learning platform through its SCORM interface, version 1.2 or 2004.

const PARENTS = 500;
const SOON_MS = 300;
const LONGEST_ANSWER = 255;
const VERSIONS = {
  1.2: {
    api: "API",
    calls: {
      start: "LMSInitialize", end: "LMSFinish", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit",
    },
    limit: 4096,
    learner: "cmi.core.student_id",
    mode: "cmi.core.lesson_mode",
    score: "cmi.core.score",
    time: "cmi.core.session_time",
    exit: "cmi.core.exit",
    span: clockSpan,
  },
  2004: {
    api: "API_1484_11",
    calls: { start: "Initialize", end: "Terminate", get: "GetValue", set: "SetValue", commit: "Commit" },
    limit: 64_000,
    learner: "cmi.learner_id",
    mode: "cmi.mode",
    score: "cmi.score",
    time: "cmi.session_time",
    exit: "cmi.exit",
    span: (seconds) => `PT${seconds}S`,
  },
};
/** What SCORM 1.2 knows in one word, from least to most; a lower one never replaces a higher one. */
const RANKS = ["incomplete", "failed", "completed", "passed"];

/** Seconds as SCORM 1.2 writes them: hours, minutes, seconds. */
export function clockSpan(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.min(9999, Math.floor(seconds / 3600)))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** The elements, with their values, that tell of one interaction; the first of them makes it. */
export function interactionElements(version, { id, type, response, result, weight, seconds, at, text }, lang) {
  const old = version === "1.2";
  const { span } = VERSIONS[version];
  if (old) {
    // Version 1.2 allows single letters alone as answers of its types choice and matching: our ids need free text.
    return [
      ["id", id.slice(0, LONGEST_ANSWER)],
      ["time", at.toTimeString().slice(0, 8)],
      ["type", "fill-in"],
      ["weighting", String(weight)],
      ["student_response", response.map((one) => [one].flat().join("-")).join(",").slice(0, LONGEST_ANSWER)],
      ["result", result],
      ["latency", span(seconds)],
    ];
  }
  return [
    ["id", id],
    ["type", type],
    // A time zone is allowed only behind hundredths of a second.
    ["timestamp", at.toISOString().replace(/\.(\d\d)\d*Z$/, ".$1Z")],
    ["weighting", String(weight)],
    ["learner_response", response.map((one) => [one].flat().join("[.]")).join("[,]")],
    ["result", result === "wrong" ? "incorrect" : result],
    ["latency", span(seconds)],
    ["description", `{lang=${lang}}${text}`],
  ];
}

function apiIn(start, name) {
  let place = start;
  for (let steps = 0; place && steps < PARENTS; steps += 1) {
    try {
      if (place[name]) return place[name];
    } catch {
      // A frame of another site can hold nothing for us.
    }
    if (place === place.parent) return null;
    place = place.parent;
  }
  return null;
}

function apiOf(name) {
  const here = apiIn(window, name);
  if (here) return here;
  try {
    return apiIn(window.top.opener ?? window.opener, name);
  } catch {
    return window.opener ? apiIn(window.opener, name) : null;
  }
}

/**
 * A session with the platform. `open()` resolves to {text, learner, limit, silent} or throws an error whose message is
 * "not-found" or "refused"; `report(…)` resolves to whether the platform took it; `close()` ends it, at once.
 */
export function scormSession(version, { lang }) {
  const own = VERSIONS[version];
  const old = version === "1.2";
  const began = Date.now();
  const told = { count: 0, parts: new Map(), rank: 0, points: null, complete: false, success: "" };
  let api = null;
  let silent = false;
  let sound = true;
  let waiting = null;
  let timer = 0;

  function call(what, ...values) {
    try {
      return String(api[own.calls[what]](...values));
    } catch {
      return "false";
    }
  }
  const get = (name) => {
    const value = call("get", name);
    return value === "false" || value === "undefined" || value === "null" ? "" : value;
  };
  const set = (name, value) => call("set", name, String(value)) === "true";
  /** Without these a session is worth nothing, so that one which is not taken is said. */
  const need = (name, value) => {
    sound = set(name, value) && sound;
  };
  const count = (name) => Number.parseInt(get(`${name}._count`), 10);

  async function open() {
    api = apiOf(own.api);
    if (!api) throw new Error("not-found");
    if (call("start", "") !== "true") {
      api = null;
      throw new Error("refused");
    }
    silent = ["review", "browse"].includes(get(own.mode));
    told.count = count("cmi.interactions");
    for (let at = 0; at < (count("cmi.objectives") || 0); at += 1) told.parts.set(get(`cmi.objectives.${at}.id`), at);
    const raw = get(`${own.score}.raw`);
    told.points = raw === "" || Number.isNaN(Number(raw)) ? null : Number(raw);
    if (old) told.rank = Math.max(0, RANKS.indexOf(get("cmi.core.lesson_status")));
    else {
      told.complete = get("cmi.completion_status") === "completed";
      told.success = get("cmi.success_status");
    }
    if (!silent) {
      need(own.exit, "suspend");
      if (old && !told.rank) need("cmi.core.lesson_status", "incomplete");
      if (!old && !told.complete) need("cmi.completion_status", "incomplete");
    }
    return { text: get("cmi.suspend_data"), learner: get(own.learner), limit: own.limit, silent };
  }

  function report({ standing, text, interactions }) {
    if (!api) return Promise.resolve(false);
    need("cmi.suspend_data", text());
    score(standing);
    if (old) status12(standing);
    else status2004(standing);
    for (const part of standing.parts) objective(part);
    for (const one of interactions) interaction(one);
    waiting ??= deferred();
    clearTimeout(timer);
    timer = setTimeout(flush, SOON_MS);
    return waiting.promise;
  }

  function score({ points }) {
    if (points === null || (told.points !== null && points < told.points)) return;
    told.points = points;
    set(`${own.score}.min`, 0);
    set(`${own.score}.max`, 100);
    need(`${own.score}.raw`, points);
    if (!old) need(`${own.score}.scaled`, points / 100);
  }

  function status12({ complete, passed }) {
    const word = !complete ? "incomplete" : passed === null ? "completed" : passed ? "passed" : "failed";
    told.rank = Math.max(told.rank, RANKS.indexOf(word));
    need("cmi.core.lesson_status", RANKS[told.rank]);
  }

  function status2004({ complete, passed, share }) {
    told.complete ||= complete;
    if (passed !== null && told.success !== "passed") told.success = passed ? "passed" : "failed";
    need("cmi.completion_status", told.complete ? "completed" : "incomplete");
    if (["passed", "failed"].includes(told.success)) need("cmi.success_status", told.success);
    set("cmi.progress_measure", told.complete ? 1 : Math.floor(share * 100) / 100);
  }

  /** Where an activity of the package stands; platforms may do without. */
  function objective({ id, points, passed }) {
    const known = told.parts.get(id);
    const at = known ?? told.parts.size;
    if (known === undefined && !set(`cmi.objectives.${at}.id`, id)) return;
    told.parts.set(id, at);
    const name = `cmi.objectives.${at}`;
    set(`${name}.score.min`, 0);
    set(`${name}.score.max`, 100);
    set(`${name}.score.raw`, points);
    if (old) set(`${name}.status`, passed ? "passed" : "failed");
    else {
      set(`${name}.score.scaled`, points / 100);
      set(`${name}.success_status`, passed ? "passed" : "failed");
      set(`${name}.completion_status`, "completed");
    }
  }

  /** Platforms of version 1.2 may do without; then nothing is lost that the score needs. */
  function interaction(one) {
    if (Number.isNaN(told.count)) return;
    const [first, ...rest] = interactionElements(version, one, lang);
    const name = `cmi.interactions.${told.count}`;
    if (!set(`${name}.${first[0]}`, first[1])) return;
    told.count += 1;
    for (const [element, value] of rest) set(`${name}.${element}`, value);
  }

  function flush() {
    clearTimeout(timer);
    if (!api || silent) return;
    need(own.time, own.span(Math.round((Date.now() - began) / 1000)));
    const taken = call("commit", "") === "true" && sound;
    sound = true;
    waiting?.resolve(taken);
    waiting = null;
  }

  function close() {
    if (!api) return;
    flush();
    call("end", "");
    api = null;
  }

  return { open, report, flush, close };
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve) => {
    made.resolve = resolve;
  });
  return made;
}
