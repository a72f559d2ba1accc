// Speaks with a learning platform through cmi5: xAPI statements and documents, sent to the address that it names.

const XAPI = "1.0.3";
const VERBS = {
  initialized: "http://adlnet.gov/expapi/verbs/initialized",
  completed: "http://adlnet.gov/expapi/verbs/completed",
  passed: "http://adlnet.gov/expapi/verbs/passed",
  failed: "http://adlnet.gov/expapi/verbs/failed",
  terminated: "http://adlnet.gov/expapi/verbs/terminated",
  answered: "http://adlnet.gov/expapi/verbs/answered",
  scored: "http://adlnet.gov/expapi/verbs/scored",
};
const CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5";
const MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon";
const MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";
const INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction";
const SIMULATION = "http://adlnet.gov/expapi/activities/simulation";
const STATE = "trustkit";
const LIMIT = 64_000;
/** A browser sends at most this much for a page that closes. */
const AT_CLOSING = 60_000;
const TAGS = { en: "en", zh: "zh-CN" };

/** The statements that tell of one interaction of a case or drill. Pure. */
export function interactionStatement({ id, type, response, result, seconds, at, text, options }, lang) {
  const written = response.map((one) => [one].flat().join("[.]")).join("[,]");
  const listed = (list) => list.map((one) => ({ id: one.id, description: { [TAGS[lang]]: one.text } }));
  const named = { matching: ["source", "target"], sequencing: ["choices"], likert: ["scale"], choice: ["choices"] }[type];
  const lists = Object.fromEntries(named.map((name) => [name, listed(type === "matching" ? options[name] : options)]));
  return {
    timestamp: at.toISOString(),
    verb: verbOf("answered"),
    object: {
      objectType: "Activity",
      id: `urn:trustkit:${id.replace(".", ":")}`,
      definition: { type: INTERACTION, interactionType: type, description: { [TAGS[lang]]: text }, ...lists },
    },
    result: {
      response: written,
      duration: `PT${seconds}S`,
      ...(result === "neutral" ? {} : { success: result === "correct" }),
    },
  };
}

function verbOf(name) {
  return { id: VERBS[name], display: { en: name } };
}

/** A session with the platform, with the same calls as that of SCORM; `back()` is the address to return to, or "". */
export function cmi5Session({ lang }, memoryOf) {
  const began = Date.now();
  const asked = new URLSearchParams(location.search);
  const [endpoint, fetchAddress] = [asked.get("endpoint"), asked.get("fetch")];
  const [registration, activity] = [asked.get("registration"), asked.get("activityId")];
  let actor = null;
  let token = "";
  let launch = null;
  let queue = [];
  let text = null;
  let stored = "";
  let busy = null;
  let live = false;
  let last = null;
  let fresh = false;
  let taken = true;

  const spent = () => `PT${((Date.now() - began) / 1000).toFixed(2)}S`;
  const normal = () => (launch.launchMode ?? "Normal") === "Normal";

  function address(resource, parameters) {
    return `${endpoint.replace(/\/?$/, "/")}${resource}?${new URLSearchParams(parameters)}`;
  }

  function ask(where, options = {}) {
    const headers = { Authorization: `Basic ${token}`, "X-Experience-API-Version": XAPI, ...options.headers };
    return fetch(where, { ...options, headers });
  }

  function stateAddress(name) {
    const agent = JSON.stringify(actor);
    return address("activities/state", { activityId: activity, agent, registration, stateId: name });
  }

  async function open() {
    if (![endpoint, fetchAddress, registration, activity, asked.get("actor")].every(Boolean)) throw new Error("not-found");
    try {
      actor = JSON.parse(asked.get("actor"));
    } catch {
      throw new Error("not-found");
    }
    const account = actor.account ? `${actor.account.homePage} ${actor.account.name}` : JSON.stringify(actor);
    try {
      const answer = await (await fetch(fetchAddress, { method: "POST" })).json();
      token = answer["auth-token"];
      if (!token) throw new Error("no token");
      const data = await ask(stateAddress("LMS.LaunchData"));
      if (!data.ok) throw new Error("no launch data");
      launch = await data.json();
      // Asked for because the standard wants it; the course has one language for each package and no sound.
      await ask(address("agents/profile", { agent: JSON.stringify(actor), profileId: "cmi5LearnerPreferences" }));
      const kept = await ask(stateAddress(STATE));
      stored = kept.ok ? (await kept.json()).memory ?? "" : "";
      live = true;
      queue.push(statement("initialized", {}, [CMI5]));
      if (!(await send())) throw new Error("not taken");
    } catch {
      live = false;
      throw Object.assign(new Error("refused"), { learner: account });
    }
    return { text: stored, learner: account, limit: LIMIT, silent: !normal() };
  }

  /** A statement of ours with all that the platform's template asks for. */
  function statement(verb, more = {}, categories = []) {
    const template = launch.contextTemplate ?? {};
    const activities = template.contextActivities ?? {};
    const category = [...[activities.category ?? []].flat(), ...categories.map((id) => ({ id }))];
    const { extensions, ...rest } = more;
    return {
      id: crypto.randomUUID?.() ?? uuid(),
      timestamp: new Date().toISOString(),
      actor,
      verb: verbOf(verb),
      object: { objectType: "Activity", id: activity },
      ...rest,
      context: {
        ...template,
        registration,
        contextActivities: {
          ...activities,
          ...(category.length ? { category } : {}),
          // What is not about the package as a whole belongs to it.
          ...(more.object ? { parent: [{ objectType: "Activity", id: activity }] } : {}),
        },
        extensions: { ...template.extensions, ...extensions },
      },
    };
  }

  function report({ standing, text: write, interactions, finished }) {
    if (!live) return Promise.resolve(false);
    last = standing;
    fresh ||= Boolean(finished);
    queue.push(...interactions.map((one) => statement("answered", interactionStatement(one, lang))));
    if (finished) queue.push(scored(finished));
    milestones();
    text = write();
    return send();
  }

  /** One finished attempt at one activity, whatever the package as a whole has come to. */
  function scored({ bundle, points, passed }) {
    return statement("scored", {
      object: {
        objectType: "Activity",
        id: `urn:trustkit:${bundle.id}`,
        definition: { type: SIMULATION, name: { [TAGS[bundle.text_lang ?? lang]]: bundle.title } },
      },
      result: { score: { scaled: points / 100, raw: points, min: 0, max: 100 }, success: passed },
    });
  }

  /** Completed and passed are said once in a registration; the memory knows whether they were. */
  function milestones() {
    const { said } = memoryOf();
    const once = (name, more, categories) => {
      if (said.includes(name)) return;
      said.push(name);
      queue.push(statement(name, more, categories));
    };
    if (last.complete) once("completed", { result: { completion: true, duration: spent() } }, [CMI5, MOVE_ON]);
    if (last.complete && verdict()) once("passed", judged(true), [CMI5, MOVE_ON]);
  }

  /** The platform may ask for more than the course does. */
  function verdict() {
    const { masteryScore: mastery } = launch;
    return last.passed === true && (typeof mastery !== "number" || last.points / 100 >= mastery);
  }

  function judged(passed) {
    const { masteryScore: mastery } = launch;
    const known = typeof mastery === "number";
    const points = !passed && known ? Math.max(0, Math.min(last.points, Math.ceil(mastery * 100) - 1)) : last.points;
    return {
      result: { success: passed, duration: spent(), score: { scaled: points / 100, raw: points, min: 0, max: 100 } },
      extensions: known ? { [MASTERY]: mastery } : {},
    };
  }

  /** Send what waits, in order and one after the other; resolves to whether the platform took all of it. */
  function send() {
    busy = (busy ?? Promise.resolve()).then(sendNow, sendNow).then((all) => {
      taken = all;
      return all;
    });
    return busy;
  }

  async function sendNow() {
    const batch = queue;
    try {
      if (batch.length) {
        const body = JSON.stringify(batch);
        const answer = await ask(address("statements", {}), posting("POST", body));
        if (!answer.ok) return false;
        queue = queue.filter((one) => !batch.includes(one));
      }
      if (text !== null && text !== stored) {
        const wanted = text;
        const answer = await ask(stateAddress(STATE), posting("PUT", JSON.stringify({ memory: wanted })));
        if (!answer.ok) return false;
        stored = wanted;
      }
      return true;
    } catch {
      return false;
    }
  }

  function posting(method, body) {
    return { method, body, keepalive: body.length < AT_CLOSING, headers: { "Content-Type": "application/json" } };
  }

  /** A session has one verdict at most, so that "not passed" waits until the end: the next try may be better. */
  function close() {
    if (!live) return;
    live = false;
    const { said } = memoryOf();
    if (last?.complete && last.passed !== null && fresh && !said.includes("passed")) {
      queue.push(statement("failed", judged(false), [CMI5, MOVE_ON]));
    }
    // What a platform did not take is told in the next session; it may be back by now, and told twice would be wrong.
    if (!taken) queue = [];
    queue.push(statement("terminated", { result: { duration: spent() } }, [CMI5]));
    ask(address("statements", {}), posting("POST", JSON.stringify(queue))).catch(() => {});
    if (taken && text !== null && text !== stored) {
      ask(stateAddress(STATE), posting("PUT", JSON.stringify({ memory: text }))).catch(() => {});
    }
  }

  return { open, report, flush: () => {}, close, back: () => launch?.returnURL ?? "" };
}

/** A random UUID, where the page is not on a secure address and the browser offers none. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
