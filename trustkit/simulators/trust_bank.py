"""The trust bank: trust is earned in small steps up to a ceiling, lost in larger ones, and heals by half-lives.

The trainee predicts where five stories end before each is run, then moves the levers: what a loss weighs, where
routine service stops adding trust, how fast a repair heals. All numbers are the model's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from trustkit import blocks
from trustkit.blocks import Block, Result

ID = "trust-bank"
TITLE = {"en": "The trust bank", "zh": "信任账户"}
ABOUT = {
    "en": "Predict where five stories of kept and broken promises end, then move the levers yourself.",
    "zh": "先预测五个守约与失约故事的结局，再自己调节参数，看看会怎样。",
}
MINUTES = 12

START = 50.0
STEP = 6.0
"""What a broken promise takes at weight 1, and what a kept one adds at the start with the ceiling at 100, in points."""
NEAR = 5
"""A prediction is right when it is at most this many points away."""


@dataclass(frozen=True)
class Levers:
    """What the model assumes: weight of a loss (1 to 4), ceiling in points, half-life of a repair in weeks."""

    weight: float = 2.0
    ceiling: float = 100.0
    half_life: float = 4.0


USUAL = Levers()
KEPT, BROKEN, REPAIR, QUIET = "kept", "broken", "repair", "quiet"


def curve(events: Sequence[str], levers: Levers = USUAL) -> list[float]:
    """Return trust before the first week and after each one, 0 to 100 points.

    A kept promise adds a share of what is missing up to the ceiling, a broken one takes `weight` times `STEP`.
    An honest repair starts a healing: with every half-life that passes, half of what was lost comes back. The
    next broken promise ends it.
    """
    trust, wound, healing = START, 0.0, False
    share = 1 - 0.5 ** (1 / levers.half_life)
    values = [trust]
    for event in events:
        if event == KEPT:
            trust += max(0.0, levers.ceiling - trust) * STEP / START
        elif event == BROKEN:
            lost = min(trust, levers.weight * STEP)
            trust, wound, healing = trust - lost, wound + lost, False
        elif event == REPAIR:
            healing = True
        if healing:
            back = min(wound * share, max(0.0, levers.ceiling - trust))
            trust, wound = trust + back, wound - back
        # Rounded, so that a page and a notebook agree to the last digit.
        trust, wound = round(trust, 6), round(wound, 6)
        values.append(trust)
    return values


def stories(seed: int) -> dict[str, list[str]]:
    """Return the five stories of a run by id: what happens week by week."""
    random = Random(seed)
    long, pairs, quiet = random.randint(8, 12), random.randint(3, 5), random.randint(4, 8)
    before, breaks = random.randint(3, 5), random.randint(2, 3)
    return {
        "steady": [KEPT] * long,
        "one-break": [KEPT] * before + [BROKEN] + [KEPT] * before,
        "taking-turns": [KEPT, BROKEN] * pairs,
        "silence": [BROKEN] * breaks + [QUIET] * quiet,
        "repair": [BROKEN] * breaks + [REPAIR] + [QUIET] * (quiet - 1),
    }


def judge(answers: list[dict], seed: int = 0) -> Result:
    """Return how many of the five predictions are right; one is enough, and the run counts after the fifth."""
    ends = [curve(events)[-1] for events in stories(seed).values()]
    told = [answer["end"] for answer in answers[: len(ends)]]
    right = sum(abs(value - end) <= NEAR for value, end in zip(told, ends))
    return Result(right >= 1, {"right": right}, finished=len(told) == len(ends))


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers: the rules, the stories seen so far and the question that is open."""
    words = WORDS[language]
    told = stories(seed)
    shown = [
        blocks.text(*words["intro"]),
        blocks.heading(words["rules"]),
        blocks.facts(words["rule_facts"]),
        blocks.text(words["honest"], tone="note"),
    ]
    for number, (id_, events) in enumerate(told.items()):
        shown += [
            blocks.heading(words["story"].format(number=number + 1, title=words["titles"][id_])),
            blocks.text(_told(events, language)),
        ]
        if number == len(answers):
            return [*shown, _question(number, language)]
        shown += _answered(id_, events, answers[number]["end"], language)
    outcome = judge(answers, seed)
    right = outcome.parts["right"]
    sentences = [words["right"].format(right=right, of=len(told)), words["passed" if outcome.reached else "not_yet"]]
    shown += [
        blocks.heading(words["result"]),
        blocks.result(outcome.reached, sentences),
        blocks.heading(words["levers"]),
        blocks.text(*words["levers_intro"]),
    ]
    tried = answers[len(told) :]
    for number, answer in enumerate(tried, 1):
        # Of many trials the last one is what the trainee looks at; the others stand in its table.
        if number == len(tried):
            shown += _trial(answer, told[answer["story"]], language)
    if len(tried) > 1:
        shown.append(_trials(tried, told, language))
    return [*shown, _lever_form(tried[-1] if tried else None, language)]


def _question(number: int, language: str) -> Block:
    words = WORDS[language]
    ask = blocks.number("end", words["ask"], 0, 100, unit=words["points"], value=START)
    return blocks.form(f"story-{number + 1}", [ask], words["run"], final=True)


def _answered(id_: str, events: list[str], said: float, language: str) -> list[Block]:
    words = WORDS[language]
    values = [round(value, 1) for value in curve(events)]
    near = abs(said - curve(events)[-1]) <= NEAR
    verdict = words["near" if near else "far"].format(said=said, end=values[-1])
    chart = blocks.chart(
        "steps",
        list(range(len(values))),
        [blocks.series(words["trust"], values)],
        x_label=words["week"],
        y_label=words["axis"],
        marks=[blocks.mark(len(values) - 1, said, words["your_prediction"].format(said=said))],
        caption=words["caption"].format(title=words["titles"][id_]),
        alt=words["alt"].format(start=values[0], lowest=min(values), highest=max(values), end=values[-1], said=said),
        low=0,
        high=100,
    )
    return [chart, blocks.text(verdict, words["lessons"][id_], tone="good" if near else "plain")]


def _levers(answer: dict) -> Levers:
    return Levers(answer["weight"], answer["ceiling"], answer["half_life"])


def _trial(answer: dict, events: list[str], language: str) -> list[Block]:
    words = WORDS[language]
    usual = [round(value, 1) for value in curve(events)]
    mine = [round(value, 1) for value in curve(events, _levers(answer))]
    gap = round(mine[-1] - usual[-1], 1)
    said = words["same"] if gap == 0 else words["higher" if gap > 0 else "lower"].format(gap=abs(gap))
    chart = blocks.chart(
        "steps",
        list(range(len(mine))),
        [blocks.series(words["yours"], mine), blocks.series(words["usual"], usual, dash=True)],
        x_label=words["week"],
        y_label=words["axis"],
        caption=words["trial_caption"].format(title=words["titles"][answer["story"]], **answer),
        alt=words["trial_alt"].format(mine=mine[-1], usual=usual[-1]),
        low=0,
        high=100,
    )
    return [chart, blocks.text(_told(events, language), said)]


def _trials(tried: list[dict], told: dict[str, list[str]], language: str) -> Block:
    words = WORDS[language]
    rows = [
        (
            number, words["titles"][one["story"]], f"{one['weight']:g}", f"{one['ceiling']:g}", f"{one['half_life']:g}",
            f"{curve(told[one['story']], _levers(one))[-1]:.1f}",
        )
        for number, one in enumerate(tried, 1)
    ]  # fmt: skip
    return blocks.table(words["trial_columns"], rows, words["trials"])


def _lever_form(last: dict | None, language: str) -> Block:
    words = WORDS[language]
    before = last or {"story": "one-break", "weight": 2, "ceiling": 100, "half_life": 4}
    fields = [
        blocks.choose("story", words["which"], words["titles"], before["story"]),
        blocks.number("weight", words["weight"], 1, 4, step=0.5, unit=words["times"], value=before["weight"]),
        blocks.number("ceiling", words["ceiling"], 60, 100, step=5, unit=words["points"], value=before["ceiling"]),
        blocks.number("half_life", words["half_life"], 1, 12, unit=words["weeks"], value=before["half_life"]),
    ]
    return blocks.form("levers", fields, words["run_levers"])


def _told(events: list[str], language: str) -> str:
    """Return a story in words: "3 weeks with a kept promise, then 1 week with a broken promise …"."""
    words = WORDS[language]
    runs: list[list] = []
    for event in events:
        if runs and runs[-1][0] == event:
            runs[-1][1] += 1
        else:
            runs.append([event, 1])
    if len(runs) > 4:
        # The one story that goes back and forth.
        return words["in_turn"].format(count=len(events) // 2, weeks=len(events))
    told = [words["runs"][event][count > 1].format(count=count) for event, count in runs]
    return words["sentence"].format(told=words["then"].join(told), weeks=len(events))


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Trust is like an account. Each kept promise pays a little in; each broken one takes more out.",
            "You will read five short stories. Before each one is run, predict where trust stands at its end. "
            "A prediction stands once it is made.",
        ],
        "rules": "The rules of this account",
        "rule_facts": [
            ("Trust at the start", "50 of 100 points"),
            ("A kept promise", "adds 12 hundredths of what is missing up to the ceiling of 100: 6 points at first"),
            ("A broken promise", "takes 12 points: a loss weighs twice as much as the first gain"),
            ("Silence", "changes nothing"),
            ("An honest repair", "starts a healing: every 4 weeks, half of what is still lost comes back"),
        ],
        "honest": "These numbers were made for practice. They are the model's, not a finding about real customers; "
        "the lesson says what research supports.",
        "story": "Story {number} of 5: {title}",
        "titles": {
            "steady": "Steady service",
            "one-break": "One broken promise",
            "taking-turns": "Good and bad in turn",
            "silence": "Bad weeks, then silence",
            "repair": "Bad weeks, then a repair",
        },
        "runs": {
            KEPT: ("1 week with a kept promise", "{count} weeks with a kept promise each"),
            BROKEN: ("1 week with a broken promise", "{count} weeks with a broken promise each"),
            REPAIR: ("1 week in which the firm owns up and repairs", "{count} weeks of repair"),
            QUIET: ("1 quiet week", "{count} quiet weeks"),
        },
        "then": ", then ",
        "sentence": "What happens, in {weeks} weeks: {told}.",
        "in_turn": "What happens, in {weeks} weeks: a kept promise and a broken one in turn, {count} times.",
        "ask": "Where will trust stand at the end?",
        "points": "points",
        "times": "times",
        "weeks": "weeks",
        "run": "Run this story",
        "trust": "Trust",
        "week": "Week",
        "axis": "Trust, points",
        "your_prediction": "You: {said:g}",
        "caption": "{title}: trust week by week (the model's numbers)",
        "alt": "Trust starts at {start:g}, goes as low as {lowest:g} and as high as {highest:g}, and ends at {end:g}. "
        "The prediction was {said:g}.",
        "near": "You said {said:g}; the model ends at {end:g}. That is near enough.",
        "far": "You said {said:g}; the model ends at {end:g}. That is more than 5 points away.",
        "lessons": {
            "steady": "The steps get smaller. Trust in this model does not grow faster and faster: the nearer the "
            "ceiling, the less one more kept promise adds.",
            "one-break": "One broken promise took back what several kept ones had paid in, and the same number of good "
            "weeks afterwards brought trust up again in ever smaller steps.",
            "taking-turns": "As many good weeks as bad ones is not a balance: with a loss of double weight the account "
            "sinks, and it sinks less the emptier it is, because more is missing.",
            "silence": "Nothing happened, and nothing healed. In this model time alone repairs no trust.",
            "repair": "The same bad weeks, but somebody owned up. Half of the damage is gone after one half-life, and "
            "a part of the other half after the next: quick at first, then slow.",
        },
        "result": "Your predictions",
        "right": "{right} of {of} predictions were at most 5 points away.",
        "passed": "One is what this simulator asks for.",
        "not_yet": "One is what this simulator asks for. Start again: the stories will have other lengths.",
        "levers": "Now choose the levers yourself",
        "levers_intro": [
            "A model answers with what was put into it. Whoever sets the weight of a loss at 4 will find that losses "
            "rule everything; whoever sets it at 1 will find that much is forgiven.",
            "Run one story with different weights. Which of your conclusions changes, and which one stays?",
        ],
        "which": "Story",
        "weight": "Weight of a loss",
        "ceiling": "Ceiling of trust",
        "half_life": "Half-life of a repair",
        "run_levers": "Run with these levers",
        "yours": "Your levers",
        "usual": "The rules from above",
        "trial_caption": "{title}: weight {weight:g}, ceiling {ceiling:g}, half-life {half_life:g} weeks "
        "(the model's numbers)",
        "trial_alt": "With your levers trust ends at {mine:g}; with the rules from above it ends at {usual:g}.",
        "same": "With your levers trust ends at the same height.",
        "higher": "With your levers trust ends {gap:g} points higher than with the rules from above.",
        "lower": "With your levers trust ends {gap:g} points lower than with the rules from above.",
        "trials": "What you have tried",
        "trial_columns": ["Trial", "Story", "Weight", "Ceiling", "Half-life", "Trust at the end"],
    },
    "zh": {
        "intro": [
            "客户的信任像一个账户：每守一次约，存进去一点；每失一次约，取走的更多。",
            "下面有五个小故事。每个故事运行之前，请先预测信任最后停在哪里。预测一旦提交，就不能再改。",
        ],
        "rules": "这个账户的规则",
        "rule_facts": [
            ("起点", "50 分（满分 100 分）"),
            ("守约一次", "补上与上限 100 分之差的百分之十二，第一次是 6 分"),
            ("失约一次", "扣 12 分：一次损失是第一次收获的两倍"),
            ("没有音讯", "信任不变"),
            ("真诚补救", "开始愈合：每过 4 周，尚未恢复的部分补回一半"),
        ],
        "honest": "这些数字是为练习而设的，属于这个模型，不是对真实客户的研究结论；研究支持到哪一步，见课文。",
        "story": "故事 {number} / 5：{title}",
        "titles": {
            "steady": "一直稳定",
            "one-break": "失约一次",
            "taking-turns": "好坏交替",
            "silence": "失约之后没有音讯",
            "repair": "失约之后认真补救",
        },
        "runs": {
            KEPT: ("1 周守约", "连续 {count} 周守约"),
            BROKEN: ("1 周失约", "连续 {count} 周失约"),
            REPAIR: ("1 周里公司承认问题并补救", "{count} 周补救"),
            QUIET: ("1 周没有音讯", "{count} 周没有音讯"),
        },
        "then": "，接着",
        "sentence": "共 {weeks} 周：{told}。",
        "in_turn": "共 {weeks} 周：守约一周、失约一周，这样来回 {count} 次。",
        "ask": "最后信任会停在多少分？",
        "points": "分",
        "times": "倍",
        "weeks": "周",
        "run": "运行这个故事",
        "trust": "信任",
        "week": "周",
        "axis": "信任（分）",
        "your_prediction": "预测 {said:g}",
        "caption": "{title}：每周的信任（模型数字）",
        "alt": "信任从 {start:g} 分开始，最低 {lowest:g} 分，最高 {highest:g} 分，最后是 {end:g} 分。"
        "预测是 {said:g} 分。",
        "near": "你预测 {said:g} 分，模型的结果是 {end:g} 分，足够接近。",
        "far": "你预测 {said:g} 分，模型的结果是 {end:g} 分，相差超过 5 分。",
        "lessons": {
            "steady": "步子越来越小。在这个模型里，信任不会越涨越快：离上限越近，再守一次约带来的就越少。",
            "one-break": "失约一次，就拿走了好几次守约存下的信任；之后同样多的守约让信任回升，但一步比一步小。",
            "taking-turns": "好坏各半并不等于打平：损失的分量加倍时，账户会往下走；账户越空，缺口越大，下沉也就越慢。",
            "silence": "什么也没发生，什么也没愈合。在这个模型里，光靠时间修复不了信任。",
            "repair": "同样是失约，但有人出面承认并补救。过一个半衰期，损失补回一半；再过一个，补回余下的一半："
            "先快后慢。",
        },
        "result": "你的预测",
        "right": "{of} 次预测中，有 {right} 次相差不超过 5 分。",
        "passed": "本模拟要求至少对一次，已达到。",
        "not_yet": "本模拟要求至少对一次。请重新开始：故事的长短会不一样。",
        "levers": "现在由你来定参数",
        "levers_intro": [
            "放进模型的是什么，模型就回答什么。把损失的权重定为 4，就会发现损失决定一切；定为 1，许多损失都补得回来。",
            "请用不同的权重运行同一个故事：你的哪个结论变了，哪个没有变？",
        ],
        "which": "故事",
        "weight": "损失的权重",
        "ceiling": "信任的上限",
        "half_life": "补救的半衰期",
        "run_levers": "按这些参数运行",
        "yours": "你的参数",
        "usual": "上面的规则",
        "trial_caption": "{title}：权重 {weight:g}，上限 {ceiling:g}，半衰期 {half_life:g} 周（模型数字）",
        "trial_alt": "按你的参数，信任最后是 {mine:g} 分；按上面的规则是 {usual:g} 分。",
        "same": "按你的参数，信任最后停在同样的高度。",
        "higher": "按你的参数，信任最后比上面的规则高 {gap:g} 分。",
        "lower": "按你的参数，信任最后比上面的规则低 {gap:g} 分。",
        "trials": "你试过的参数",
        "trial_columns": ["次数", "故事", "权重", "上限", "半衰期", "最后的信任"],
    },
}
