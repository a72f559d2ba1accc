// The words of a package for learning platforms, in English and in Chinese.

const LMS_ENGLISH = {
  problems: {
    "not-found":
      "No learning platform answers, so that nothing is reported; your work is kept in this browser, and you can take it along with “Export attempts”.",
    refused:
      "Your learning platform did not open a session, so that nothing is reported; your work is kept in this browser and is reported when you open this activity there again.",
    "not-taken":
      "Your learning platform did not take the last report; your work is kept in this browser and is sent again with your next step.",
    ended: "This session has ended: open the activity again in your learning platform, and go on where you left.",
    silent: "Your learning platform shows this for review: what you do here is not reported.",
  },
  contents: "Pages",
  done: "done",
  next: (title) => `Next: ${title}`,
  readToEnd: "You have read this page to its end.",
  rules: "Rule cards",
  leave: "Leave and return to your learning platform",
};

const LMS_CHINESE = {
  problems: {
    "not-found": "没有学习平台应答，成绩不会上报。练习记录保存在此浏览器中，可以用“导出练习记录”带走。",
    refused: "学习平台没有接受这次学习，成绩暂不上报。练习记录保存在此浏览器中，下次从平台打开时会补报。",
    "not-taken": "学习平台没有收下刚才的结果。练习记录保存在此浏览器中，你走下一步时会再报一次。",
    ended: "这次学习已经结束。请从学习平台重新打开，会从上次停下的地方继续。",
    silent: "学习平台以回顾方式打开了这项活动，这里的操作不会上报。",
  },
  contents: "页面",
  done: "已完成",
  next: (title) => `下一页：${title}`,
  readToEnd: "这一页已读完。",
  rules: "规则卡",
  leave: "离开并返回学习平台",
};

export const ALL_LMS_WORDS = { en: LMS_ENGLISH, zh: LMS_CHINESE };
