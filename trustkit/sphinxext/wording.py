"""The words that the extension itself puts on a page, in each language of the course."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.config import Config

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "cited": "cited",
        "synthetic": "synthetic",
        "rule": "rule",
        "claim": "claim under test",
        "cited-help": "From a published source: {key}",
        "synthetic-help": "Made for practice. Not a finding about real customers.",
        "rule-help": "A rule of law, standard or house policy: {key}",
        "claim-help": "A claim this course puts to the test. Do not repeat it as a fact.",
        "objectives": "After this lesson you can",
        "lesson": "Lesson {number}",
        "time": "Time",
        "minutes": "{count} minutes",
        "audience": "For",
        "track-both": "agents and analysts",
        "track-agent": "agents",
        "track-analyst": "analysts",
        "checked": "How far checked",
        "date": "Last looked at",
        "jurisdiction": "Holds in",
        "source": "Source",
        "other-language": "zh",
        "case-no-script": "This complaint is played in the page. Please switch on JavaScript in your browser, "
        "or play it in a terminal with: trustkit play {id}",
        "drill-no-script": "This drill runs in the page. Please switch on JavaScript in your browser.",
        "case-elsewhere": "Case “{title}”: about {minutes} minutes. Play it on the course's web page, "
        "or in a terminal with: trustkit play {id}",
        "drill-elsewhere": "Drill “{title}”: {count} items, about {minutes} minutes. Do it on the course's web page.",
        "widget-elsewhere": "This cell shows a control that works in JupyterLab.",
        "switch-label": "Language",
        "menu": "Course contents",
        "page-contents": "On this page",
        "search": "Search",
        "mode": "Light or dark",
        "sidebar": "Course contents",
    },
    "zh": {
        "cited": "引用",
        "synthetic": "演练数据",
        "rule": "规则",
        "claim": "待检验说法",
        "cited-help": "出自已发表的来源：{key}",
        "synthetic-help": "为练习而编，不代表真实客户的情况。",
        "rule-help": "法律、标准或公司政策：{key}",
        "claim-help": "本课程要检验的说法，请勿当作事实转述。",
        "objectives": "学完本课，你能够",
        "lesson": "第 {number} 课",
        "time": "用时",
        "minutes": "{count} 分钟",
        "audience": "适合",
        "track-both": "客服与分析人员",
        "track-agent": "客服",
        "track-analyst": "分析人员",
        "checked": "核对情况",
        "date": "最近核对",
        "jurisdiction": "适用地区",
        "source": "来源",
        "other-language": "en",
        "case-no-script": "本案例在页面中进行。请在浏览器中启用 JavaScript，或在终端运行：trustkit play {id} --lang zh",
        "drill-no-script": "本练习在页面中进行。请在浏览器中启用 JavaScript。",
        "case-elsewhere": "案例“{title}”：约 {minutes} 分钟。请在课程网页上进行，"
        "或在终端运行：trustkit play {id} --lang zh",
        "drill-elsewhere": "小练习“{title}”：共 {count} 题，约 {minutes} 分钟。请在课程网页上进行。",
        "widget-elsewhere": "这个单元格的控件要在 JupyterLab 中使用。",
        "switch-label": "语言",
        "menu": "课程目录",
        "page-contents": "本页内容",
        "search": "搜索",
        "mode": "浅色或深色",
        "sidebar": "课程目录",
    },
}

BCP47 = {"en": "en", "zh": "zh-CN"}
"""The value of a page's `lang` attribute, by language."""

NAMES = {"en": "English", "zh": "中文"}
"""What a language calls itself."""


def language_of(config: Config) -> str:
    """Return the language of the edition being built: `en` or `zh`."""
    return "zh" if (config.language or "en").lower().startswith("zh") else "en"


def say(config: Config, word: str, /, **values: object) -> str:
    """Return a word or sentence of `WORDS` in the edition's language, with `{…}` filled in."""
    return WORDS[language_of(config)][word].format(**values)
