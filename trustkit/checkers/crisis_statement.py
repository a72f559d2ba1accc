"""The checker of crisis statements: which lines of an apology are there, and what makes them worth less.

It finds presence, never truth: a statement can hold all seven lines and still be false, cold or too late.
"""

from __future__ import annotations

from trustkit import blocks
from trustkit.blocks import Block
from trustkit.checkers.page import explained, page
from trustkit.checkers.reply import length, text_language
from trustkit.checkers.wordlists import places

ID = "crisis-statement"
TITLE = {"en": "Crisis statement", "zh": "危机声明"}
ABOUT = {
    "en": "Write the statement on the kettle and see which parts are there and what weakens them.",
    "zh": "写一份水壶事件的声明，看看哪几部分写到了，哪些说法会让它打折扣。",
}
MINUTES = 15

PARTS = ("fact", "harm", "ours", "why", "open", "repair", "change", "next")
"""The seven lines of an apology, and what is still open; a missing one is found as `no-…`."""
PROBLEMS = ("deny", "minimise", "blame", "speculate", "feelings", "overpromise", "unsigned", "formula")
"""What takes away from them, the gravest first."""
KETTLE = (
    "signed-handles", "signed-hands", "signed-glue", "signed-mail", "open-number", "open-silence",
    "done-sale", "done-collect", "done-money", "done-doctor", "done-examiner", "done-next",
)  # fmt: skip
"""The facts of the kettle Ember: signed, open, decided."""
MOST = {"en": 180, "zh": 300}
"""Longest statement: words in English, characters in Chinese."""
SEVERITY = {"deny": "red-line", "formula": "note", "long": "note"}
LIST = "crisis_statement"


def check(text: str, language: str = "en") -> list[dict]:
    """Return the findings in a statement (see `trustkit.blocks.finding`), explained in `language`."""
    found: list[tuple[str, int | None, int | None]] = []
    for kind in PROBLEMS:
        found += [(kind, start, end) for start, end in places(text, LIST, kind)]
    missing = [(f"no-{part}", None, None) for part in PARTS if not places(text, LIST, part)]
    if places(text, LIST, "signed-glue") and not places(text, LIST, "signed-mail"):
        missing.append(("no-mail", None, None))
    if length(text) > MOST[text_language(text)]:
        missing.append(("long", None, None))
    return explained([*found, *missing], WORDS[language]["problems"], SEVERITY)


def labels(text: str) -> set[str]:
    """Return what a text shows, for measuring: its parts and its problems."""
    parts = {part for part in PARTS if places(text, LIST, part)}
    return parts | {kind for kind in PROBLEMS if places(text, LIST, kind)}


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers."""
    return page(answers, language, WORDS[language], check, more=_tables, lines=12, most=3_000)


def _tables(text: str, language: str) -> list[Block]:
    words = WORDS[language]

    def said(kind: str) -> str:
        hits = [f"“{text[start:end]}”" for start, end in places(text, LIST, kind)]
        return words["join"].join(hits[:2]) or words["not_found"]

    unit = words["units"][text_language(text)]
    return [
        blocks.table(words["columns"], [(words["parts"][part], said(part)) for part in PARTS], words["presence"]),
        blocks.table(words["columns"], [(words["kettle"][fact], said(fact)) for fact in KETTLE], words["facts"]),
        blocks.facts([(words["length"], f"{length(text)} / {MOST[text_language(text)]} {unit}")]),
    ]


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Write the statement on the kettle Ember, at most 180 words, in English or in Chinese.",
            "The checker looks for the seven lines of an apology, for what you say is open, and for denial, "
            "minimising, "
            "blame, guesses, regretted feelings and promises nobody can keep. Below them stand the facts of the case.",
        ],
        "honest": "It sees whether the words of a part are there. Presence is not quality, and no finding is no proof: "
        "whether a statement is true and human, a person decides.",
        "label": "Your statement",
        "none": "Every part was found, and nothing that weakens it. Now read it as one of the two who were burned.",
        "columns": ["Part", "Found in yours"],
        "presence": "The parts of an apology",
        "facts": "The kettle Ember: signed, open, decided",
        "not_found": "not found",
        "join": ", ",
        "length": "Length",
        "units": {"en": "words", "zh": "characters"},
        "parts": {
            "fact": "1 The fact",
            "harm": "2 The harm",
            "ours": "3 Ours",
            "why": "4 Why",
            "open": "4 What is still open",
            "repair": "5 The repair, now",
            "change": "6 The change that others can check",
            "next": "7 The next news, with a time",
        },
        "kettle": {
            "signed-handles": "Signed: nine handles",
            "signed-hands": "Signed: two burned hands",
            "signed-glue": "Signed: glue changed in March",
            "signed-mail": "Signed: the mail of 9 February",
            "open-number": "Open: how many kettles",
            "open-silence": "Open: why nobody answered",
            "done-sale": "Decided: sale stopped",
            "done-collect": "Decided: free collection",
            "done-money": "Decided: money back",
            "done-doctor": "Decided: doctor's bills paid",
            "done-examiner": "Decided: an outside examiner",
            "done-next": "Decided: next news on Monday at ten",
        },
        "problems": {
            "deny": (
                "A denial, or near one. Denying what is known to be true is a red line, and it comes out.",
                "Deny only what is false, and say what is signed: “The handle can come off. Two people were burned.”",
            ),
            "minimise": (
                "It makes the harm small. For the person who was burned it was not small.",
                "The number and the harm, without “only” and without “inconvenience”: “Nine handles have come off.”",
            ),
            "blame": (
                "It moves the fault to somebody else: users, a supplier, the press. Readers hear who is not sorry.",
                "Your own part first: “We changed the glue and did not test it in steam.”",
            ),
            "speculate": (
                "A guess in a statement is quoted as a fact, and has to be taken back.",
                "“We do not know yet. We say more on Monday at ten.”",
            ),
            "feelings": (
                "It regrets feelings, or an “if”. That puts the fault in the customer's heart.",
                "Regret the deed: “We did not act on the warning, and we are sorry.”",
            ),
            "overpromise": (
                "Nobody can keep this. The next handle makes it a lie.",
                "A check with a date: “An outside laboratory tests every new handle; we publish its report on "
                "14 December.”",
            ),
            "unsigned": (
                "A number or a reason that is not signed. How many kettles, and why nobody answered, are still open.",
                "Say that it is open and when you will know.",
            ),
            "formula": (
                "A formula. Readers have met it in every such statement.",
                "Say the thing itself: what happened, who did it, what you do now.",
            ),
            "no-fact": (
                "The fact was not found, in the words of those it happened to.",
                "“The handle of the kettle Ember can come off.”",
            ),
            "no-harm": ("The harm was not found.", "“Two people have burned their hands.”"),
            "no-ours": ("No sentence was found that says: this was ours.", "“We did not act on it. We are sorry.”"),
            "no-why": (
                "No reason was found, as far as one is signed.",
                "“In March we changed the glue and did not test it in steam.”",
            ),
            "no-open": (
                "Nothing is said to be open. A statement that knows everything on a Sunday is not believed.",
                "“How many kettles are affected is not known yet.”",
            ),
            "no-repair": (
                "No help for the people harmed was found.",
                "“Please stop using it. We collect it free of charge and pay it back.”",
            ),
            "no-change": (
                "No change was found that somebody outside can check.",
                "“An outside examiner is finding out why; we publish the result on 14 December.”",
            ),
            "no-next": (
                "The next news has no time, or there is none. Silence will be filled by others.",
                "“Next news: Monday at ten, even if nothing is new.”",
            ),
            "no-mail": (
                "The glue is named, and the warning of 9 February is not. Then “did not test it” is not the whole "
                "truth.",
                "“On 9 February one of our engineers warned of this. We did not act on it.”",
            ),
            "long": (
                "Longer than 180 words in English or 300 characters in Chinese. Three paragraphs of technology read "
                "like a defence.",
                "Keep the seven lines; put the rest on a page of questions and answers.",
            ),
        },
    },
    "zh": {
        "intro": [
            "给“余烬”水壶写一份声明，英文不超过 180 词，中文不超过 300 字。",
            "这里会找道歉的七行，找你说明还不清楚的事，也会找否认、淡化、推责、猜测、替别人的感受道歉，"
            "以及谁也守不住的诺言。"
            "下面还有这件事的已知情况。",
        ],
        "honest": "它只看某一部分的词在不在。写到了不等于写得好，没有发现问题也不证明没有问题："
        "是否真实、有没有人情味，由人来判断。",
        "label": "你的声明",
        "none": "各部分都找到了，也没有找到让它打折扣的说法。现在请站在那两位被烫伤的人的位置上读一遍。",
        "columns": ["部分", "你的声明里"],
        "presence": "道歉的几个部分",
        "facts": "“余烬”水壶：已确认、未查清、已决定",
        "not_found": "没有找到",
        "join": "、",
        "length": "长度",
        "units": {"en": "词", "zh": "字"},
        "parts": {
            "fact": "1 事实",
            "harm": "2 伤害",
            "ours": "3 是我们的",
            "why": "4 原因",
            "open": "4 还不清楚的",
            "repair": "5 现在的补救",
            "change": "6 外人能查证的改变",
            "next": "7 下一次消息和时间",
        },
        "kettle": {
            "signed-handles": "已确认：九个把手",
            "signed-hands": "已确认：两人烫伤手",
            "signed-glue": "已确认：三月换了胶水",
            "signed-mail": "已确认：2月9日的邮件",
            "open-number": "未查清：一共多少台",
            "open-silence": "未查清：为什么没有人回复",
            "done-sale": "已决定：停止销售",
            "done-collect": "已决定：免费取回",
            "done-money": "已决定：退款",
            "done-doctor": "已决定：承担医药费",
            "done-examiner": "已决定：请外部人员调查",
            "done-next": "已决定：周一十点发布下一次消息",
        },
        "problems": {
            "deny": (
                "这是否认，或者接近否认。否认明知是真的事，是红线，而且瞒不住。",
                "只否认不真实的，把已确认的说出来：“把手会脱落，已有两人烫伤。”",
            ),
            "minimise": (
                "这把伤害说小了。对烫伤的人来说，它不小。",
                "说数字，说伤害，不用“只是”，也不用“不便”：“已有九个把手脱落。”",
            ),
            "blame": (
                "这把责任推给了别人：用户、供应商、媒体。读的人听到的是：他们不觉得自己有错。",
                "先说自己那一份：“我们换了胶水，没有在蒸汽里测试。”",
            ),
            "speculate": (
                "声明里的猜测会被当作事实引用，最后还得收回。",
                "“我们还不知道。周一十点再说明。”",
            ),
            "feelings": (
                "这是在为别人的感受道歉，或者只为“如果”道歉，好像错在客户心里。",
                "为做过的事道歉：“我们没有理会那次警告，对不起。”",
            ),
            "overpromise": (
                "这话谁也守不住，下一个把手一掉，它就成了谎话。",
                "换成有日期的检查：“外部实验室检验每一个新把手，报告12月14日公布。”",
            ),
            "unsigned": (
                "这个数字或理由还没有确认。一共多少台、为什么没人回复，都还没查清。",
                "说明还没查清，并说什么时候能知道。",
            ),
            "formula": (
                "这是套话，每份声明里都有。",
                "直接说：发生了什么，谁做的，现在怎么办。",
            ),
            "no-fact": ("没有找到事实。请用当事人会说的话来写。", "“‘余烬’水壶的把手会脱落。”"),
            "no-harm": ("没有找到造成了什么伤害。", "“已有两人烫伤了手。”"),
            "no-ours": ("没有找到一句话说：这是我们的。", "“我们没有处理。对不起。”"),
            "no-why": ("没有找到原因，哪怕只说已经确认的部分。", "“三月我们换了胶水，没有在蒸汽里测试。”"),
            "no-open": (
                "没有说什么还不清楚。星期天就什么都清楚的声明，没有人信。",
                "“涉及多少台，目前还不清楚。”",
            ),
            "no-repair": ("没有找到给受害者的补救。", "“请停止使用。我们免费上门取回，全额退款。”"),
            "no-change": (
                "没有找到外人能查证的改变。",
                "“由外部人员查明原因，结果12月14日公布。”",
            ),
            "no-next": (
                "没有下一次消息，或者没有时间。这段空白会由别人来填。",
                "“下一次消息：周一上午十点，没有新情况也会发布。”",
            ),
            "no-mail": (
                "提到了胶水，却没有提2月9日的警告。这样“没有测试”就不是全部的真相。",
                "“2月9日，我们的一位工程师发过警告，我们没有处理。”",
            ),
            "long": (
                "超过了英文 180 词或中文 300 字。三段技术说明，读起来像辩护。",
                "留下七行，其余放到问答页。",
            ),
        },
    },
}
