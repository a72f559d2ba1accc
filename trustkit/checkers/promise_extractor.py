"""The promise extractor: every promise in a reply or a conversation, sorted by whether it can be kept.

It reads words, clause by clause. It misses some promises and marks too many, and it cannot know whether one was true.
"""

from __future__ import annotations

import re

from trustkit import blocks
from trustkit.blocks import Block
from trustkit.checkers.page import explained, page
from trustkit.checkers.reply import text_language
from trustkit.checkers.wordlists import Span, lines, looks, whole_sentences

ID = "promise-extractor"
TITLE = {"en": "Promise extractor", "zh": "承诺提取"}
ABOUT = {
    "en": "Find every promise in a reply or a conversation, and ask of each one whether it can be kept.",
    "zh": "找出一段回复或对话里的每个承诺，逐个问一问：守得住吗？",
}
MINUTES = 10

SORTS = ("keepable", "conditional", "impossible", "silent")
"""What a promise is; `silent` is heard as one without being said."""
GAPS = ("no-owner", "no-time")
"""What a promise leaves out; asked of those that can be kept, if only on a condition."""
SEVERITY = {"keepable": "note", "conditional": "note", "no-owner": "note", "no-time": "note"}
LIST = "promise_extractor"

_BREAK = re.compile(r"[,;，；]\s*|\s[–—-]\s|——")


def promises(text: str) -> list[tuple[str, int, int, tuple[str, ...]]]:
    """Return each promise: its sort, its first and last character, and what it leaves out."""
    found: list[tuple[str, int, int, tuple[str, ...]]] = []
    spoken_by_customer = _customer_lines(text)
    for start, end in whole_sentences(text):
        if any(first <= start < last for first, last in spoken_by_customer):
            continue
        sentence = text[start:end]
        if sentence.rstrip().endswith(("?", "？")):
            continue
        look = looks(LIST)[text_language(sentence)]
        conditional, timed = bool(look["condition"].hits(sentence)), bool(look["time"].hits(sentence))
        for first, last in _clauses(sentence):
            clause = sentence[first:last]
            sort = _sort(clause, conditional, look)
            if sort is None:
                continue
            gaps = ()
            if sort in ("keepable", "conditional"):
                unnamed = bool(look["unnamed"].hits(clause))
                gaps = tuple(gap for gap, missing in zip(GAPS, (unnamed, not timed)) if missing)
                if sort == "conditional" and conditional:
                    # The condition says when; what is asked of it is on the page: "and I know that by noon".
                    gaps = tuple(gap for gap in gaps if gap != "no-time")
            found.append((sort, start + first, start + last, gaps))
    return found


def check(text: str, language: str = "en") -> list[dict]:
    """Return the findings in a text (see `trustkit.blocks.finding`), explained in `language`."""
    found = [
        (kind, start, end) for sort, start, end, gaps in promises(text) for kind in (sort, *gaps)
    ]  # fmt: skip
    return explained(found, WORDS[language]["problems"], SEVERITY)


def labels(text: str) -> set[str]:
    """Return the kinds found in a text, for measuring."""
    return {one["kind"] for one in check(text)}


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers."""
    return page(answers, language, WORDS[language], check, more=_ledger, lines=10, most=6_000)


def _ledger(text: str, language: str) -> list[Block]:
    words = WORDS[language]
    rows = []
    for sort, start, end, gaps in promises(text):
        piece = text[start:end]
        hits = looks(LIST)[text_language(piece)]["time"].hits(piece)
        due = ", ".join(piece[first:last] for first, last in hits)
        missing = words["ask_owner"] if "no-owner" in gaps or sort in ("impossible", "silent") else words["see_owner"]
        rows.append((f"“{piece}”", words["sorts"][sort], missing, due or words["ask_time"]))
    return [blocks.table(words["columns"], rows, words["ledger"])] if rows else []


def _sort(clause: str, conditional: bool, look: dict) -> str | None:
    if look["none"].hits(clause):
        return None
    if look["sure"].hits(clause):
        return "impossible"
    if look["silent"].hits(clause):
        return "silent"
    if look["outcome"].hits(clause):
        return "conditional" if conditional else "impossible"
    if look["others"].hits(clause):
        return "conditional"
    if look["own"].hits(clause):
        return "conditional" if conditional else "keepable"
    return None


def _clauses(sentence: str) -> list[Span]:
    found, at = [], 0
    edges = [match.span() for match in _BREAK.finditer(sentence)] + [(len(sentence), len(sentence))]
    for first, last in edges:
        piece = sentence[at:first]
        if piece.strip():
            start = at + len(piece) - len(piece.lstrip())
            found.append((start, start + len(piece.strip())))
        at = last
    return found


def _customer_lines(text: str) -> list[Span]:
    return [(start, end) for start, end in lines(text) if _CUSTOMER.match(text[start:end])]


_CUSTOMER = re.compile(
    r"(?:customer|client|caller|guest|patient|passenger)\s*[:：]|(?:mr|mrs|ms|dr)\.? [\w -]{1,30}:"
    r"|(?:客户|顾客|来电人|乘客|病人|客人|住户)\s*[：:]|[\u4e00-\u9fff]{1,3}(?:女士|先生|太太|阿姨|大爷)[：:]",
    re.IGNORECASE,
)

WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Paste a reply or a conversation without real names and numbers. A line that begins with “Customer:” or "
            "with a title, as “Ms Kaur:”, is read as the customer's and left out.",
            "Each sentence that lets a customer plan is marked and sorted: keepable, conditional, impossible, or "
            "silent: "
            "heard as a promise though nobody said one. The text may be in English or in Chinese.",
        ],
        "honest": "It sees words, not meaning: it misses promises and marks too many, and its sorting is a guess from "
        "the words. That nothing is marked does not prove that nothing was promised. You are the judge.",
        "label": "Your text",
        "none": "No words were found that often make a promise. Ask yourself: what will the customer now do, or stop "
        "doing?",
        "ledger": "A first page of the ledger",
        "columns": ["Promised", "Sort, at first sight", "Who does it", "Due"],
        "sorts": {
            "keepable": "keepable", "conditional": "conditional", "impossible": "impossible", "silent": "silent",
        },
        "ask_owner": "who?",
        "see_owner": "write the name",
        "ask_time": "when?",
        "problems": {
            "keepable": (
                "A promise about the speaker's own next step. It can be kept by whoever has the time and the right to.",
                "Say it with a time, and write it down: “I ring you at four, with or without an answer.”",
            ),
            "conditional": (
                "A promise that depends on somebody else or on a fact that is not known yet.",
                "Say the condition and promise the news: “If the depot has the part, he comes on Friday. I know that "
                "by "
                "noon and ring you.”",
            ),
            "impossible": (
                "Nobody at a desk can know or give this, whether it is a result or a certainty. The customer will plan "
                "by it.",
                "Leave it out and say what you do instead: “I look for the cause now and ring you at twelve.”",
            ),
            "silent": (
                "Nobody said “promise”, and it is heard as one: that there is no reason to worry, that somebody is "
                "always "
                "there, that it takes this long.",
                "Say what stands behind it: who, on which number, until when. If nothing does, leave it out.",
            ),
            "no-owner": (
                "No person owns this promise. “We”, “somebody” and “it will be” belong to nobody when it is late.",
                "One name on each line: “I”, or “Dev from the fault line”.",
            ),
            "no-time": (
                "The promise has no time. The customer waits from the first minute, and nobody can say that it is "
                "late.",
                "Add a time that you can keep: “by six today”.",
            ),
        },
    },
    "zh": {
        "intro": [
            "贴一段回复或者对话，请不要写真实的姓名和号码。以“客户：”或者“某女士：”这样开头的行，当作客户说的话，"
            "不查。",
            "凡是客户会照着安排事情的话，都会标出来，并分成四类：守得住的、有条件的、守不住的，"
            "还有没说出口、却会被当成承诺的。"
            "文字用中文或英文都可以。",
        ],
        "honest": "它只看字面，不懂意思：有的承诺会漏，有的不是承诺也会标，分类只是看词的初步猜测。没有标出来，"
        "不证明没有许诺。判断的人是你。",
        "label": "你的文字",
        "none": "没有找到常常构成承诺的词。再问一问自己：客户听完，会去做什么，又会不做什么？",
        "ledger": "承诺台账的第一页",
        "columns": ["承诺的话", "初步归类", "谁来做", "期限"],
        "sorts": {"keepable": "守得住", "conditional": "有条件", "impossible": "守不住", "silent": "没说出口"},
        "ask_owner": "谁？",
        "see_owner": "写上名字",
        "ask_time": "什么时候？",
        "problems": {
            "keepable": (
                "这是对自己下一步的承诺。只要有时间、有权限，就守得住。",
                "说清时间，并记下来：“不管有没有结果，我四点给您打电话。”",
            ),
            "conditional": (
                "这个承诺要靠别人，或者要看一件现在还不知道的事。",
                "把条件说出来，只承诺告知：“仓库有货的话，师傅周五上门；有没有货，我中午前打电话告诉您。”",
            ),
            "impossible": (
                "坐在服务台的人不可能知道，也给不出这样的结果或把握。客户却会照着它安排。",
                "删掉，改说你会做什么：“我现在去查原因，十二点给您打电话。”",
            ),
            "silent": (
                "没有说“承诺”，客户听到的却是承诺：不用担心、随时有人、这么快就好。",
                "说清它靠什么：谁、打哪个电话、到几点。要是什么都没有，就别说。",
            ),
            "no-owner": (
                "这个承诺没有主人。“我们”“有人”“会到账”，晚了的时候找不到是谁。",
                "一行一个名字：写“我”，或者写“故障台的小戴”。",
            ),
            "no-time": (
                "这个承诺没有时间。客户从第一分钟就开始等，晚没晚也没人说得清。",
                "加一个守得住的时间：“今天六点之前”。",
            ),
        },
    },
}  # fmt: skip
