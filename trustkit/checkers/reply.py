"""The reply checker: what a written reply to a complaint names and what it leaves out, by its words alone.

It finds presence, never quality, and gives no points: a reply can hold all that is looked for and still be unkind.
The criteria are those of the course's rubric for written replies; a person marks by it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trustkit import blocks
from trustkit.blocks import Block
from trustkit.checkers.reading_grade import grade_of

ID = "reply"
TITLE = {"en": "Reply checker", "zh": "回复检查"}
ABOUT = {
    "en": "Write a reply to a customer and see what it names and what it leaves out, word by word.",
    "zh": "写一段给客户的回复，看看它说到了什么、漏了什么，逐句标出。",
}
MINUTES = 10

PRESENCE = ("care", "known", "owner", "step", "date")
"""What a reply should hold; where one is missing, the finding is called `no-…`."""
PROBLEMS = ("red-line", "private", "blame", "promise", "formula")
"""What a reply should not hold, the gravest first."""
MOST = {"en": 180, "zh": 350}
"""Longest reply: words in English, characters in Chinese."""
LONGEST_SENTENCE = {"en": 28, "zh": 60}
SEVERITY = {"red-line": "red-line", "private": "look", "blame": "look", "promise": "look", "formula": "note"}

_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?](?!\s|$)[^.!?。！？\n]*)*[.!?。！？]*")
_WORD = re.compile(r"[A-Za-z0-9]+(?:['’-][A-Za-z0-9]+)*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Look:
    """What one kind is found by; see the head of `reply.toml`."""

    find: tuple[re.Pattern[str], ...]
    need: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


def text_language(text: str) -> str:
    """Return the language a text is written in: "zh" where Chinese characters are more than words of letters."""
    return "zh" if len(_CHINESE.findall(text)) > len(_WORD.findall(text)) else "en"


def places(text: str, kind: str) -> list[tuple[int, int]]:
    """Return where a kind shows in a text, as start and end in characters; overlapping hits count once."""
    look = _looks()[text_language(text)][kind]
    found: list[tuple[int, int]] = []
    for start, end in sentences(text):
        sentence = text[start:end]
        if look.need and not any(pattern.search(sentence) for pattern in look.need):
            continue
        barred = [match.span() for pattern in look.unless for match in pattern.finditer(sentence)]
        hits = sorted(match.span() for pattern in look.find for match in pattern.finditer(sentence))
        for first, last in hits:
            if any(first < b and a < last for a, b in barred):
                continue
            if not found or start + first >= found[-1][1]:
                found.append((start + first, start + last))
    return found


def sentences(text: str) -> list[tuple[int, int]]:
    """Return where each sentence of a text begins and ends, without the spaces around it."""
    found = []
    for match in _SENTENCE.finditer(text):
        words = match.group()
        if words.strip():
            start = match.start() + len(words) - len(words.lstrip())
            found.append((start, start + len(words.strip())))
    return found


def length(text: str) -> int:
    """Return the length of a text: words in English, characters without spaces and marks in Chinese."""
    if text_language(text) == "en":
        return len(_WORD.findall(text))
    return len(re.findall(r"[\u4e00-\u9fffA-Za-z0-9]", text))


def reading_grade(text: str) -> float:
    """Return the reading level of an English text in school years (see `trustkit.checkers.reading_grade`)."""
    return grade_of(_WORD.findall(text), len(sentences(text)))


def check(text: str, language: str = "en") -> list[dict]:
    """Return the findings in a reply (see `trustkit.blocks.finding`), explained in `language`.

    The reply itself may be in English or in Chinese, whatever the language of the explanations.
    """
    words, spoken = WORDS[language], text_language(text)
    found = []
    for kind in PROBLEMS:
        for start, end in places(text, kind):
            why, better = words["problems"][kind]
            found.append(blocks.finding(kind, why, better, start=start, end=end, severity=SEVERITY[kind]))
    for start, end in sentences(text):
        if length(text[start:end]) > LONGEST_SENTENCE[spoken]:
            why, better = words["problems"]["sentence"]
            found.append(blocks.finding("sentence", why, better, start=start, end=end, severity="note"))
    for kind in PRESENCE:
        if not places(text, kind):
            why, better = words["missing"][kind]
            found.append(blocks.finding(f"no-{kind}", why, better))
    if length(text) > MOST[spoken]:
        why, better = words["problems"]["long"]
        found.append(blocks.finding("long", why, better, severity="note"))
    return found


def labels(text: str) -> set[str]:
    """Return what a reply shows, for measuring: the kinds of presence it has and the problems in it."""
    kinds = {found["kind"] for found in check(text)}
    return {kind for kind in PRESENCE if f"no-{kind}" not in kinds} | {k for k in kinds if not k.startswith("no-")}


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers: what is looked for, the last reply with its findings, and the form."""
    words = WORDS[language]
    shown = [blocks.text(*words["intro"]), blocks.text(words["honest"], tone="note")]
    text = answers[-1]["reply"] if answers else ""
    if answers:
        if not text.strip():
            raise ValueError(words["empty"])
        rows = []
        for kind in PRESENCE:
            hits = [f"“{text[start:end]}”" for start, end in places(text, kind)]
            rows.append((words["names"][kind], words["join"].join(hits[:3]) or words["not_found"]))
        shown += [
            blocks.heading(words["found"]),
            blocks.findings(text, check(text, language), words["none"]),
            blocks.table(words["columns"], rows, words["presence"]),
            blocks.facts(_reading(text, language)),
            blocks.text(words["after"], tone="note"),
        ]
    field = blocks.writing("reply", words["label"], lines=9, most=3_000, value=text)
    return [*shown, blocks.form("reply", [field], words["again" if answers else "check"])]


def _reading(text: str, language: str) -> list[tuple[str, object]]:
    words, spoken = WORDS[language], text_language(text)
    each = [length(text[start:end]) for start, end in sentences(text)]
    unit = words["units"][spoken]
    told: list[tuple[str, object]] = [
        (words["length"], f"{length(text)} {unit}"),
        (words["sentence_length"], words["mean"].format(mean=sum(each) / len(each), most=max(each), unit=unit)),
    ]
    if spoken == "en" and length(text) >= 30:
        told.append((words["grade"], words["grade_value"].format(grade=reading_grade(text))))
    return told


@cache
def _looks() -> dict[str, dict[str, Look]]:
    lists = tomllib.loads(files(__package__).joinpath("reply.toml").read_text(encoding="utf-8"))
    return {
        language: {
            kind: Look(
                *(
                    tuple(re.compile(pattern, re.IGNORECASE) for pattern in look.get(part, ()))
                    for part in ("find", "need", "unless")
                )
            )
            for kind, look in kinds.items()
        }
        for language, kinds in lists.items()
    }


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Write a reply to a customer, or paste one you have written. Leave out real names and numbers.",
            "The checker looks for five things that a reply should name, and for words that often hurt trust. "
            "Your reply may be in English or in Chinese.",
        ],
        "honest": "It sees words, not meaning. That something is named does not make it true, kind or right, and "
        "there are no points here. Whether a reply is good is for a person to judge.",
        "label": "Your reply",
        "check": "Check this reply",
        "again": "Check again",
        "empty": "There is no reply yet. Write a line or two first.",
        "found": "What was found",
        "none": "Nothing was found that these rules look for. Now read it as the customer would.",
        "columns": ["A reply should name", "Found in yours"],
        "presence": "What the reply names",
        "not_found": "not found",
        "join": ", ",
        "names": {
            "care": "Regret or thanks, in one line",
            "known": "What is known and what is not",
            "owner": "Who takes care of it",
            "step": "The next step",
            "date": "By when",
        },
        "after": "Change your reply and check again, or leave it: a finding is a question to you, not a fault.",
        "length": "Length",
        "sentence_length": "Sentences",
        "mean": "{mean:.0f} {unit} on average, the longest {most}",
        "units": {"en": "words", "zh": "characters"},
        "grade": "Reading level (estimate)",
        "grade_value": "about school year {grade:.0f}; up to 8 is easy for most readers",
        "missing": {
            "care": (
                "No word of regret or thanks was found. Facts alone read as cold to somebody who has had trouble.",
                "One line that names this trouble: “I am sorry that you had to take a second day off for us.”",
            ),
            "known": (
                "The reply does not say what you know and what you do not know yet. The customer will fill the gap.",
                "“I have checked the visit report: the fan was replaced. I do not know yet why it stopped again.”",
            ),
            "owner": (
                "No person takes this on. “We” and “the team” belong to nobody when something goes wrong.",
                "A name or an I: “I will look after this until it is solved.”",
            ),
            "step": (
                "No concrete next step was found. “We will deal with it” is not something a customer can see happen.",
                "Something that can be seen: “I will call you with the test result.”",
            ),
            "date": (
                "No time was found that is still to come. Without one, the customer has to ask again.",
                "A day and an hour that you can keep: “by 6 pm tomorrow”.",
            ),
        },
        "problems": {
            "red-line": (
                "This crosses a line of the course, or comes near it: a safety nobody can vouch for, a favour for "
                "silence, or talking somebody out of a complaint.",
                "Leave it out. A refund has no strings, and the way to complain stays open.",
            ),
            "private": (
                "This looks like personal data of somebody. A reply may be forwarded, printed or read aloud.",
                "Leave it out, or name only its last digits.",
            ),
            "blame": (
                "This can be read as blame. A customer who has to defend themselves no longer listens.",
                "Say what happened without a culprit: “The manual does not make this step clear.”",
            ),
            "promise": (
                "This promises more than anybody can keep. When it fails, the second loss is larger than the first.",
                "Promise what is in your own hands, with its condition: “If the part arrives on Friday, …”",
            ),
            "formula": (
                "A formula: readers have met it a hundred times and skip it, or take it as an evasion.",
                "Say the thing itself: what, who, by when.",
            ),
            "sentence": (
                "A long sentence. Somebody who is upset will lose its beginning before the end.",
                "One idea in each sentence.",
            ),
            "long": (
                "A long reply. What matters to the customer may drown in it.",
                "Begin with the next step and its time; leave the history to an annex.",
            ),
        },
    },
    "zh": {
        "intro": [
            "写一段给客户的回复，或者贴一段你写过的。请不要写真实的姓名和号码。",
            "这里会找回复应当说到的五件事，也会找那些常常伤害信任的说法。回复用中文或英文写都可以。",
        ],
        "honest": "它只看字面，不懂意思。说到了，不等于真实、体贴或者恰当；这里也不打分。回复写得好不好，由人来判断。",
        "label": "你的回复",
        "check": "检查这段回复",
        "again": "再检查一次",
        "empty": "还没有写回复，请先写一两句。",
        "found": "检查结果",
        "none": "没有发现这些规则要找的问题。现在请站在客户的位置上读一遍。",
        "columns": ["回复应当说到", "你的回复里"],
        "presence": "回复说到了什么",
        "not_found": "没有找到",
        "join": "、",
        "names": {
            "care": "一句歉意或感谢",
            "known": "已知什么、未知什么",
            "owner": "由谁负责",
            "step": "下一步做什么",
            "date": "什么时候之前",
        },
        "after": "可以改了再查，也可以不改：每一条都是向你提的问题，不是判你有错。",
        "length": "长度",
        "sentence_length": "句子",
        "mean": "平均 {mean:.0f} {unit}，最长 {most}",
        "units": {"en": "词", "zh": "字"},
        "grade": "阅读难度（估计）",
        "grade_value": "约为英语学校 {grade:.0f} 年级；8 年级以内，多数人读来轻松",
        "missing": {
            "care": (
                "没有找到表示歉意或感谢的话。对刚遇到麻烦的人，只讲事实会显得冷。",
                "用一句话点出这件麻烦事：“让您为这台冰箱又请了一天假，很抱歉。”",
            ),
            "known": (
                "没有说清哪些已经查明、哪些还不清楚。留下的空白，客户会自己去猜。",
                "“我查到上次换的是风扇；为什么又停了，目前还不清楚。”",
            ),
            "owner": (
                "没有哪个人把事情接下来。一旦出了岔子，“我们”和“相关同事”都不是具体的人。",
                "写出名字，或者写“我”：“这件事由我负责到解决为止。”",
            ),
            "step": (
                "没有找到具体的下一步。“会处理的”，客户看不见。",
                "写一件看得见的事：“检测结果出来，我打电话告诉您。”",
            ),
            "date": (
                "没有找到接下来的时间。没有时间，客户只好再来问一次。",
                "写一个守得住的日子和钟点：“明天下午六点前”。",
            ),
        },
        "problems": {
            "red-line": (
                "这句话碰到或接近课程的红线：替安全打包票、用好处换沉默，或者劝人别投诉。",
                "请删掉。退款不附带条件，投诉的路一直开着。",
            ),
            "private": (
                "这像是某个人的个人信息。回复可能被转发、打印或当众念出来。",
                "请删掉，或者只写最后几位。",
            ),
            "blame": (
                "这句话可能被读成责怪。客户一旦要为自己辩解，就听不进别的了。",
                "只说发生了什么，不找谁的错：“说明书里这一步没有写清楚。”",
            ),
            "promise": (
                "这里许下了谁也守不住的诺言。落空的时候，第二次失望比第一次更重。",
                "只承诺自己能做到的，并说明条件：“如果配件周五到货，……”",
            ),
            "formula": (
                "这是套话。读的人见过上百遍，要么跳过，要么当成推托。",
                "直接说事情本身：做什么、谁来做、什么时候。",
            ),
            "sentence": (
                "句子太长。心里着急的人，读到后面就忘了前面。",
                "一句话只说一件事。",
            ),
            "long": (
                "回复太长，客户关心的内容容易被淹没。",
                "开头先写下一步和时间，经过放到后面。",
            ),
        },
    },
}
