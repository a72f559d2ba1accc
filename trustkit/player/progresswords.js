// The words about reading and progress, in English and in Chinese.

const PROGRESS_ENGLISH = {
  goOn: "Continue where you left",
  goOnLesson: (minutes) => `Lesson · ${minutes} minutes`,
  goOnCase: (customer) => `Unfinished conversation with ${customer}`,
  readMark: "read",
  notReadMark: "not read yet",
  lessonsRead: (read, of) => `${read} of ${of} lessons read`,
  activitiesPassed: (passed, of) => `${passed} of ${of} ${of === 1 ? "activity" : "activities"} passed`,
  joined: (texts) => texts.join(" · "),
  overall: "How far you are",
  passport: "Skills passport: what is missing, and your progress as a file",
  onward: (title) => `Continue: ${title}`,
  allRead: "All lessons of this module are read.",
  stillOpen: "Still open on this page: ",
  nothingOpen: "Everything on this page is passed.",
  comma: ", ",
};

const PROGRESS_CHINESE = {
  goOn: "接着上次的来",
  goOnLesson: (minutes) => `课文 · ${minutes} 分钟`,
  goOnCase: (customer) => `和${customer}还没谈完`,
  readMark: "已读",
  notReadMark: "未读",
  lessonsRead: (read, of) => `读完 ${read} / ${of} 课`,
  activitiesPassed: (passed, of) => `练习通过 ${passed} / ${of}`,
  joined: (texts) => texts.join(" · "),
  overall: "学到哪里了",
  passport: "能力护照：还差什么，怎样把进度存成文件",
  onward: (title) => `继续：${title}`,
  allRead: "本模块的课都读完了。",
  stillOpen: "本页还有：",
  nothingOpen: "本页的练习都通过了。",
  comma: "、",
};

/** The words about progress in one language. */
export function progressWordsFor(lang) {
  return String(lang).toLowerCase().startsWith("zh") ? PROGRESS_CHINESE : PROGRESS_ENGLISH;
}

/** The languages and the words about progress, for the check that no word is missing in one of them. */
export const ALL_PROGRESS_WORDS = { en: PROGRESS_ENGLISH, zh: PROGRESS_CHINESE };
