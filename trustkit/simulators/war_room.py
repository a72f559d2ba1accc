"""The war room: an incident in eight turns of half an hour, in which fact cards come in and not all of them are true.

In each turn the trainee grades the incident, sends two teams to check, and decides what is said and what is done. What
the model counts is shown after the last turn, beside three other ways through the same afternoon. All numbers are the
model's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from trustkit import blocks
from trustkit.blocks import Block, Result

ID = "war-room"
TITLE = {"en": "The war room", "zh": "危机指挥室"}
ABOUT = {
    "en": "Lead an incident through eight turns of half an hour: what to check, what to say, what to do.",
    "zh": "带队处理一起产品事故，共八轮，每轮半小时：查什么、说什么、做什么。",
}
MINUTES = 20

TURNS = 8
FIRST_HOUR = 14
START = 60.0
PASS = 70
"""Points of 100 that a run needs."""

NOTHING, HOLDING, FACTS, GUESS, DENIAL = SAYS = ("nothing", "holding", "facts", "guess", "denial")
CONTACT, STOP, EXPERTS, DESK, OFFER, WAIT = DOES = ("contact", "stop", "experts", "desk", "offer", "wait")
NOBODY = "nobody"
PEOPLE = ("report", "hurt", "second")
"""The cards behind which somebody waits for a call."""
BIG = ("knew", "authority")
"""The cards that make an incident severe, unless a check shows that they are not so."""
HARD = ("video", "number", "cause", *BIG)
"""The cards that take two team-turns to check."""
AT_THE_TABLE = ("cause", *BIG)
"""The cards that take one team-turn once the experts sit at the table."""
NO_CHECK = ("talk", "press")
"""The cards on which there is nothing to check."""
SHARES = {"people": 25, "public": 15, "tier": 20, "words": 25, "checks": 15}
"""The most points of each part; 100 together."""


@dataclass(frozen=True)
class Room:
    """One incident: which product it is, in which turn each card comes in, and which cards are true."""

    product: str
    comes: Mapping[str, int]
    true: frozenset[str]

    @property
    def checkable(self) -> list[str]:
        """The cards on which a check says something, in the order in which they come in."""
        return [card for card in self.comes if card not in NO_CHECK]


def room(seed: int) -> Room:
    """Return the incident of a run."""
    random = Random(f"war room {seed}")
    product = random.choice(PRODUCTS)
    big = random.choice(BIG)
    while True:
        later = ["hurt", "second", "cause", "video", "number", big]
        random.shuffle(later)
        turn = {card: number for number, card in enumerate(later, 2)}
        first = min(turn["hurt"], turn["second"])
        # Until somebody is hurt or a second place reports it, no rumour of harm: the grade must be clear.
        if (
            first <= 3
            and max(turn["hurt"], turn["second"]) <= 5
            and min(turn["video"], turn["number"]) > first
            and 4 <= turn[big] <= 6
        ):
            break
    comes = {"report": 1} | ({"talk": 1} if random.random() < 0.5 else {})
    comes |= {card: turn[card] for card in later} | {"press": TURNS}
    open_ = {"video": 0.4, "number": 0.3, "cause": 0.5, big: 0.5}
    true = {"report", "talk", "hurt", "second", "press"} | {card for card, p in open_.items() if random.random() < p}
    return Room(product, comes, frozenset(true))


@dataclass(frozen=True)
class Turn:
    """What is decided in one turn: the tier, what each of the two teams checks, what is said and what is done."""

    tier: int
    teams: tuple[str, str]
    say: str
    do: str


@dataclass
class State:
    """What stands at the beginning of a turn.

    Attributes:
        seen: the cards that have come in; `verdicts` says of those checked whether they are true.
        work: team-turns spent on a card.
        people: trust of those affected, in points; `public` likewise.
        told: the checked cards that a statement held; `ripe` those that the last turn could have told.
        debts: what was guessed or denied, each with the turn in which it comes out.
    """

    turn: int = 1
    seen: list[str] = field(default_factory=list)
    verdicts: dict[str, bool] = field(default_factory=dict)
    work: dict[str, int] = field(default_factory=dict)
    people: float = START
    public: float = START
    told: set[str] = field(default_factory=set)
    contacted: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    debts: list[tuple[int, str]] = field(default_factory=list)
    taken_back: int = 0
    spoke: bool = False
    ripe: set[str] = field(default_factory=set)

    @property
    def tier(self) -> int:
        """The tier that the cards give: the higher one in doubt, and down only on evidence."""
        if any(card in self.seen and self.verdicts.get(card, True) for card in BIG):
            return 4
        if "hurt" in self.seen or "second" in self.seen:
            return 3
        return 2 if "talk" in self.seen else 1

    @property
    def open(self) -> list[str]:
        """The cards that can still be checked."""
        return [card for card in self.seen if card not in self.verdicts and card not in NO_CHECK]

    @property
    def waiting(self) -> list[str]:
        """The cards behind which somebody has not been called yet."""
        return [card for card in PEOPLE if card in self.seen and card not in self.contacted]


@dataclass(frozen=True)
class Story:
    """A run as far as it was played: the state at its end, trust after each turn, what happened, and what fitted.

    Attributes:
        people: trust of those affected, before the first turn and after each one.
        public: trust of the public, likewise.
        events: what happened in each turn, by name.
        tiers: for each turn the tier chosen and the right one.
        words: for each turn how well the words fitted, -0.5 to 1.
    """

    state: State
    people: tuple[float, ...]
    public: tuple[float, ...]
    events: tuple[tuple[str, ...], ...]
    tiers: tuple[tuple[int, int], ...]
    words: tuple[float, ...]


def play(told: Room, decide: Sequence[Turn] | Callable[[State], Turn]) -> Story:
    """Return what comes of these turns, or of a way to decide that is asked in each turn."""
    state = State(seen=[card for card, turn in told.comes.items() if turn == 1])
    people, public, events, tiers, words = [START], [START], [], [], []
    turns = TURNS if callable(decide) else len(decide)
    for number in range(turns):
        turn = decide(state) if callable(decide) else decide[number]
        tiers.append((turn.tier, state.tier))
        happened: list[str] = []
        words.append(_fit(state, turn.say))
        _done(state, turn.do, happened)
        _waited(state, happened)
        _said(state, turn.say, happened)
        _checked(state, turn, told)
        state.turn += 1
        _found_out(state, happened, all_=state.turn > TURNS)
        state.people, state.public = (round(max(0.0, min(100.0, one)), 6) for one in (state.people, state.public))
        state.seen += [card for card, at in told.comes.items() if at == state.turn]
        people.append(state.people)
        public.append(state.public)
        events.append(tuple(happened))
    return Story(state, tuple(people), tuple(public), tuple(events), tuple(tiers), tuple(words))


def _gain(state: State, people: float, public: float) -> None:
    """Add trust, less of it near the ceiling; every sentence that was taken back makes what follows weaker."""
    weight = 0.75**state.taken_back
    # As in a full account, the nearer the ceiling, the less a good step adds.
    state.people += people * weight * (100 - state.people) / (100 - START)
    state.public += public * weight * (100 - state.public) / (100 - START)


def _lose(state: State, people: float, public: float) -> None:
    state.people -= people
    state.public -= public


def _done(state: State, do: str, happened: list[str]) -> None:
    grave = state.tier >= 3
    if do == CONTACT:
        if state.waiting:
            _gain(state, 10 if "hurt" in state.waiting else 5, 0)
        else:
            happened.append("nobody-waited")
        state.contacted |= set(state.waiting)
    elif do == WAIT:
        if grave:
            _lose(state, 2, 0)
    elif do in state.done:
        happened.append("done-before")
    elif do == OFFER and (not grave or not (STOP in state.done or "cause" in state.verdicts)):
        _lose(state, 0, 4)
        happened.append("offer-too-early")
    elif do == STOP and not grave:
        _lose(state, 0, 3)
        happened.append("stop-too-early")
        state.done.add(STOP)
    else:
        _gain(state, *{STOP: (6, 4), EXPERTS: (1, 0), DESK: (2, 1), OFFER: (7, 4)}[do])
        state.done.add(do)


def _waited(state: State, happened: list[str]) -> None:
    for card in state.waiting:
        _lose(state, 5 if card == "hurt" else 1, 0)
        happened.append(f"waits-{card}")
    if state.tier >= 3 and STOP not in state.done:
        _lose(state, *((3, 2) if state.tier == 3 else (5, 4)))
        happened.append("still-sold")


def _said(state: State, say: str, happened: list[str]) -> None:
    tier, certain = state.tier, set(state.verdicts)
    new = certain - state.told
    if say == NOTHING:
        _lose(state, *{1: (0, 0), 2: (0, 3), 3: (2, 5), 4: (3, 7)}[tier])
        if state.spoke:
            _lose(state, 0, 4)
            happened.append("hour-missed")
        elif tier > 1:
            happened.append("silence")
    elif say == HOLDING:
        if tier >= 3 and new:
            _lose(state, *((2, 0) if len(new) == 1 else (4, 2)))
            happened.append("held-back")
        elif tier == 1:
            _lose(state, 0, 1)
        else:
            _gain(state, 0, 2 if state.spoke else 5)
    elif say == FACTS:
        if not certain:
            _lose(state, 0, 3)
            happened.append("not-certain")
        elif new:
            _gain(state, 4, 4 + min(3, len(new)))
            state.told |= certain
            if bad := _bad(state, new):
                _lose(state, 3 * len(bad), 4 * len(bad))
                happened.append("bad-news-told")
        else:
            _lose(state, 0, 1)
    else:
        _gain(state, 0, 5)
        state.debts.append((state.turn + 2, say))
        if say == DENIAL and "hurt" in state.seen:
            _lose(state, 10, 0)
            happened.append("denied-to-the-hurt")
    if say != NOTHING and tier > 1 and DESK not in state.done:
        _lose(state, 2, 0)
        happened.append("desk-did-not-know")
    state.spoke = say in (HOLDING, FACTS, GUESS)


def _bad(state: State, cards: set[str]) -> set[str]:
    """Return which of these cards, all checked, turned out against the house."""
    against = {card for card in ("video", "number", *BIG) if state.verdicts.get(card)}
    if state.verdicts.get("cause") is False:
        against.add("cause")
    return against & cards


def _checked(state: State, turn: Turn, told: Room) -> None:
    for card in turn.teams:
        if card == NOBODY or card in state.verdicts:
            continue
        state.work[card] = state.work.get(card, 0) + 1
        needs = 2 if card in HARD and not (card in AT_THE_TABLE and EXPERTS in state.done) else 1
        if state.work[card] >= needs:
            state.verdicts[card] = card in told.true


def _found_out(state: State, happened: list[str], *, all_: bool) -> None:
    """Take back what was guessed or denied two turns ago, and on the evening all of it."""
    due = [one for one in state.debts if all_ or one[0] <= state.turn]
    state.debts = [one for one in state.debts if one not in due]
    if due:
        # What comes out together is taken back together.
        worst = DENIAL if any(one[1] == DENIAL for one in due) else GUESS
        _lose(state, *((8, 12) if worst == GUESS else (10, 14)))
        state.taken_back += 1
        happened.append(f"{worst}-taken-back")
    known_before = {card for card in state.verdicts if card not in state.told and card in state.ripe}
    if all_ and (kept := _bad(state, known_before)):
        _lose(state, 8 * len(kept), 10 * len(kept))
        happened.append("bad-news-kept")
    state.ripe = set(state.verdicts)


def _fit(state: State, say: str) -> float:
    """Return how well the words fit what stands at the beginning of the turn."""
    new = set(state.verdicts) - state.told
    if say in (GUESS, DENIAL):
        return -0.5
    if state.tier == 1:
        return 0 if say == FACTS and not set(state.verdicts) else 1
    if say == NOTHING:
        return 0
    if say == FACTS:
        return 1 if new else 0.5 if set(state.verdicts) else 0
    return 0.25 if new and state.tier >= 3 else 1


# ---------------------------------------------------------------- ways through the afternoon


def split(state: State) -> Turn:
    """The split message: say at once what cannot become wrong, sign the rest, and the people first."""
    wanted = ("hurt", "second", *BIG, "report", "cause", "number", "video")
    needs = [
        card
        for card in wanted
        if card in state.open
        for _ in range(2 if card in HARD and card not in state.work and EXPERTS not in state.done else 1)
    ]
    first, second, *_ = [*needs, NOBODY, NOBODY]
    new = set(state.verdicts) - state.told
    say = FACTS if new and state.tier > 1 else HOLDING if state.tier > 1 else NOTHING
    if "hurt" in state.waiting or (state.tier < 3 and state.waiting):
        do = CONTACT
    elif state.tier >= 3 and STOP not in state.done:
        do = STOP
    elif DESK not in state.done:
        do = DESK
    elif state.waiting:
        do = CONTACT
    elif EXPERTS not in state.done:
        do = EXPERTS
    else:
        do = OFFER if state.tier >= 3 and OFFER not in state.done else WAIT
    return Turn(state.tier, (first, second), say, do)


def fast_guess(state: State) -> Turn:
    """Whoever wants to be the first and to reassure: a guess in every turn, and everything else as in `split`."""
    turn = split(state)
    return Turn(turn.tier, turn.teams, GUESS, turn.do)


def wait(state: State) -> Turn:
    """Whoever waits until all is known: checks as in `split`, and says and does nothing while a card is open."""
    turn = split(state)
    if state.turn == TURNS and not state.open:
        return turn
    return Turn(turn.tier, turn.teams, NOTHING, WAIT)


WAYS = {"split": split, "guess": fast_guess, "wait": wait}


# ---------------------------------------------------------------- what it is worth


def points(told: Room, story: Story) -> dict[str, int]:
    """Return the points of a finished run by part, at most `SHARES`."""

    def share(values: Sequence[float]) -> float:
        # Trust of 30 on average is worth nothing, trust of 80 everything.
        return max(0.0, min(1.0, (sum(values) / len(values) - 30) / 50))

    # A tier too high by one counts half, one too low nothing.
    right = [1 if chosen == tier else 0.5 if chosen == tier + 1 else 0 for chosen, tier in story.tiers]
    shares = {
        "people": share(story.people[2:]),
        "public": share(story.public[2:]),
        "tier": sum(right) / TURNS,
        "words": max(0.0, sum(story.words) / TURNS),
        "checks": len(story.state.verdicts) / len(told.checkable),
    }
    return {name: round(SHARES[name] * value) for name, value in shares.items()}


def red_lines(story: Story) -> list[str]:
    """Return what no points make good: the hurt never called, the sale never stopped, a denial."""
    crossed = {
        "hurt": "hurt" in story.state.waiting,
        "sold": STOP not in story.state.done,
        "denial": any(event == "denial-taken-back" for events in story.events for event in events),
    }
    return [name for name, yes in crossed.items() if yes]


def judge(answers: list[dict], seed: int = 0) -> Result:
    """Return the points by part; the run counts after the eighth turn.

    It is reached with 70 of 100 points and no red line.
    """
    told = room(seed)
    story = play(told, _turns(answers, told))
    if len(story.tiers) < TURNS:
        return Result(False, {}, finished=False)
    parts = points(told, story)
    return Result(sum(parts.values()) >= PASS and not red_lines(story), parts)


def _turns(answers: list[dict], told: Room, language: str = "en") -> list[Turn]:
    """Return the turns of these answers.

    Raises:
        ValueError: an answer does not belong to its turn.
    """
    turns: list[Turn] = []
    for answer in answers[:TURNS]:
        open_ = play(told, turns).state.open
        try:
            turn = Turn(int(answer["tier"]), (answer["first"], answer["second"]), answer["say"], answer["do"])
        except (KeyError, TypeError, ValueError):
            raise ValueError(WORDS[language]["misfit"]) from None
        fits = turn.tier in (1, 2, 3, 4) and turn.say in SAYS and turn.do in DOES
        if not fits or not set(turn.teams) <= {NOBODY, *open_}:
            raise ValueError(WORDS[language]["misfit"])
        turns.append(turn)
    return turns


# ---------------------------------------------------------------- the page


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers: what has come in, what happened, and the turn that is open."""
    words = WORDS[language]
    told = room(seed)
    turns = _turns(answers, told, language)
    story = play(told, turns)
    names = words["products"][told.product]
    shown = [
        blocks.text(*(line.format(**names) for line in words["intro"])),
        blocks.facts(words["tiers"].values()),
        blocks.text(words["honest"], tone="note"),
    ]
    if turns:
        shown += _log(turns, language)
        shown += _happened(story, told, language)
    if len(turns) == TURNS:
        return [*shown, *_cards(story.state, told, language), *_verdict(told, story, turns, language)]
    at = story.state.turn
    shown.append(blocks.heading(words["turn"].format(turn=at, of=TURNS, time=_time(at))))
    return [*shown, *_cards(story.state, told, language), _form(story.state, told, turns, language, seed)]


def _time(turn: int) -> str:
    minutes = FIRST_HOUR * 60 + 30 * (turn - 1)
    return f"{minutes // 60}:{minutes % 60:02}"


def _cards(state: State, told: Room, language: str) -> list[Block]:
    words = WORDS[language]
    names = words["products"][told.product]
    rows = []
    for card in state.seen:
        if card in NO_CHECK:
            stands = words["no_check"]
        elif card in state.verdicts:
            stands = words["verdicts"][card][0 if state.verdicts[card] else 1]
        else:
            stands = words["in_work" if card in state.work else "unchecked"]
        rows.append((words["short"][card], _time(told.comes[card]), names.get(card) or words["cards"][card], stands))
    rows = [(short, time, text.format(**names), stands) for short, time, text, stands in rows]
    return [blocks.table(words["card_columns"], rows, words["came_in"])]


def _log(turns: list[Turn], language: str) -> list[Block]:
    words = WORDS[language]
    rows = [
        (_time(number), turn.tier, words["say_short"][turn.say], words["do_short"][turn.do])
        for number, turn in enumerate(turns, 1)
    ]
    return [blocks.table(words["log_columns"], rows, words["log"])]


def _happened(story: Story, told: Room, language: str) -> list[Block]:
    words = WORDS[language]
    names = words["products"][told.product]
    lines = [words["events"][event].format(**names) for event in dict.fromkeys(story.events[-1])]
    return [blocks.text(*lines, tone="warn")] if lines else [blocks.text(words["quiet"], tone="good")]


def _form(state: State, told: Room, turns: list[Turn], language: str, seed: int) -> Block:
    words = WORDS[language]
    names = {**words["products"][told.product], "next": _time(state.turn + 1)}
    random = Random(f"options {seed} {state.turn}")

    def shuffled(ids: Sequence[str], texts: Mapping[str, str]) -> dict[str, str]:
        return {id_: texts[id_].format(**names) for id_ in random.sample(ids, len(ids))}

    checks = {card: words["short"][card] for card in state.open} | {NOBODY: words["nobody"]}
    fields = [
        blocks.choose("tier", words["ask_tier"], words["tier_options"], str(turns[-1].tier) if turns else None),
        blocks.choose("first", words["ask_first"], checks, NOBODY if len(checks) == 1 else None),
        blocks.choose("second", words["ask_second"], checks, NOBODY if len(checks) == 1 else None),
        blocks.choose("say", words["ask_say"], shuffled(SAYS, words["say"])),
        blocks.choose("do", words["ask_do"], shuffled(DOES, words["do"])),
    ]
    return blocks.form(f"turn-{state.turn}", fields, words["submit"].format(next=names["next"]), final=True)


def _verdict(told: Room, story: Story, turns: list[Turn], language: str) -> list[Block]:
    words = WORDS[language]
    parts = points(told, story)
    total = sum(parts.values())
    crossed = red_lines(story)
    reached = total >= PASS and not crossed
    said = [words["passed" if total >= PASS else "not_enough"].format(total=total, need=PASS)]
    said += [words["red_lines"][name] for name in crossed]
    if not reached:
        said.append(words["again"])
    ways = {name: play(told, way) for name, way in WAYS.items()}
    totals = {name: sum(points(told, one).values()) for name, one in ways.items()}
    rows = [
        (words["ways"][name], f"{one.people[-1]:.0f}", f"{one.public[-1]:.0f}", totals[name])
        for name, one in ways.items()
    ]
    rows.insert(0, (words["yours"], f"{story.people[-1]:.0f}", f"{story.public[-1]:.0f}", total))
    shown = [
        blocks.heading(words["result"]),
        blocks.result(
            reached, said, [(words["parts"][name], f"{value} / {SHARES[name]}") for name, value in parts.items()]
        ),
        blocks.text(*_advice(story, turns, language)),
        blocks.heading(words["speed"]),
        blocks.text(*words["speed_intro"]),
    ]
    for who in ("people", "public"):
        lines = {words["yours"]: getattr(story, who)}
        lines |= {words["ways"][name]: getattr(one, who) for name, one in ways.items()}
        ends = {name: round(values[-1]) for name, values in lines.items()}
        shown.append(
            blocks.chart(
                "line",
                [_time(number) for number in range(1, TURNS + 2)],
                [
                    blocks.series(name, [round(value, 1) for value in values], dash=name != words["yours"])
                    for name, values in lines.items()
                ],
                x_label=words["clock"],
                y_label=words["axis"],
                caption=words["captions"][who],
                alt=words["alt"].format(
                    who=words["whose"][who], ends=words["comma"].join(f"{name} {end}" for name, end in ends.items())
                ),
                low=0,
                high=100,
            )
        )
    tier_rows = [(_time(number), *pair) for number, pair in enumerate(story.tiers, 1)]
    return [
        *shown,
        blocks.table(words["way_columns"], rows, words["way_caption"]),
        blocks.table(words["tier_columns"], tier_rows, words["tier_caption"]),
        blocks.heading(words["rules"]),
        blocks.facts(words["rule_facts"]),
        blocks.text(words["rules_note"], tone="note"),
    ]


def _advice(story: Story, turns: list[Turn], language: str) -> list[str]:
    """Return what cost most, in words; one sentence of praise where nothing did."""
    words = WORDS[language]["advice"]
    happened = [event for events in story.events for event in events]
    found = [
        ("guess", sum(turn.say == GUESS for turn in turns)),
        ("denial", sum(turn.say == DENIAL for turn in turns)),
        ("hurt", happened.count("waits-hurt")),
        ("sold", happened.count("still-sold") > 1),
        ("silence", happened.count("silence") + happened.count("hour-missed")),
        ("held", happened.count("held-back") + happened.count("bad-news-kept")),
        ("desk", happened.count("desk-did-not-know") > 3),
        ("low", sum(chosen < right for chosen, right in story.tiers)),
    ]
    lines = [words[name] for name, count in found if count]
    return lines[:4] or [words["well"]]


PRODUCTS = ("warmer", "pad", "stool")

WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Saturday, two in the afternoon. You lead the war room of Lantern Home. Something is wrong with the "
            "{product}. What exactly, nobody knows yet.",
            "You have eight turns of half an hour. In each one you grade the incident, send two teams to check, and "
            "decide what is said and what is done. Cards come in as they come: some are true, some are not.",
            "A check takes one team for half an hour; a rumour, a cause or a question of law takes two teams, or one "
            "team twice. What is decided stands. What the model counts, you see at the end.",
        ],
        "tiers": {
            1: ("Tier 1, watch", "one customer, nobody harmed"),
            2: ("Tier 2, local", "one place or batch, nobody harmed; or much talk about a small fault"),
            3: ("Tier 3, serious", "somebody hurt or could be; or the same fault in two places"),
            4: ("Tier 4, severe", "danger goes on; or we knew and did not say; or an authority must be told at once"),
        },
        "tier_options": {"1": "1 Watch", "2": "2 Local", "3": "3 Serious", "4": "4 Severe"},
        "honest": "In doubt the higher tier; down only on evidence. The product, the people and all numbers are "
        "invented for practice.",
        "products": {
            "warmer": {
                "product": "bottle warmer Little Moon",
                "hurt_name": "Mr Mensah",
                "report": "Ms Halvorsen in Bergen: the ring of her warmer has come loose. Nobody is hurt.",
                "hurt": "Mr Mensah in Kumasi writes: the lid sprang off, my wrist is a little red. No hurry.",
                "second": "A nursery in Graz reports a loose ring on the same model. Nobody is hurt.",
                "video": "A video shows a warmer in flames. No brand can be read. Twelve thousand views.",
            },
            "pad": {
                "product": "heating pad Dune",
                "hurt_name": "Mr Haddad",
                "report": "Ms Rossi in Parma: the seam of her pad has come open. Nobody is hurt.",
                "hurt": "Mr Haddad in Amman writes: where the pad lay, my back is a little red. No hurry.",
                "second": "A hotel in Busan reports an open seam on the same model. Nobody is hurt.",
                "video": "A video shows a pad smouldering on a sofa. No brand can be read. Twelve thousand views.",
            },
            "stool": {
                "product": "step stool Stork",
                "hurt_name": "Ms Diallo",
                "report": "Mr Novak in Brno: the catch of his stool does not click. Nobody is hurt.",
                "hurt": "Ms Diallo in Dakar writes: the stool folded, my ankle is a little thick. No hurry.",
                "second": "A library in Tampere reports a weak catch on the same model. Nobody is hurt.",
                "video": "A video shows a stool folding under a child. No brand can be read. Twelve thousand views.",
            },
        },
        "cards": {
            "talk": "Four hundred people joke about the {product} under one post. None has a fault to report.",
            "cause": "A technician thinks: it is the glue, and only in the batch of week 34.",
            "number": "A post says that dozens are hurt already. It names no place.",
            "knew": "Somebody who says that he worked for you writes: they have known it since spring.",
            "authority": "A colleague in legal thinks that an authority must be told today. It is from memory.",
            "press": "A newspaper asks how many are affected. It prints at six.",
        },
        "short": {
            "report": "First report",
            "talk": "Talk",
            "hurt": "Letter",
            "second": "Second place",
            "video": "Video",
            "number": "Number",
            "cause": "Cause",
            "knew": "Known before",
            "authority": "Authority",
            "press": "Newspaper",
        },
        "verdicts": {
            "report": ("True: photo and serial number are here.", ""),
            "hurt": ("True: a photo is here, and a doctor's note.", ""),
            "second": ("True: the same part, the same break.", ""),
            "video": ("True: the label can be seen. It is ours.", "Not so: two years old, another maker."),
            "number": ("True: all desks counted, 31 are hurt.", "Not so: all desks counted, no more than here."),
            "cause": ("True, signed: that batch only.", "Not so, signed: every batch with this part."),
            "knew": ("True: a test of spring lies in our file.", "Not so: that test was on the older model."),
            "authority": ("True, read up: it must be told today.", "Not so, read up: ten days are enough."),
        },
        "unchecked": "not checked",
        "in_work": "in work, one more turn of a team",
        "no_check": "nothing to check",
        "came_in": "What has come in",
        "card_columns": ["Card", "Time", "What it says", "State"],
        "log": "The log",
        "log_columns": ["Time", "Tier", "Said", "Done"],
        "turn": "Turn {turn} of {of}, {time}",
        "ask_tier": "Which tier is it now?",
        "ask_first": "What does the first team check?",
        "ask_second": "What does the second team check?",
        "nobody": "nothing, the team rests",
        "ask_say": "What goes out on the official channel?",
        "say": {
            NOTHING: "Nothing yet. One good statement later is better than five small ones.",
            HOLDING: "“We have seen what is said about the {product} and check it. News at {next}.”",
            FACTS: "“This is certain, this is open, please stop using it for now. News at {next}.”",
            GUESS: "“It looks like one batch, and very few are affected. More news at {next}.”",
            DENIAL: "“Our {product} is safe. What is going round there does not come from us.”",
        },
        "say_short": {
            NOTHING: "nothing",
            HOLDING: "seen, we check",
            FACTS: "certain and open",
            GUESS: "only one batch",
            DENIAL: "it is safe",
        },
        "ask_do": "What is done first?",
        "do": {
            CONTACT: "Ring those who reported it, whoever is hurt first, and help them.",
            STOP: "Stop the sale in all shops and in all warehouses for the time being.",
            EXPERTS: "Bring engineering and legal to one table, with all of the cards.",
            DESK: "Give the telephone desk the words before the public gets to hear them.",
            OFFER: "Open refund and collection for everybody who has one at home.",
            WAIT: "Change nothing for now, and look at all of it again in half an hour.",
        },
        "do_short": {
            CONTACT: "rang them",
            STOP: "stopped the sale",
            EXPERTS: "experts",
            DESK: "told the desk",
            OFFER: "refund",
            WAIT: "nothing",
        },
        "submit": "Decide, on to {next}",
        "quiet": "This half hour brought nothing that you had to regret.",
        "events": {
            "waits-report": "Whoever sent the first report has not heard from you.",
            "waits-hurt": "{hurt_name} is hurt and has not heard from you.",
            "waits-second": "Those in the second place have not heard from you.",
            "still-sold": "In this half hour the {product} was sold on.",
            "silence": "You said nothing. Others explain what is going on.",
            "hour-missed": "You had named a time for the next news. It passed.",
            "held-back": "You knew more than you said, and some noticed.",
            "bad-news-told": "You told bad news from your own house. From somebody else it would have cost more.",
            "bad-news-kept": "Bad news that you had and did not tell is in the evening news.",
            "not-certain": "You spoke of what is certain, and nothing had been checked.",
            "denied-to-the-hurt": "{hurt_name} read that it is safe.",
            "desk-did-not-know": "The telephone desk read your words on the internet, after the callers had.",
            "guess-taken-back": "What you guessed has to be taken back. What you say next weighs less.",
            "denial-taken-back": "What you denied has to be taken back. What you say next weighs less.",
            "nobody-waited": "Everybody had been called already.",
            "done-before": "That had been done already. The half hour is gone.",
            "offer-too-early": "Nobody could say who should bring back what. The refund is postponed.",
            "stop-too-early": "The sale is stopped for one harmless report, and people ask what you hide.",
        },
        "result": "Six o'clock",
        "passed": "{total} of 100 points. {need} are asked for.",
        "not_enough": "{total} of 100 points. {need} are asked for.",
        "red_lines": {
            "hurt": "Red line: a hurt person was never called.",
            "sold": "Red line: the sale was never stopped.",
            "denial": "Red line: you said that it was safe. Nobody knew that.",
        },
        "again": "Not yet. Start again: there will be other cards, in another order.",
        "parts": {
            "people": "Trust of those affected",
            "public": "Trust of the public",
            "tier": "Tiers",
            "words": "Words that fitted",
            "checks": "Cards checked",
        },
        "advice": {
            "guess": "You guessed. It felt like an answer, and every sentence after it weighed less.",
            "denial": "You said that it was safe while nobody had checked. Those who were hurt knew better.",
            "hurt": "The quietest message was that of a hurt person, and it lay there too long.",
            "sold": "The sale went on after a sign of harm. Each half hour puts more of them into homes.",
            "silence": "You were silent when people waited, or past a time you had named.",
            "held": "You held back what was already certain. Say it, and say what is open.",
            "desk": "Your own desk heard it last. Whoever rang got other words than the public.",
            "low": "Some of your tiers were too low. In doubt, the higher one.",
            "well": "People first, nothing taken back, every hour kept. Fast and right did not exclude each other.",
        },
        "speed": "Fast or right?",
        "speed_intro": [
            "Here the same afternoon, with the same cards, in three other ways. All three check the same and grade "
            "right. The first says at once what cannot become wrong and signs the rest. The second reassures with a "
            "guess each time. The third waits until everything is known.",
        ],
        "yours": "Yours",
        "ways": {"split": "Split message", "guess": "Fast guess", "wait": "Wait for all"},
        "whose": {"people": "those affected", "public": "the public"},
        "captions": {
            "people": "Trust of those affected (the model's numbers)",
            "public": "Trust of the public (the model's numbers)",
        },
        "alt": "Four lines from 14:00 to 18:00, trust of {who}, all beginning at 60. At the end: {ends}.",
        "comma": ", ",
        "clock": "Time",
        "axis": "Trust, points",
        "way_columns": ["Way", "Those affected", "Public", "Points"],
        "way_caption": "At the end of the afternoon (the model's numbers)",
        "tier_columns": ["Time", "You", "By the cards"],
        "tier_caption": "The tiers",
        "rules": "What the model counts",
        "rule_facts": [
            (
                "Two accounts",
                "trust of those affected and of the public, 60 points each; near 100 a good step adds less",
            ),
            ("A call", "those affected +10 if somebody is hurt, else +5; each half hour of delay −5 or −1"),
            ("The sale", "each half hour −3 and −2 at tier 3, −5 and −4 at tier 4; a stop +6 and +4"),
            ("Silence", "public −3 at tier 2, −5 at tier 3, −7 at tier 4; past an hour you named, 4 more"),
            ("Certain and open", "public +5 to +7 with something new, those affected +4; −3 if nothing was checked"),
            ("Bad news of your own", "each piece −4 and −3 if you tell it; −10 and −8 if you keep it"),
            ("We have seen it", "public +5 at first, +2 later; from tier 3 on it costs trust if you know more"),
            ("A guess", "public +5 at once; two turns later −12 and −8, and what follows weighs three quarters"),
            ("“It is safe”", "public +5 at once, those affected −10 if one is hurt; two turns later −14 and −10"),
            ("Your own desk", "those affected −2 for each statement that it did not have before"),
            ("Red lines", "a hurt person never called, a sale never stopped, “it is safe”: no points make them good"),
            ("Points", "trust of those affected 25, of the public 15, tiers 20, words 25, checks 15"),
        ],
        "rules_note": "A model answers with what was put into it. That a guess always comes out within an hour is "
        "the model's rule; in life some guesses never do. Which of its numbers would you set otherwise?",
        "misfit": "This turn holds something that the war room does not know.",
    },
    "zh": {
        "intro": [
            "星期六下午两点，你坐镇明灯家电的危机指挥室。{product}出了状况，到底是什么状况，还没人知道。",
            "一共八轮，每轮半小时。每一轮你要定级、派两个小组去查，再决定说什么、做什么。消息来什么是什么，有真有假。",
            "查一条消息，一个小组要花半小时；传闻、原因、法律问题要两个小组一起查，或一个小组查两轮。"
            "决定了就不能改。模型怎么算分，最后才揭晓。",
        ],
        "tiers": {
            1: ("1 级 关注", "只有一位客户，没人受伤害"),
            2: ("2 级 局部", "一处或一批，没人受伤害；或小毛病引来很多议论"),
            3: ("3 级 严重", "有人受伤或可能受伤；或两个地方出同样的故障"),
            4: ("4 级 重大", "危险还在继续；或我们早知道却没说；或必须立即上报主管部门"),
        },
        "tier_options": {"1": "1 级 关注", "2": "2 级 局部", "3": "3 级 严重", "4": "4 级 重大"},
        "honest": "拿不准就往高定；要降级，得有证据。产品、人物和所有数字都是为练习虚构的。",
        "products": {
            "warmer": {
                "product": "小月亮温奶器",
                "hurt_name": "门萨先生",
                "report": "卑尔根的哈尔沃森女士：温奶器上的圈松了。没人受伤。",
                "hurt": "库马西的门萨先生来信：盖子弹开了，手腕有一点红。不急。",
                "second": "格拉茨一家托儿所反映：同款的圈也松了。没人受伤。",
                "video": "一段视频里，温奶器起了火。看不清牌子。已有一万两千次播放。",
            },
            "pad": {
                "product": "沙丘电热垫",
                "hurt_name": "哈达德先生",
                "report": "帕尔马的罗西女士：电热垫的边缝开了。没人受伤。",
                "hurt": "安曼的哈达德先生来信：垫子贴着的地方，背上有一点红。不急。",
                "second": "釜山一家酒店反映：同款的边缝也开了。没人受伤。",
                "video": "一段视频里，电热垫在沙发上冒烟。看不清牌子。已有一万两千次播放。",
            },
            "stool": {
                "product": "白鹳折叠梯凳",
                "hurt_name": "迪亚洛女士",
                "report": "布尔诺的诺瓦克先生：梯凳的卡扣扣不上。没人受伤。",
                "hurt": "达喀尔的迪亚洛女士来信：梯凳突然合上，脚踝有一点肿。不急。",
                "second": "坦佩雷一家图书馆反映：同款的卡扣也松。没人受伤。",
                "video": "一段视频里，孩子踩着的梯凳塌了。看不清牌子。已有一万两千次播放。",
            },
        },
        "cards": {
            "talk": "一条帖子下面，四百人拿{product}开玩笑，没有一个说自己的坏了。",
            "cause": "一位技师觉得：是胶的问题，而且只有第 34 周那一批。",
            "number": "有帖子说，已经伤了几十个人，没说在哪里。",
            "knew": "有人自称在你们公司干过，写道：这事他们春天就知道了。",
            "authority": "法务的一位同事觉得，今天就得上报主管部门。他是凭记忆说的。",
            "press": "一家报社来问：涉及多少人？六点付印。",
        },
        "short": {
            "report": "第一条反映",
            "talk": "议论",
            "hurt": "来信",
            "second": "第二处",
            "video": "视频",
            "number": "人数",
            "cause": "原因",
            "knew": "早知道",
            "authority": "上报",
            "press": "报社",
        },
        "verdicts": {
            "report": ("属实：照片和机身号都有了。", ""),
            "hurt": ("属实：有照片，也有医生的诊断。", ""),
            "second": ("属实：同一个零件，同样的断法。", ""),
            "video": ("属实：看得到标签，是我们的。", "不实：两年前的，别家的产品。"),
            "number": ("属实：各个渠道都数过了，伤了 31 人。", "不实：各个渠道都数过了，只有这里的几件。"),
            "cause": ("属实，已签字：只有那一批。", "不实，已签字：用这个零件的都有。"),
            "knew": ("属实：春天的检测报告就在我们档案里。", "不实：那次检测的是旧款。"),
            "authority": ("属实，查过条文：今天必须上报。", "不实，查过条文：十天之内即可。"),
        },
        "unchecked": "还没查",
        "in_work": "在查，还差一个小组一轮",
        "no_check": "没什么可查",
        "came_in": "收到的消息",
        "card_columns": ["消息", "时间", "内容", "情况"],
        "log": "记录",
        "log_columns": ["时间", "级别", "说了什么", "做了什么"],
        "turn": "第 {turn} 轮，共 {of} 轮，{time}",
        "ask_tier": "现在是几级？",
        "ask_first": "第一小组查什么？",
        "ask_second": "第二小组查什么？",
        "nobody": "不查，这组歇一轮",
        "ask_say": "官方渠道发什么？",
        "say": {
            NOTHING: "先不发。与其零零碎碎说五次，不如等齐了好好说一次。",
            HOLDING: "“有关{product}的反映我们看到了，正在核实，{next}再通报。”",
            FACTS: "“已确定的和还没查清的都在这里，请先停用，{next}再通报。”",
            GUESS: "“目前看只是某一批，涉及的人非常少，请放心，{next}再通报。”",
            DENIAL: "“我们的{product}是安全的，网上流传的内容和我们没有关系。”",
        },
        "say_short": {
            NOTHING: "没说",
            HOLDING: "看到了，在查",
            FACTS: "确定的和没查清的",
            GUESS: "只是某一批",
            DENIAL: "是安全的",
        },
        "ask_do": "先做哪一件？",
        "do": {
            CONTACT: "给反映问题的人一个个打电话，受伤的排最前，帮到实处。",
            STOP: "所有门店、所有仓库，这款产品先停止销售，等查清再说。",
            EXPERTS: "把技术和法务请到一张桌子上，手里的消息全部摊开看。",
            DESK: "对外发布之前，先把同样的话交给客服热线的同事们。",
            OFFER: "家里有这款产品的人，都可以退款，由我们上门取回。",
            WAIT: "眼下什么都不动，半小时以后把所有情况再看一遍。",
        },
        "do_short": {
            CONTACT: "打电话",
            STOP: "停售",
            EXPERTS: "请专家",
            DESK: "告知热线",
            OFFER: "退款取回",
            WAIT: "没动",
        },
        "submit": "就这么定，到 {next}",
        "quiet": "这半小时里，没有出让你后悔的事。",
        "events": {
            "waits-report": "最早反映的那一位，还没接到你们的电话。",
            "waits-hurt": "{hurt_name}受了伤，还没接到你们的电话。",
            "waits-second": "第二处的人，还没接到你们的电话。",
            "still-sold": "这半小时里，{product}还在卖。",
            "silence": "你没有出声，于是别人替你解释。",
            "hour-missed": "你说过几点再通报，那个钟点过去了。",
            "held-back": "你知道的比说出来的多，有人看出来了。",
            "bad-news-told": "你把自家的坏消息说了出来。要是由别人说出来，代价更大。",
            "bad-news-kept": "你查到了却没说的坏消息，上了晚间新闻。",
            "not-certain": "你说“已确定的”，其实一条都还没查过。",
            "denied-to-the-hurt": "{hurt_name}读到了“是安全的”。",
            "desk-did-not-know": "你的话，热线同事是在网上看到的，比来电的人还晚。",
            "guess-taken-back": "猜的话只好收回。往后你说的，分量都轻了。",
            "denial-taken-back": "否认的话只好收回。往后你说的，分量都轻了。",
            "nobody-waited": "该打的电话早就打过了。",
            "done-before": "这件事已经做过了，半小时白费了。",
            "offer-too-early": "该退哪些、谁来退，没人说得清，退款只好往后推。",
            "stop-too-early": "一件没伤人的小事就停售，大家反倒问：是不是瞒了什么？",
        },
        "result": "下午六点",
        "passed": "{total} 分，满分 100 分。要求 {need} 分，已达到。",
        "not_enough": "{total} 分，满分 100 分。要求 {need} 分。",
        "red_lines": {
            "hurt": "红线：受伤的人，一个电话都没等到。",
            "sold": "红线：直到最后也没有停售。",
            "denial": "红线：你说了“是安全的”，而这一点谁也不知道。",
        },
        "again": "还没达到。请重新开始：消息和先后都会不一样。",
        "parts": {
            "people": "受影响的人的信任",
            "public": "公众的信任",
            "tier": "定级",
            "words": "话说得合适",
            "checks": "查过的消息",
        },
        "advice": {
            "guess": "你猜了。听上去像个答复，可从那以后，你的每句话都轻了一截。",
            "denial": "还没人查过，你就说“安全”。受了伤的人比你清楚。",
            "hurt": "最轻的那个声音来自受伤的人，而那封信放得太久。",
            "sold": "有了伤人的迹象，东西还在卖。每过半小时，就又有几件进了别人家。",
            "silence": "大家等你说话的时候，或者你说好的钟点到了，你没有出声。",
            "held": "已经确定的事，你压着没说。该说就说，没查清的也照直说。",
            "desk": "自己的热线最后才知道。打电话的人听到的，和公众看到的不一样。",
            "low": "有几轮级别定低了。拿不准，就往高定。",
            "well": "先顾人，没有一句要收回，说好的钟点都守住了。快和准，并不矛盾。",
        },
        "speed": "要快，还是要准？",
        "speed_intro": [
            "同一个下午，同样的消息，再看另外三种走法。三种都查得一样，级别也都定对了。第一种马上说出不会错的，其余签了字再说；"
            "第二种每次都用猜测来安抚；第三种等全部查清才开口。",
        ],
        "yours": "你的走法",
        "ways": {"split": "分开说", "guess": "抢先猜", "wait": "等查清"},
        "whose": {"people": "受影响的人", "public": "公众"},
        "captions": {
            "people": "受影响的人的信任（模型数字）",
            "public": "公众的信任（模型数字）",
        },
        "alt": "四条线，从 14:00 到 18:00，{who}的信任，都从 60 分开始。最后：{ends}。",
        "comma": "，",
        "clock": "时间",
        "axis": "信任（分）",
        "way_columns": ["走法", "受影响的人", "公众", "得分"],
        "way_caption": "下午结束时（模型数字）",
        "tier_columns": ["时间", "你定的", "按消息应定"],
        "tier_caption": "级别对照",
        "rules": "模型是怎么算的",
        "rule_facts": [
            ("两个账户", "受影响的人和公众的信任，各从 60 分开始；越接近 100，做对一步加得越少"),
            ("打电话", "有人受伤，受影响的人加 10 分，否则加 5 分；每晚半小时扣 5 分或 1 分"),
            ("销售", "没停售，每半小时两边各扣：3 级 3 分和 2 分，4 级 5 分和 4 分；停售加 6 分和 4 分"),
            ("不出声", "公众：2 级扣 3 分，3 级扣 5 分，4 级扣 7 分；过了说好的钟点，再扣 4 分"),
            ("确定的和没查清的", "有新内容，公众加 5 到 7 分，受影响的人加 4 分；一条都没查过，扣 3 分"),
            ("自家的坏消息", "自己说，每条公众扣 4 分、受影响的人扣 3 分；压着不说，扣 10 分和 8 分"),
            ("看到了，在查", "公众第一次加 5 分，之后加 2 分；3 级起，知道得更多却只说这句，反而扣分"),
            ("猜", "公众当时加 5 分；两轮之后扣 12 分和 8 分，往后的话只剩四分之三的分量"),
            ("“是安全的”", "公众当时加 5 分，有人受伤时受影响的人扣 10 分；两轮之后再扣 14 分和 10 分"),
            ("自己的热线", "发出去的话热线事先不知道，受影响的人每次扣 2 分"),
            ("红线", "受伤的人没接到电话、一直没停售、说了“是安全的”：得多少分都不算达到"),
            ("得分", "受影响的人的信任 25，公众的信任 15，定级 20，说话 25，查证 15"),
        ],
        "rules_note": "放进模型的是什么，模型就回答什么。猜的话一小时内必定露馅，这是模型的规定；现实中，"
        "有的猜测从来没被戳穿。哪个数字换你来定，会定得不一样？",
        "misfit": "这一轮里有指挥室不认识的内容。",
    },
}
