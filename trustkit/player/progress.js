// How far somebody is: lessons read, activities passed, where to go on. Values in, values out.

import { passedOf } from "./passportrules.js";

/** The activities of lessons as {kind, id}, each once; a lesson names them as "kind:id". */
export function activitiesOf(lessons) {
  return [...new Set(lessons.flatMap(({ activities }) => activities))].map((named) => {
    const at = named.indexOf(":");
    return { kind: named.slice(0, at), id: named.slice(at + 1) };
  });
}

/** How lessons stand: {read, lessons, passed, activities}, as numbers; an activity of two lessons counts once. */
export function standingOfLessons(lessons, reading, kept) {
  const activities = activitiesOf(lessons);
  return {
    read: lessons.filter(({ number }) => reading.read[number]).length,
    lessons: lessons.length,
    passed: passedOf(activities, kept).size,
    activities: activities.length,
  };
}

/** The first lesson that is not read, from the one after `after` on and then from the beginning; null when all are. */
export function nextToRead(lessons, reading, after = null) {
  const at = lessons.findIndex(({ number }) => number === after);
  const inTurn = [...lessons.slice(at + 1), ...lessons.slice(0, at + 1)];
  return inTurn.find(({ number }) => !reading.read[number]) ?? null;
}

/**
 * Where somebody goes on: {lesson, case}, each null where there is nothing. The lesson is the one opened last, or,
 * once its end was seen, the next one of the path; the case is the conversation begun last and not ended.
 */
export function whereToGoOn({ lessons, cases }, path, reading, kept) {
  const opened = lessons.find(({ number }) => number === reading.last);
  const isOnPath = ({ paths }) => !path || !paths.length || paths.includes(path);
  const onPath = lessons.filter((one) => one === opened || isOnPath(one));
  const lesson = opened && reading.read[opened.number] ? nextToRead(onPath, reading, opened.number) : (opened ?? null);
  const begun = cases
    .filter(({ id }) => kept?.[id]?.current?.steps.length)
    .sort((a, b) => Date.parse(kept[b.id].current.started_at) - Date.parse(kept[a.id].current.started_at));
  return { lesson, case: begun[0] ?? null };
}
