"""The checker of positive language: promises nobody holds, blame, empty comfort, a bare no, and who does what by when.

Positive language says what can be done before what cannot. The checker sees its words, not whether they are true.
"""

from __future__ import annotations

from trustkit import blocks
from trustkit.blocks import Block
from trustkit.checkers.page import explained, page
from trustkit.checkers.wordlists import Span, lines, places

ID = "positive-language"
TITLE = {"en": "Positive and honest", "zh": "积极而诚实的说法"}
ABOUT = {
    "en": "Rewrite risky sentences, one to a line, and see where a promise, blame or an empty comfort is left.",
    "zh": "一行写一句，改写有风险的话，看看哪里还有空头承诺、责怪或者空洞的安慰。",
}
MINUTES = 15

PROBLEMS = ("red-line", "certainty", "blame", "soothing", "negative", "passive", "hedge")
"""What a sentence should not hold, the gravest first."""
PRESENCE = ("owner", "time")
"""What a next step should hold."""
SEVERITY = {"red-line": "red-line", "passive": "note", "hedge": "note", "no-owner": "note", "no-time": "note"}
LIST = "positive_language"


def check(text: str, language: str = "en") -> list[dict]:
    """Return the findings in sentences that were rewritten, one or more to a line, explained in `language`."""
    found: list[tuple[str, int | None, int | None]] = []
    for line in lines(text):
        for kind in PROBLEMS:
            if kind == "negative" and _in(text, line, "way"):
                continue
            found += [(kind, start, end) for start, end in _in(text, line, kind)]
        has = {kind for kind in PRESENCE if _in(text, line, kind)}
        # A line that holds neither may be a fact or a regret; one that holds half of a next step asks for the rest.
        if len(has) == 1:
            (missing,) = set(PRESENCE) - has
            found.append((f"no-{missing}", *line))
    return explained(found, WORDS[language]["problems"], SEVERITY)


def labels(text: str) -> set[str]:
    """Return what a text shows, for measuring: its problems, and whether it names an owner and a time."""
    has = {kind for kind in PRESENCE if places(text, LIST, kind)}
    return has | {one["kind"] for one in check(text) if not one["kind"].startswith("no-")}


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers."""
    return page(answers, language, WORDS[language], check, more=_table, lines=12, most=4_000)


def _table(text: str, language: str) -> list[Block]:
    words = WORDS[language]
    rows = []
    for number, line in enumerate(lines(text), 1):
        cells = []
        for kind in PRESENCE:
            hits = [f"“{text[start:end]}”" for start, end in _in(text, line, kind)]
            cells.append(", ".join(hits[:2]) or words["not_found"])
        rows.append((number, *cells))
    return [blocks.table(words["columns"], rows, words["table"])] if rows else []


def _in(text: str, line: Span, kind: str) -> list[Span]:
    first, last = line
    return [(first + start, first + end) for start, end in places(text[first:last], LIST, kind)]


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Write your rewritten sentences, one rewrite to a line. Each line may hold two or three short sentences.",
            "The checker looks for certainty that nobody holds, blame, empty comfort, a no without a way, mistakes "
            "that "
            "nobody made, and for a time and an owner. English or Chinese.",
        ],
        "honest": "It sees words, not meaning. That nothing is found does not make a sentence true, kind or yours to "
        "sign; read it aloud to a colleague.",
        "label": "Your sentences, one rewrite to a line",
        "none": "Nothing was found that these rules look for. One more question for each line: who holds what I "
        "promise?",
        "columns": ["Line", "Who", "By when"],
        "table": "Owner and time of what is still to be done",
        "not_found": "not found",
        "problems": {
            "red-line": (
                "Nobody may vouch for this, in no tone: safety, an allergen, a medicine, an investment.",
                "Turn the guarantee into a protection: “Please unplug it. The safety office answers you by tomorrow "
                "noon.”",
            ),
            "certainty": (
                "A promise without a condition. If it fails, this is the word the customer remembers.",
                "Turn the result into news with a time: “I look for the cause now. At twelve I ring you, with or "
                "without "
                "it.”",
            ),
            "blame": (
                "It looks for a culprit, or tells people how to feel. Somebody who has to defend themselves stops "
                "listening.",
                "Turn the blame into a fact: “The terms say fourteen days. I see that the mail did not show it "
                "clearly.”",
            ),
            "soothing": (
                "Comfort that holds nothing. The future is not yours to give, and nobody is calmed by being told to "
                "be.",
                "One sentence of regret that names the matter, then something you do: “I am sorry that you had to call "
                "three times.”",
            ),
            "negative": (
                "Only a no. The customer knows what cannot be done and not where to go now.",
                "Say who can, and take it there: “That is decided in billing. I take it there and stay your contact.”",
            ),
            "passive": (
                "A mistake that nobody made. The passive hides the person.",
                "“We overlooked it.”",
            ),
            "hedge": (
                "Softened until nothing is left. It promises so little that it does not help.",
                "Say the one thing you will do and when: “I look at it this afternoon and write to you by five.”",
            ),
            "no-owner": (
                "A time is named here, and nobody who does it.",
                "Begin with “I”, or with a name: “Marta in billing rings you before five.”",
            ),
            "no-time": (
                "Somebody takes this on, and no time was found. The wait has no end.",
                "Add the time of the next news: “by six today, with or without a result”.",
            ),
        },
    },
    "zh": {
        "intro": [
            "把改写后的话写在这里，一行一条，每条可以有两三个短句。",
            "这里会找：谁也担不起的“一定”、责怪、空洞的安慰、只有拒绝没有出路的话、没有人犯的错，也会找时间和负责的人。"
            "中文或英文都可以。",
        ],
        "honest": "它只看字面，不懂意思。没有找到问题，不等于这句话真实、体贴，也不等于你敢在下面签名。"
        "请读给一位同事听。",
        "label": "改写后的话，一行一条",
        "none": "没有发现这些规则要找的问题。每一行再问一句：我许诺的事，握在谁手里？",
        "columns": ["行", "谁来做", "什么时候"],
        "table": "还要做的事：谁、什么时候",
        "not_found": "没有找到",
        "problems": {
            "red-line": (
                "这样的包票，用什么语气都没有人能打：安全、过敏原、药效、投资收益。",
                "把保证改成保护：“请您先拔掉插头，安全部明天中午前答复您。”",
            ),
            "certainty": (
                "没有条件的承诺。一旦落空，客户记住的就是这个词。",
                "把结果改成有时间的消息：“我现在去查原因，不管查没查到，十二点给您打电话。”",
            ),
            "blame": (
                "在找谁的错，或者在教客户怎么感受。人一旦要为自己辩解，就听不进别的了。",
                "把责怪改成事实：“条款写的是十四天，邮件里没有写清楚，这一点我看到了。”",
            ),
            "soothing": (
                "里面什么都没有的安慰。将来的事不由你说了算，叫人别急，人也不会因此不急。",
                "用一句歉意点出这件事，再说你做什么：“让您打了三次电话，很抱歉。”",
            ),
            "negative": (
                "只有一个“不”。客户知道了什么办不到，却不知道接下来找谁。",
                "说出谁能办，并且替他送过去：“这件事由账务部决定，我转过去，有事您还是找我。”",
            ),
            "passive": (
                "错有了，犯错的人不见了。",
                "“是我们漏看了。”",
            ),
            "hedge": (
                "说得太软，什么也没剩下，对客户没有帮助。",
                "只说一件你会做的事和时间：“我下午就看，五点前写信告诉您。”",
            ),
            "no-owner": (
                "有时间，却没有做事的人。",
                "用“我”或者名字开头：“账务部的马婷五点前给您打电话。”",
            ),
            "no-time": (
                "有人接下了，却没有找到时间，等到什么时候没有底。",
                "加上下一次消息的时间：“今天六点之前，有没有结果都告诉您。”",
            ),
        },
    },
}
