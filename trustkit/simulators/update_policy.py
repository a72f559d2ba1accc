"""What customers do not know makes them call: an update policy for a workshop, tried on a hundred jobs.

The trainee puts three policies in order before they are run, then sets the levers: which events are told, when bad
news is told, whether the next update has an hour. The decision is judged on weeks that were not shown. All numbers
are the model's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from trustkit import blocks
from trustkit.blocks import Block, Result

ID = "update-policy"
TITLE = {"en": "The update policy", "zh": "进度告知策略"}
ABOUT = {
    "en": "Decide what a workshop tells its customers and when, and watch who calls because they do not know.",
    "zh": "决定维修店告诉客户什么、什么时候告诉，看看谁因为不知道而打来电话。",
}
MINUTES = 15

JOBS = 100
DAY = 2
"""Half days in a day: the model's clock goes by half days."""
PROMISED = 5 * DAY
"""The half day at whose end every job is promised."""
HOUSE = ("scanned", "technician", "part", "status")
MATTER = ("found", "ready")
EVENTS = (*MATTER, *HOUSE)
EARLY, MORNING, ASKED = "early", "morning", "asked"
NO_NEXT, SOON, EVERY_DAY, SECOND_DAY = "none", "soon", "every-day", "second-day"
EVERY = {EVERY_DAY: DAY, SECOND_DAY: 2 * DAY}
START = 60.0

MINUTES_OF_CALL, MINUTES_OF_MESSAGE, MINUTES_OF_NOTHING_NEW = 6, 2, 1
MOST_CALLS, LEAST_TRUST, MOST_MINUTES = 18, 66, 1_200
"""The target, per hundred jobs; trust in points."""
WEEKS = 3
"""Weeks that are shown, and as many others on which the decision is judged."""
MOST_TRIALS = 6


@dataclass(frozen=True)
class Policy:
    """What is told: the events sent as messages, when bad news is told, and whether the next update has an hour."""

    told: frozenset[str] = frozenset()
    bad: str = ASKED
    next: str = NO_NEXT

    def __post_init__(self) -> None:
        unknown = set(self.told) - set(EVENTS)
        if unknown or self.bad not in (EARLY, MORNING, ASKED) or self.next not in (NO_NEXT, SOON, *EVERY):
            raise ValueError("This policy names an event or a time that the workshop does not know.")


POLICIES = {
    "nothing": Policy(frozenset({"ready"}), ASKED),
    "everything": Policy(frozenset(EVENTS), EARLY),
    "matter": Policy(frozenset(MATTER), EARLY),
}
"""The three policies of the lesson; none of them names a next time yet."""


@dataclass(frozen=True)
class Job:
    """One job, with every piece of chance that a policy could meet, so that policies are compared on the same week.

    Attributes:
        found: the half day in which the fault is found.
        end: the half day in which it is ready.
        known: the half day in which a delay is known in the house, or None.
        dearer: whether it costs more than the customer expects.
        patience: half days without news that answer the customer's question, before the customer calls.
        steps: what happens in the house, each (half day, kind, chance).
        chance: what decides the rest, by name, each 0 to 1.
    """

    found: int
    end: int
    known: int | None
    dearer: bool
    patience: int
    steps: tuple[tuple[int, str, float], ...]
    chance: dict[str, float]


@dataclass(frozen=True)
class Outcome:
    """What a policy led to, per hundred jobs: contacts by reason, mean trust in points, minutes of staff."""

    calls: dict[str, float]
    trust: float
    minutes: float

    @property
    def contacts(self) -> float:
        """Inbound contacts of every kind, per hundred jobs."""
        return round(sum(self.calls.values()), 1)


REASONS = ("silence", "house", "price", "late", "ready")


def jobs(seed: int | str) -> list[Job]:
    """Return the hundred jobs of a week."""
    random = Random(f"jobs {seed}")
    made = []
    for _ in range(JOBS):
        found = random.randint(1, 3)
        late = random.random() < 0.35
        known, extra = random.randint(4, 8), random.randint(2, 6)
        end = PROMISED + extra if late else PROMISED
        steps = [(random.randint(1, end - 1), kind, random.random()) for kind in HOUSE for _ in range(2)]
        chance = {name: random.random() for name in ("found", "price", "told", "counter", "ready", "lost")}
        dearer, patience = random.random() < 0.4, random.randint(4, 9)
        made.append(Job(found, end, known if late else None, dearer, patience, tuple(sorted(steps)), chance))
    return made


def run(week: Sequence[Job], policy: Policy) -> Outcome:
    """Return what a policy leads to in a week."""
    calls = dict.fromkeys(REASONS, 0)
    trust = minutes = 0.0
    for job in week:
        called, points, spent = _one(job, policy)
        for reason in called:
            calls[reason] += 1
        trust, minutes = trust + points, minutes + spent
    share = 100 / len(week)
    return Outcome(
        {reason: round(count * share, 1) for reason, count in calls.items()},
        round(trust / len(week), 1),
        round(minutes * share),
    )


def _one(job: Job, policy: Policy) -> tuple[list[str], float, float]:
    """Return who called and why, trust at the end and the minutes of one job."""
    called: list[str] = []
    trust, minutes = START, 0.0
    pushed = [step for step in job.steps if step[1] in policy.told]
    # Among many messages the one that matters is overlooked more easily.
    overlooked = job.chance["lost"] < min(0.4, 0.04 * len(pushed))
    interval = EVERY.get(policy.next)
    patience = min(job.patience, 3) if policy.next == SOON else job.patience
    heard, knows_delay = 0, False
    for now in range(1, job.end + 1):
        if now == job.found and "found" in policy.told:
            minutes += MINUTES_OF_MESSAGE
            if not overlooked:
                heard = now
                if job.chance["found"] < 0.06:
                    called.append("price")
        known = job.known is not None and now >= job.known
        due = {EARLY: job.known, MORNING: PROMISED - 1}.get(policy.bad)
        if known and now == due and not knows_delay:
            minutes += MINUTES_OF_MESSAGE
            if not overlooked:
                knows_delay, heard = True, now
                trust -= 4 if policy.bad == EARLY else 11
                if job.chance["told"] < (0.15 if policy.bad == EARLY else 0.6):
                    called.append("late")
        if interval and now % interval == 0 and now < job.end:
            minutes += MINUTES_OF_NOTHING_NEW
            heard, trust = now, trust + 1.5
        for at, _, chance in pushed:
            if at == now and chance < 0.14:
                called.append("house")
                trust -= 0.5
        if now == PROMISED and job.known is not None and not knows_delay:
            knows_delay, heard, trust = True, now, trust - 20
            if job.chance["counter"] < 0.95:
                called.append("late")
        elif now < job.end and now - heard >= patience and not interval:
            called.append("silence")
            heard, trust = now, trust - 3
            if known and not knows_delay:
                knows_delay, trust = True, trust - 9
    trust += 6
    if "ready" in policy.told:
        minutes += MINUTES_OF_MESSAGE
    elif job.chance["ready"] < 0.8:
        called.append("ready")
        trust -= 2
    if "found" not in policy.told and job.dearer:
        trust -= 8
        if job.chance["price"] < 0.6:
            called.append("price")
    minutes += MINUTES_OF_CALL * len(called)
    return called, max(0.0, min(100.0, trust)), minutes


def shown_weeks(seed: int) -> list[Job]:
    """Return the jobs of the weeks on which policies are tried."""
    return [job for number in range(WEEKS) for job in jobs(f"{seed} shown {number}")]


def hidden_weeks(seed: int) -> list[Job]:
    """Return the jobs of the weeks on which the decision is judged; no page shows them before it is made."""
    return [job for number in range(WEEKS) for job in jobs(f"{seed} hidden {number}")]


def ranking(seed: int) -> list[str]:
    """Return the three policies by their inbound contacts in the shown weeks, fewest first."""
    week = shown_weeks(seed)
    return sorted(POLICIES, key=lambda id_: run(week, POLICIES[id_]).contacts)


def targets_met(outcome: Outcome) -> tuple[bool, bool, bool]:
    """Return whether contacts, trust and minutes meet the target."""
    return outcome.contacts <= MOST_CALLS, outcome.trust >= LEAST_TRUST, outcome.minutes <= MOST_MINUTES


@dataclass(frozen=True)
class _Run:
    """The answers of a run by what they were for."""

    order: list[str] | None
    trials: list[dict]
    decision: dict | None
    defence: dict | None
    after: list[dict]


def _read(answers: list[dict]) -> _Run:
    levers = answers[1:]
    stop = next((number for number, one in enumerate(levers) if one.get("then") == "decide"), None)
    order = answers[0]["order"] if answers else None
    if stop is None:
        return _Run(order, levers, None, None, [])
    rest = levers[stop + 1 :]
    return _Run(order, levers[:stop], levers[stop], rest[0] if rest else None, rest[1:])


def _policy(answer: dict) -> Policy:
    return Policy(frozenset(answer["told"]), answer["bad"], answer["next"])


def judge(answers: list[dict], seed: int = 0) -> Result:
    """Return whether the decision meets its three targets in the weeks that were not shown, once it is defended."""
    told = _read(answers)
    if told.decision is None or told.defence is None:
        return Result(False, {}, finished=False)
    met = targets_met(run(hidden_weeks(seed), _policy(told.decision)))
    return Result(all(met), {"targets": sum(met), "predicted": int(told.order == ranking(seed))})


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers: the workshop, the three policies, what was tried and what is open."""
    words = WORDS[language]
    told = _read(answers)
    shown = [
        blocks.text(*words["intro"]),
        blocks.heading(words["rules"]),
        blocks.facts(words["rule_facts"]),
        blocks.text(words["honest"], tone="note"),
        blocks.heading(words["three"]),
        blocks.facts((words["policies"][id_], words["policy_texts"][id_]) for id_ in POLICIES),
    ]
    if told.order is None:
        ask = blocks.order("order", words["ask_order"], words["policies"])
        return [*shown, blocks.form("order", [ask], words["run_three"], final=True)]
    shown += _three(told.order, language, seed)
    shown += [
        blocks.heading(words["levers"]),
        blocks.text(words["levers_intro"].format(trials=MOST_TRIALS)),
        blocks.facts(words["target_facts"]),
    ]
    week = shown_weeks(seed)
    if told.trials:
        shown += _trial(told.trials[-1], week, language)
    if len(told.trials) > 1:
        shown.append(_trials(told.trials, week, language))
    if told.decision is None:
        last = told.trials[-1] if told.trials else None
        left = MOST_TRIALS - len(told.trials)
        return [*shown, _lever_form(last, left, language)]
    shown += [blocks.heading(words["decided"]), blocks.facts(_policy_facts(told.decision, language))]
    if told.defence is None:
        fields = [blocks.writing(id_, label, lines=2, most=240) for id_, label in words["defend_fields"].items()]
        return [*shown, blocks.text(words["defend"]), blocks.form("defend", fields, words["judge"], final=True)]
    if not all(told.defence[id_].strip() for id_ in words["defend_fields"]):
        raise ValueError(words["blank"])
    shown += _verdict(told, language, seed)
    shown += [blocks.heading(words["after"]), blocks.text(words["after_intro"])]
    if told.after:
        shown += _trial(told.after[-1], week, language)
    return [*shown, _lever_form((told.after or [told.decision])[-1], None, language)]


def _three(order: list[str], language: str, seed: int) -> list[Block]:
    words = WORDS[language]
    week = shown_weeks(seed)
    outcomes = {id_: run(week, policy) for id_, policy in POLICIES.items()}
    right = ranking(seed)
    names = [words["policies"][id_] for id_ in right]
    chart = blocks.chart(
        "bar",
        [words["short"][id_] for id_ in POLICIES],
        [blocks.series(words["contacts"], [outcomes[id_].contacts for id_ in POLICIES])],
        x_label=words["policy"],
        y_label=words["contacts_axis"],
        caption=words["three_caption"],
        alt=words["three_alt"].format(**{id_: outcomes[id_].contacts for id_ in POLICIES}),
        low=0,
    )
    rows = [
        (
            words["policies"][id_],
            *(f"{outcomes[id_].calls[reason]:g}" for reason in REASONS),
            f"{outcomes[id_].contacts:g}", f"{outcomes[id_].trust:g}", f"{outcomes[id_].minutes:g}",
        )
        for id_ in POLICIES
    ]  # fmt: skip
    hit = order == right
    verdict = words["order_right" if hit else "order_wrong"].format(names=words["then"].join(names))
    return [
        blocks.heading(words["what_came"]),
        blocks.text(verdict, tone="good" if hit else "plain"),
        chart,
        blocks.table(words["columns"], rows, words["table"]),
        blocks.text(*words["why_three"]),
    ]


def _trial(answer: dict, week: list[Job], language: str) -> list[Block]:
    outcome = run(week, _policy(answer))
    chart = _reasons_chart(outcome, WORDS[language]["trial_caption"], language)
    return [blocks.facts(_policy_facts(answer, language)), chart, _bars(outcome, language)]


def _reasons_chart(outcome: Outcome, caption: str, language: str) -> Block:
    words = WORDS[language]
    parts = words["comma"].join(f"{words['reasons'][reason]} {outcome.calls[reason]:g}" for reason in REASONS)
    return blocks.chart(
        "bar",
        [words["reasons"][reason] for reason in REASONS],
        [blocks.series(words["contacts"], [outcome.calls[reason] for reason in REASONS])],
        x_label=words["reason"],
        y_label=words["contacts_axis"],
        caption=caption,
        alt=words["trial_alt"].format(contacts=outcome.contacts, parts=parts),
        low=0,
    )


def _bars(outcome: Outcome, language: str) -> Block:
    words = WORDS[language]["bars"]
    return blocks.bars(
        [
            {"name": words[0], "value": outcome.contacts, "low": 0, "high": 250, "target": MOST_CALLS},
            {"name": words[1], "value": outcome.trust, "low": 0, "high": 100, "target": LEAST_TRUST},
            {"name": words[2], "value": outcome.minutes, "low": 0, "high": 2_000, "target": MOST_MINUTES},
        ]
    )


def _trials(trials: list[dict], week: list[Job], language: str) -> Block:
    words = WORDS[language]
    rows = []
    for number, one in enumerate(trials, 1):
        outcome = run(week, _policy(one))
        sent = words["list"].join(words["short_events"][id_] for id_ in EVENTS if id_ in one["told"])
        rows.append(
            (
                number, sent or words["no_event"], words["bad_options"][one["bad"]], words["next_options"][one["next"]],
                f"{outcome.contacts:g}", f"{outcome.trust:g}", f"{outcome.minutes:g}",
            )
        )  # fmt: skip
    return blocks.table(words["trial_columns"], rows, words["trials"])


def _policy_facts(answer: dict, language: str) -> list[tuple[str, str]]:
    words = WORDS[language]
    sent = words["list"].join(words["short_events"][id_] for id_ in EVENTS if id_ in answer["told"])
    return [
        (words["told_short"], sent or words["no_event"]),
        (words["bad_short"], words["bad_options"][answer["bad"]]),
        (words["next_short"], words["next_options"][answer["next"]]),
    ]


def _lever_form(last: dict | None, left: int | None, language: str) -> Block:
    """Return the form of the levers; `left` is how often it may still be tried, None once the run is over."""
    words = WORDS[language]
    before = last or {"told": [], "bad": None, "next": None}
    fields = [
        blocks.several("told", words["told"], words["events"], before["told"]),
        blocks.choose("bad", words["bad"], words["bad_options"], before["bad"]),
        blocks.choose("next", words["next"], words["next_options"], before["next"]),
    ]
    if left is None:
        return blocks.form("after", fields, words["run"])
    options = {id_: text.format(left=left) for id_, text in words["then_options"].items() if left or id_ == "decide"}
    fields.append(blocks.choose("then", words["and_then"], options, "try" if left else "decide"))
    return blocks.form("levers", fields, words["send"])


def _verdict(told: _Run, language: str, seed: int) -> list[Block]:
    words = WORDS[language]
    policy = _policy(told.decision)
    outcome = run(hidden_weeks(seed), policy)
    met = targets_met(outcome)
    values = (outcome.contacts, outcome.trust, outcome.minutes)
    sentences = [
        words["met" if good else "missed"][number].format(value=value)
        for number, (good, value) in enumerate(zip(met, values))
    ]
    return [
        blocks.heading(words["hidden"]),
        blocks.text(words["hidden_intro"]),
        _bars(outcome, language),
        blocks.result(all(met), sentences),
        _reasons_chart(outcome, words["hidden_caption"], language),
        blocks.heading(words["why"]),
        blocks.text(*_reasons(policy, language)),
        blocks.heading(words["defence"]),
        blocks.facts((label, told.defence[id_]) for id_, label in words["defend_fields"].items()),
        blocks.text(*words["compare"], tone="note"),
    ]


def _reasons(policy: Policy, language: str) -> list[str]:
    """Return what each lever did to the customers, the costliest first."""
    words = WORDS[language]["because"]
    found = []
    if policy.next in (NO_NEXT, SOON):
        found.append(words[policy.next])
    if policy.told & set(HOUSE):
        found.append(words["house"])
    if policy.bad != EARLY:
        found.append(words[policy.bad])
    found += [words[f"no-{event}"] for event in MATTER if event not in policy.told]
    if not found:
        found = [words["well"], words[policy.next]]
    return found


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "You run a repair workshop. Every job is promised for the end of the fifth day. The customer sits at home "
            "and knows only what you tell her. When she no longer knows, she calls.",
            "First put three policies in order. Then set the levers yourself, decide, and defend your decision in "
            "three sentences. It is judged on weeks that you have not seen.",
        ],
        "rules": "The rules of this workshop",
        "rule_facts": [
            (
                "Delays",
                "about 35 of 100 jobs will be one to three days late; the house knows it on day two, three or four",
            ),
            (
                "Patience",
                "four to nine half days without news that answers the customer's own question; then she calls",
            ),
            ("Events in the house", "eight a job: scanned, technician, part, status, each twice"),
            (
                "Many messages",
                "each one about the house raises a question now and then; among many, the one that matters "
                "is overlooked more easily",
            ),
            ("A named next time", "she waits for it, and you keep it, even if the news is “nothing yet”"),
            (
                "Minutes",
                "6 for a call, 2 for a message that a person writes, 1 for “nothing new”, 0 for a message of the "
                "system",
            ),
            ("Trust", "begins at 60 of 100 points"),
        ],
        "honest": "These numbers were made for practice. They are the model's, not a finding about real workshops: the "
        "model contains the idea that it shows.",
        "three": "Three policies",
        "policies": {
            "nothing": "Nothing until it is done",
            "everything": "Every event",
            "matter": "Events that matter, bad news early",
        },
        "short": {"nothing": "Nothing", "everything": "Every event", "matter": "What matters"},
        "policy_texts": {
            "nothing": "One message: it is ready. Who wants to know more can ask.",
            "everything": "All events of the house are sent as they happen, what was found and delays included.",
            "matter": "What we found, with price and choice; a delay as soon as we know it; ready. Nothing else.",
        },
        "ask_order": "Which policy brings the fewest calls? Put that one first and the one with the most last.",
        "run_three": "Run the three policies",
        "what_came": "What came in",
        "order_right": "Your order is the model's order: {names}.",
        "order_wrong": "The model's order, fewest calls first, is another one: {names}.",
        "then": ", then ",
        "contacts": "Inbound contacts",
        "contacts_axis": "Contacts per 100 jobs",
        "policy": "Policy",
        "three_caption": "Inbound contacts per 100 jobs under three policies (the model's numbers)",
        "three_alt": "Bars for inbound contacts per 100 jobs: nothing until it is done {nothing:g}, every event "
        "{everything:g}, events that matter with bad news early {matter:g}.",
        "columns": [
            "Policy",
            "Silence",
            "About the house",
            "Price",
            "Delay",
            "Is it ready?",
            "All contacts",
            "Trust after",
            "Staff minutes",
        ],
        "table": "Why they called, per 100 jobs, with trust in points and minutes of staff (the model's numbers)",
        "why_three": [
            "Under “nothing” people call because they do not know, and who is told late learns it at the counter. "
            "Under “every event” they still call, because the messages answer questions of the house, and some of "
            "the messages raise new ones.",
            "Even the third policy leaves calls from silence. Between two events that matter days can pass, and nobody "
            "has said when the next word will come.",
        ],
        "levers": "Now set the levers yourself",
        "levers_intro": "You can try up to {trials} policies on three weeks that are shown. Then one of them is your "
        "decision.",
        "target_facts": [
            ("Contacts", f"at most {MOST_CALLS} per 100 jobs"),
            ("Trust", f"at least {LEAST_TRUST} points"),
            ("Minutes of staff", f"at most {MOST_MINUTES:,} per 100 jobs"),
        ],
        "told": "Which events are sent as a message?",
        "events": {
            "found": "What we found, with the price and the customer's choice",
            "ready": "It is ready",
            "scanned": "Scanned or moved in the house",
            "technician": "Technician assigned or changed",
            "part": "Fault code or part number",
            "status": "Status updated",
        },
        "short_events": {
            "found": "found",
            "ready": "ready",
            "scanned": "scanned",
            "technician": "technician",
            "part": "part",
            "status": "status",
        },
        "list": ", ",
        "comma": ", ",
        "no_event": "none",
        "bad": "When is a delay told?",
        "bad_options": {
            EARLY: "As soon as the house knows it",
            MORNING: "On the morning of the promised day",
            ASKED: "When the customer asks",
        },
        "next": "What do you say about the next update?",
        "next_options": {
            NO_NEXT: "Nothing",
            SOON: "“We will be in touch soon”",
            EVERY_DAY: "A time on every day, kept",
            SECOND_DAY: "A time on every second day, kept",
        },
        "and_then": "And then?",
        "then_options": {
            "try": "Try it on the weeks that are shown ({left} left)",
            "decide": "This is my decision: it is judged on other weeks",
        },
        "send": "Go on",
        "run": "Run with these levers",
        "told_short": "Sent",
        "bad_short": "A delay is told",
        "next_short": "The next update",
        "reason": "Why they called",
        "reasons": {"silence": "Silence", "house": "House", "price": "Price", "late": "Delay", "ready": "Ready?"},
        "trial_caption": "Why people called, per 100 jobs, in the weeks that are shown (the model's numbers)",
        "trial_alt": "{contacts:g} inbound contacts per 100 jobs. By reason: {parts}.",
        "hidden_caption": "Why people called, per 100 jobs, in the other weeks (the model's numbers)",
        "bars": [
            "Contacts per 100 jobs (at most)",
            "Trust after, points (at least)",
            "Staff minutes per 100 jobs (at most)",
        ],
        "trials": "What you have tried (the model's numbers, per 100 jobs)",
        "trial_columns": ["Trial", "Sent", "A delay is told", "Next update", "Contacts", "Trust", "Minutes"],
        "decided": "Your decision",
        "defend": "Before it is judged: defend it in three sentences. They are not marked; they stand beside the "
        "result.",
        "defend_fields": {
            "serves": "Whom does it serve?",
            "leaves": "What does it leave out?",
            "costs": "What does it cost?",
        },
        "blank": "Write one sentence for each of the three questions.",
        "judge": "Judge my decision",
        "hidden": "Three other weeks",
        "hidden_intro": "300 jobs that no trial has seen. A policy that fits only the weeks it was tried on would show "
        "it here.",
        "met": [
            "Contacts: {value:g} per 100 jobs, within the target.",
            "Trust: {value:g} points, within the target.",
            "Minutes of staff: {value:g} per 100 jobs, within the target.",
        ],
        "missed": [
            f"Contacts: {{value:g}} per 100 jobs; the target is at most {MOST_CALLS}.",
            f"Trust: {{value:g}} points; the target is at least {LEAST_TRUST}.",
            f"Minutes of staff: {{value:g}} per 100 jobs; the target is at most {MOST_MINUTES:,}.",
        ],
        "why": "Why",
        "because": {
            NO_NEXT: "Nobody said when the next word would come, so each customer's patience set the hour of her call.",
            SOON: "“Soon” names no hour. Each customer put in her own, and it was earlier than yours: more calls than "
            "without the word.",
            "house": "Messages about the house answered no question of hers. Some raised one, and the message that "
            "mattered was easier to overlook among them.",
            MORNING: "You knew of the delay for days and told it on the last morning. By then she had taken the day "
            "off, so more people called back.",
            ASKED: "Whoever did not ask learnt of the delay at the counter. That is the dearest way of telling it, in "
            "trust and in minutes.",
            "no-found": "The price came as a surprise at the end, when nothing was left to choose.",
            "no-ready": "“Is it ready?” is a call that one message would have spared.",
            "well": "Every message answered a question of hers, and the bad news came while she could still change "
            "her plans. The few calls left are people who want to talk about the price or the new day.",
            EVERY_DAY: "A word on every day costs more minutes than one on every second day, and in this model it is "
            "also worth some trust. Both meet the target; which one suits your house is your decision.",
            SECOND_DAY: "A word on every second day was enough, because she knew that it would come. A word on every "
            "day would cost more minutes and bring somewhat more trust.",
        },
        "defence": "Your three sentences",
        "compare": [
            "Compare. It serves the customer who has to plan her days. It leaves out what happens inside the house; "
            "whoever likes can look it up or ask. It costs minutes of writing, also for “nothing yet”, and the courage "
            "to send bad news while it might still turn out well.",
            "Where the model is silent: it does not know whether a message is true. A false date would bring just as "
            "few calls, until the day itself.",
        ],
        "after": "Go on trying",
        "after_intro": "Your result stands. Try other levers on the shown weeks: which one alone changes most?",
    },
    "zh": {
        "intro": [
            "你管一家维修店。每一单都约定在第五天结束前修好。客户在家里等，只知道你告诉她的那些。心里没数了，她就打电话来。",
            "先给三种策略排个序；再自己调节，作出决定，并用三句话说明理由。评判用的是你没见过的几周。",
        ],
        "rules": "这家店的规则",
        "rule_facts": [
            ("延误", "100 单里约有 35 单要晚一到三天；店里在第二、三或四天就已知道"),
            ("耐心", "没有听到自己关心的消息，能等两天到四天半，各人不同，之后就打电话"),
            ("店内事件", "每单八件：扫描、换人、配件、状态，各两次"),
            ("消息太多", "每条店内消息都可能引出一个疑问；消息一多，真正要紧的那条更容易被漏看"),
            ("说好下次时间", "客户会等到那个时间；你也要守住，哪怕只是说“暂时没有新进展”"),
            ("耗时", "接一个电话 6 分钟，人写的消息 2 分钟，报一声“没有新进展”1 分钟，系统自动发的 0 分钟"),
            ("信任", "从 60 分开始，满分 100 分"),
        ],
        "honest": "这些数字是为练习而设的，属于这个模型，不是对真实维修店的研究结论：它演示的道理，本来就写在模型里。",
        "three": "三种策略",
        "policies": {
            "nothing": "修好之前什么也不说",
            "everything": "每件事都说",
            "matter": "只说要紧的，坏消息早说",
        },
        "short": {"nothing": "不说", "everything": "都说", "matter": "说要紧的"},
        "policy_texts": {
            "nothing": "只发一条：修好了。想知道更多，可以来问。",
            "everything": "店里发生什么就发什么，查出的问题和延误也在其中。",
            "matter": "查出了什么、多少钱、有哪些选择；一知道会延误就说；修好了。别的不发。",
        },
        "ask_order": "哪种策略引来的电话最少？最少的排在最前，最多的排在最后。",
        "run_three": "运行三种策略",
        "what_came": "来了多少电话",
        "order_right": "你的排序和模型一致：{names}。",
        "order_wrong": "模型的排序不一样，电话从少到多是：{names}。",
        "then": "，然后是",
        "contacts": "客户来电",
        "contacts_axis": "每 100 单的来电",
        "policy": "策略",
        "three_caption": "三种策略下每 100 单的客户来电（模型数字）",
        "three_alt": "柱形图，每 100 单的客户来电：修好之前什么也不说 {nothing:g}，每件事都说 {everything:g}，"
        "只说要紧的、坏消息早说 {matter:g}。",
        "columns": [
            "策略",
            "没有音讯",
            "问店内消息",
            "价格",
            "延误",
            "问修好没有",
            "来电合计",
            "之后的信任",
            "人工分钟",
        ],
        "table": "客户为什么打来（每 100 单），以及信任（分）和人工分钟（模型数字）",
        "why_three": [
            "“不说”时，客户因为心里没数而打来；遇上延误的，到了柜台才知道。“都说”时电话照样来：那些消息回答的是店里的问题，"
            "有的还引出了新疑问。",
            "第三种策略也还留着“没有音讯”的来电。两件要紧事之间可能隔上几天，而没有人说过下一次消息什么时候来。",
        ],
        "levers": "现在由你来调节",
        "levers_intro": "你可以在看得见的三周里最多试 {trials} 种策略，然后把其中一种定为你的决定。",
        "target_facts": [
            ("客户来电", f"每 100 单不超过 {MOST_CALLS} 个"),
            ("信任", f"不低于 {LEAST_TRUST} 分"),
            ("人工", f"每 100 单不超过 {MOST_MINUTES} 分钟"),
        ],
        "told": "哪些事发消息告诉客户？",
        "events": {
            "found": "查出了什么问题，多少钱，客户有哪些选择",
            "ready": "修好了",
            "scanned": "在店里扫描或挪了位置",
            "technician": "安排或更换了师傅",
            "part": "故障代码或配件编号",
            "status": "状态已更新",
        },
        "short_events": {
            "found": "查出的问题",
            "ready": "修好了",
            "scanned": "扫描",
            "technician": "师傅",
            "part": "配件",
            "status": "状态",
        },
        "list": "、",
        "comma": "，",
        "no_event": "都不发",
        "bad": "会延误，什么时候告诉客户？",
        "bad_options": {EARLY: "店里一知道就说", MORNING: "到了约定那天早上再说", ASKED: "客户问了才说"},
        "next": "关于下次消息，你怎么说？",
        "next_options": {
            NO_NEXT: "不提",
            SOON: "“我们会尽快联系您”",
            EVERY_DAY: "每天定一个时间，并且做到",
            SECOND_DAY: "每两天定一个时间，并且做到",
        },
        "and_then": "接下来",
        "then_options": {
            "try": "在看得见的三周里试一试（还可以试 {left} 次）",
            "decide": "这就是我的决定，用另外几周来评判",
        },
        "send": "继续",
        "run": "按这些设置运行",
        "told_short": "发的消息",
        "bad_short": "延误何时说",
        "next_short": "下次消息",
        "reason": "为什么打来",
        "reasons": {"silence": "没有音讯", "house": "店内消息", "price": "价格", "late": "延误", "ready": "修好没有"},
        "trial_caption": "看得见的三周里，客户为什么打来（每 100 单，模型数字）",
        "trial_alt": "每 100 单有 {contacts:g} 个客户来电。按原因分：{parts}。",
        "hidden_caption": "另外三周里，客户为什么打来（每 100 单，模型数字）",
        "bars": ["每 100 单的来电（不超过）", "之后的信任，分（不低于）", "每 100 单的人工分钟（不超过）"],
        "trials": "你试过的策略（模型数字，每 100 单）",
        "trial_columns": ["次数", "发的消息", "延误何时说", "下次消息", "来电", "信任", "分钟"],
        "decided": "你的决定",
        "defend": "评判之前，请用三句话说明理由。这三句不打分，会和结果放在一起。",
        "defend_fields": {"serves": "它对谁有好处？", "leaves": "它没有告诉客户什么？", "costs": "它要花什么代价？"},
        "blank": "三个问题，请各写一句话。",
        "judge": "评判我的决定",
        "hidden": "另外三周",
        "hidden_intro": "这 300 单，前面的尝试都没有见过。如果一种策略只适合试过的那几周，在这里就会露出来。",
        "met": [
            "客户来电：每 100 单 {value:g} 个，达到目标。",
            "信任：{value:g} 分，达到目标。",
            "人工：每 100 单 {value:g} 分钟，达到目标。",
        ],
        "missed": [
            f"客户来电：每 100 单 {{value:g}} 个，目标是不超过 {MOST_CALLS} 个。",
            f"信任：{{value:g}} 分，目标是不低于 {LEAST_TRUST} 分。",
            f"人工：每 100 单 {{value:g}} 分钟，目标是不超过 {MOST_MINUTES} 分钟。",
        ],
        "why": "为什么",
        "because": {
            NO_NEXT: "没有人说下一次消息什么时候来，于是客户的耐心到哪一刻用完，电话就哪一刻打来。",
            SOON: "“尽快”不是时间。每位客户都替你填上一个，而且比你想的早：电话比不说这句还多。",
            "house": "店内消息没有回答客户的任何问题，有的反倒引出疑问；要紧的那条夹在中间，更容易被漏看。",
            MORNING: "延误的事你几天前就知道，却等到最后一天早上才说。那时她已经请好了假，打回来的人也就更多。",
            ASKED: "没有问的客户，到了柜台才知道延误。无论算信任还是算时间，这都是最贵的告诉方式。",
            "no-found": "价格到最后才冒出来，那时已经没有什么可选的了。",
            "no-ready": "“修好了没有？”这种电话，一条消息就能省下。",
            "well": "每条消息都回答了客户自己的问题；坏消息来的时候，她还来得及改安排。"
            "剩下的少数电话，是想谈谈价格或新的日期。",
            EVERY_DAY: "每天说一声，比每两天说一声多花时间；在这个模型里，也多换来一点信任。"
            "两种都达到目标，选哪种由你的店决定。",
            SECOND_DAY: "每两天说一声就够了，因为客户知道消息一定会来。每天说一声要多花时间，信任也会再高一点。",
        },
        "defence": "你的三句话",
        "compare": [
            "可以对照：它照顾的是要安排日子的客户；它没有说店里的一步步过程，想看的人可以查、可以问；它要花写消息的时间，"
            "“暂时没有新进展”也要写，还要有勇气在事情也许还能赶上的时候就把坏消息说出来。",
            "模型不知道的是：消息是不是真的。一个假日期同样能让电话很少，直到那一天到来。",
        ],
        "after": "继续试",
        "after_intro": "你的结果已经定了。可以在看得见的三周里再试别的设置：单独改哪一项，变化最大？",
    },
}
