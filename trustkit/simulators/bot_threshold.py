"""A service bot with three knobs: a list of topics for people, what it does outside its knowledge, and how sure it is.

The trainee gives harm a number and says what a threshold alone can do before it is run; then sets all three knobs on
one half of the messages, decides, and is judged on the other half. The airline, the messages and all numbers are
invented.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import heappop, heappush
from importlib.resources import files
from random import Random

from trustkit import blocks
from trustkit.blocks import Block, Result

ID = "bot-threshold"
TITLE = {"en": "The bot and its three knobs", "zh": "机器人的三个旋钮"}
ABOUT = {
    "en": "Decide what a bot may answer and what goes to a person, and stay inside a harm budget.",
    "zh": "决定哪些由机器人回答、哪些交给人，让伤害不超出预算。",
}
MINUTES = 20

MUST = ("death", "danger", "fraud", "health", "crisis")
TOPICS = (*MUST, "money", "baggage", "change")
PLAIN, HUMAN, OUTSIDE = "plain", "human", "outside"
ANSWER, DOUBT, TO_PERSON = "answer", "doubt", "person"
LOWEST, HIGHEST, STEP = 0.5, 0.95, 0.05

BETWEEN = 4
"""Minutes between two messages; one person is on duty."""
MINUTES_OF_PERSON, MINUTES_OF_REPAIR = 7, 10
"""A hand-over, and putting right what the bot answered wrongly."""
PATIENT = 20
"""Minutes that a message for a person can wait; each further 20 minutes add one point of harm."""
MOST_HARM, MOST_MINUTES, MOST_WAIT = 25, 500, 20
"""The target: harm and minutes of people per hundred messages, and the mean wait for a person in minutes."""
MOST_TRIALS = 5
NIGHTS = 5


@dataclass(frozen=True)
class Query:
    """One message.

    Attributes:
        id: its group and its number there.
        group: the matter it is about.
        text, answer: what was written and what the bot would answer, by language.
        kind: "plain" (an approved text), "human" (a person must take it) or "outside" (no approved text).
        topics: what a list of topics finds in it.
        harm: harm of a wrong answer, 0 to 10.
        way: "clear", "other" (said another way) or "hidden" (no list finds it).
        fixed: how sure the bot is and whether it is right, where the lesson says so.
    """

    id: str
    group: str
    text: dict[str, str]
    answer: dict[str, str]
    kind: str
    topics: frozenset[str]
    harm: int
    way: str
    fixed: tuple[float, bool] | None = None


@dataclass(frozen=True)
class Message:
    """A message of a run: the query, how sure the bot is (0 to 1), and whether its answer would be right."""

    query: Query
    sure: float
    right: bool


@dataclass(frozen=True)
class Settings:
    """The three knobs: topics that always go to a person, what happens outside the bot's knowledge, the threshold."""

    list: frozenset[str] = frozenset()
    scope: str = ANSWER
    threshold: float = 0.9

    def __post_init__(self) -> None:
        if set(self.list) - set(TOPICS) or self.scope not in (ANSWER, DOUBT, TO_PERSON):
            raise ValueError("These settings name a topic or a way that the bot does not know.")
        if not 0 <= self.threshold <= 1:
            raise ValueError("A threshold lies between 0 and 1.")


SENSIBLE = Settings(frozenset(MUST), TO_PERSON, 0.7)


@dataclass(frozen=True)
class Outcome:
    """What settings led to; harm, minutes and shares per hundred messages.

    Attributes:
        harm: points of harm, wrong answers and long waits together.
        minutes: minutes of people.
        wait: mean wait for a person in minutes.
        handed: messages that went to a person.
        wrong: messages that were answered wrongly, the most harmful first.
        waited: points of harm from waiting.
    """

    harm: float
    minutes: float
    wait: float
    handed: float
    wrong: tuple[Message, ...]
    waited: float


@cache
def queries() -> tuple[Query, ...]:
    """Return all messages that people write to this bot."""
    groups = tomllib.loads(files(__package__).joinpath("bot_threshold.toml").read_text(encoding="utf-8"))["group"]
    return tuple(query for group in groups for query in _of_group(group))


def _of_group(group: dict) -> Iterable[Query]:
    number = 0
    for way in ("clear", "other", "hidden"):
        for english, chinese, *fixed in group.get(way, ()):
            number += 1
            yield Query(
                id=f"{group['id']}-{number}",
                group=group["id"],
                text={"en": english, "zh": chinese},
                answer=dict(zip(("en", "zh"), group["answer"])),
                kind=group["kind"],
                topics=frozenset() if way == "hidden" else frozenset(group.get("topics", ())),
                harm=group["harm"],
                way=way,
                fixed=(fixed[0], fixed[1]) if fixed else None,
            )


@lru_cache(maxsize=4)
def halves(seed: int) -> tuple[tuple[Query, ...], tuple[Query, ...]]:
    """Return the messages that are shown and those that the settings are judged on; none is in both.

    Every matter gives half of its messages to each; those with numbers in the lesson are shown.
    """
    random = Random(f"halves {seed}")
    split: tuple[list[Query], list[Query]] = ([], [])
    counts: Counter[tuple] = Counter()
    # Those of the lesson come first and those that no list finds second, so that the others can make up for them.
    for query in sorted(queries(), key=lambda one: (one.fixed is None, one.way != "hidden", random.random())):
        alike = [(query.group, query.way), (query.group,), (query.kind, query.way), ()]
        if query.way == "hidden":
            alike = alike[2:]
        more = next((gap for like in alike if (gap := counts[0, like] - counts[1, like])), random.choice((-1, 1)))
        half = int(query.fixed is None and more > 0)
        split[half].append(query)
        counts.update((half, like) for like in alike)
    return tuple(split[0]), tuple(split[1])


@lru_cache(maxsize=4)
def nights(seed: int, *, hidden: bool = False) -> tuple[tuple[Message, ...], ...]:
    """Return the nights of a run: each brings the same half of the messages in another order, and the bot is never
    quite as sure as the night before.
    """
    drawn = []
    for night in range(NIGHTS):
        random = Random(f"night {seed} {night} {hidden}")
        half = list(halves(seed)[hidden])
        random.shuffle(half)
        drawn.append(tuple(_message(query, random) for query in half))
    return tuple(drawn)


def _message(query: Query, random: Random) -> Message:
    low, high = {
        (PLAIN, "clear"): (0.76, 0.98),
        (PLAIN, "other"): (0.5, 0.86),
        (HUMAN, "hidden"): (0.55, 0.72),
        # Over-confident: it knows many messages that look like these.
        (OUTSIDE, "clear"): (0.84, 0.99),
        (OUTSIDE, "other"): (0.84, 0.99),
    }.get((query.kind, query.way), (0.82, 0.99))
    sure, chance = round(random.uniform(low, high), 2), random.random()
    if query.fixed:
        return Message(query, *query.fixed)
    # In its own field it is as often right as it is sure, and a little more; elsewhere it is wrong however sure.
    return Message(query, sure, query.kind == PLAIN and chance < sure + 0.05)


def decide(message: Message, settings: Settings) -> str:
    """Return what happens to a message: "list", "scope" or "threshold" (to a person, by which gate) or "bot"."""
    if message.query.topics & settings.list:
        return "list"
    if message.query.kind == OUTSIDE and settings.scope == TO_PERSON:
        return "scope"
    return "threshold" if message.sure < settings.threshold else "bot"


def run(shifts: Sequence[Sequence[Message]], settings: Settings) -> Outcome:
    """Return what settings lead to in some nights: one message every four minutes, one person on duty."""
    wrong: dict[str, Message] = {}
    waits: list[int] = []
    harm = waited = minutes = 0.0
    for shift in shifts:
        for message in shift:
            if decide(message, settings) == "bot" and not message.right:
                wrong.setdefault(message.query.id, message)
                warned = message.query.kind == OUTSIDE and settings.scope == DOUBT
                harm += max(0, message.query.harm - warned)
                minutes += MINUTES_OF_REPAIR
        for message, wait in _waits(shift, settings):
            waits.append(wait)
            minutes += MINUTES_OF_PERSON
            if message.query.kind == HUMAN:
                waited += max(0, wait - PATIENT) // 20
    count = sum(len(shift) for shift in shifts)
    share = 100 / count if count else 0
    return Outcome(
        harm=round((harm + waited) * share, 1),
        minutes=round(minutes * share),
        wait=round(sum(waits) / len(waits), 1) if waits else 0.0,
        handed=round(len(waits) * share, 1),
        wrong=tuple(sorted(wrong.values(), key=lambda one: (-one.query.harm, -one.sure, one.query.id))),
        waited=round(waited * share, 1),
    )


def _waits(shift: Sequence[Message], settings: Settings) -> list[tuple[Message, int]]:
    """Return each message that goes to a person with the minutes it waits."""
    # What the list finds is urgent and goes first.
    coming = [
        (number * BETWEEN, gate != "list", message)
        for number, message in enumerate(shift)
        if (gate := decide(message, settings)) != "bot"
    ]
    waiting: list[tuple[bool, int, int]] = []
    waits, free, next_ = [], 0, 0
    while waiting or next_ < len(coming):
        if not waiting:
            free = max(free, coming[next_][0])
        while next_ < len(coming) and coming[next_][0] <= free:
            came, later, _ = coming[next_]
            heappush(waiting, (later, came, next_))
            next_ += 1
        _, came, number = heappop(waiting)
        waits.append((coming[number][2], free - came))
        free += MINUTES_OF_PERSON
    return waits


def thresholds() -> list[float]:
    """Return the thresholds that can be set."""
    return [round(LOWEST + number * STEP, 2) for number in range(round((HIGHEST - LOWEST) / STEP) + 1)]


def targets_met(outcome: Outcome) -> tuple[bool, bool, bool]:
    """Return whether harm, minutes and wait meet the target."""
    return outcome.harm <= MOST_HARM, outcome.minutes <= MOST_MINUTES, outcome.wait <= MOST_WAIT


WEIGHED = ("receipt", "papers", "fraud", "in-danger")
"""One message of each of these matters is given a number of harm by the trainee first."""
ALONE = ("0.70", "0.90", "0.95", "none")
NEAR = 10
"""A forecast of harm is right when it is at most this far away."""
EXAMPLES = 5


@dataclass(frozen=True)
class _Run:
    """The answers of a run by what they were for."""

    weighed: dict | None
    alone: str | None
    trials: list[dict]
    decision: dict | None
    forecast: float | None
    after: list[dict]


def _read(answers: list[dict]) -> _Run:
    weighed = answers[0] if answers else None
    alone = answers[1]["alone"] if len(answers) > 1 else None
    levers = answers[2:]
    stop = next((number for number, one in enumerate(levers) if one.get("then") == "decide"), None)
    if stop is None:
        return _Run(weighed, alone, levers, None, None, [])
    rest = levers[stop + 1 :]
    return _Run(weighed, alone, levers[:stop], levers[stop], rest[0]["harm"] if rest else None, rest[1:])


def _settings(answer: dict) -> Settings:
    return Settings(frozenset(answer["list"]), answer["scope"], round(answer["threshold"], 2))


def judge(answers: list[dict], seed: int = 0) -> Result:
    """Return whether the decision meets its three targets on the messages that were not shown, once it is forecast."""
    told = _read(answers)
    if told.decision is None or told.forecast is None:
        return Result(False, {}, finished=False)
    outcome = run(nights(seed, hidden=True), _settings(told.decision))
    met = targets_met(outcome)
    predicted = int(told.alone == "none") + int(abs(told.forecast - outcome.harm) <= NEAR)
    return Result(all(met), {"targets": sum(met), "predicted": predicted})


@lru_cache(maxsize=4)
def _curve(seed: int, listed: frozenset[str] = frozenset(), scope: str = ANSWER) -> tuple[float, ...]:
    """Return the harm in the nights that are shown at each threshold."""
    return tuple(run(nights(seed), Settings(listed, scope, threshold)).harm for threshold in thresholds())


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers: harm first, the threshold alone, then the three knobs and the verdict."""
    words = WORDS[language]
    told = _read(answers)
    shown = [
        blocks.text(*words["intro"]),
        blocks.heading(words["rules"]),
        blocks.facts(words["rule_facts"]),
        blocks.text(words["honest"], tone="note"),
        blocks.heading(words["weigh"]),
        blocks.text(words["weigh_intro"]),
    ]
    weighed = _weighed(seed)
    if told.weighed is None:
        fields = [
            blocks.number(query.group, f"“{query.text[language]}”", 0, 10, unit=words["points"], value=5)
            for query in weighed
        ]
        return [*shown, blocks.form("weigh", fields, words["weigh_send"], final=True)]
    rows = [(query.text[language], f"{told.weighed[query.group]:g}", query.harm) for query in weighed]
    shown += [
        blocks.table(words["weigh_columns"], rows, words["weigh_table"]),
        blocks.text(words["weigh_why"]),
        blocks.heading(words["alone"]),
        blocks.text(words["alone_intro"].format(budget=MOST_HARM)),
    ]
    if told.alone is None:
        ask = blocks.choose("alone", words["alone_ask"], words["alone_options"])
        return [*shown, blocks.form("alone", [ask], words["alone_send"], final=True)]
    shown += _alone(told.alone, language, seed)
    shown += [
        blocks.heading(words["knobs"]),
        blocks.text(words["knobs_intro"].format(trials=MOST_TRIALS)),
        blocks.facts(words["target_facts"]),
    ]
    if told.trials:
        shown += _trial(told.trials[-1], language, seed)
    if len(told.trials) > 1:
        shown.append(_trials(told.trials, language, seed))
    if told.decision is None:
        return [*shown, _knobs(told.trials[-1] if told.trials else None, MOST_TRIALS - len(told.trials), language)]
    shown += [blocks.heading(words["decided"]), blocks.facts(_facts(told.decision, language))]
    if told.forecast is None:
        ask = blocks.number("harm", words["forecast_ask"], 0, 250, step=5, unit=words["points"], value=100)
        return [*shown, blocks.text(words["forecast"]), blocks.form("forecast", [ask], words["judge"], final=True)]
    shown += _verdict(told, language, seed)
    shown += [blocks.heading(words["after"]), blocks.text(words["after_intro"])]
    if told.after:
        shown += _trial(told.after[-1], language, seed)
    return [*shown, _knobs((told.after or [told.decision])[-1], None, language)]


def _weighed(seed: int) -> list[Query]:
    shown = halves(seed)[0]
    return [next(query for query in shown if query.group == group) for group in WEIGHED]


def _alone(said: str, language: str, seed: int) -> list[Block]:
    words = WORDS[language]
    curve = _curve(seed)
    chart = blocks.chart(
        "line",
        thresholds(),
        [blocks.series(words["naive"], curve), blocks.series(words["budget"], [MOST_HARM] * len(curve), dash=True)],
        x_label=words["threshold"],
        y_label=words["harm_axis"],
        caption=words["alone_caption"],
        alt=words["alone_alt"].format(first=curve[0], last=curve[-1], least=min(curve), budget=MOST_HARM),
        low=0,
    )
    outcome = run(nights(seed), Settings(threshold=HIGHEST))
    hit = said == "none"
    return [
        blocks.text(words["alone_right" if hit else "alone_wrong"].format(least=min(curve), budget=MOST_HARM),
                    tone="good" if hit else "plain"),
        chart,
        _examples(outcome.wrong, words["alone_examples"], language),
        blocks.text(*words["alone_why"]),
    ]  # fmt: skip


def _examples(wrong: Sequence[Message], caption: str, language: str) -> Block:
    words = WORDS[language]
    rows = [
        (one.query.text[language], one.query.answer[language], f"{one.sure:.2f}", one.query.harm)
        for one in wrong[:EXAMPLES]
    ]
    return blocks.table(words["example_columns"], rows or [(words["no_example"], "", "", "")], caption)


def _trial(answer: dict, language: str, seed: int) -> list[Block]:
    words = WORDS[language]
    settings = _settings(answer)
    outcome = run(nights(seed), settings)
    mine, naive = _curve(seed, settings.list, settings.scope), _curve(seed)
    chart = blocks.chart(
        "line",
        thresholds(),
        [
            blocks.series(words["yours"], mine),
            blocks.series(words["naive"], naive),
            blocks.series(words["budget"], [MOST_HARM] * len(mine), dash=True),
        ],
        x_label=words["threshold"],
        y_label=words["harm_axis"],
        marks=[blocks.mark(settings.threshold, outcome.harm, f"{outcome.harm:g}")],
        caption=words["trial_caption"],
        alt=words["trial_alt"].format(
            threshold=settings.threshold, harm=outcome.harm, least=min(mine), most=max(mine), budget=MOST_HARM
        ),
        low=0,
    )
    return [
        blocks.facts(_facts(answer, language)),
        chart,
        _bars(outcome, language),
        _examples(outcome.wrong, words["examples"], language),
        blocks.text(words["of_harm"].format(waited=outcome.waited, handed=outcome.handed)),
    ]


def _bars(outcome: Outcome, language: str) -> Block:
    words = WORDS[language]["bars"]
    return blocks.bars(
        [
            {"name": words[0], "value": outcome.harm, "low": 0, "high": 250, "target": MOST_HARM},
            {"name": words[1], "value": outcome.minutes, "low": 0, "high": 700, "target": MOST_MINUTES},
            {"name": words[2], "value": outcome.wait, "low": 0, "high": 100, "target": MOST_WAIT},
        ]
    )


def _facts(answer: dict, language: str) -> list[tuple[str, str]]:
    words = WORDS[language]
    listed = words["list_mark"].join(words["short_topics"][id_] for id_ in TOPICS if id_ in answer["list"])
    return [
        (words["list_short"], listed or words["no_topic"]),
        (words["scope_short"], words["scope_options"][answer["scope"]]),
        (words["threshold"], f"{answer['threshold']:.2f}"),
    ]


def _trials(trials: list[dict], language: str, seed: int) -> Block:
    words = WORDS[language]
    rows = []
    for number, one in enumerate(trials, 1):
        outcome = run(nights(seed), _settings(one))
        facts = [value for _, value in _facts(one, language)]
        rows.append((number, *facts, f"{outcome.harm:g}", f"{outcome.minutes:g}", f"{outcome.wait:g}"))
    return blocks.table(words["trial_columns"], rows, words["trials"])


def _knobs(last: dict | None, left: int | None, language: str) -> Block:
    """Return the form of the knobs; `left` is how often they may still be tried, None once the run is over."""
    words = WORDS[language]
    before = last or {"list": [], "scope": ANSWER, "threshold": 0.9}
    fields = [
        blocks.several("list", words["list"], words["topics"], before["list"]),
        blocks.choose("scope", words["scope"], words["scope_options"], before["scope"]),
        blocks.number("threshold", words["sure_enough"], LOWEST, HIGHEST, step=STEP, value=before["threshold"]),
    ]
    if left is None:
        return blocks.form("after", fields, words["run"])
    options = {id_: text.format(left=left) for id_, text in words["then_options"].items() if left or id_ == "decide"}
    fields.append(blocks.choose("then", words["and_then"], options, "try" if left else "decide"))
    return blocks.form("knobs", fields, words["send"])


def _verdict(told: _Run, language: str, seed: int) -> list[Block]:
    words = WORDS[language]
    settings = _settings(told.decision)
    outcome = run(nights(seed, hidden=True), settings)
    met = targets_met(outcome)
    near = abs(told.forecast - outcome.harm) <= NEAR
    sentences = [
        words["met" if good else "missed"][number].format(value=value)
        for number, (good, value) in enumerate(zip(met, (outcome.harm, outcome.minutes, outcome.wait)))
    ]
    sentences.append(words["near" if near else "far"].format(said=told.forecast, harm=outcome.harm, near=NEAR))
    return [
        blocks.heading(words["hidden"]),
        blocks.text(words["hidden_intro"]),
        _bars(outcome, language),
        blocks.result(all(met), sentences),
        _examples(outcome.wrong, words["hidden_examples"], language),
        blocks.heading(words["why"]),
        blocks.text(*_reasons(settings, language)),
        blocks.text(*words["last"], tone="note"),
    ]


def _reasons(settings: Settings, language: str) -> list[str]:
    """Return what each knob did, the costliest first."""
    words = WORDS[language]["because"]
    missing = [topic for topic in MUST if topic not in settings.list]
    found = []
    if missing:
        names = WORDS[language]["list_mark"].join(WORDS[language]["short_topics"][topic] for topic in missing)
        found.append(words["missing"].format(names=names))
    if settings.scope != TO_PERSON:
        found.append(words[settings.scope])
    if settings.list - set(MUST):
        found.append(words["too-much"])
    if settings.threshold > 0.77:
        found.append(words["high"])
    if settings.threshold < 0.68 and not missing and settings.scope == TO_PERSON:
        found.append(words["low"])
    return found or [words["well"]]


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "You set up the assistant of Harbor Air for the night. It has three knobs: a list of topics that always "
            "go to "
            "a person, what it does outside its knowledge, and how sure it must be before it answers.",
            "First give harm a number. Then say what the threshold alone can do. Then turn all three knobs, decide, "
            "and "
            "be judged on messages that you have not seen.",
        ],
        "rules": "The rules of this night",
        "rule_facts": [
            ("Messages", "one every four minutes; you see one half of them on five nights, the other half decides"),
            ("The three gates", "first the list, then “is there an approved text”, then the threshold"),
            ("In its own field", "the bot is about as often right as it is sure"),
            ("Outside it, and where a person is needed", "it is sure as well, and wrong"),
            ("One person on duty", "7 minutes for a hand-over; what the list finds goes first"),
            ("A wrong answer", "its harm from 0 to 10, and 10 minutes to put it right"),
            ("Waiting", "whoever needs a person can wait 20 minutes; each further 20 minutes add 1 point of harm"),
            ("The list", "goes by words: it also finds jokes, and there are a few messages that it cannot find"),
        ],
        "honest": "The messages, the harm and all other numbers were made for practice. They are the model's; a real "
        "bot "
        "will be wrong about other things.",
        "weigh": "Harm first",
        "weigh_intro": "The bot answers each of these wrongly. How much harm, from 0 (a smile) to 10 (somebody is "
        "hurt)?",
        "points": "points",
        "weigh_send": "These are my numbers",
        "weigh_columns": ["Message", "You", "The model"],
        "weigh_table": "Harm of a wrong answer, 0 to 10 (the model's numbers)",
        "weigh_why": "The model goes on with its own numbers. Yours may be as good: what matters is that they stand "
        "before "
        "anybody looks at what the bot gets right.",
        "alone": "The threshold alone",
        "alone_intro": "The list is empty and the bot answers everything it is sure enough of. The harm budget is "
        "{budget} "
        "points per 100 messages.",
        "alone_ask": "Which threshold keeps the harm within the budget?",
        "alone_options": {"0.70": "0.70", "0.90": "0.90", "0.95": "0.95", "none": "None of them"},
        "alone_send": "Run the threshold alone",
        "naive": "Threshold alone",
        "yours": "Your list and scope",
        "budget": "Harm budget",
        "threshold": "Threshold",
        "harm_axis": "Harm per 100 messages",
        "alone_caption": "Harm per 100 messages at each threshold, nothing else set (the model's numbers)",
        "alone_alt": "The line of harm falls from {first:g} points at a threshold of 0.5 to {last:g} at 0.95; its "
        "lowest "
        "point is {least:g}. The budget of {budget} is never reached.",
        "alone_right": "You said: none. The lowest is {least:g} points, and the budget is {budget}.",
        "alone_wrong": "None of them does. The lowest is {least:g} points, and the budget is {budget}.",
        "alone_examples": "Wrong answers at a threshold of 0.95, the most harmful first (invented)",
        "alone_why": [
            "The most harmful answers are among the surest, so raising the bar removes the harmless ones first.",
            "And what it takes from the bot it gives to one person: the queue grows, and those who need her wait "
            "behind "
            "questions about suitcases.",
        ],
        "example_columns": ["Message", "What the bot says", "How sure", "Harm"],
        "no_example": "No wrong answer",
        "knobs": "Turn the three knobs",
        "knobs_intro": "You can try up to {trials} settings on the messages that are shown. Then one of them is your "
        "decision.",
        "target_facts": [
            ("Harm", f"at most {MOST_HARM} points per 100 messages"),
            ("Minutes of people", f"at most {MOST_MINUTES} per 100 messages"),
            ("Wait for a person", f"at most {MOST_WAIT} minutes on average"),
        ],
        "list": "Topics that always go to a person",
        "topics": {
            "death": "Death and mourning",
            "danger": "Danger: smoke, fire, bombs, being followed",
            "fraud": "Fraud: stolen cards, false mails, foreign log-ins",
            "health": "Health and medicine",
            "crisis": "A threat to leave life",
            "money": "Everything about money",
            "baggage": "Everything about baggage",
            "change": "Everything about changes",
        },
        "short_topics": {
            "death": "death",
            "danger": "danger",
            "fraud": "fraud",
            "health": "health",
            "crisis": "leaving life",
            "money": "money",
            "baggage": "baggage",
            "change": "changes",
        },
        "list_mark": ", ",
        "no_topic": "no topic",
        "list_short": "On the list",
        "scope": "What does it do with a question for which there is no approved text?",
        "scope_short": "Without an approved text",
        "scope_options": {
            ANSWER: "It answers if it is sure enough",
            DOUBT: "It answers and adds “please check this”",
            TO_PERSON: "It says so and hands over",
        },
        "sure_enough": "How sure must it be before it answers?",
        "and_then": "And then?",
        "then_options": {
            "try": "Try it on the messages that are shown ({left} left)",
            "decide": "This is my decision: it is judged on the other half",
        },
        "send": "Go on",
        "run": "Run with these settings",
        "trial_caption": "Harm per 100 messages at each threshold, with your list and scope and without (the model's "
        "numbers)",
        "trial_alt": "With your list and scope harm lies between {least:g} and {most:g} points over all thresholds. At "
        "your threshold of {threshold:.2f} it is {harm:g}; the budget is {budget}.",
        "bars": [
            "Harm per 100 messages (at most)",
            "Minutes of people per 100 messages (at most)",
            "Mean wait in minutes (at most)",
        ],
        "examples": "Wrong answers with these settings, the most harmful first (invented)",
        "of_harm": "Of 100 messages {handed:g} went to the person. Of the harm, {waited:g} points came from waiting.",
        "trials": "What you have tried (the model's numbers, per 100 messages)",
        "trial_columns": ["Trial", "On the list", "Without a text", "Threshold", "Harm", "Minutes", "Wait"],
        "decided": "Your decision",
        "forecast": "Before it is judged: these are other people with other words.",
        "forecast_ask": "How much harm per 100 messages do you expect there?",
        "judge": "Judge my decision",
        "hidden": "The other half",
        "hidden_intro": "These messages stood in no trial. A list that only fits what it was made from would show it "
        "here.",
        "met": [
            "Harm: {value:g} points per 100 messages, within the budget.",
            "Minutes of people: {value:g} per 100 messages, within the target.",
            "Wait for a person: {value:g} minutes on average, within the target.",
        ],
        "missed": [
            f"Harm: {{value:g}} points per 100 messages; the budget is {MOST_HARM}.",
            f"Minutes of people: {{value:g}} per 100 messages; the target is at most {MOST_MINUTES}.",
            f"Wait for a person: {{value:g}} minutes on average; the target is at most {MOST_WAIT}.",
        ],
        "near": "You expected {said:g} points, and it was {harm:g}: near enough.",
        "far": "You expected {said:g} points, and it was {harm:g}: more than {near} away.",
        "hidden_examples": "Wrong answers in the other half, the most harmful first (invented)",
        "why": "Why",
        "because": {
            "missing": "Not on the list: {names}. The bot is sure there because the words look like others it has "
            "seen. "
            "What happens to a person does not come into it.",
            ANSWER: "Outside its knowledge it is as sure as inside. No threshold finds these answers; the question "
            "whether "
            "there is an approved text does.",
            DOUBT: "“Please check this” takes little of the harm away. She asked because she could not check.",
            "too-much": "The list also holds topics in which a wrong answer costs little. They filled the queue, and "
            "first "
            "in it stood people with suitcases.",
            "high": "The threshold is high. What it takes from the bot is mostly right, and the person on duty cannot "
            "keep "
            "up with it.",
            "low": "The threshold is low. With list and scope in front of it that costs mostly small harm; it also "
            "lets out "
            "the human matters that no list finds.",
            "well": "The list took what must not be answered however sure the bot is, the second gate took what it "
            "cannot "
            "know, and the threshold had only small harm left to weigh against minutes.",
        },
        "last": [
            "Even good settings leave some harm: a few messages name no topic at all. That is why somebody reads a "
            "sample "
            "every week, and why a door to a person stays open.",
            "The list also sends jokes to a person. In this model such a mistake costs 7 minutes. Would you take a "
            "word "
            "off the list to save them?",
        ],
        "after": "Go on turning",
        "after_intro": "Your result stands. Try other settings on the messages that are shown: take one topic off the "
        "list.",
    },
    "zh": {
        "intro": [
            "你来设置海港航空客服机器人的夜班。它有三个旋钮：哪些话题一律交给人，遇到自己不懂的怎么办，"
            "要有多大把握才回答。",
            "先给伤害打分，再判断单靠把握够不够，然后转动三个旋钮，作出决定。评判用的是你没见过的消息。",
        ],
        "rules": "这一夜的规则",
        "rule_facts": [
            ("消息", "每四分钟一条；你看到其中一半，共五夜，另一半用来评判"),
            ("三道关", "先看名单，再看有没有核准的答案，最后看把握"),
            ("在它懂的范围里", "有几成把握，大致就有几成对"),
            ("范围之外，以及必须由人处理的", "它同样有把握，却是错的"),
            ("一个人值班", "接手一条要 7 分钟；名单找出的排在前面"),
            ("答错一条", "伤害 0 到 10 分，另花 10 分钟补救"),
            ("等待", "需要人的客户可以等 20 分钟，此后每多 20 分钟加 1 分伤害"),
            ("名单", "靠字眼找：玩笑话也会被找出来，还有少数消息它找不到"),
        ],
        "honest": "这些消息、伤害分和其他数字都是为练习而设的，属于这个模型；真实的机器人会在别的地方出错。",
        "weigh": "先给伤害打分",
        "weigh_intro": "下面每一条，机器人都答错了。伤害有多大？0 分是笑一笑，10 分是有人受到伤害。",
        "points": "分",
        "weigh_send": "就按这些分",
        "weigh_columns": ["消息", "你", "模型"],
        "weigh_table": "答错一条的伤害，0 到 10 分（模型数字）",
        "weigh_why": "模型用它自己的分数继续。你的分数也许同样好：要紧的是，在看机器人答对多少之前，先把分数定下来。",
        "alone": "单靠把握",
        "alone_intro": "名单是空的；只要把握够，机器人什么都答。伤害预算是每 100 条 {budget} 分。",
        "alone_ask": "把门槛定在多少，伤害能守在预算之内？",
        "alone_options": {"0.70": "0.70", "0.90": "0.90", "0.95": "0.95", "none": "都不能"},
        "alone_send": "只设门槛，运行",
        "naive": "只设门槛",
        "yours": "你的名单和范围",
        "budget": "伤害预算",
        "threshold": "门槛",
        "harm_axis": "每 100 条的伤害",
        "alone_caption": "只设门槛时，各个门槛下每 100 条的伤害（模型数字）",
        "alone_alt": "伤害从门槛 0.5 时的 {first:g} 分降到 0.95 时的 {last:g} 分，最低 {least:g} 分，始终没有降到预算 "
        "{budget} 分。",
        "alone_right": "你的判断是：都不能。最低也有 {least:g} 分，而预算是 {budget} 分。",
        "alone_wrong": "都不能。最低也有 {least:g} 分，而预算是 {budget} 分。",
        "alone_examples": "门槛 0.95 时答错的消息，伤害大的在前（虚构）",
        "alone_why": [
            "伤害最大的回答，恰恰在最有把握的那些里面。提高门槛，先去掉的是无害的。",
            "从机器人那里拿走的，都压到一个人身上：队越排越长，真正需要人的客户排在问箱子的人后面。",
        ],
        "example_columns": ["消息", "机器人的回答", "把握", "伤害"],
        "no_example": "没有答错的",
        "knobs": "转动三个旋钮",
        "knobs_intro": "你可以在看得见的消息上最多试 {trials} 种设置，然后把其中一种定为你的决定。",
        "target_facts": [
            ("伤害", f"每 100 条不超过 {MOST_HARM} 分"),
            ("人工", f"每 100 条不超过 {MOST_MINUTES} 分钟"),
            ("等人的时间", f"平均不超过 {MOST_WAIT} 分钟"),
        ],
        "list": "哪些话题一律交给人？",
        "topics": {
            "death": "去世与哀伤",
            "danger": "危险：冒烟、起火、爆炸物、被人跟踪",
            "fraud": "诈骗：盗刷、假邮件、他人登录",
            "health": "健康与用药",
            "crisis": "流露轻生的念头",
            "money": "凡是和钱有关的",
            "baggage": "凡是和行李有关的",
            "change": "凡是和更改有关的",
        },
        "short_topics": {
            "death": "去世",
            "danger": "危险",
            "fraud": "诈骗",
            "health": "健康",
            "crisis": "轻生",
            "money": "钱",
            "baggage": "行李",
            "change": "更改",
        },
        "list_mark": "、",
        "no_topic": "没有话题",
        "list_short": "名单",
        "scope": "没有核准答案的问题，它怎么办？",
        "scope_short": "没有核准答案时",
        "scope_options": {
            ANSWER: "把握够就回答",
            DOUBT: "回答，并加一句“请自行核实”",
            TO_PERSON: "说明自己不知道，交给人",
        },
        "sure_enough": "要有多大把握才回答？",
        "and_then": "接下来",
        "then_options": {
            "try": "在看得见的消息上试一试（还可以试 {left} 次）",
            "decide": "这就是我的决定，用另一半来评判",
        },
        "send": "继续",
        "run": "按这些设置运行",
        "trial_caption": "各个门槛下每 100 条的伤害：用你的名单和范围，与只设门槛相比（模型数字）",
        "trial_alt": "用你的名单和范围，各个门槛下的伤害在 {least:g} 到 {most:g} 分之间。在你的门槛 {threshold:.2f} "
        "处是 {harm:g} 分，"
        "预算是 {budget} 分。",
        "bars": ["每 100 条的伤害（不超过）", "每 100 条的人工分钟（不超过）", "平均等待，分钟（不超过）"],
        "examples": "按这些设置答错的消息，伤害大的在前（虚构）",
        "of_harm": "每 100 条里有 {handed:g} 条交给了人。伤害中有 {waited:g} 分来自等待。",
        "trials": "你试过的设置（模型数字，每 100 条）",
        "trial_columns": ["次数", "名单", "没有核准答案时", "门槛", "伤害", "分钟", "等待"],
        "decided": "你的决定",
        "forecast": "评判之前想一想：这是另一些人，说的是另一些话。",
        "forecast_ask": "你估计那里每 100 条的伤害是多少？",
        "judge": "评判我的决定",
        "hidden": "另一半消息",
        "hidden_intro": "这些消息，前面的尝试都没有见过。如果名单只适合当初见过的那些，在这里就会露出来。",
        "met": [
            "伤害：每 100 条 {value:g} 分，在预算之内。",
            "人工：每 100 条 {value:g} 分钟，达到目标。",
            "等人的时间：平均 {value:g} 分钟，达到目标。",
        ],
        "missed": [
            f"伤害：每 100 条 {{value:g}} 分，预算是 {MOST_HARM} 分。",
            f"人工：每 100 条 {{value:g}} 分钟，目标是不超过 {MOST_MINUTES} 分钟。",
            f"等人的时间：平均 {{value:g}} 分钟，目标是不超过 {MOST_WAIT} 分钟。",
        ],
        "near": "你估计 {said:g} 分，结果是 {harm:g} 分，足够接近。",
        "far": "你估计 {said:g} 分，结果是 {harm:g} 分，相差超过 {near} 分。",
        "hidden_examples": "另一半里答错的消息，伤害大的在前（虚构）",
        "why": "为什么",
        "because": {
            "missing": "不在名单上的有：{names}。机器人在这里有把握，是因为字句像它见过的别的消息；人会怎么样，"
            "它根本没有考虑。",
            ANSWER: "在它不懂的地方，它和在懂的地方一样有把握。门槛找不出这些回答；要问“有没有核准的答案”，才找得出。",
            DOUBT: "加一句“请自行核实”，减不了多少伤害。她来问，正是因为自己核实不了。",
            "too-much": "名单上还有答错了也不要紧的话题。它们把队挤满了，排在最前面的是问箱子的人。",
            "high": "门槛定得高。从机器人那里拿走的多半是对的，值班的人却忙不过来。",
            "low": "门槛定得低。前面有名单和范围挡着，漏出来的多半是小伤害；但名单找不到、本该由人处理的那几条，"
            "也跟着漏了出来。",
            "well": "名单拿走了再有把握也不该答的，第二道关拿走了它不可能知道的，留给门槛的只有小伤害，"
            "用来和人工时间权衡。",
        },
        "last": [
            "设置得再好，也还留着一些伤害：有几条消息根本没有提到任何话题。所以每周要有人抽看，通向人的门要一直开着。",
            "名单也会把玩笑话交给人。在这个模型里，这样的错误一次花 7 分钟。为了省下它，你会从名单上去掉一个词吗？",
        ],
        "after": "再转转旋钮",
        "after_intro": "你的结果已经定了。可以在看得见的消息上再试别的设置：从名单上去掉一个话题看看。",
    },
}
