"""The checker of stereotypes: reasons in a note that rest on a group alone, where a signal or a question should stand.

It finds words, not intentions. What a customer said or asked for, and what a law needs, is no stereotype.
"""

from __future__ import annotations

from trustkit.blocks import Block
from trustkit.checkers.page import explained, page
from trustkit.checkers.wordlists import places

ID = "stereotypes"
TITLE = {"en": "A signal or a passport?", "zh": "是信号，还是标签？"}
ABOUT = {
    "en": "Paste notes about customers, without names, and see which reasons rest on a group.",
    "zh": "贴几条不带姓名的客户备注，看看哪些理由只靠一个群体。",
}
MINUTES = 10

KINDS = ("nationality", "religion", "age", "gender", "these-people", "as-a")
"""What a reason may rest on, and two ways of speaking."""
LIST = "stereotypes"


def check(text: str, language: str = "en") -> list[dict]:
    """Return the findings in notes (see `trustkit.blocks.finding`), explained in `language`."""
    found = [(kind, start, end) for kind in KINDS for start, end in places(text, LIST, kind)]
    return explained(sorted(found, key=lambda one: one[1:]), WORDS[language]["problems"], {})


def labels(text: str) -> set[str]:
    """Return the kinds found in a text, for measuring."""
    return {one["kind"] for one in check(text)}


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers."""
    return page(answers, language, WORDS[language], check, lines=8)


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Paste the last three notes you wrote about customers, without names, or write three. English or Chinese.",
            "The checker marks reasons that rest on nationality, religion, age or gender alone, and words such as "
            "“these "
            "people” and “as a …, you”. What somebody said, asked for or did is not marked, nor what a law needs.",
        ],
        "honest": "It finds words, not intentions, and it knows only some of them. That nothing is found does not "
        "prove "
        "that a note is fair; put two other groups into your sentence and hear whether it sounds just as sure.",
        "label": "Your notes",
        "none": "Nothing was found that these rules look for. Finish the sentence yourself: I do this because they …",
        "problems": {
            "nationality": (
                "The reason is a country or a region. People within one group differ more than the middles of two "
                "groups.",
                "Write the signal: “asked for a formal letter”. Or ask: “How would you like to do this?”",
            ),
            "religion": (
                "The reason is a faith, or a sign of one. It says nothing about what this person wants today.",
                "A certificate is a fact about the product: say whether you have it. For the rest, ask.",
            ),
            "age": (
                "The reason is an age. It guesses what somebody can do instead of looking.",
                "Write what you saw: “asked to have the steps by post”. Or ask: “Shall I send it or go through it "
                "now?”",
            ),
            "gender": (
                "The reason is a gender. It decides for the person who knows, wants or pays.",
                "Speak to the person who decides, and ask who that is.",
            ),
            "these-people": (
                "Talk of a kind of people. It needs no customer, and the next colleague will meet the kind and not the "
                "person.",
                "One person, one signal: “rang twice about the invoice”.",
            ),
            "as-a": (
                "It addresses the group and not the person. A wrong guess is impolite, and a right one is no help.",
                "Leave out “as a …” and ask: “What is most important for you now?”",
            ),
        },
    },
    "zh": {
        "intro": [
            "贴上你最近写的三条客户备注，不带姓名，也可以现写三条。中文或英文都可以。",
            "这里会标出只靠国籍、地域、信仰、年龄或性别的理由，也会标出“这种人”“作为……您”这样的说法。"
            "客户说过、要求过、做过的，法律要求的，都不标。",
        ],
        "honest": "它只找字眼，不懂用意，认识的字眼也有限。没有找到，不证明这条备注公道。把句子里的群体换成另外两个，"
        "听听是不是一样理直气壮。",
        "label": "你的备注",
        "none": "没有发现这些规则要找的说法。自己把这句话说完：我这么做，是因为他……",
        "problems": {
            "nationality": (
                "理由是一个国家或一个地方。同一群人里，人和人的差别比两群人平均的差别还大。",
                "写信号：“要求正式来信”。或者问：“您希望怎么办？”",
            ),
            "religion": (
                "理由是一种信仰，或者信仰的标志。它说不出这个人今天要什么。",
                "认证是产品的事实：有就说有。其余的，问。",
            ),
            "age": (
                "理由是年龄。这是在猜别人能做什么，而不是去看。",
                "写你看到的：“希望把步骤寄给她”。或者问：“我寄给您，还是现在一起走一遍？”",
            ),
            "gender": (
                "理由是性别。这等于替别人决定谁懂、谁要、谁付钱。",
                "跟做决定的人说话；谁做决定，问一句。",
            ),
            "these-people": (
                "说的是“一种人”。它用不着客户，下一位同事见到的也只是这种人，不是这个人。",
                "一个人，一个信号：“为发票来过两次电话”。",
            ),
            "as-a": (
                "这是在跟群体说话，不是跟这个人。猜错了失礼，猜对了也没有用。",
                "去掉“作为……”，问一句：“现在对您最要紧的是什么？”",
            ),
        },
    },
}
