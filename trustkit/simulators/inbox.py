"""The inbox: eight customers, several doors, one hour. One thread for each, the right first, each by the right door.

The trainee merges what belongs to one person, puts the threads in order and answers them one by one while the clock
runs. Danger, law and privacy stand above the stated preference; age and place of living decide nothing. All numbers
are the model's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from trustkit import blocks
from trustkit.blocks import Block, Result

ID = "inbox"
TITLE = {"en": "The inbox", "zh": "收件箱"}
ABOUT = {
    "en": "Eight customers, several doors, one hour: merge, put in order, and choose the door for each.",
    "zh": "八位客户、好几个渠道、一个小时：合并、排序，再为每位选对渠道。",
}
MINUTES = 18

BEGIN, HOUR = 9 * 60, 60
"""When the hour begins, in minutes of the day, and how long it is."""
AT_ONCE = 15
"""Minutes within which danger is answered."""
PASS = 70
"""Points of 100 that a run needs."""

PHONE, BOTH, MAIL, APP, TEXT, LETTER = DOORS = ("phone", "both", "mail", "app", "text", "letter")
COST = {PHONE: 7, BOTH: 10, MAIL: 6, APP: 5, TEXT: 4, LETTER: 9}
"""Minutes of an answer."""
FULL_COST = 4
"""Minutes of a full answer on the other doors as well."""
STATED = (PHONE, MAIL, APP, TEXT)
AT_HOUR, AT_CHANGE, WEEKLY, WHEN_DONE = RHYTHMS = ("hour", "change", "weekly", "done")
LINE, FULL, SILENT = OTHERS = ("line", "full", "silent")
APART = "apart"

HARM, PROMISED, DUE, PUBLIC, LAW, OPEN, PLAIN, QUIET = ROLES = (
    "harm", "promised", "due", "public", "law", "open", "plain", "quiet",
)  # fmt: skip
SEVERAL_DOORS = (HARM, PROMISED, PUBLIC)
"""The roles with a second message by another door."""
SHARES = {"merged": 15, "danger": 12, "promises": 12, "doors": 36, "rhythm": 16, "voice": 9}
"""The most points of each part; 100 together."""
BY_CHANCE = 2
"""Right doors that earn nothing: so many are met without reading what the customers asked for."""
PEOPLE, PRODUCTS = 12, 8


@dataclass(frozen=True)
class Customer:
    """One customer: who it is, what it is about, what was stated, and until when news is promised.

    Attributes:
        number: the two digits of the order that tell it from the others.
        door: the door that the customer has asked for, or None.
        came: the door by which the customer came.
        rhythm: how often the customer wants to hear, or None where nothing was said.
        due: the minute of the hour until which somebody has promised news, or None.
    """

    role: str
    person: int
    product: int
    number: str
    born: int
    door: str | None
    came: str
    rhythm: str | None
    due: int | None


@dataclass(frozen=True)
class Message:
    """One message: when and by which door it came, what kind it is and whom it is about.

    `owner` is the customer whose thread it belongs to, or None. `choices` are the threads it could belong to; a
    message without them says by itself whose it is.
    """

    at: int
    door: str
    kind: str
    about: str
    owner: str | None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inbox:
    """The customers by id, and the messages by id in the order in which they came in."""

    customers: dict[str, Customer]
    messages: dict[str, Message]

    @property
    def unclear(self) -> list[str]:
        """The messages of which it must be decided whose they are."""
        return [id_ for id_, one in self.messages.items() if one.choices]


def inbox(seed: int) -> Inbox:
    """Return the inbox of a run."""
    random = Random(f"inbox {seed}")
    people, products = random.sample(range(PEOPLE), len(ROLES)), random.sample(range(PRODUCTS), len(ROLES))
    # Numbers of two unequal digits, of which none is another one turned round.
    numbers: list[str] = []
    while len(numbers) < len(ROLES):
        one = f"{random.randint(1, 9)}{random.randint(1, 9)}"
        if one[0] != one[1] and one not in numbers and one[::-1] not in numbers:
            numbers.append(one)
    dues = random.sample((20, 25, 30, 35), 2)
    doors = [*STATED, *STATED]
    random.shuffle(doors)
    ids = [f"c{number}" for number in range(1, len(ROLES) + 1)]
    roles = random.sample(ROLES, len(ROLES))
    customers: dict[str, Customer] = {}
    for place, (id_, role) in enumerate(zip(ids, roles)):
        door = {OPEN: None, HARM: random.choice((MAIL, APP, TEXT)), LAW: random.choice((PHONE, APP, TEXT))}.get(
            role, doors[place]
        )
        rhythm = {HARM: None, OPEN: None, PROMISED: AT_HOUR, DUE: AT_HOUR}.get(role, random.choice(RHYTHMS[1:]))
        came = random.choice((MAIL, APP, TEXT))
        due = {PROMISED: dues[0], DUE: dues[1]}.get(role)
        customers[id_] = Customer(
            role, people[place], products[place], numbers[place], random.randint(1942, 2006), door, came, rhythm, due
        )
    # A guess from the birth year is right no more often than any other guess.
    while sum(right_door(one) == _by_birth(one) for one in customers.values()) > BY_CHANCE:
        customers = {id_: replace(one, born=random.randint(1942, 2006)) for id_, one in customers.items()}
    of = {one.role: id_ for id_, one in customers.items()}

    def among(id_: str) -> tuple[str, ...]:
        others = random.sample([one for one in ids if one != id_], 2)
        return tuple(sorted([id_, *others]))

    times = iter(random.sample(range(BEGIN - 70, BEGIN), 13))
    made = [Message(next(times), customers[id_].came, "first", id_, id_) for id_ in ids]
    for role, kind, by in ((HARM, "danger", APP), (PROMISED, "note", PHONE), (PUBLIC, "post", "public")):
        door = MAIL if by == APP and customers[of[role]].came == APP else by
        made.append(Message(next(times), door, kind, of[role], of[role], among(of[role])))
    for role, kind, by in ((PLAIN, "turned", MAIL), (QUIET, "sister", PHONE)):
        made.append(Message(next(times), by, kind, of[role], None, among(of[role])))
    made.sort(key=lambda one: one.at)
    return Inbox(customers, {f"m{number}": one for number, one in enumerate(made, 1)})


def right_door(one: Customer) -> str:
    """Return the door for a customer: danger and law first, then the stated preference, then the door they came by."""
    return {HARM: BOTH, LAW: LETTER}.get(one.role) or one.door or one.came


def right_rhythms(one: Customer) -> tuple[str, ...]:
    """Return the rhythms that suit a customer, the stated one or what happens in the case."""
    if one.role == OPEN:
        return (AT_CHANGE, AT_HOUR)
    return (one.rhythm or AT_HOUR,)


@dataclass(frozen=True)
class Reply:
    """What a customer got: from and until which minute of the hour, by which door, when the next news comes.

    `others` is what went out on the other doors of a thread, None where there are none.
    """

    id: str
    begun: int
    ended: int
    door: str
    next: str
    others: str | None

    @property
    def in_time(self) -> bool:
        """Whether it was done within the hour."""
        return self.ended <= HOUR


@dataclass(frozen=True)
class Run:
    """The answers of a run by what they were for."""

    merged: dict[str, str]
    order: tuple[str, ...]
    replies: tuple[Reply, ...]


def read(box: Inbox, answers: Sequence[dict], language: str = "en") -> Run:
    """Return what these answers say.

    Raises:
        ValueError: an answer does not belong to its question.
    """
    misfit = ValueError(WORDS[language]["misfit"])
    merged: dict[str, str] = {}
    if answers:
        merged = dict(answers[0])
        if set(merged) != set(box.unclear) or any(
            value not in (APART, *box.messages[id_].choices) for id_, value in merged.items()
        ):
            raise misfit
    order: tuple[str, ...] = ()
    if len(answers) > 1:
        given = answers[1].get("order")
        if not isinstance(given, list) or len(given) != len(ROLES) or {str(one) for one in given} != set(box.customers):
            raise misfit
        order = tuple(given)
    clock, replies = 0, []
    for id_, answer in zip(order, answers[2:]):
        several = has_other_doors(id_, merged)
        fields = {"door", "next", "others"} if several else {"door", "next"}
        if set(answer) != fields or answer["door"] not in DOORS or answer["next"] not in RHYTHMS:
            raise misfit
        if several and answer["others"] not in OTHERS:
            raise misfit
        minutes = COST[answer["door"]] + (FULL_COST if answer.get("others") == FULL else 0)
        replies.append(Reply(id_, clock, clock + minutes, answer["door"], answer["next"], answer.get("others")))
        clock += minutes
    return Run(merged, order, tuple(replies))


def has_other_doors(id_: str, merged: dict[str, str]) -> bool:
    """Return whether a thread has messages from several doors, as it was merged."""
    return id_ in merged.values()


# ---------------------------------------------------------------- what it is worth


def shares(box: Inbox, run: Run) -> dict[str, float]:
    """Return how much of each part was reached, 0 to 1."""
    right = {id_: run.merged[id_] == (box.messages[id_].owner or APART) for id_ in box.unclear}
    of = {one.role: id_ for id_, one in box.customers.items()}
    reply = {one.id: one for one in run.replies}
    fitting = sum(_door_fits(box, one) for one in run.replies)
    rhythm = sum(one.in_time and one.next in right_rhythms(box.customers[one.id]) for one in run.replies) / len(ROLES)
    voices = []
    for role in SEVERAL_DOORS:
        one = reply[of[role]]
        # A message that stands apart is answered by another desk: two answers, and neither knows of the other.
        apart = any(not right[id_] for id_ in box.unclear if box.messages[id_].owner == one.id)
        voices.append(0 if apart else {LINE: 1, SILENT: 0.5}.get(one.others or "", 0))
    danger = reply[of[HARM]]
    promises = [reply[of[role]].ended <= (box.customers[of[role]].due or 0) for role in (PROMISED, DUE)]
    return {
        "merged": sum(right.values()) / len(right),
        "danger": {BOTH: 1, PHONE: 0.75}.get(danger.door, 0) if danger.ended <= AT_ONCE else 0,
        "promises": sum(promises) / 2,
        "doors": max(0.0, (fitting - BY_CHANCE) / (len(ROLES) - BY_CHANCE)),
        "rhythm": rhythm,
        "voice": sum(voices) / len(voices),
    }


def _door_fits(box: Inbox, reply: Reply) -> float:
    if not reply.in_time:
        return 0
    one = box.customers[reply.id]
    if one.role == HARM and reply.door == PHONE:
        return 0.5
    return float(reply.door == right_door(one))


def points(box: Inbox, run: Run) -> dict[str, int]:
    """Return the points of a finished run by part, at most `SHARES`."""
    return {name: round(SHARES[name] * value) for name, value in shares(box, run).items()}


def red_lines(box: Inbox, run: Run) -> list[str]:
    """Return what no points make good: danger not answered by voice in the hour, data in a stranger's thread."""
    crossed = []
    if not any(box.customers[one.id].role == HARM and one.door in (PHONE, BOTH) and one.in_time for one in run.replies):
        crossed.append("danger")
    if any(value not in (APART, box.messages[id_].owner) for id_, value in run.merged.items()):
        crossed.append("privacy")
    return crossed


def judge(answers: list[dict], seed: int = 0) -> Result:
    """Return the points by part; the run counts once all eight are answered.

    It is reached with 70 of 100 points and no red line.
    """
    box = inbox(seed)
    run = read(box, answers)
    if len(run.replies) < len(ROLES):
        return Result(False, {}, finished=False)
    parts = points(box, run)
    return Result(sum(parts.values()) >= PASS and not red_lines(box, run), parts)


# ---------------------------------------------------------------- ways through the hour


def way(
    box: Inbox,
    *,
    merge: Callable[[Message], str],
    order: Callable[[Customer], object],
    door: Callable[[Customer], str],
    rhythm: Callable[[Customer], str],
    others: str,
) -> list[dict]:
    """Return the answers of somebody who decides by these rules."""
    merged = {id_: merge(box.messages[id_]) for id_ in box.unclear}
    ordered = sorted(box.customers, key=lambda id_: (order(box.customers[id_]), id_))
    replies = []
    for id_ in ordered:
        one = box.customers[id_]
        reply = {"door": door(one), "next": rhythm(one)}
        replies.append(reply | ({"others": others} if has_other_doors(id_, merged) else {}))
    return [merged, {"order": ordered}, *replies]


def _urgency(one: Customer) -> int:
    return 0 if one.role == HARM else one.due or 99


def _by_birth(one: Customer) -> str:
    return PHONE if one.born < 1975 else APP


def ways(box: Inbox) -> dict[str, list[dict]]:
    """Return the answers of four desks: as the lesson says, by birth year, by telephone, and on every door."""

    def owner(message: Message) -> str:
        return message.owner or APART

    def apart(_: Message) -> str:
        return APART

    first = {one.about: one.at for one in box.messages.values() if one.kind == "first"}
    came = {box.customers[id_]: at for id_, at in first.items()}
    return {
        "lesson": way(
            box, merge=owner, order=_urgency, door=right_door, rhythm=lambda one: right_rhythms(one)[0], others=LINE
        ),
        "birth": way(
            box, merge=owner, order=_urgency, door=_by_birth, rhythm=lambda one: right_rhythms(one)[0], others=LINE
        ),
        "arrival": way(
            box, merge=apart, order=lambda one: came[one], door=lambda one: one.came, rhythm=lambda _: AT_CHANGE,
            others=SILENT,
        ),
        "everywhere": way(
            box, merge=owner, order=_urgency, door=lambda _: BOTH, rhythm=lambda _: AT_HOUR, others=FULL
        ),
    }  # fmt: skip


# ---------------------------------------------------------------- the page


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers: the messages, the threads, and what is open."""
    words = WORDS[language]
    box = inbox(seed)
    run = read(box, answers, language)
    shown = [
        blocks.text(*words["intro"]),
        blocks.facts((words["doors"][door], words["takes"].format(minutes=COST[door])) for door in DOORS),
        blocks.text(words["honest"], tone="note"),
    ]
    if not run.merged:
        shown += [
            blocks.heading(words["came_in"]),
            blocks.facts((_head(box, id_, language), _text(box, id_, language)) for id_ in box.messages),
            blocks.text(*words["merge_intro"]),
        ]
        return [*shown, _merge_form(box, language)]
    if not run.order:
        shown.append(blocks.heading(words["threads"]))
        for id_ in box.customers:
            shown += _thread(box, run.merged, id_, language)
        apart = [id_ for id_ in box.unclear if run.merged[id_] == APART]
        if apart:
            shown.append(blocks.heading(words["apart_head"]))
            shown.append(blocks.text(words["apart_text"]))
            shown.append(blocks.facts((_head(box, id_, language), _text(box, id_, language)) for id_ in apart))
        parts = {id_: _name(box, id_, language) for id_ in box.customers}
        return [
            *shown,
            blocks.form("order", [blocks.order("order", words["ask_order"], parts)], words["begin"], final=True),
        ]
    if run.replies:
        shown.append(_done(box, run, language))
    if len(run.replies) < len(ROLES):
        id_ = run.order[len(run.replies)]
        clock = run.replies[-1].ended if run.replies else 0
        shown.append(blocks.heading(words["now"].format(time=_time(clock), name=_name(box, id_, language))))
        if clock >= HOUR:
            shown.append(blocks.text(words["hour_over"], tone="warn"))
        return [*shown, *_thread(box, run.merged, id_, language, head=False), _reply_form(run, id_, language, seed)]
    return [*shown, *_verdict(box, run, language)]


def _time(minute: int) -> str:
    return f"{(BEGIN + minute) // 60}:{(BEGIN + minute) % 60:02}"


def _name(box: Inbox, id_: str, language: str) -> str:
    words = WORDS[language]
    one = box.customers[id_]
    return words["name"].format(person=words["people"][one.person], product=words["products"][one.product])


def _head(box: Inbox, id_: str, language: str) -> str:
    """Return what stands over a message: its number, time, door and sender."""
    words = WORDS[language]
    one = box.messages[id_]
    if one.kind == "first":
        customer = box.customers[one.about]
        sender = words["sender"].format(person=words["people"][customer.person], number=customer.number)
    else:
        sender = words["senders"][one.kind]
    return words["head"].format(
        number=id_[1:], time=_time(one.at - BEGIN), door=words["came_by"][one.door], sender=sender
    )


def _text(box: Inbox, id_: str, language: str) -> str:
    """Return what a message says."""
    words = WORDS[language]
    message = box.messages[id_]
    one = box.customers[message.about]
    fill = {
        "product": words["products"][one.product],
        "number": one.number,
        "turned": one.number[::-1],
        "person": words["people"][one.person],
        "due": _time(one.due or 0),
    }
    if message.kind != "first":
        return words["others_said"][message.kind].format(**fill)
    said = [words["topics"][one.role].format(**fill)]
    if one.door:
        said.append(words["wants"][one.door])
    if one.rhythm:
        said.append(words["wants_rhythm"][one.rhythm])
    return words["join"].join(said)


def _thread(box: Inbox, merged: dict[str, str], id_: str, language: str, *, head: bool = True) -> list[Block]:
    words = WORDS[language]
    one = box.customers[id_]
    mine = [
        message
        for message, said in box.messages.items()
        if (said.kind == "first" and said.about == id_) or merged.get(message) == id_
    ]
    rows = [(_head(box, message, language), _text(box, message, language)) for message in mine]
    rows.append((words["known"], words["born"].format(year=one.born, city=words["cities"][one.person])))
    return [*([blocks.heading(_name(box, id_, language))] if head else []), blocks.facts(rows)]


def _merge_form(box: Inbox, language: str) -> Block:
    words = WORDS[language]
    fields = [
        blocks.choose(
            id_,
            words["ask_whose"].format(head=_head(box, id_, language)),
            {one: _name(box, one, language) for one in box.messages[id_].choices} | {APART: words["apart"]},
        )
        for id_ in box.unclear
    ]
    return blocks.form("merge", fields, words["merge"], final=True)


def _reply_form(run: Run, id_: str, language: str, seed: int) -> Block:
    words = WORDS[language]
    random = Random(f"reply {seed} {id_}")

    def shuffled(ids: Sequence[str], texts: dict[str, str]) -> dict[str, str]:
        return {one: texts[one] for one in random.sample(ids, len(ids))}

    fields = [
        blocks.choose("door", words["ask_door"], shuffled(DOORS, words["doors"])),
        blocks.choose("next", words["ask_next"], shuffled(RHYTHMS, words["rhythms"])),
    ]
    if has_other_doors(id_, run.merged):
        fields.append(blocks.choose("others", words["ask_others"], shuffled(OTHERS, words["others"])))
    return blocks.form(f"reply-{len(run.replies) + 1}", fields, words["send"], final=True)


def _done(box: Inbox, run: Run, language: str) -> Block:
    words = WORDS[language]
    rows = [
        (
            _name(box, one.id, language),
            _time(one.ended),
            words["short_doors"][one.door],
            words["short_rhythms"][one.next],
        )
        for one in run.replies
    ]
    return blocks.table(words["done_columns"], rows, words["done"])


def _verdict(box: Inbox, run: Run, language: str) -> list[Block]:
    words = WORDS[language]
    parts = points(box, run)
    total, crossed = sum(parts.values()), red_lines(box, run)
    reached = total >= PASS and not crossed
    said = [words["passed" if total >= PASS else "not_enough"].format(total=total, need=PASS)]
    said += [words["red_lines"][name] for name in crossed]
    if not reached:
        said.append(words["again"])
    rows = []
    for one in run.replies:
        customer = box.customers[one.id]
        door, rhythms = right_door(customer), right_rhythms(customer)
        mine = (words["short_doors"][one.door], words["short_rhythms"][one.next])
        fitting = (words["short_doors"][door], words["short_rhythms"][rhythms[0]])
        fits = (one.door == door, one.next in rhythms)
        cells = [
            words["fits" if yes else "fits_not"].format(mine=mine_, fitting=fitting_)
            for yes, mine_, fitting_ in zip(fits, mine, fitting)
        ]
        ended = _time(one.ended) if one.in_time else words["late"]
        rows.append((_name(box, one.id, language), ended, *cells, words["because"][customer.role]))
    whose = [
        (
            _head(box, id_, language),
            words["merged_right" if run.merged[id_] == (box.messages[id_].owner or APART) else "merged_wrong"].format(
                why=words["why_merged"][box.messages[id_].kind].format(
                    number=box.customers[box.messages[id_].about].number
                )
            ),
        )
        for id_ in box.unclear
    ]
    totals = {words["yours"]: total}
    totals |= {words["ways"][name]: sum(points(box, read(box, steps)).values()) for name, steps in ways(box).items()}
    return [
        blocks.heading(words["result"]),
        blocks.result(
            reached, said, [(words["parts"][name], f"{value} / {SHARES[name]}") for name, value in parts.items()]
        ),
        blocks.text(*_happened(box, run, language)),
        blocks.heading(words["whose"]),
        blocks.facts(whose),
        blocks.table(words["verdict_columns"], rows, words["verdict"]),
        blocks.heading(words["desks"]),
        blocks.text(*words["desks_intro"]),
        blocks.chart(
            "bar",
            list(totals),
            [blocks.series(words["points"], list(totals.values()))],
            x_label=words["desk"],
            y_label=words["points"],
            caption=words["caption"],
            alt=words["alt"].format(all=words["comma"].join(f"{name} {value}" for name, value in totals.items())),
            low=0,
            high=100,
        ),
        blocks.heading(words["rules"]),
        blocks.facts(words["rule_facts"]),
    ]


def _happened(box: Inbox, run: Run, language: str) -> list[str]:
    """Return in sentences what the eight customers met with."""
    words = WORDS[language]["happened"]
    of = {one.role: id_ for id_, one in box.customers.items()}
    reply = {one.id: one for one in run.replies}
    danger = reply[of[HARM]]
    if danger.ended > AT_ONCE:
        lines = [words["danger_late"].format(time=_time(danger.ended))]
    else:
        lines = [words["danger_well" if danger.door in (BOTH, PHONE) else "danger_quiet"]]
    kept = [reply[of[role]].ended <= (box.customers[of[role]].due or 0) for role in (PROMISED, DUE)]
    lines.append(words["promises"][sum(kept)])
    apart = sum(run.merged[id_] == APART for id_ in box.unclear if box.messages[id_].owner)
    full = sum(one.others == FULL for one in run.replies)
    if apart:
        lines.append(words["apart"].format(count=apart))
    if full:
        lines.append(words["full"].format(count=full))
    if not apart and not full:
        lines.append(words["one_voice"])
    fits = sum(_door_fits(box, one) == 1 for one in run.replies)
    lines.append(words["doors"].format(count=fits))
    if left := sum(not one.in_time for one in run.replies):
        lines.append(words["left"].format(count=left))
    return lines


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Nine o'clock at Lantern Home. Thirteen messages from eight customers, and perhaps from others, wait for "
            "you. You have one hour.",
            "First decide which messages belong to one thread. Then put the eight in order. Then answer them one by "
            "one: by which door, and when they hear from you again. The clock runs, and what is sent is sent.",
            "A refused guarantee must go out by letter. That is the law of this exercise.",
        ],
        "doors": {
            PHONE: "Ring",
            BOTH: "Ring, then write the same",
            MAIL: "Mail",
            APP: "App",
            TEXT: "Text message",
            LETTER: "Letter",
        },
        "short_doors": {
            PHONE: "ring",
            BOTH: "ring and write",
            MAIL: "mail",
            APP: "app",
            TEXT: "text",
            LETTER: "letter",
        },
        "takes": "{minutes} minutes",
        "honest": "All persons, orders and times are invented for practice.",
        "people": [
            "Ms Novak",
            "Mr Adeyemi",
            "Ms Larsen",
            "Mr Tanaka",
            "Ms Haddad",
            "Mr Silva",
            "Ms Petrova",
            "Mr Mensah",
            "Ms Whitby",
            "Mr Lindqvist",
            "Ms Okoye",
            "Mr Rossi",
        ],
        "cities": [
            "Brno",
            "Lagos",
            "Bergen",
            "Osaka",
            "Amman",
            "Porto",
            "Sofia",
            "Kumasi",
            "Leeds",
            "Umeå",
            "Enugu",
            "Parma",
        ],
        "products": ["dryer", "oven", "kettle", "heater", "washing machine", "dishwasher", "lamp", "coffee machine"],
        "name": "{person}, {product}",
        "sender": "{person}, order 20{number}",
        "head": "{number} · {time} · {door} · {sender}",
        "senders": {
            "danger": "“river77”",
            "note": "note of a colleague",
            "post": "“@daytwo”",
            "turned": "no name",
            "sister": "a caller",
        },
        "came_by": {PHONE: "telephone", MAIL: "mail", APP: "app", TEXT: "text", "public": "public post"},
        "topics": {
            HARM: "My {product} stops after a few minutes. When does somebody look at it?",
            PROMISED: "How far is the part for my {product}?",
            DUE: "You said that I would hear about my {product} by {due}.",
            PUBLIC: "My {product} has not come, and nobody tells me why.",
            LAW: "Is the guarantee for my {product} decided? (Note in the file: refused, to be told today.)",
            OPEN: "My {product} has been humming since yesterday. Can that be repaired?",
            PLAIN: "Has my {product} been sent?",
            QUIET: "On which day does the technician come for my {product}?",
        },
        "wants": {
            PHONE: "Please ring me, I do not read what is written.",
            MAIL: "Please send a mail, I sit in meetings.",
            APP: "Through the app, please, I hear badly on the telephone.",
            TEXT: "Best by text message, I am on trains.",
        },
        "wants_rhythm": {
            AT_HOUR: "Tell me an hour each time, and keep it.",
            AT_CHANGE: "I want to hear whenever something changes.",
            WEEKLY: "One word every Friday is enough for me.",
            WHEN_DONE: "Tell me when all is done, and nothing before.",
        },
        "join": " ",
        "others_said": {
            "danger": "About 20{number}: while it runs it smells of burning. I let it run on for now.",
            "note": "Somebody rang about 20{number}. I said: news by {due}, for sure.",
            "post": "@LanternHome day two with order 20{number}. Anyone?",
            "turned": "Order 20{turned}: please send me all data of it once more, I have lost them.",
            "sister": "The sister of {person}, order 20{number}, asks when somebody comes. {person} is on a plane.",
        },
        "came_in": "What has come in",
        "merge_intro": ["Five messages do not say by themselves whose they are, or seem to. Where do they belong?"],
        "ask_whose": "{head}: whose thread?",
        "apart": "Nobody's: it stays apart",
        "merge": "Make the threads",
        "threads": "Your eight threads",
        "apart_head": "Left apart",
        "apart_text": "What is left apart is answered by another desk.",
        "known": "In the file",
        "born": "born {year}, {city}",
        "ask_order": "In which order do you answer?",
        "begin": "The hour begins",
        "now": "{time} · {name}",
        "hour_over": "The hour is over. Whoever comes now has waited in vain.",
        "ask_door": "By which door?",
        "ask_next": "When is the next news?",
        "rhythms": {
            AT_HOUR: "At an hour that I name now",
            AT_CHANGE: "Each time something changes",
            WEEKLY: "Once a week, on a fixed day",
            WHEN_DONE: "Only when everything is done",
        },
        "short_rhythms": {AT_HOUR: "an hour", AT_CHANGE: "at a change", WEEKLY: "weekly", WHEN_DONE: "when done"},
        "ask_others": "And on the other doors of this thread?",
        "others": {
            LINE: "One line without data: “You have been answered.”",
            FULL: f"The full answer there as well ({FULL_COST} minutes more).",
            SILENT: "Nothing there, since the answer is on its way.",
        },
        "send": "Send, next one",
        "done": "Answered so far",
        "done_columns": ["Customer", "Done at", "Door", "Next news"],
        "result": "Ten o'clock",
        "passed": "{total} of 100 points. {need} are asked for.",
        "not_enough": "{total} of 100 points. {need} are asked for.",
        "red_lines": {
            "danger": "Red line: something smelled of burning, and nobody rang within the hour.",
            "privacy": "Red line: a message went into a thread that is not its own. A stranger reads along.",
        },
        "again": "Not yet. Start again: other customers, other wishes.",
        "parts": {
            "merged": "Messages in the right thread",
            "danger": "Danger first",
            "promises": "Promises kept",
            "doors": "Doors",
            "rhythm": "Next news",
            "voice": "One voice",
        },
        "happened": {
            "danger_well": "Whoever smelled something burning heard a voice within fifteen minutes.",
            "danger_quiet": "The warning about the smell went out in writing, and waits there to be read.",
            "danger_late": "The smell of burning was answered by {time} only.",
            "promises": [
                "Both hours that had been promised passed without news.",
                "Of two promised hours one was kept.",
                "Both promised hours were kept.",
            ],
            "apart": "Messages of your customers that another desk answered as well: {count}. Nobody compared the two.",
            "full": "Threads with the full answer on several doors: {count}. Each copy can go its own way.",
            "one_voice": "Each customer got one answer, by one door.",
            "doors": "Customers who were reached in time by the right door: {count} of 8.",
            "left": "Customers whose turn did not come within the hour: {count}.",
        },
        "whose": "Whose messages they were",
        "merged_right": "Right. {why}",
        "merged_wrong": "Not so. {why}",
        "why_merged": {
            "danger": "The order is 20{number}; and only here stands the danger.",
            "note": "The order is 20{number}; and only here stands the promise.",
            "post": "The order is 20{number}; but nothing of it is confirmed in public.",
            "turned": "Two digits are turned round: it is not order 20{number}. Merged, a stranger gets the data.",
            "sister": "The number is right, the person is not. The customer has not agreed that she may know.",
        },
        "verdict": "Your eight answers",
        "verdict_columns": ["Customer", "Done at", "Door", "Next news", "Why"],
        "late": "after the hour",
        "fits": "{mine}: fits",
        "fits_not": "{mine}; fitting: {fitting}",
        "because": {
            HARM: "Danger stands above the wish: ring, then write, and name the next hour.",
            PROMISED: "The wish decides; and an hour was promised in the note.",
            DUE: "The wish decides; and the hour was in the message.",
            PUBLIC: "The wish decides; in public one line without data.",
            LAW: "The law stands above the wish: a refusal goes by letter.",
            OPEN: "Nothing is known: the door by which they came, and one question what suits them.",
            PLAIN: "The wish decides, not the birth year.",
            QUIET: "The wish decides, not the birth year.",
        },
        "yours": "Yours",
        "ways": {
            "lesson": "By the wish",
            "birth": "By birth year",
            "arrival": "As they came",
            "everywhere": "All doors",
        },
        "desks": "Five desks, one inbox",
        "desks_intro": [
            "The same hour at four other desks. One does as the lesson says. One rings the older customers and sends "
            "the younger ones to the app, and does the rest as the first. One answers what comes, as it comes, on the "
            "door it came by. One rings and writes to everybody, on all doors, to be safe.",
        ],
        "caption": "Points of five desks (the model's numbers)",
        "alt": "Bar chart of the points: {all}.",
        "comma": ", ",
        "desk": "Desk",
        "points": "Points",
        "rules": "How the points are made",
        "rule_facts": [
            ("Threads", "15, three for each of the five unclear messages"),
            ("Danger first", f"12 if it is done by voice within {AT_ONCE} minutes; a little less without the writing"),
            ("Promises", "12, half for each of the two hours"),
            ("Doors", "36, six for each customer reached within the hour; the first two earn nothing"),
            ("Next news", "16, two for each customer reached within the hour"),
            ("One voice", "9, for the three threads with several doors: one line on the others"),
            ("Red lines", "danger without a voice in the hour; a message in a stranger's thread"),
        ],
        "misfit": "This answer names a message, a customer or a door that the inbox does not have.",
    },
    "zh": {
        "intro": [
            "早上九点，明灯家电。八位客户，也许还有别人，一共十三条消息等着你。你有一个小时。",
            "先判断哪些消息属于同一个人，再给八位排好先后，然后一位一位地答复：走哪个渠道，下一次什么时候通报。"
            "时间在走，发出去的收不回来。",
            "拒绝保修必须寄书面信函：这是本练习里的法律规定。",
        ],
        "doors": {
            PHONE: "打电话",
            BOTH: "先打电话，再写一遍",
            MAIL: "邮件",
            APP: "应用内消息",
            TEXT: "短信",
            LETTER: "书面信函",
        },
        "short_doors": {
            PHONE: "电话",
            BOTH: "电话加文字",
            MAIL: "邮件",
            APP: "应用",
            TEXT: "短信",
            LETTER: "信函",
        },
        "takes": "{minutes} 分钟",
        "honest": "人物、订单和时间都是为练习虚构的。",
        "people": [
            "诺瓦克女士",
            "阿德耶米先生",
            "拉尔森女士",
            "田中先生",
            "哈达德女士",
            "席尔瓦先生",
            "彼得罗娃女士",
            "门萨先生",
            "惠特比女士",
            "林德奎斯特先生",
            "奥科耶女士",
            "罗西先生",
        ],
        "cities": [
            "布尔诺",
            "拉各斯",
            "卑尔根",
            "大阪",
            "安曼",
            "波尔图",
            "索非亚",
            "库马西",
            "利兹",
            "于默奥",
            "埃努古",
            "帕尔马",
        ],
        "products": ["烘干机", "烤箱", "电水壶", "取暖器", "洗衣机", "洗碗机", "台灯", "咖啡机"],
        "name": "{person}，{product}",
        "sender": "{person}，订单 20{number}",
        "head": "{number} · {time} · {door} · {sender}",
        "senders": {
            "danger": "“river77”",
            "note": "同事的留言",
            "post": "“@daytwo”",
            "turned": "没写名字",
            "sister": "一位来电者",
        },
        "came_by": {PHONE: "电话", MAIL: "邮件", APP: "应用", TEXT: "短信", "public": "公开帖子"},
        "topics": {
            HARM: "我的{product}转几分钟就停，什么时候有人来看？",
            PROMISED: "我那台{product}的配件到哪儿了？",
            DUE: "你们说过，{due} 前会告诉我{product}的情况。",
            PUBLIC: "我的{product}还没到，也没人告诉我为什么。",
            LAW: "我的{product}能不能保修，定了吗？（档案备注：拒绝，今天告知。）",
            OPEN: "我的{product}从昨天起嗡嗡响，能修吗？",
            PLAIN: "我的{product}发货了吗？",
            QUIET: "师傅哪天来看我的{product}？",
        },
        "wants": {
            PHONE: "请打电话给我，文字我不看的。",
            MAIL: "请发邮件，我一直在开会。",
            APP: "请走应用，电话里我听不清。",
            TEXT: "发短信最好，我常在火车上。",
        },
        "wants_rhythm": {
            AT_HOUR: "每次说个钟点，说到做到。",
            AT_CHANGE: "一有变化就告诉我。",
            WEEKLY: "每星期五说一声就够了。",
            WHEN_DONE: "全办好了再说，之前不用。",
        },
        "join": "",
        "others_said": {
            "danger": "20{number} 那台，转起来有股焦味，我先让它转着。",
            "note": "有人来电问 20{number}。我说了：{due} 前一定有消息。",
            "post": "@明灯家电 第二天了，订单 20{number}，有人吗？",
            "turned": "订单 20{turned}：资料我弄丢了，请全部再发我一份。",
            "sister": "自称是{person}的姐妹，订单 20{number}，问师傅哪天来。说{person}在飞机上。",
        },
        "came_in": "收到的消息",
        "merge_intro": ["有五条消息，是谁的没有写明，或者只是看上去写明了。它们归到谁名下？"],
        "ask_whose": "{head}：归谁？",
        "apart": "谁的也不归：单独放",
        "merge": "合并好了",
        "threads": "你的八个会话",
        "apart_head": "单独放的",
        "apart_text": "单独放的消息，由别的小组答复。",
        "known": "档案",
        "born": "{year} 年生，{city}",
        "ask_order": "先答谁，后答谁？",
        "begin": "开始计时",
        "now": "{time} · {name}",
        "hour_over": "一个小时过去了。现在才轮到的人，白等了。",
        "ask_door": "走哪个渠道？",
        "ask_next": "下一次什么时候通报？",
        "rhythms": {
            AT_HOUR: "现在就说好一个钟点",
            AT_CHANGE: "一有变化就通报一次",
            WEEKLY: "每星期固定一天通报",
            WHEN_DONE: "全部办好了才通报",
        },
        "short_rhythms": {AT_HOUR: "说好钟点", AT_CHANGE: "有变化时", WEEKLY: "每周", WHEN_DONE: "办好才说"},
        "ask_others": "这位客户用过的其他渠道呢？",
        "others": {
            LINE: "留一句，不带资料：“已经答复您了。”",
            FULL: f"那边也发一份完整答复（多花 {FULL_COST} 分钟）。",
            SILENT: "那边什么都不发，答复反正已在路上。",
        },
        "send": "发出，下一位",
        "done": "已经答复的",
        "done_columns": ["客户", "完成时间", "渠道", "下次通报"],
        "result": "十点整",
        "passed": "{total} 分，满分 100 分。要求 {need} 分，已达到。",
        "not_enough": "{total} 分，满分 100 分。要求 {need} 分。",
        "red_lines": {
            "danger": "红线：有焦味，一个小时里却没有人打电话。",
            "privacy": "红线：有消息归到了别人名下，等于让外人看见。",
        },
        "again": "还没达到。请重新开始：客户不同，要求也不同。",
        "parts": {
            "merged": "消息归对了人",
            "danger": "危险优先",
            "promises": "守住的承诺",
            "doors": "渠道",
            "rhythm": "下次通报",
            "voice": "口径一致",
        },
        "happened": {
            "danger_well": "闻到焦味的那位，十五分钟内听到了人的声音。",
            "danger_quiet": "关于焦味的提醒只发了文字，还在等人去看。",
            "danger_late": "有焦味的那位，到 {time} 才得到答复。",
            "promises": ["说好的两个钟点，都没有消息。", "说好的两个钟点，守住了一个。", "说好的两个钟点，都守住了。"],
            "apart": "你的客户有 {count} 条消息由别的小组也答了一遍，没有人对过口径。",
            "full": "有 {count} 个会话在几个渠道都发了完整答复，每一份都可能走样。",
            "one_voice": "每位客户得到一个答复，走一个渠道。",
            "doors": "按时走对渠道的客户：8 位中 {count} 位。",
            "left": "一个小时里没轮到的客户：{count} 位。",
        },
        "whose": "那几条消息是谁的",
        "merged_right": "对。{why}",
        "merged_wrong": "不对。{why}",
        "why_merged": {
            "danger": "订单是 20{number}；危险只写在这一条里。",
            "note": "订单是 20{number}；承诺只写在这一条里。",
            "post": "订单是 20{number}；不过公开场合什么都不能确认。",
            "turned": "有两个数字颠倒了，不是订单 20{number}。一合并，资料就给了外人。",
            "sister": "单号对，人不对。没有得到本人同意，什么都不能告诉她。",
        },
        "verdict": "你的八个答复",
        "verdict_columns": ["客户", "完成时间", "渠道", "下次通报", "为什么"],
        "late": "超过一小时",
        "fits": "{mine}：合适",
        "fits_not": "{mine}；合适的是：{fitting}",
        "because": {
            HARM: "危险高于客户的偏好：先打电话，再写一遍，说好下一个钟点。",
            PROMISED: "以客户说的为准；留言里还许下了钟点。",
            DUE: "以客户说的为准；钟点就写在消息里。",
            PUBLIC: "以客户说的为准；公开处只留一句，不带资料。",
            LAW: "法律高于客户的偏好：拒绝要寄信函。",
            OPEN: "没有说过：就走来时的渠道，再问一句怎样方便。",
            PLAIN: "以客户说的为准，不看出生年份。",
            QUIET: "以客户说的为准，不看出生年份。",
        },
        "yours": "你的客服台",
        "ways": {"lesson": "看客户说的", "birth": "看出生年份", "arrival": "来一条答一条", "everywhere": "渠道全发"},
        "desks": "五个客服台，一个收件箱",
        "desks_intro": [
            "同样一个小时，再看另外四个客服台。第一个照课文做。第二个给年长的打电话，让年轻的走应用，其余和第一个一样。"
            "第三个来一条答一条，从哪来就从哪答。第四个图保险，人人都打电话再写一遍，所有渠道都发。",
        ],
        "caption": "五个客服台的得分（模型数字）",
        "alt": "柱形图，得分：{all}。",
        "comma": "，",
        "desk": "客服台",
        "points": "得分",
        "rules": "分数怎么来的",
        "rule_facts": [
            ("归对人", "15 分，五条没写明的消息每条三分"),
            ("危险优先", f"{AT_ONCE} 分钟内用电话答复，12 分；没有再写一遍，少一点"),
            ("承诺", "12 分，两个钟点各一半"),
            ("渠道", "36 分，一小时内答复到的客户每位六分，头两位不计"),
            ("下次通报", "16 分，一小时内答复到的客户每位两分"),
            ("口径一致", "9 分，看三个用了多个渠道的会话：其他渠道只留一句"),
            ("红线", "有危险，一小时内没人打电话；消息归到了外人名下"),
        ],
        "misfit": "这个回答里有收件箱里没有的消息、客户或渠道。",
    },
}
