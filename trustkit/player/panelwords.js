// The words of the panels of simulators and checkers, in English and in Chinese; their texts come from Python.

import { wordsFor } from "./words.js";

const PANEL_ENGLISH = {
  simulatorLabel: (title) => `Simulator: ${title}`,
  checkerLabel: (title) => `Text checker: ${title}`,
  simulatorStart: "Start the simulator",
  checkerStart: "Start the checker",
  simulatorResume: "Go on with the simulator",
  checkerResume: "Go on with the checker",
  loadsOnce: (megabytes) => `The first start loads about ${megabytes} MB; later ones take it from the browser.`,
  staysHere: "What you write here is read in this page alone. It is kept in this browser and sent nowhere.",
  staysInNotebook: "What you write here is read by this notebook alone. It is not saved in a file.",
  loading: "Loading Python …",
  loadedOf: (loaded, total) => `${loaded} of ${total} MB`,
  starting: "Starting Python …",
  waitingForKernel: "Waiting for the notebook: it may be busy with another cell.",
  onlyJupyter: (call) => `It runs in JupyterLab only, as this course was published without its Python: ${call}`,
  cannot: {
    file: "It cannot run from a file. Open this page on a web server, or run it in JupyterLab.",
    wasm: "This browser cannot run WebAssembly, which it needs. Use a current browser, or run it in JupyterLab.",
    worker: "This browser does not allow background workers, which it needs. Use a current browser, or JupyterLab.",
  },
  loadFailed: (reason) => `Python could not be loaded: ${reason}`,
  tryAgain: "Try again",
  stopped: (reason) => `This is a fault of ours, not of your answer: ${reason}`,
  takeBack: "Take back the last answer",
  startOver: "Start again",
  startOverQuestion: "Leave this run and start again? What you answered in it will be gone.",
  startOverYes: "Yes, start again",
  startOverNo: "No, go on",
  panelResumed: "Welcome back. It goes on where you left it.",
  sentAnswer: "Working …",
  numbersAsTable: "The numbers as a table",
  yourText: "Your text",
  foundCount: (n) => (n === 1 ? "1 place to look at" : `${n} places to look at`),
  findingWord: { look: "Look again", note: "Note", "red-line": "Red line" },
  toPlace: (n) => `Show place ${n} in the text`,
  toFinding: (n) => `Finding ${n}`,
  betterHead: "Better",
  targetAt: (value) => `target ${value}`,
  reached: "Reached",
  notReached: "Not yet",
  moveUp: (name) => `Move up: ${name}`,
  moveDown: (name) => `Move down: ${name}`,
  movedTo: (name, place, of) => `${name}: now ${place} of ${of}`,
  lettersLeft: (n) => `${n} characters left`,
};

const PANEL_CHINESE = {
  simulatorLabel: (title) => `模拟：${title}`,
  checkerLabel: (title) => `文字检查：${title}`,
  simulatorStart: "开始模拟",
  checkerStart: "开始检查",
  simulatorResume: "继续模拟",
  checkerResume: "继续检查",
  loadsOnce: (megabytes) => `第一次启动要下载约 ${megabytes} MB，以后由浏览器直接取用。`,
  staysHere: "你写的内容只在这个页面里检查，保存在此浏览器中，不会发往别处。",
  staysInNotebook: "你写的内容只由这个笔记本检查，不会存成文件。",
  loading: "正在下载 Python……",
  loadedOf: (loaded, total) => `${loaded} / ${total} MB`,
  starting: "正在启动 Python……",
  waitingForKernel: "正在等待笔记本：它可能正在运行别的单元格。",
  onlyJupyter: (call) => `只能在 JupyterLab 中运行，因为课程发布时没有附带 Python：${call}`,
  cannot: {
    file: "不能从文件直接运行。请在网页服务器上打开本页，或在 JupyterLab 中运行。",
    wasm: "此浏览器不支持所需的 WebAssembly。请换用较新的浏览器，或在 JupyterLab 中运行。",
    worker: "此浏览器不允许所需的后台线程。请换用较新的浏览器，或在 JupyterLab 中运行。",
  },
  loadFailed: (reason) => `无法载入 Python：${reason}`,
  tryAgain: "再试一次",
  stopped: (reason) => `这是我们的差错，与你的回答无关：${reason}`,
  takeBack: "撤回上一个回答",
  startOver: "重新开始",
  startOverQuestion: "要放弃这一次、重新开始吗？这次的回答不会保留。",
  startOverYes: "是，重新开始",
  startOverNo: "不，继续",
  panelResumed: "欢迎回来，从上次停下的地方继续。",
  sentAnswer: "正在计算……",
  numbersAsTable: "用表格看这些数字",
  yourText: "你的文字",
  foundCount: (n) => `有 ${n} 处值得再看`,
  findingWord: { look: "再看看", note: "说明", "red-line": "红线" },
  toPlace: (n) => `到原文中看第 ${n} 处`,
  toFinding: (n) => `第 ${n} 处`,
  betterHead: "更好的写法",
  targetAt: (value) => `目标 ${value}`,
  reached: "已达到",
  notReached: "尚未达到",
  moveUp: (name) => `上移：${name}`,
  moveDown: (name) => `下移：${name}`,
  movedTo: (name, place, of) => `${name}：现在是第 ${place} 项，共 ${of} 项`,
  lettersLeft: (n) => `还可写 ${n} 字`,
};

/** The words of a panel in one language, those of the player included. */
export function panelWordsFor(lang) {
  const own = String(lang).toLowerCase().startsWith("zh") ? PANEL_CHINESE : PANEL_ENGLISH;
  return { ...wordsFor(lang), ...own };
}

/** The languages and the panels' own words, for the check that no word is missing in one of them. */
export const ALL_PANEL_WORDS = { en: PANEL_ENGLISH, zh: PANEL_CHINESE };
