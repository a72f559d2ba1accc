// The words of the skills passport, in English and in Chinese.

import { wordsFor } from "./words.js";

const PASSPORT_ENGLISH = {
  passport: "Skills passport",
  emptyTitle: "Nothing here yet",
  emptyText:
    "You have not finished an activity in this browser. Begin with something small; this page fills by itself.",
  emptyLesson: (title) => `Read and try the first lesson: ${title}`,
  emptyCase: (title) => `Or talk to a customer: ${title}`,
  honestBrowser:
    "This page knows what was finished in this browser, on the pages of this course, and nothing else. " +
    "Nobody else sees it.",
  honestRank: "It does not compare you with anybody.",
  honestReplay:
    "A tick here is for you. For a certificate your trainer replays the file with your attempts, and that decides.",
  takeAway: "Take your progress with you",
  takeAwayText:
    "One file holds everything this browser knows: attempts, lessons read, the practice deck. Take it to another " +
    "device, or keep it; it also works after the course was renewed. What is already here stays.",
  exportAll: "Export all attempts",
  takeIn: "Take in a file",
  takenIn: (attempts, lessons) => `Taken in. New here: attempts ${attempts}, lessons read ${lessons}.`,
  takenOthers: (n) => `${n} left out: not finished, or of an activity that this course does not have.`,
  takeInProblems: {
    "not-json":
      "This file cannot be read; it may be cut off. Nothing was changed. Choose a file made with Export all attempts.",
    "wrong-format":
      "This is not a file of progress. Nothing was changed. Choose a file made with Export all attempts.",
    "wrong-version": "This file was made by another version of the course and cannot be read here. Nothing was changed.",
    "nothing-known": "This file holds nothing that belongs to this course. Nothing was changed.",
    "no-storage": "This browser keeps nothing on this page, so the file cannot be taken in. Allow it to store data.",
    full: "The storage of this browser is full; some of the file is missing. Free some space and take it in again.",
    damaged: "What this browser had kept was damaged and was set aside. Take in the file again.",
  },
  exportCsv: "Passport as a table (CSV)",
  exported: (name) => `Saved as ${name}.`,
  certificate: "What a certificate asks for",
  pathLabel: "My work",
  pathNames: { agent: "I answer customers", lead: "I lead a team", analyst: "I analyse data" },
  metRules: (met, of) => `${met} of ${of} met, as far as this browser knows.`,
  state: { met: "met", open: "open", trainer: "with your trainer", later: "to come" },
  rule: {
    drills: (done, of) => `Drills of the core lessons passed, each by its own mark: ${done} of ${of}`,
    cases: (done, least) => `Different cases passed without a red line: ${done}. It takes ${least}`,
    exam: (title) => `The exam case “${title}”, passed without a red line while a trainer watches`,
    one: (title) => `The case “${title}”, passed without a red line`,
    reply: (least, of) => `A written reply with at least ${least} of ${of} points and no red line, marked by a trainer`,
    assignments: (n) => `Assignments for analysts, marked through the gradebook: ${n}`,
  },
  ruleObserved: "Passed here. It counts when a trainer watched this attempt.",
  ruleToCome: (n) => `Not built yet: ${n}. Until they are, this certificate cannot be issued.`,
  stillOpen: (n) => `Still open: ${n}`,
  lessonsOfPath: "Lessons of this path",
  lessonsDone: (done, of) => `Activities passed: ${done} of ${of}`,
  moduleLine: (number, title, done, of) => `Module ${[number, title].filter(Boolean).join(" ")}: ${done} of ${of}`,
  otherLine: (done, of) => `Elsewhere: ${done} of ${of}`,
  core: "short path",
  nothingToDo: "to read",
  kinds: { case: "Case", drill: "Drill", simulator: "Simulator", checker: "Text checker" },
  activityDone: "done",
  activityOpen: "open",
  compassTitle: "The six behaviours of the compass",
  compassFrom:
    "From the latest attempt at each case that was played to its end on these pages. " +
    "It says what these cases showed, and no more.",
  compassTooFew: "Nothing can be said yet. It takes two cases.",
  compassSaid: (cases, well, short) =>
    `From ${cases} cases: shown in ${well || "none"}, and in ${short || "none"} there was something left to do better.`,
  compassMissed: (name) => `Missed most: “${name}”.`,
  compassCost: (name) => `Cost most: “${name}”.`,
  casesTitle: "Cases",
  casesPassed: (passed, played) => `Passed without a red line: ${passed} of ${played} played.`,
  drillsTitle: "Drills",
  drillsPassed: (passed, of) => `Passed: ${passed} of ${of}.`,
  panelsTitle: "Simulators and text checkers",
  panelUsed: (n) => (n === 1 ? "used once" : `used ${n} times`),
  targetMet: "target met",
  targetOpen: "target not met yet",
  notPlayed: "not tried yet",
};

const PASSPORT_CHINESE = {
  passport: "能力护照",
  emptyTitle: "这里还是空的",
  emptyText: "你还没有在这个浏览器里完成任何练习。先从一件小事开始，这一页会自己填起来。",
  emptyLesson: (title) => `读第一课，动手试一试：${title}`,
  emptyCase: (title) => `或者和一位客户谈谈：${title}`,
  honestBrowser: "这一页只知道在这个浏览器里、在本课程网页上完成的内容，别的一概不知，别人也看不到。",
  honestRank: "它不拿你和任何人比较。",
  honestReplay: "这里的对勾只给你自己看。要拿证书，培训师会把你的练习记录重新推算一遍，以那个结果为准。",
  takeAway: "带走你的进度",
  takeAwayText:
    "一个文件，装着这个浏览器知道的一切：练习记录、读完的课、复习卡片。可以带到另一台设备上，也可以留着；" +
    "课程更新以后照样能用。这里已有的，都会保留。",
  exportAll: "导出全部练习记录",
  takeIn: "读入文件",
  takenIn: (attempts, lessons) => `已读入。新增练习记录 ${attempts} 条，读完的课 ${lessons} 课。`,
  takenOthers: (n) => `有 ${n} 条没有读入：尚未完成，或者本课程没有这个练习。`,
  takeInProblems: {
    "not-json": "这个文件读不了，可能不完整。什么都没有改动。请选择由“导出全部练习记录”生成的文件。",
    "wrong-format": "这不是进度文件。什么都没有改动。请选择由“导出全部练习记录”生成的文件。",
    "wrong-version": "这个文件由课程的另一个版本生成，这里读不了。什么都没有改动。",
    "nothing-known": "文件里没有属于本课程的内容。什么都没有改动。",
    "no-storage": "这个浏览器不允许本页保存内容，文件读不进来。请允许它保存数据。",
    full: "浏览器的存储空间已满，文件没有全部读入。请腾出空间，再读一次。",
    damaged: "浏览器里原有的记录已损坏，已另外存放。请再读一次文件。",
  },
  exportCsv: "导出护照表格（CSV）",
  exported: (name) => `已保存为 ${name}。`,
  certificate: "证书要求什么",
  pathLabel: "我的工作",
  pathNames: { agent: "我接待客户", lead: "我带班组", analyst: "我分析数据" },
  metRules: (met, of) => `就这个浏览器所知，${of} 项中已达到 ${met} 项。`,
  state: { met: "已达到", open: "未完成", trainer: "由培训师评定", later: "即将推出" },
  rule: {
    drills: (done, of) => `核心课程的小练习，达到各自的通过标准：${done} / ${of}`,
    cases: (done, least) => `通过且未踩红线的不同案例：${done} 个，需要 ${least} 个`,
    exam: (title) => `考核案例“${title}”，在培训师观察下通过，未踩红线`,
    one: (title) => `案例“${title}”，通过且未踩红线`,
    reply: (least, of) => `一份书面回复，由培训师评分，至少 ${least} 分（满分 ${of} 分），未踩红线`,
    assignments: (n) => `分析人员的作业，在成绩册中评分：${n} 份`,
  },
  ruleObserved: "在这里已通过。这一次有培训师在旁观察，才算数。",
  ruleToCome: (n) => `尚未推出：${n}。在此之前无法签发这种证书。`,
  stillOpen: (n) => `还没完成：${n} 项`,
  lessonsOfPath: "这条路线的课文",
  lessonsDone: (done, of) => `已通过的练习：${done} / ${of}`,
  moduleLine: (number, title, done, of) => `模块 ${[number, title].filter(Boolean).join(" ")}：${done} / ${of}`,
  otherLine: (done, of) => `其他：${done} / ${of}`,
  core: "精简路线",
  nothingToDo: "阅读",
  kinds: { case: "案例", drill: "小练习", simulator: "模拟", checker: "文字检查" },
  activityDone: "已完成",
  activityOpen: "未完成",
  compassTitle: "信任罗盘的六项行为",
  compassFrom: "根据在这些网页上谈到结束的每个案例的最近一次。它只说明这些案例里看到了什么。",
  compassTooFew: "现在还说不出什么，至少要有两个案例。",
  compassSaid: (cases, well, short) => 
    `${cases} 个案例中，${well ? `有 ${well} 个做到了` : "都没有做到"}，` +
    (short ? `有 ${short} 个还有可以做得更好的地方。` : "没有缺少什么。"),
  compassMissed: (name) => `最常缺的是“${name}”。`,
  compassCost: (name) => `最常丢分的是“${name}”。`,
  casesTitle: "案例",
  casesPassed: (passed, played) => `练过 ${played} 个，其中 ${passed} 个通过且未踩红线。`,
  drillsTitle: "小练习",
  drillsPassed: (passed, of) => `共 ${of} 个，已通过 ${passed} 个。`,
  panelsTitle: "模拟和文字检查",
  panelUsed: (n) => `用过 ${n} 次`,
  targetMet: "达到目标",
  targetOpen: "还没达到目标",
  notPlayed: "还没试过",
};

/** The words of the passport in one language, those of the player included. */
export function passportWordsFor(lang) {
  const own = String(lang).toLowerCase().startsWith("zh") ? PASSPORT_CHINESE : PASSPORT_ENGLISH;
  return { ...wordsFor(lang), ...own };
}

/** The languages and the passport's own words, for the check that no word is missing in one of them. */
export const ALL_PASSPORT_WORDS = { en: PASSPORT_ENGLISH, zh: PASSPORT_CHINESE };
