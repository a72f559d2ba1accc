"""The survey checker: eight ways to spoil a question, and negation, found item by item.

One item stands in each line; its answers may follow a question mark or a colon, parted by strokes. The checker finds
patterns; it cannot know whether a question is worth asking.
"""

from __future__ import annotations

import re

from trustkit.blocks import Block
from trustkit.checkers.page import explained, page
from trustkit.checkers.reply import length, text_language
from trustkit.checkers.wordlists import Span, lines, looks, places

ID = "survey"
TITLE = {"en": "Survey questions", "zh": "问卷题目"}
ABOUT = {
    "en": "Write survey questions, one to a line, and see which would spoil the answers.",
    "zh": "一行写一道问卷题，看看哪些会带歪回答。",
}
MINUTES = 10

WORDED = ("double", "leading", "loaded", "absolute", "jargon", "negation")
"""What is found by the words of the question."""
BUILT = ("scale", "no-way-out", "long")
"""What is found by its answers and its length."""
KINDS = (*WORDED, *BUILT)
MOST = {"en": 20, "zh": 40}
"""Longest question: words in English, characters in Chinese."""
SEVERITY = {"negation": "note", "long": "note"}
LIST = "survey"

_STROKE = re.compile(r"[/／|｜]")
_END = re.compile(r"[?？:：]\s*(?=[^?？:：]*$)")


def item(line: str) -> tuple[Span, list[str]]:
    """Return where the question of a line stands, and its answers; a line without strokes is all question."""
    if not _STROKE.search(line):
        return (0, len(line)), []
    found = _END.search(line)
    at = found.end() if found else 0
    options = [one.strip(" .。；;，,") for one in _STROKE.split(line[at:])]
    options = [one for one in options if one]
    return ((0, at), options) if len(options) > 1 else ((0, len(line)), [])


def check(text: str, language: str = "en") -> list[dict]:
    """Return the findings in survey questions (see `trustkit.blocks.finding`), explained in `language`."""
    found: list[tuple[str, int | None, int | None]] = []
    for start, end in lines(text):
        (first, last), options = item(text[start:end])
        question = text[start + first : start + last]
        for kind in WORDED:
            hits = places(question, LIST, kind)
            found += [(kind, start + first + one, start + first + two) for one, two in hits]
        if length(question) > MOST[text_language(question or " ")]:
            found.append(("long", start + first, start + len(question.rstrip())))
        if options:
            found += [(kind, start + last, end) for kind in _answers(options, text_language(text[start:end]))]
    return explained(found, WORDS[language]["problems"], SEVERITY)


def labels(text: str) -> set[str]:
    """Return the kinds found in a text, for measuring."""
    return {one["kind"] for one in check(text)}


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers."""
    return page(answers, language, WORDS[language], check, lines=10)


def _answers(options: list[str], language: str) -> list[str]:
    look = looks(LIST)[language]
    count = {"good": 0, "bad": 0, "middle": 0, "out": 0}
    for option in options:
        sort = next((one for one in ("out", "middle", "bad", "good") if look[one].hits(option)), None)
        if sort:
            count[sort] += 1
    steps = count["good"] + count["bad"]
    kinds = []
    # What the words of the options do not say is no scale to be judged.
    if steps >= 2 and count["good"] != count["bad"]:
        kinds.append("scale")
    if steps >= 2 and not count["middle"] and not count["out"]:
        kinds.append("no-way-out")
    return kinds


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Write survey questions, one to a line. Answers may follow, parted by strokes: “How was the repair? good / "
            "neither / bad / cannot say”. English or Chinese.",
            "The checker looks for two questions in one, leading, loaded and absolute words, scales with more steps "
            "on one "
            "side, answers without a way out, long questions, jargon and negation.",
        ],
        "honest": "It finds patterns. That it finds none does not make a good question: it cannot know whether the "
        "question is worth asking, or who will not answer it.",
        "label": "Your questions, one to a line",
        "none": "No fault was found by these rules. Ask two people to answer aloud, and listen to what they think it "
        "means.",
        "problems": {
            "double": (
                "Two things in one question. One may have failed, and the answer does not say which.",
                "Two questions, one line each.",
            ),
            "leading": (
                "The question tells people what to feel, or which answer is wanted.",
                "Take out the praise: “How much help did you get?”",
            ),
            "loaded": (
                "A heavy word has decided already that something was bad.",
                "Ask what happened, then how it was: “How long did you wait? Was that all right for you?”",
            ),
            "absolute": (
                "Always, never, all: one exception makes the answer no, and the no says nothing.",
                "Ask about one time: “Did we keep the time that we named?”",
            ),
            "jargon": (
                "A word of the house. People answer what they think it means, or leave.",
                "What the customer sees: “Did a second person have to help?”",
            ),
            "negation": (
                "A “not” in a question: a yes can mean both.",
                "Ask it without “not”: “How long did you wait?”",
            ),
            "scale": (
                "The scale has more steps on one side. It collects what it offers.",
                "As many steps up as down: very good, good, neither, bad, very bad.",
            ),
            "no-way-out": (
                "No middle and no “cannot say”. Somebody who was not served has to invent an answer.",
                "Add “neither” and “cannot say”.",
            ),
            "long": (
                "A long question, with more than about twenty words. Its beginning is gone before the end.",
                "Cut it, or split it in two.",
            ),
        },
    },
    "zh": {
        "intro": [
            "写几道问卷题，一行一道。后面可以跟选项，用斜线分开：“维修怎么样？好／一般／差／说不好”。"
            "中文或英文都可以。",
            "这里会找："
            "一题问两件事、诱导、带情绪的词、绝对的词、一边台阶多的量表、没有出路的选项、太长的题、行话和否定。",
        ],
        "honest": "它只认句式。没有找到毛病，不等于是一道好题：它不知道这道题值不值得问，也不知道谁不会来答。",
        "label": "你的题目，一行一道",
        "none": "按这些规则没有找到毛病。请两个人念出声来作答，听听他们以为在问什么。",
        "problems": {
            "double": (
                "一道题问了两件事。也许只有一件没做好，答案却看不出是哪一件。",
                "拆成两道题，一行一道。",
            ),
            "leading": (
                "题目在教人该有什么感受，或者已经说出了想要的答案。",
                "去掉夸奖的词：“您得到了多少帮助？”",
            ),
            "loaded": (
                "用词很重，还没有问，就已经断定事情不好。",
                "先问发生了什么，再问感受：“您等了多久？这样可以接受吗？”",
            ),
            "absolute": (
                "总是、从来、所有：有一次例外，就只能答“否”，而这个“否”什么也说明不了。",
                "只问一次：“我们有没有守住说好的时间？”",
            ),
            "jargon": (
                "公司内部的词。人们会按自己的理解来答，或者干脆不答。",
                "换成客户看得见的事：“是不是要换第二个人来帮忙？”",
            ),
            "negation": (
                "题目里有“不”或“没”，答“是”可以有两种意思。",
                "不用否定来问：“您等了多久？”",
            ),
            "scale": (
                "量表一边的台阶多，给什么台阶，就收到什么答案。",
                "上下一样多：很好、好、一般、差、很差。",
            ),
            "no-way-out": (
                "没有中间项，也没有“说不好”。没有得到服务的人，只好编一个答案。",
                "加上“一般”和“说不好”。",
            ),
            "long": (
                "题目太长，读到最后，开头已经忘了。",
                "删短，或者拆成两道。",
            ),
        },
    },
}
