"""The closed loop: three complaints over ten days, taken from step to step, with jumps, deadlines and ways back.

Each day the trainee sets levels and chooses the steps of every ticket. The desk refuses some jumps and lets others
through, and the customer answers those. At the end the run stands beside a desk that closes early. All numbers are the
model's own; the deadlines are those of the rule card LH-4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from trustkit import blocks
from trustkit.blocks import Block, Result

ID = "closed-loop-ticket"
TITLE = {"en": "The closed loop", "zh": "工单闭环"}
ABOUT = {
    "en": "Take three complaints through nine steps in ten days, and let the customers close them.",
    "zh": "用十天把三件投诉走完九步，让客户来结案。",
}
MINUTES = 20

DAYS = 10
UNITS = 6
"""Steps that the desk manages in one day; an investigation counts as two."""
PASS = 70
"""Points of 100 that a run needs."""
CAN_KNOW = 2
"""Days after the remedy until the customer can know whether it holds."""
DECISION, NEWS_SERIOUS, NEWS_NORMAL = 5, 2, 5
"""Days for the decision on a serious complaint, and between two pieces of news."""

ACKNOWLEDGE, INVESTIGATE, RESPOND, ACT, CONFIRM, CLOSE, LEARN = STEPS = (
    "acknowledge", "investigate", "respond", "act", "confirm", "close", "learn",
)  # fmt: skip
"""The steps that are chosen. Step 1, receive, is done when the ticket is there; step 3, assess, is the level."""
ASSESS = "assess"
HELP, NEWS = "help", "news"
MOVES = (HELP, *STEPS, NEWS)
ORDER = (ACKNOWLEDGE, ASSESS, INVESTIGATE, RESPOND, ACT, CONFIRM, CLOSE, LEARN)
CONTACTS = (ACKNOWLEDGE, RESPOND, ACT, CONFIRM, HELP, NEWS)
"""The moves in which the customer hears from the desk."""
TICKETS = ("a", "b", "c")
SHARES = {"steps": 25, "deadlines": 20, "levels": 15, "yes": 25, "learned": 15}
"""The most points of each part; 100 together."""


@dataclass(frozen=True)
class Complaint:
    """One complaint of a run.

    Attributes:
        story: which one it is.
        comes: the day on which it comes in.
        level: its level as it comes in, 1 to 4.
        fact: the day on which a new fact comes in, 0 for the day after the acknowledgement, None for never.
        later: its level with the new fact.
        no: whether the customer says no when asked for the first time.
    """

    story: str
    comes: int
    level: int
    fact: int | None
    later: int
    no: bool


QUIET, AGAIN, PLAIN = ("fridge", "oven"), ("dryer", "dishwasher"), ("coffee", "robot")


def queue(seed: int) -> dict[str, Complaint]:
    """Return the complaints of a run by ticket, in the order in which they come in."""
    random = Random(f"closed loop {seed}")
    days = [1, 1, 2]
    random.shuffle(days)
    # What looks alike at first must not end alike each time.
    quiet = Complaint(random.choice(QUIET), days[0], 2, 0 if random.random() < 0.75 else None, 4, False)
    again = Complaint(random.choice(AGAIN), days[1], 3, None, 3, random.random() < 0.75)
    fact = random.randint(3, 6) if random.random() < 0.75 else None
    plain = Complaint(random.choice(PLAIN), days[2], 2, fact, 3, random.random() < 0.25)
    made = [quiet, again, plain]
    random.shuffle(made)
    return dict(zip(TICKETS, sorted(made, key=lambda one: one.comes)))


@dataclass
class Ticket:
    """A ticket as it stands.

    Attributes:
        done: the steps that are done and still hold.
        level: the level that was set.
        true: the level that its signs give.
        known: whether the new fact is there.
        acted: the day of the remedy.
        asked: how often the customer has been asked whether it is solved, when that could be known.
        heard: the day on which the customer heard from the desk.
        without_yes: whether it was ever closed without the customer's yes.
    """

    complaint: Complaint
    true: int
    heard: int
    done: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)
    level: int | None = None
    known: bool = False
    known_on: int = 0
    acted: int = 0
    acknowledged: int = 0
    asked: int = 0
    closed_on: int = 0
    without_yes: bool = False
    wrong_answer: bool = False
    reopened: int = 0
    jumps: int = 0
    late: set[str] = field(default_factory=set)
    due: set[str] = field(default_factory=lambda: {"acknowledge", "news"})

    @property
    def closed(self) -> bool:
        """Whether the screen shows it as closed."""
        return CLOSE in self.done

    @property
    def solved(self) -> bool:
        """Whether the customer has said yes."""
        return CONFIRM in self.done

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do."""
        return self.closed and LEARN in self.done

    @property
    def danger(self) -> bool:
        """Whether somebody is at risk and has not been helped."""
        return self.true == 4 and HELP not in self.done


@dataclass(frozen=True)
class Day:
    """What is chosen on a day: for each open ticket the level, or None to leave it, and the moves."""

    levels: Mapping[str, int | None]
    moves: Mapping[str, Sequence[str]]


@dataclass
class Desk:
    """The desk at the beginning of a day, with what happened on the days before: `(ticket, event)` for each day."""

    seed: int
    day: int = 1
    tickets: dict[str, Ticket] = field(default_factory=dict)
    events: list[list[tuple[str, str]]] = field(default_factory=list)
    closed: list[int] = field(default_factory=lambda: [0])
    solved: list[int] = field(default_factory=lambda: [0])

    @property
    def over(self) -> bool:
        """Whether the ten days are over, or every loop is closed."""
        return self.day > DAYS or (len(self.tickets) == len(TICKETS) and all(one.over for one in self.tickets.values()))


def play(seed: int, decide: Sequence[Day] | Callable[[Desk], Day]) -> Desk:
    """Return where the desk stands after these days, or after a way to decide that is asked on each of them."""
    complaints = queue(seed)
    desk = Desk(seed)
    _arrive(desk, complaints)
    given = 0
    while not desk.over and (callable(decide) or given < len(decide)):
        day = decide(desk) if callable(decide) else decide[given]
        given += 1
        happened: list[tuple[str, str]] = []
        _worked(desk, day, happened)
        _deadlines(desk, happened)
        desk.closed.append(sum(one.closed for one in desk.tickets.values()))
        desk.solved.append(sum(one.solved for one in desk.tickets.values()))
        desk.day += 1
        _overnight(desk, happened)
        _arrive(desk, complaints)
        desk.events.append(happened)
    return desk


def _arrive(desk: Desk, complaints: Mapping[str, Complaint]) -> None:
    for id_, one in complaints.items():
        if one.comes == desk.day:
            desk.tickets[id_] = Ticket(one, one.level, one.comes)
            if one.level >= 3:
                desk.tickets[id_].due.add("decision")


def _worked(desk: Desk, day: Day, happened: list[tuple[str, str]]) -> None:
    left = UNITS

    def place(id_: str) -> tuple[int, str]:
        ticket = desk.tickets[id_]
        return -(day.levels.get(id_) or ticket.level or 2), id_

    # The level decides which ticket is worked on first; what does not fit into the day is not done.
    for id_ in sorted(desk.tickets, key=place):
        ticket = desk.tickets[id_]
        if ticket.over:
            continue
        chosen = [move for move in day.moves.get(id_, ()) if move not in ticket.done]
        level = day.levels.get(id_)
        wanted = [HELP] * (HELP in chosen) + [ACKNOWLEDGE] * (ACKNOWLEDGE in chosen) + [ASSESS] * (level is not None)
        wanted += [move for move in (*STEPS[1:], NEWS) if move in chosen]
        for move in wanted:
            if move == ASSESS and ACKNOWLEDGE not in ticket.done:
                ticket.jumps += 1
                happened.append((id_, "no-owner"))
                break
            cost = {INVESTIGATE: 2, CLOSE: 0, ASSESS: 0}.get(move, 1)
            if cost > left:
                happened.append((id_, "day-over"))
                break
            reason = _refused(ticket, move, desk.day)
            if reason:
                happened.append((id_, reason))
                ticket.jumps += reason != "cannot-know"
                left -= cost if reason == "cannot-know" else 0
                continue
            left -= cost
            if move == ASSESS:
                ticket.level = level
            _did(ticket, move, desk.day, id_, happened)
            if move == CONFIRM and CONFIRM not in ticket.done:
                # After a no, nobody closes: the rest of the plan for this ticket falls.
                break


def _refused(ticket: Ticket, move: str, day: int) -> str | None:
    """Return why the desk refuses a move, or None where it goes through."""
    if move in (HELP, ACKNOWLEDGE, CLOSE, ASSESS):
        return None
    if ACKNOWLEDGE not in ticket.done:
        return "no-owner"
    if move == NEWS:
        return None
    if ASSESS not in ticket.done:
        return "no-level"
    if move == ACT and RESPOND not in ticket.done:
        return "no-choice"
    if move == CONFIRM:
        if ACT not in ticket.done:
            return "nothing-to-confirm"
        if day < ticket.acted + CAN_KNOW:
            return "cannot-know"
    if move == LEARN and CLOSE not in ticket.done:
        return "learn-before-close"
    return None


def _did(ticket: Ticket, move: str, day: int, id_: str, happened: list[tuple[str, str]]) -> None:
    if move in CONTACTS:
        ticket.heard = day
    if move == NEWS:
        return
    if move == RESPOND and INVESTIGATE not in ticket.done:
        ticket.jumps += 1
        ticket.wrong_answer = True
        happened.append((id_, "answer-guessed"))
        return
    if move == CONFIRM:
        ticket.asked += 1
        if ticket.complaint.no and ticket.asked == 1:
            ticket.done -= {INVESTIGATE, RESPOND, ACT}
            happened.append((id_, "said-no"))
            return
        happened.append((id_, "said-yes"))
    if move == CLOSE:
        ticket.closed_on = day
        if CONFIRM not in ticket.done:
            ticket.jumps += 1
            ticket.without_yes = True
            happened.append((id_, "closed-without-yes"))
    if move == ACKNOWLEDGE:
        ticket.acknowledged = day
    if move == ACT:
        ticket.acted = day
    ticket.done.add(move)
    # A step counts among the nine only where it was no jump.
    if not (move == CLOSE and CONFIRM not in ticket.done):
        ticket.ever.add(move)


def _deadlines(desk: Desk, happened: list[tuple[str, str]]) -> None:
    for id_, ticket in desk.tickets.items():

        def late(what: str, ticket: Ticket = ticket, id_: str = id_) -> None:
            if what not in ticket.late:
                ticket.late.add(what)
            happened.append((id_, f"late-{what}"))

        first = ticket.complaint.comes + (0 if ticket.complaint.level >= 3 else 1)
        if ACKNOWLEDGE not in ticket.done and desk.day == first:
            late("acknowledge")
        if ticket.danger and ticket.known:
            late("help")
        if ticket.true >= 3 and not ticket.closed:
            begun = ticket.known_on or ticket.complaint.comes
            if desk.day == begun + DECISION and RESPOND not in ticket.ever:
                late("decision")
        every = NEWS_SERIOUS if ticket.true >= 3 else NEWS_NORMAL
        if not ticket.closed and desk.day - ticket.heard >= every:
            late("news")
            ticket.heard = desk.day


def _overnight(desk: Desk, happened: list[tuple[str, str]]) -> None:
    """Let the customers speak: new facts, answers that were wrong, tickets that were closed too early."""
    for id_, ticket in desk.tickets.items():
        one = ticket.complaint
        if ticket.wrong_answer:
            ticket.wrong_answer = False
            happened.append((id_, "answer-wrong"))
        early = ticket.closed and CONFIRM not in ticket.done and desk.day > ticket.closed_on
        if early and (ACT not in ticket.done or (one.no and not ticket.asked)):
            if ACT in ticket.done:
                ticket.asked += 1
            ticket.done -= {INVESTIGATE, RESPOND, ACT, CLOSE, LEARN}
            ticket.reopened += 1
            happened.append((id_, "came-back"))
        fact_now = (one.fact == 0 and ticket.acknowledged and desk.day > ticket.acknowledged) or (
            one.fact is not None and one.fact > 0 and desk.day >= one.fact
        )
        if fact_now and not ticket.known:
            ticket.known, ticket.known_on, ticket.true = True, desk.day, one.later
            ticket.due |= {"decision"} | ({"help"} if one.later == 4 else set())
            ticket.done.discard(ASSESS)
            if ticket.closed:
                ticket.done -= {RESPOND, ACT, CONFIRM, CLOSE, LEARN}
                ticket.reopened += 1
            happened.append((id_, "new-fact"))


# ---------------------------------------------------------------- ways to run the desk


def whole_loop(desk: Desk) -> Day:
    """Every step in its place, the most serious ticket first, news when nothing else is said."""
    levels: dict[str, int | None] = {}
    moves: dict[str, list[str]] = {}
    left = UNITS
    for id_ in sorted(desk.tickets, key=lambda id_: (-desk.tickets[id_].true, id_)):
        ticket = desk.tickets[id_]
        done, mine = set(ticket.done), []
        if ticket.danger and ticket.known:
            mine.append(HELP)
        acted = ticket.acted
        for step in ORDER:
            if step in done:
                continue
            if step == CONFIRM and desk.day < acted + CAN_KNOW:
                break
            if step == ASSESS:
                levels[id_] = ticket.true
            else:
                mine.append(step)
            done.add(step)
            if step == ACT:
                acted = desk.day
            if step == CONFIRM and ticket.complaint.no and not ticket.asked:
                break
        taken: list[str] = []
        for move in mine:
            cost = {INVESTIGATE: 2, CLOSE: 0}.get(move, 1)
            if cost > left:
                break
            left -= cost
            taken.append(move)
        every = NEWS_SERIOUS if ticket.true >= 3 else NEWS_NORMAL
        due = not ticket.closed and desk.day - ticket.heard >= every and not set(taken) & set(CONTACTS)
        if due and ACKNOWLEDGE in ticket.done and left:
            taken.append(NEWS)
            left -= 1
        if id_ in levels and ACKNOWLEDGE not in (*ticket.done, *taken):
            del levels[id_]
        moves[id_] = taken
    return Day(levels, moves)


def close_early(desk: Desk) -> Day:
    """A desk that counts closed tickets: it works quickly, and closes as soon as the remedy has left the house."""
    levels: dict[str, int | None] = {}
    moves: dict[str, list[str]] = {}
    for id_, ticket in desk.tickets.items():
        if ticket.closed:
            continue
        if ASSESS not in ticket.done:
            levels[id_] = 2
        # Where the desk does not get that far today, closing waits until tomorrow.
        moves[id_] = [step for step in (ACKNOWLEDGE, INVESTIGATE, RESPOND, ACT, CLOSE) if step not in ticket.done]
    return Day(levels, moves)


# ---------------------------------------------------------------- what it is worth


def points(desk: Desk) -> dict[str, int]:
    """Return the points of a finished run by part, at most `SHARES`."""
    tickets = list(desk.tickets.values())
    steps = sum(len(one.ever & set(ORDER)) for one in tickets) / (len(ORDER) * len(TICKETS))
    due = sum(len(one.due) for one in tickets)
    late = sum(len(one.late & one.due) for one in tickets)
    levels = [
        0 if one.level is None else {0: 1, 1: 0.5}.get(one.level - one.true, 0) if ASSESS in one.done else 0
        for one in tickets
    ]
    jumps = sum(one.jumps for one in tickets)
    parts = {
        "steps": max(0.0, SHARES["steps"] * steps - 5 * jumps),
        "deadlines": SHARES["deadlines"] * (1 - late / due),
        "levels": SHARES["levels"] * sum(levels) / len(TICKETS),
        "yes": SHARES["yes"] * sum(one.solved and one.closed for one in tickets) / len(TICKETS),
        "learned": SHARES["learned"] * sum(one.over and one.solved for one in tickets) / len(TICKETS),
    }
    return {name: round(value) for name, value in parts.items()}


def red_lines(desk: Desk) -> list[str]:
    """Return what no points make good: a ticket closed without the customer's yes, a person at risk left alone."""
    tickets = desk.tickets.values()
    crossed = {
        "without-yes": any(one.without_yes for one in tickets),
        "danger": any("help" in one.late for one in tickets),
    }
    return [name for name, yes in crossed.items() if yes]


def judge(answers: list[dict], seed: int = 0) -> Result:
    """Return the points by part; the run counts after the tenth day, or when every loop is closed.

    It is reached with 70 of 100 points and no red line.
    """
    desk = play(seed, _days(answers))
    if not desk.over:
        return Result(False, {}, finished=False)
    parts = points(desk)
    return Result(sum(parts.values()) >= PASS and not red_lines(desk), parts)


def _days(answers: list[dict], language: str = "en") -> list[Day]:
    """Return the days of these answers.

    Raises:
        ValueError: an answer names a ticket, a level or a step that there is not.
    """
    days = []
    for answer in answers[:DAYS]:
        levels: dict[str, int | None] = {}
        moves: dict[str, list[str]] = {}
        for name, value in answer.items():
            # The fields of a day are `level-a` and `steps-a`, by ticket.
            what, _, id_ = name.partition("-")
            if what == "level" and id_ in TICKETS and value in ("later", "1", "2", "3", "4"):
                levels[id_] = None if value == "later" else int(value)
            elif what == "steps" and id_ in TICKETS and isinstance(value, list) and all(one in MOVES for one in value):
                moves[id_] = list(value)
            else:
                raise ValueError(WORDS[language]["misfit"])
        days.append(Day(levels, moves))
    return days


# ---------------------------------------------------------------- the page


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers: the rules, the queue, what happened, and the day that is open."""
    words = WORDS[language]
    days = _days(answers, language)
    desk = play(seed, days)
    shown = [
        blocks.text(*words["intro"]),
        blocks.facts(words["deadlines"]),
        blocks.text(words["honest"], tone="note"),
    ]
    if days:
        shown += _happened(desk, language)
    if desk.over:
        return [*shown, *_verdict(desk, seed, language)]
    shown.append(blocks.heading(words["day"].format(day=desk.day, of=DAYS)))
    for id_, ticket in desk.tickets.items():
        shown += _ticket(id_, ticket, desk, language)
    return [*shown, _form(desk, language)]


def _name(id_: str, ticket: Ticket, language: str) -> str:
    words = WORDS[language]
    return words["ticket"].format(id=id_.upper(), name=words["stories"][ticket.complaint.story]["name"])


def _ticket(id_: str, ticket: Ticket, desk: Desk, language: str) -> list[Block]:
    words = WORDS[language]
    story = words["stories"][ticket.complaint.story]
    said = [(words["wrote"].format(day=ticket.complaint.comes), story["text"])]
    if ticket.known:
        said.append((words["added"].format(day=ticket.known_on), story["fact"]))
    done = [words["step_names"]["receive"], *(words["step_names"][step] for step in ORDER if step in ticket.done)]
    said.append((words["stands"], words["arrow"].join(done)))
    if ticket.level is not None:
        said.append((words["level_set"], words["levels"][str(ticket.level)]))
    if not ticket.closed:
        said.append((words["clock"], _clock(ticket, desk.day, language)))
    if ACT in ticket.done and not ticket.closed and CONFIRM not in ticket.done:
        said.append((words["remedy"], words["on_day"].format(day=ticket.acted)))
    return [blocks.heading(_name(id_, ticket, language)), blocks.facts(said)]


def _clock(ticket: Ticket, today: int, language: str) -> str:
    """Return the deadlines of a ticket by the level that was set: without one, nobody can say."""
    words = WORDS[language]["due"]
    if ticket.level is None or ASSESS not in ticket.done:
        return words["none"]
    due = []
    if ticket.level == 4 and HELP not in ticket.done:
        due.append(words["help"])
    if ticket.level >= 3 and RESPOND not in ticket.ever:
        due.append(words["decision"].format(day=(ticket.known_on or ticket.complaint.comes) + DECISION))
    news = ticket.heard + (NEWS_SERIOUS if ticket.level >= 3 else NEWS_NORMAL)
    due.append(words["news"].format(day=max(today, news)))
    return WORDS[language]["comma"].join(due)


def _happened(desk: Desk, language: str) -> list[Block]:
    words = WORDS[language]
    lines: dict[str, list[str]] = {"good": [], "warn": []}
    for id_, event in dict.fromkeys(desk.events[-1]):
        ticket = desk.tickets[id_]
        story = words["stories"][ticket.complaint.story]
        line = words["events"][event].format(fact=story["fact"], no=story["no"], yes=story["yes"])
        lines["good" if event == "said-yes" else "warn"].append(f"{_name(id_, ticket, language)}{words['colon']}{line}")
    shown = [blocks.heading(words["since"].format(day=desk.day - 1))]
    shown += [blocks.text(*said, tone=tone) for tone, said in lines.items() if said]
    return shown if len(shown) > 1 else [*shown, blocks.text(words["quiet"])]


def _form(desk: Desk, language: str) -> Block:
    words = WORDS[language]
    fields = []
    # The steps stand in an order of their own, so that reading from top to bottom is no way through.
    listed = Random(f"steps {desk.seed}").sample(MOVES, len(MOVES))
    for id_, ticket in desk.tickets.items():
        if ticket.over:
            continue
        name = _name(id_, ticket, language)
        if ASSESS not in ticket.done:
            fields.append(
                blocks.choose(f"level-{id_}", words["ask_level"].format(name=name), words["level_options"], "later")
            )
        left = {move: words["moves"][move] for move in listed if move not in ticket.done}
        fields.append(blocks.several(f"steps-{id_}", words["ask_steps"].format(name=name), left))
    return blocks.form(f"day-{desk.day}", fields, words["submit"], final=True)


def _verdict(desk: Desk, seed: int, language: str) -> list[Block]:
    words = WORDS[language]
    parts = points(desk)
    total, crossed = sum(parts.values()), red_lines(desk)
    reached = total >= PASS and not crossed
    said = [words["passed" if total >= PASS else "not_enough"].format(total=total, need=PASS)]
    said += [words["red_lines"][name] for name in crossed]
    if not reached:
        said.append(words["again"])
    rows = [
        (
            _name(id_, one, language), words["levels"][str(one.level)] if one.level else words["none"],
            words["levels"][str(one.true)], one.jumps, len(one.late & one.due),
            words["yes" if one.solved and one.closed else "no"], one.reopened,
        )
        for id_, one in desk.tickets.items()
    ]  # fmt: skip
    learned = [
        (
            _name(id_, one, language),
            words["stories"][one.complaint.story]["learned"] if one.over and one.solved else words["not_learned"],
        )
        for id_, one in desk.tickets.items()
    ]
    early = play(seed, close_early)
    return [
        blocks.heading(words["result"]),
        blocks.result(
            reached, said, [(words["parts"][name], f"{value} / {SHARES[name]}") for name, value in parts.items()]
        ),
        blocks.table(words["ticket_columns"], rows, words["ticket_caption"]),
        blocks.heading(words["learned"]),
        blocks.facts(learned),
        blocks.heading(words["early"]),
        blocks.text(*words["early_intro"]),
        _chart("closed", desk, early, language),
        _chart("solved", desk, early, language),
        blocks.table(
            words["compare_columns"],
            [_compared(words["yours"], desk), _compared(words["early_short"], early)],
            words["compare_caption"],
        ),
        blocks.text(*words["early_after"]),
        blocks.heading(words["rules"]),
        blocks.facts(words["rule_facts"]),
    ]


def _compared(name: str, desk: Desk) -> tuple[object, ...]:
    tickets = desk.tickets.values()
    return (
        name, desk.closed[min(3, len(desk.closed) - 1)], desk.solved[-1], sum(one.reopened for one in tickets),
        sum(len(one.late & one.due) for one in tickets), sum(points(desk).values()),
    )  # fmt: skip


def _chart(what: str, desk: Desk, early: Desk, language: str) -> Block:
    words = WORDS[language]

    def full(values: list[int]) -> list[int]:
        return [*values, *[values[-1]] * (DAYS + 1 - len(values))]

    mine, others = full(getattr(desk, what)), full(getattr(early, what))
    return blocks.chart(
        "steps",
        list(range(DAYS + 1)),
        [blocks.series(words["yours"], mine), blocks.series(words["early_short"], others, dash=True)],
        x_label=words["axis_day"],
        y_label=words["axis"],
        caption=words["captions"][what],
        alt=words["alts"][what].format(mine=mine[-1], others=others[-1], first=others[3]),
        low=0,
        high=len(TICKETS),
    )


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "You run the complaint desk of Lantern Home for ten working days. Three tickets come in. Each has nine "
            "steps before it: receive, acknowledge, assess, investigate, respond, act, confirm, close, learn.",
            f"Each day you choose the steps for every ticket. The desk manages {UNITS} a day; an investigation counts "
            "as two, setting a level and closing cost nothing. The ticket with the higher level is worked on first.",
            "Your screen offers every step at any time. Some it refuses. What it lets through is not always right.",
        ],
        "deadlines": [
            ("Critical (4)", "help on the day on which you know of the danger, then as serious"),
            ("Serious (3)", "first answer on the same day; decision within 5 days; news every 2 days"),
            ("Normal (2)", "first answer by the next day; news every 5 days"),
            ("Simple (1)", "solved and confirmed in the first contact"),
            ("Asking", "whether it is solved: two days after the remedy, when the customer can know"),
        ],
        "honest": "Persons, tickets and numbers are invented for practice. The deadlines are those of the rule card "
        "LH-4, counted in whole days.",
        "stories": {
            "fridge": {
                "name": "Ms Adeyemi, fridge",
                "text": "“The fridge has been warm since this morning. No hurry, I know that you are busy.”",
                "fact": "“You ask what is in it. My mother's insulin. Is that important?”",
                "no": "“It cools, but the door does not close by itself.”",
                "yes": "“Four degrees since yesterday. And thank you for asking about the insulin.”",
                "learned": "The first question is now “what has to stay cold?”; it stands in the script.",
            },
            "oven": {
                "name": "Mr Larsen, oven",
                "text": "“The oven door no longer closes. Come whenever it suits you, it is not urgent.”",
                "fact": "“Since you ask: the handle tingles when I touch it with wet hands.”",
                "no": "“It closes now, but the light inside is out.”",
                "yes": "“It closes, and nothing tingles. I had my neighbour try as well.”",
                "learned": "The first question is now “does anything feel, smell or sound odd?”, also for a door.",
            },
            "dryer": {
                "name": "Mr Okoye, dryer",
                "text": "“The dryer stops after ten minutes. As in May, before you repaired it.”",
                "fact": "",
                "no": "“It runs to the end. But it is as loud as a lorry.”",
                "yes": "“It runs, and one can talk beside it. Solved.”",
                "learned": "After a second fault the whole appliance is checked; the belt had worn out the bearing.",
            },
            "dishwasher": {
                "name": "Ms Suzuki, dishwasher",
                "text": "“Water on the floor again. It is my third call about this dishwasher.”",
                "fact": "",
                "no": "“Dry in front. But there is water behind it, by the wall.”",
                "yes": "“Dry on all sides, for two days. Yes, solved.”",
                "learned": "The seal of that year came in one size too small; the store has withdrawn it.",
            },
            "coffee": {
                "name": "Ms Petrova, coffee",
                "text": "“My coffee machine no longer grinds. It turns, and nothing comes out.”",
                "fact": "“By the way, in the shop they promised that I would be rung on Tuesday. Nobody rang.”",
                "no": "“It grinds, but everything tastes of rubber.”",
                "yes": "“It grinds, and I am drinking one as I write. Solved.”",
                "learned": "Promises made in the shop are now entered on the ticket, so that somebody keeps them.",
            },
            "robot": {
                "name": "Mr Nguyen, robot",
                "text": "“The vacuum robot no longer finds its station. It stops in the middle of the room.”",
                "fact": "“One thing more: a battery was promised to me by Monday. Nothing has come.”",
                "no": "“It finds it, but in the night it starts by itself.”",
                "yes": "“It has found its way home each time. Solved.”",
                "learned": "Parts that are promised get a date in the system, and the date rings.",
            },
        },
        "ticket": "{id} · {name}",
        "wrote": "Day {day}",
        "added": "Day {day}, new",
        "stands": "Done",
        "arrow": " → ",
        "colon": ": ",
        "comma": ", ",
        "clock": "Due by its level",
        "due": {
            "none": "no level for what is known, no deadline",
            "help": "help today",
            "decision": "decision by day {day}",
            "news": "news by day {day}",
        },
        "level_set": "Level",
        "remedy": "Remedy carried out",
        "on_day": "on day {day}",
        "step_names": {
            "receive": "receive",
            ACKNOWLEDGE: "acknowledge",
            ASSESS: "assess",
            INVESTIGATE: "investigate",
            RESPOND: "respond",
            ACT: "act",
            CONFIRM: "confirm",
            CLOSE: "close",
            LEARN: "learn",
        },
        "levels": {"1": "1 Simple", "2": "2 Normal", "3": "3 Serious", "4": "4 Critical"},
        "level_options": {
            "later": "not today",
            "1": "1 Simple",
            "2": "2 Normal",
            "3": "3 Serious",
            "4": "4 Critical",
        },
        "day": "Day {day} of {of}",
        "since": "What came of day {day}",
        "quiet": "Nothing that would need a word.",
        "ask_level": "{name}: which level?",
        "ask_steps": "{name}: what is done today?",
        "moves": {
            HELP: "Send first help to the person",
            ACKNOWLEDGE: "Say who owns it and what comes next",
            INVESTIGATE: "Read the history, look for the cause",
            RESPOND: "Give cause, rights and a choice",
            ACT: "Carry out the remedy that was chosen",
            CONFIRM: "Ask whether it is solved",
            CLOSE: "Set the ticket to closed",
            LEARN: "Note the cause and what prevents it",
            NEWS: "Give news, even if nothing moved",
        },
        "submit": "End the day",
        "events": {
            "no-owner": "Refused. Nobody has said who owns it. Who would answer for this step?",
            "no-level": "Refused. It has no level, or none since the new fact, and so no place in the queue.",
            "no-choice": "Refused. A remedy before the answer: the customer has not chosen anything.",
            "nothing-to-confirm": "Refused. No remedy has been carried out. What should the customer confirm?",
            "cannot-know": "You asked too early. “How should I know? It has only just been done.”",
            "learn-before-close": "Refused. The end is still open, and the lesson may change with it.",
            "answer-guessed": "An answer went out, and nobody had looked. It does not count as one.",
            "answer-wrong": "“That is not what is wrong here. Has anybody looked at all?”",
            "closed-without-yes": "Closed on the screen. The customer has not said that it is solved.",
            "came-back": "“You write that it is closed. Nothing is solved.” Open again, from the investigation on.",
            "said-no": "{no} That is a no: back to the investigation, same owner, same number.",
            "said-yes": "{yes}",
            "new-fact": "{fact} That may change the level.",
            "day-over": "The day was over before this ticket was done.",
            "late-acknowledge": "The first answer is late.",
            "late-help": "Somebody is at risk, and no help has been sent today.",
            "late-decision": "The decision is late.",
            "late-news": "The customer should have heard from you by today, even without anything new.",
        },
        "result": "Your three tickets",
        "passed": "{total} of 100 points. {need} are asked for.",
        "not_enough": "{total} of 100 points. {need} are asked for.",
        "red_lines": {
            "without-yes": "Red line: a ticket was closed without the customer's yes.",
            "danger": "Red line: somebody was at risk, and help did not go out on the same day.",
        },
        "again": "Not yet. Start again: other tickets, other surprises.",
        "parts": {
            "steps": "Steps without a jump",
            "deadlines": "Deadlines kept",
            "levels": "Levels",
            "yes": "Closed with a yes",
            "learned": "Learned",
        },
        "ticket_columns": ["Ticket", "Your level", "By its signs", "Jumps", "Late", "Closed with a yes", "Reopened"],
        "ticket_caption": "The three tickets",
        "yes": "yes",
        "no": "no",
        "none": "none",
        "learned": "What was learned",
        "not_learned": "Nothing yet: the loop is still open, and the next customer is not spared.",
        "early": "A desk that closes early",
        "early_intro": [
            "The same three tickets at a desk that counts closed tickets. It works fast, sets every level to normal, "
            "and closes as soon as the remedy has left the house."
        ],
        "early_after": [
            "Whoever looks at the first curve only gives the prize to the desk that closes early. The second one can "
            "be drawn only by somebody who asks.",
        ],
        "yours": "Yours",
        "early_short": "Closes early",
        "captions": {
            "closed": "Closed on the screen, tickets (the model's numbers)",
            "solved": "Solved, says the customer, tickets (the model's numbers)",
        },
        "alts": {
            "closed": "Steps over ten days. The desk that closes early shows {first} closed tickets after three days. "
            "At the end you show {mine}, that desk {others}.",
            "solved": "Steps over ten days. At the end {mine} of your customers have said yes, and {others} of those "
            "of the desk that closes early.",
        },
        "axis_day": "Day",
        "axis": "Tickets",
        "compare_columns": ["Desk", "Closed after day 3", "Yes at the end", "Reopened", "Late", "Points"],
        "compare_caption": "Two desks, one queue (the model's numbers)",
        "rules": "How the points are made",
        "rule_facts": [
            ("Steps", "25 for all steps of all tickets; each jump takes 5"),
            ("Deadlines", "20 for the share of first answers, help, decisions and news on time"),
            ("Levels", "15; one level too high counts half, too low nothing"),
            ("Closed with a yes", "25, a third for each ticket"),
            ("Learned", "15, a third for each ticket that is closed with a yes and has its cause noted"),
            ("Red lines", "closed without a yes; somebody at risk and no help on the same day"),
        ],
        "misfit": "This day names a ticket, a level or a step that the desk does not know.",
    },
    "zh": {
        "intro": [
            "接下来十个工作日，明灯家电的投诉台归你管。先后来了三张工单，每张都要走九步：受理、确认、评估、调查、答复、执行、"
            "核实、结案、改进。",
            f"每天给每张单选好要做的步骤。投诉台一天做得完 {UNITS} 步；调查算两步，定级和结案不占步数。"
            "级别高的单先做。",
            "屏幕上随时哪一步都选得到：有的不给通过，有的照样放行。放行不等于该做。",
        ],
        "deadlines": [
            ("危急（4）", "知道有危险的当天就把帮助送出，之后按严重办"),
            ("严重（3）", "当天第一次回应；5 天内给出决定；每 2 天通报一次"),
            ("一般（2）", "第二天之前第一次回应；每 5 天通报一次"),
            ("简单（1）", "第一次接触就解决并核实"),
            ("核实", "执行之后过两天再问，那时客户才看得出结果"),
        ],
        "honest": "人物、工单和数字都是为练习虚构的。时限出自规则卡 LH-4，按整天计算。",
        "stories": {
            "fridge": {
                "name": "阿德耶米女士，冰箱",
                "text": "“冰箱从今早起就不凉了。不急，我知道你们忙。”",
                "fact": "“您问里面放了什么？有我妈妈的胰岛素。这要紧吗？”",
                "no": "“凉是凉了，可门不会自己合上。”",
                "yes": "“从昨天起一直是四度。也谢谢您问起胰岛素。”",
                "learned": "开口第一问改成“里面有什么必须冷藏？”，已写进话术。",
            },
            "oven": {
                "name": "拉尔森先生，烤箱",
                "text": "“烤箱门关不严了。您什么时候方便什么时候来，不急。”",
                "fact": "“您这么一问：手湿的时候碰把手，会麻一下。”",
                "no": "“门关严了，可里面的灯不亮了。”",
                "yes": "“关得严，也不麻了，我还请邻居试过。”",
                "learned": "哪怕只是门的问题，第一问也是“有没有发麻、异味、怪声？”",
            },
            "dryer": {
                "name": "奥科耶先生，烘干机",
                "text": "“烘干机转十分钟就停。跟五月份你们来修之前一样。”",
                "fact": "",
                "no": "“能转到底了，可响得像卡车。”",
                "yes": "“转得好，在旁边说话也听得见。算解决了。”",
                "learned": "第二次故障一律全机检查：这次是皮带把轴承磨坏了。",
            },
            "dishwasher": {
                "name": "铃木女士，洗碗机",
                "text": "“地上又是水。为这台洗碗机，我打第三次电话了。”",
                "fact": "",
                "no": "“前面干了，后面靠墙那边有水。”",
                "yes": "“四面都干，已经两天了。解决了。”",
                "learned": "那一年的密封条进成了小一号，仓库已经撤下。",
            },
            "coffee": {
                "name": "彼得罗娃女士，咖啡机",
                "text": "“咖啡机不磨豆了。转是转，什么也不出来。”",
                "fact": "“对了，门店答应星期二给我打电话，没人打。”",
                "no": "“磨得动了，可喝起来全是橡胶味。”",
                "yes": "“能磨了，我这会儿就喝着呢。解决了。”",
                "learned": "门店答应的事也要记进工单，有人管，才守得住。",
            },
            "robot": {
                "name": "阮先生，扫地机",
                "text": "“扫地机找不到充电座了，停在屋子当中不动。”",
                "fact": "“还有一件：说好星期一前给我寄电池，到现在没来。”",
                "no": "“找得到了，可半夜会自己开动。”",
                "yes": "“每次都自己回去了。解决了。”",
                "learned": "答应寄的配件，系统里要有日期，到日子会提醒。",
            },
        },
        "ticket": "{id} · {name}",
        "wrote": "第 {day} 天",
        "added": "第 {day} 天，新情况",
        "stands": "已做",
        "arrow": " → ",
        "colon": "：",
        "comma": "，",
        "clock": "按级别的时限",
        "due": {
            "none": "现有情况还没定级，也就没有时限",
            "help": "今天送出帮助",
            "decision": "第 {day} 天前给出决定",
            "news": "第 {day} 天前通报",
        },
        "level_set": "级别",
        "remedy": "补救已执行",
        "on_day": "第 {day} 天",
        "step_names": {
            "receive": "受理",
            ACKNOWLEDGE: "确认",
            ASSESS: "评估",
            INVESTIGATE: "调查",
            RESPOND: "答复",
            ACT: "执行",
            CONFIRM: "核实",
            CLOSE: "结案",
            LEARN: "改进",
        },
        "levels": {"1": "1 简单", "2": "2 一般", "3": "3 严重", "4": "4 危急"},
        "level_options": {"later": "今天不定", "1": "1 简单", "2": "2 一般", "3": "3 严重", "4": "4 危急"},
        "day": "第 {day} 天，共 {of} 天",
        "since": "第 {day} 天之后",
        "quiet": "没有什么要说的。",
        "ask_level": "{name}：定几级？",
        "ask_steps": "{name}：今天做什么？",
        "moves": {
            HELP: "先把帮助送到人身边",
            ACKNOWLEDGE: "说清谁负责、接下来做什么",
            INVESTIGATE: "翻记录，查原因",
            RESPOND: "讲原因、权利，给出选择",
            ACT: "照客户选的去补救",
            CONFIRM: "问客户：算解决了吗？",
            CLOSE: "把工单设为已结案",
            LEARN: "记下原因和防范办法",
            NEWS: "通报一次，没进展也说",
        },
        "submit": "结束这一天",
        "events": {
            "no-owner": "没通过。谁负责还没说过，这一步算谁的？",
            "no-level": "没通过。还没定级，或有了新情况没重新定，队里没有它的位置。",
            "no-choice": "没通过。还没答复就补救：客户什么都没选过。",
            "nothing-to-confirm": "没通过。补救还没做，让客户核实什么？",
            "cannot-know": "问早了。“刚弄完，我哪知道好没好？”",
            "learn-before-close": "没通过。结局还没定，要学的也可能跟着变。",
            "answer-guessed": "答复发出去了，可没人查过，不能算答复。",
            "answer-wrong": "“根本不是这个毛病。到底有没有人看过？”",
            "closed-without-yes": "屏幕上结案了，客户可没说解决了。",
            "came-back": "“你们说结案了，可什么都没解决。”重新打开，从调查做起。",
            "said-no": "{no}这是“没好”：回到调查，负责人不变，单号不变。",
            "said-yes": "{yes}",
            "new-fact": "{fact}级别可能要变。",
            "day-over": "这张单还没做完，一天就过去了。",
            "late-acknowledge": "第一次回应晚了。",
            "late-help": "有人有危险，今天却没送出帮助。",
            "late-decision": "决定给晚了。",
            "late-news": "到今天该跟客户说一声了，没有新进展也该说。",
        },
        "result": "这三张单",
        "passed": "{total} 分，满分 100 分。要求 {need} 分，已达到。",
        "not_enough": "{total} 分，满分 100 分。要求 {need} 分。",
        "red_lines": {
            "without-yes": "红线：客户没说解决了，工单就结了。",
            "danger": "红线：有人有危险，帮助当天没有送出。",
        },
        "again": "还没达到。请重新开始：工单不同，意外也不同。",
        "parts": {
            "steps": "步骤，没有跳步",
            "deadlines": "守住的时限",
            "levels": "定级",
            "yes": "核实后结案",
            "learned": "改进",
        },
        "ticket_columns": ["工单", "你定的级别", "按迹象应定", "跳步", "超时", "核实后结案", "重开"],
        "ticket_caption": "三张工单",
        "yes": "是",
        "no": "否",
        "none": "没定",
        "learned": "学到了什么",
        "not_learned": "还没有：这个环没合上，下一位客户还会碰到。",
        "early": "一个早早结案的投诉台",
        "early_intro": [
            "同样三张单，换一个只数结案量的投诉台：手脚很快，级别一律定“一般”，补救一出门就结案。",
        ],
        "early_after": [
            "只看第一条曲线，奖金会发给早早结案的那个投诉台。第二条曲线，只有去问客户的人才画得出来。",
        ],
        "yours": "你的投诉台",
        "early_short": "早早结案",
        "captions": {
            "closed": "屏幕上已结案的工单（模型数字）",
            "solved": "客户说解决了的工单（模型数字）",
        },
        "alts": {
            "closed": "十天的阶梯图。早早结案的投诉台三天后显示结了 {first} 张。最后你结了 {mine} 张，"
            "它结了 {others} 张。",
            "solved": "十天的阶梯图。最后你有 {mine} 位客户说解决了，早早结案的投诉台有 {others} 位。",
        },
        "axis_day": "天",
        "axis": "工单（张）",
        "compare_columns": ["投诉台", "三天后结案", "最后客户认可", "重开", "超时", "得分"],
        "compare_caption": "两个投诉台，同样的工单（模型数字）",
        "rules": "分数怎么来的",
        "rule_facts": [
            ("步骤", "全部工单的全部步骤 25 分；每跳一步扣 5 分"),
            ("时限", "20 分，看第一次回应、送出帮助、决定和通报有多少准时"),
            ("定级", "15 分；高一级算一半，低了不算"),
            ("核实后结案", "25 分，每张单三分之一"),
            ("改进", "15 分，每张核实后结案并记下原因的单三分之一"),
            ("红线", "客户没认可就结案；有人有危险，当天没送出帮助"),
        ],
        "misfit": "这一天里有投诉台不认识的工单、级别或步骤。",
    },
}
