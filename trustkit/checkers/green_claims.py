"""The checker of green and social claims: which of the six questions a stranger would still have to ask.

It sees whether a figure, a comparison or a plan stands there, not whether it is true.
"""

from __future__ import annotations

from trustkit.blocks import Block
from trustkit.checkers.page import explained, page
from trustkit.checkers.wordlists import places, whole_sentences

ID = "green-claims"
TITLE = {"en": "Green and social claims", "zh": "绿色与公益宣传"}
ABOUT = {
    "en": "Rewrite claims so that a stranger could check them, and see which questions are still open.",
    "zh": "把宣传语改写成外人能查证的话，看看还有哪些问题没有回答。",
}
MINUTES = 10

KINDS = ("vague", "absolute", "uncompared", "offset", "seal", "irrelevant", "plan", "untested")
"""The questions that may be open."""
LIST = "green_claims"


def check(text: str, language: str = "en") -> list[dict]:
    """Return the findings in claims (see `trustkit.blocks.finding`), explained in `language`."""
    found: list[tuple[str, int, int]] = []
    for sentence in whole_sentences(text):
        proved = bool(places(text, LIST, "proof", [sentence]))
        for kind in KINDS:
            if kind == "vague" and proved:
                continue
            found += [(kind, start, end) for start, end in places(text, LIST, kind, [sentence])]
    return explained(found, WORDS[language]["problems"], {"offset": "look", "plan": "look", "irrelevant": "note"})


def labels(text: str) -> set[str]:
    """Return the kinds found in a text, for measuring."""
    return {one["kind"] for one in check(text)}


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers."""
    return page(answers, language, WORDS[language], check, lines=8)


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Write three claims, each rewritten so that a stranger could check it. Invent no figure; where you have "
            "none, "
            "put “[figure from …]”. English or Chinese.",
            "The checker asks: what exactly, which part, compared with what, measured by whom, until when, what is "
            "left "
            "out?",
        ],
        "honest": "It sees whether a figure, a comparison or a plan is there, not whether it is true. No open question "
        "here is no proof, and no legal advice: ask your legal team before you print.",
        "label": "Your claims",
        "none": "No open question was found by these rules. Could a stranger now check each sentence, and with what "
        "paper?",
        "problems": {
            "vague": (
                "A word that sounds good and says nothing exact. The customer cannot check it.",
                "What exactly, and which part? “The casing is [figure from the product sheet] recycled steel.”",
            ),
            "absolute": (
                "All, none or zero. Everything that is made and sent leaves something behind.",
                "Say how much, and what is left out: “The outer box is 90% recycled paper; the bag inside is not.”",
            ),
            "uncompared": (
                "Less or better than what? Without the other half it is no figure.",
                "“Uses 8% less power per litre than our model of 2023, same test.”",
            ),
            "offset": (
                "Neutral by paying somebody else. The emission stays. In the European Union a product may not be "
                "called "
                "climate-neutral on this ground alone.",
                "“We emit this much; we also pay for a forest project, which does not undo it.”",
            ),
            "seal": (
                "A seal or a logo without the one who gave it. It may be the firm's own; the goals of the United "
                "Nations "
                "are for states.",
                "Who tested what, by which rule, and who paid? Name the body and the number, or leave it out.",
            ),
            "irrelevant": (
                "True of everybody, or what the law asks anyway. It sells a duty as a gift.",
                "Say what you do beyond the law, or leave it out.",
            ),
            "plan": (
                "A future without a plan. Nobody can say next year whether it was kept.",
                "A first step, a date and a report: “Gas heating in plant 2 ends by December 2027; progress each "
                "June.”",
            ),
            "untested": (
                "Tested, but by whom, when, and for what?",
                "“Tested by an outside laboratory, May 2026, report on page 4.”",
            ),
        },
    },
    "zh": {
        "intro": [
            "写三条宣传语，每条都改写成外人能查证的话。不要编造数字，没有数字的地方写“[数字来自……]”。"
            "中文或英文都可以。",
            "这里会问：到底是什么？哪一部分？跟什么比？谁在什么时候测的？到什么时候为止？什么没有说？",
        ],
        "honest": "它只看有没有数字、比较和计划，不知道真不真。没有问出问题，不等于已经证明，更不是法律意见："
        "付印之前，请问法务。",
        "label": "你的宣传语",
        "none": "按这些规则没有找到没回答的问题。现在，外人能逐句查证吗？凭哪份材料？",
        "problems": {
            "vague": (
                "听着好，却没有说出准确的东西，客户没法查。",
                "到底是什么、哪一部分？“外壳含[数字来自产品表]再生钢。”",
            ),
            "absolute": (
                "全部、没有、零。凡是造出来、送出去的东西，总会留下些什么。",
                "说多少，也说没有包括什么：“外盒90%是再生纸，里面的袋子不是。”",
            ),
            "uncompared": (
                "比什么少、比什么好？少了另一半，就不算数字。",
                "“每升水的耗电比我们2023年的型号少8%，测试方法相同。”",
            ),
            "offset": (
                "靠付钱给别人来“中和”，排放还在。在欧盟，仅凭这一点不能把产品叫作“气候中和”。",
                "“我们排放了这么多；我们也出钱支持一个林场，但这抵消不了排放。”",
            ),
            "seal": (
                "只有标志，没有发标志的人，也可能是公司自己做的。联合国的目标是给各国定的。",
                "谁按什么规则测了什么，谁付的钱？写出机构和编号，否则不用。",
            ),
            "irrelevant": (
                "谁都一样，或者法律本来就要求。这是把义务当礼物卖。",
                "说你在法律之外做了什么，否则不说。",
            ),
            "plan": (
                "只有将来，没有计划。到了明年，没有人说得出有没有做到。",
                "第一步、日期、公布：“二厂的燃气供暖2027年12月前停用，每年六月公布进展。”",
            ),
            "untested": (
                "测过了，可是谁测的、什么时候、测的什么？",
                "“2026年5月由外部实验室检测，报告见第4页。”",
            ),
        },
    },
}
