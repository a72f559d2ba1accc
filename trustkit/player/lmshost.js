// The host of a player in a package: the browser keeps everything as on a page, and the platform is told of each step.

import { betterOf, interactionsOf, worthOf } from "./lmsreport.js";
import { pageHost } from "./store.js";

/** So many attempts of an activity are known by the beginnings of their ids. */
const RECENT = 12;
const SHORT = 8;

/**
 * The host of one activity. `desk` is what all activities of a package share: {storage, memory, tell(interactions)},
 * where `tell` reports and resolves to whether the platform took it.
 */
export function lmsHost(bundle, desk) {
  const host = pageHost(bundle.id, desk.storage);
  const { memory } = desk;
  const telling = bundle.kind === "case" || bundle.kind === "drill";
  const { setCurrent, addAttempts } = host;

  /** The steps of a record that the platform has not been told of yet. */
  function untold(record) {
    const begun = memory.current[bundle.id];
    return telling ? interactionsOf(bundle, record, begun?.id === record.id ? begun.steps.length : 0) : [];
  }

  host.setCurrent = (record) => {
    setCurrent(record);
    if (!telling) return;
    const interactions = record ? untold(record) : [];
    if (record) memory.current[bundle.id] = record;
    else delete memory.current[bundle.id];
    desk.tell(interactions);
  };

  host.addAttempts = (records) => {
    // What comes from a file may be another person's: the platform is told only of what was done in front of it.
    const begun = memory.current[bundle.id]?.id;
    for (const record of records) if (telling && record.id !== begun) note(record.id);
    addAttempts(records);
    for (const record of records) report(record);
  };

  host.deliver = async () => ({ where: (await desk.tell([])) ? "lms" : "browser" });
  host.deliverUnsent = async () => {};

  function report(record) {
    if (bundle.kind === "checker" || known().includes(record.id.slice(0, SHORT))) return;
    const interactions = untold(record);
    if (memory.current[bundle.id]?.id === record.id) delete memory.current[bundle.id];
    const worth = worthOf(bundle, record);
    memory.best[bundle.id] = betterOf(memory.best[bundle.id], worth);
    note(record.id);
    desk.tell(interactions, { activity: bundle, worth });
  }

  /** The memory at the platform says itself which attempts the platform knows. */
  function note(id) {
    memory.told[bundle.id] = [...known(), id.slice(0, SHORT)].slice(-RECENT);
  }

  function known() {
    return memory.told[bundle.id] ?? [];
  }

  /** Bring browser and platform together: the further one of what was begun, and what the platform did not take. */
  host.meet = () => {
    const [here, there] = [host.current(), memory.current[bundle.id]];
    if (there && !host.attempts().some(({ id }) => id === there.id) && further(there, here)) setCurrent(there);
    else if (here && fits(here)) host.setCurrent(here);
    for (const record of host.attempts().slice(-RECENT)) if (fits(record)) report(record);
    return host;
  };

  /** An attempt at other content than this package holds cannot be told step by step. */
  function fits({ content, variant }) {
    if (bundle.kind === "drill") return content === bundle.hash;
    if (bundle.kind !== "case") return true;
    return bundle.variants.some(({ id, structure }) => id === variant && structure.hash === content);
  }

  function further(one, other) {
    if (!other) return true;
    if (one.id === other.id) return one.steps.length > other.steps.length;
    return Date.parse(one.started_at) > Date.parse(other.started_at);
  }

  return host;
}
