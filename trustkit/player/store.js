// Keeps attempts where the player runs: the browser's storage on a page, the model of a Jupyter widget.

import { newSeed, randomHex } from "./shuffle.js";

const PREFIX = "trustkit:v1:";
const DECK = `${PREFIX}deck:cards`;
const READING = `${PREFIX}reading`;
const KEPT_ATTEMPTS = 100;

/** A new attempt record (schema 1) with no steps yet. */
export function newRecord(bundle, { content, variant, learner, host, lowPressure }) {
  return {
    schema: 1,
    id: randomHex(16),
    kind: bundle.kind,
    activity: bundle.id,
    content,
    lang: bundle.lang,
    variant,
    seed: newSeed(),
    learner,
    host,
    started_at: now(),
    finished_at: null,
    steps: [],
    result: null,
    options: { low_pressure: lowPressure },
  };
}

function now() {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}

/** The record with one more step, stamped with the whole seconds since its start; time never runs backwards. */
export function withStep(record, step) {
  const since = Math.floor((Date.now() - Date.parse(record.started_at)) / 1000);
  const at = Math.max(since, record.steps.at(-1)?.at ?? 0);
  return { ...record, steps: [...record.steps, { at, ...step }] };
}

/** The record as finished now with this result. */
export function finished(record, result) {
  return { ...record, finished_at: now(), result };
}

/** What the best attempt is chosen by: passing first, no red line, then the scores (or right answers, or parts). */
function worth({ result }) {
  const { passed, red_lines: redLines = [], conduct = 0, outcome = 0, right = 0, parts = {} } = result;
  const sum = Object.values(parts).reduce((total, part) => total + part, 0);
  return (passed ? 10_000 : 0) + (redLines.length ? 0 : 1_000) + conduct + outcome + right + sum;
}

/** The best and the latest of some finished records, or null when there is none; of equals the earlier is best. */
export function bestAndLatest(attempts) {
  if (!attempts.length) return null;
  const inTime = [...attempts].sort((a, b) => Date.parse(a.finished_at) - Date.parse(b.finished_at));
  const best = inTime.reduce((a, b) => (worth(b) > worth(a) ? b : a));
  return { best, latest: inTime.at(-1) };
}

/** Add finished records to a list: known ids stay as they are; above 100 the oldest go, never the best. */
export function joined(attempts, added) {
  const known = new Set(attempts.map((record) => record.id));
  const fresh = added.filter((record) => !known.has(record.id) && known.add(record.id));
  const all = [...attempts, ...fresh];
  while (all.length > KEPT_ATTEMPTS) {
    const { best } = bestAndLatest(all);
    all.splice(all[0] === best ? 1 : 0, 1);
  }
  return all;
}

/** True when a value has the form of an attempt record of this activity. */
export function isRecord(value, activity) {
  return (
    isObject(value) &&
    value.schema === 1 &&
    value.activity === activity &&
    typeof value.id === "string" &&
    typeof value.content === "string" &&
    typeof value.variant === "string" &&
    Number.isInteger(value.seed) &&
    !Number.isNaN(Date.parse(value.started_at)) &&
    Array.isArray(value.steps) &&
    value.steps.every(isObject)
  );
}

function isFinished(value, activity) {
  return isRecord(value, activity) && isObject(value.result) && !Number.isNaN(Date.parse(value.finished_at));
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The file a trainee takes away: finished attempts, and `more` that is for the trainee alone (see progressToKeep). */
export function exportText(learner, attempts, more = {}) {
  const file = { format: "trustkit-attempts", version: 1, learner, exported_at: now(), attempts, ...more };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The file's attempts and all else as {file}, or {problem}: not-json, wrong-format, wrong-version. */
function exported(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    return { problem: "not-json" };
  }
  if (!isObject(file) || file.format !== "trustkit-attempts" || !Array.isArray(file.attempts)) {
    return { problem: "wrong-format" };
  }
  return file.version === 1 ? { file } : { problem: "wrong-version" };
}

/**
 * Read an exported file for one activity. Returns {learner, attempts, others}, where `others` counts
 * records of other activities, or {problem} with one of: not-json, wrong-format, wrong-version, nothing.
 */
export function importText(text, activity) {
  const { file, problem } = exported(text);
  if (problem) return { problem };
  const attempts = file.attempts.filter((record) => isFinished(record, activity));
  const others = file.attempts.length - attempts.length;
  if (!attempts.length) return { problem: "nothing" };
  return { learner: isName(file.learner) ? file.learner : null, attempts, others };
}

/** What belongs into a file of all progress beside the attempts: lessons read, the practice deck, notes on attempts. */
export function progressToKeep(kept, deck) {
  const notes = Object.entries(kept ?? {})
    .filter(([, { attempts }]) => attempts.length)
    .map(([activity, { missed, shown }]) => [activity, { missed, shown }]);
  return { reading: readingKept(), deck, notes: Object.fromEntries(notes) };
}

/**
 * Take a file of all progress into this browser, where what is already here stays. `ids` are the activities of the
 * course. Returns {added, read, others} (attempts, lessons read, and records that are of no use here), or {problem}.
 */
export function takeInProgress(text, ids) {
  const { file, problem } = exported(text);
  if (problem) return { problem };
  const before = keptOf(ids) ?? {};
  const fresh = Object.values(before).every(({ attempts }) => !attempts.length);
  const own = pageHost("passport");
  if (own.problem) return { problem: own.problem.kind };
  const { last, read } = readingKept();
  const brought = soundReading(file.reading);
  let [added, others] = [0, file.attempts.length];
  for (const id of ids) {
    const records = file.attempts.filter((record) => isFinished(record, id));
    others -= records.length;
    if (!records.length) continue;
    const host = pageHost(id);
    host.addAttempts(records);
    if (host.problem?.kind === "full") return { problem: "full" };
    added += host.attempts().length - before[id].attempts.length;
    const { missed, shown } = isObject(file.notes?.[id]) ? file.notes[id] : {};
    const [short, well] = [summaries(missed), summaries(shown)];
    for (const { id: one } of records) host.noteMissed(one, short[one] ?? {}, well[one] ?? {});
  }
  const newly = Object.keys(brought.read).filter((lesson) => !read[lesson]).length;
  if (!added && !newly && others === file.attempts.length && !Object.keys(brought.read).length) {
    return { problem: "nothing-known" };
  }
  keepReading({ last: last ?? brought.last, read: { ...brought.read, ...read } });
  if (isObject(file.deck?.states)) {
    const deck = own.deck();
    own.setDeck({ ...file.deck, ...deck, states: { ...file.deck.states, ...deck?.states } });
  }
  if (fresh && isName(file.learner)) own.adoptLearner(file.learner);
  return { added, read: newly, others };
}

function isName(value) {
  return typeof value === "string" && /^[\p{L}\p{N}._@-]{1,64}$/u.test(value);
}

let storageOfPage;

/** The browser's storage, or null. Tried once a page: each try would wake every other tab that listens for changes. */
function browserStorage() {
  if (storageOfPage !== undefined) return storageOfPage;
  try {
    const probe = `${PREFIX}probe`;
    localStorage.setItem(probe, "1");
    localStorage.removeItem(probe);
    storageOfPage = localStorage;
  } catch {
    storageOfPage = null;
  }
  return storageOfPage;
}

/**
 * The part of the browser's storage that belongs to one learner of a learning platform, whose pages all have one
 * address; null where the browser keeps nothing.
 */
export function storageOf(learner) {
  const storage = browserStorage();
  const own = (name) => `${PREFIX}lms:${encodeURIComponent(learner)}:${name}`;
  return storage && {
    getItem: (name) => storage.getItem(own(name)),
    setItem: (name, text) => storage.setItem(own(name), text),
  };
}

/**
 * The host of a player on a page: everything is kept in the browser's storage under the activity's key,
 * and finished attempts also go to the Jupyter server when the page names one.
 * `problem` says what the trainee must know: damaged, no-storage or full (with the key of the kept copy).
 */
export function pageHost(activity, storage = browserStorage()) {
  // What the browser does not take lives as long as the page.
  const untaken = new Map();
  const key = PREFIX + activity;
  const host = { name: "page", problem: storage ? null : { kind: "no-storage" } };

  function get(name) {
    return untaken.get(name) ?? storage?.getItem(name) ?? null;
  }

  function put(name, text) {
    untaken.set(name, text);
    if (!storage) return;
    try {
      storage.setItem(name, text);
      untaken.delete(name);
    } catch {
      host.problem = { kind: "full" };
    }
  }

  function read() {
    const text = get(key);
    if (text === null) return { version: 1, current: null, attempts: [], unsent: [], missed: {}, shown: {} };
    const kept = parsed(text, activity);
    if (kept) return kept;
    const aside = `${key}:damaged-${Date.now()}`;
    host.problem = { kind: "damaged", key: aside };
    const readable = salvaged(text, activity);
    put(aside, text);
    write(readable);
    return readable;
  }

  function write(kept) {
    put(key, JSON.stringify(kept));
  }

  host.current = () => read().current;
  host.setCurrent = (record) => write({ ...read(), current: record });
  host.setAside = (record) => put(`${key}:aside-${record.id}`, JSON.stringify(record));
  host.attempts = () => read().attempts;
  host.addAttempts = (records) => {
    const kept = read();
    write({ ...kept, attempts: joined(kept.attempts, records) });
  };
  host.noteMissed = (id, missed, shown = {}) => {
    const kept = read();
    const still = new Set(kept.attempts.map((record) => record.id));
    if (!still.has(id)) return;
    const others = (notes) => Object.fromEntries(Object.entries(notes).filter(([known]) => still.has(known)));
    write({
      ...kept,
      missed: { ...others(kept.missed), [id]: missed },
      shown: { ...others(kept.shown), [id]: shown },
    });
  };
  host.options = () => {
    try {
      const options = JSON.parse(get(`${PREFIX}options`));
      return isObject(options) ? options : {};
    } catch {
      return {};
    }
  };
  host.setOptions = (options) => put(`${PREFIX}options`, JSON.stringify(options));
  // What the practice decks of the course have learned of their cards; all decks share it.
  host.deck = () => {
    try {
      return JSON.parse(get(DECK));
    } catch {
      return null;
    }
  };
  host.setDeck = (kept) => put(DECK, JSON.stringify(kept));
  host.learner = () => {
    const known = get(`${PREFIX}learner`);
    if (isName(known)) return known;
    const drawn = `p-${randomHex(12)}`;
    put(`${PREFIX}learner`, drawn);
    return drawn;
  };
  host.adoptLearner = (learner) => put(`${PREFIX}learner`, learner);
  host.deliver = async (record) => {
    if (!apiAddress()) return { where: "browser" };
    const answer = await post(record);
    const kept = read();
    const unsent = kept.unsent.filter((id) => id !== record.id);
    write({ ...kept, unsent: answer.where === "workspace" ? unsent : [...unsent, record.id] });
    return answer;
  };
  host.deliverUnsent = async () => {
    if (!apiAddress()) return;
    const { unsent, attempts } = read();
    for (const record of attempts.filter(({ id }) => unsent.includes(id))) await host.deliver(record);
  };
  read();
  return host;
}

function parsed(text, activity) {
  try {
    const kept = JSON.parse(text);
    const sound =
      isObject(kept) &&
      kept.version === 1 &&
      (kept.current === null || isRecord(kept.current, activity)) &&
      Array.isArray(kept.attempts) &&
      kept.attempts.every((record) => isFinished(record, activity));
    if (!sound) return null;
    return {
      ...kept,
      unsent: Array.isArray(kept.unsent) ? kept.unsent : [],
      missed: summaries(kept.missed),
      shown: summaries(kept.shown),
    };
  } catch {
    return null;
  }
}

/** The summaries that have the form of one, by attempt: behaviour id to strength. They are a convenience. */
function summaries(value) {
  if (!isObject(value)) return {};
  const sound = (one) => isObject(one) && Object.values(one).every((n) => Number.isInteger(n) && n > 0);
  return Object.fromEntries(Object.entries(value).filter(([, one]) => sound(one)));
}

/**
 * What this browser keeps of some activities, only read: finished attempts, what was missed and shown in
 * them, and the one that goes on, by activity. Null where the browser keeps nothing at all.
 */
export function keptOf(activities) {
  const storage = browserStorage();
  if (!storage) return null;
  const kept = activities.map((activity) => {
    const text = storage.getItem(PREFIX + activity);
    if (text === null) return [activity, { attempts: [], missed: {}, shown: {}, current: null }];
    const { attempts, missed, shown, current } = parsed(text, activity) ?? salvaged(text, activity);
    return [activity, { attempts, missed, shown, current }];
  });
  return Object.fromEntries(kept);
}

/** The lessons read in this browser, {number: moment}, and the lesson that was opened last; damage counts as nothing. */
export function readingKept() {
  try {
    return soundReading(JSON.parse(browserStorage()?.getItem(READING) ?? null));
  } catch {
    return soundReading(null);
  }
}

/** Keep what was read; where the browser takes nothing, nobody is stopped. */
export function keepReading(reading) {
  try {
    browserStorage()?.setItem(READING, JSON.stringify({ version: 1, ...reading }));
  } catch {
    // A tick at a lesson is a convenience; attempts say aloud when the storage is full.
  }
}

function soundReading(value) {
  const isLesson = (one) => /^\d{1,2}\.\d{1,2}$/.test(one);
  const isMoment = (one) => typeof one === "string" && !Number.isNaN(Date.parse(one));
  const { read, last } = isObject(value) ? value : {};
  const sound = Object.entries(isObject(read) ? read : {}).filter(([one, at]) => isLesson(one) && isMoment(at));
  return { read: Object.fromEntries(sound), last: isLesson(last) ? last : null };
}

/** What can still be read of a damaged text: the finished attempts that are whole. */
function salvaged(text, activity) {
  const empty = { version: 1, current: null, attempts: [], unsent: [], missed: {}, shown: {} };
  try {
    const attempts = JSON.parse(text).attempts.filter((record) => isFinished(record, activity));
    return { ...empty, attempts: joined([], attempts) };
  } catch {
    return empty;
  }
}

function apiAddress() {
  const address = document.querySelector('meta[name="trustkit-api"]')?.content;
  return address ? address.replace(/\/+$/, "") : null;
}

async function post(record) {
  const token = document.cookie.match(/(?:^|;\s*)_xsrf=([^;]*)/)?.[1] ?? "";
  try {
    const answer = await fetch(`${apiAddress()}/attempts`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-XSRFToken": decodeURIComponent(token) },
      body: JSON.stringify(record),
    });
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return { where: "workspace", path: said.path ?? null };
    return { where: "browser", reason: said.message ?? `${answer.status} ${answer.statusText}`.trim() };
  } catch {
    return { where: "browser", reason: null, offline: true };
  }
}

/**
 * The host of a player in a Jupyter widget: the widget's traits `attempts` and `current` hold everything,
 * so that Python sees each step. A kernel that runs in the browser knows no learner, and its files end with it:
 * there the browser keeps what it keeps for the pages, and Python is told.
 */
export function widgetHost(model, activity) {
  const held = (name, fallback) => model.get(name) ?? fallback;
  const settings = pageHost(activity);
  function set(name, value) {
    model.set(name, value);
    model.save_changes();
  }
  if (model.get("learner") === "") {
    const tell = () => set("attempts", settings.attempts());
    tell();
    return {
      ...settings,
      name: "jupyter",
      addAttempts: (records) => {
        settings.addAttempts(records);
        tell();
      },
      deliver: async () => ({ where: "browser" }),
      deliverUnsent: async () => {},
    };
  }
  return {
    name: "jupyter",
    problem: null,
    current: () => (isRecord(held("current", null), activity) ? held("current", null) : null),
    setCurrent: (record) => set("current", record ?? {}),
    setAside: settings.setAside,
    attempts: () => held("attempts", []).filter((record) => isFinished(record, activity)),
    addAttempts: (records) => set("attempts", joined(held("attempts", []), records)),
    // What was missed is for the case room of the book, which reads the page's store.
    noteMissed: () => {},
    options: settings.options,
    setOptions: settings.setOptions,
    deck: settings.deck,
    setDeck: settings.setDeck,
    learner: () => held("learner", "") || settings.learner(),
    adoptLearner: () => {},
    deliver: async () => ({ where: "notebook" }),
    deliverUnsent: async () => {},
  };
}

/** Hand the trainee a text as a file to save. */
export function download(name, text, type = "application/json") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
