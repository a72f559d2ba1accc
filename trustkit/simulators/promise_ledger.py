"""A chain of check numbers to tamper with, and twelve edges of a promise that pays by itself.

The trainee says where a change will show before the chain is checked, and judges each edge before the engine does.
The toy chain is the one of the lesson; beside it stands the same chain with SHA-256, shortened for the page. The
promises and the cases are invented.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from trustkit import blocks
from trustkit.blocks import Block, Result

ID = "promise-ledger"
TITLE = {"en": "The proof machine", "zh": "证据机器"}
ABOUT = {
    "en": "Change an entry of a hash chain and say where it shows; then decide twelve edges of a promise that pays by "
    "itself.",
    "zh": "改动哈希链里的一条记录，说出哪里会露馅；再裁定一项自动兑现承诺的十二个边界情形。",
}
MINUTES = 25

# ---------------------------------------------------------------- the chain

ENTRIES = (14, 10, 25, 48)
"""The lesson's visit: hour, minutes past, part number, hours until the call."""
TOY_START, TOY_FACTOR, TOY_SIZE = 7, 3, 100
SHOWN = 8
"""Hex digits of a SHA-256 that the page shows; the chain goes on with all of them."""
BOXES = ("box-1", "box-2", "box-3", "box-4")
SLIP, NOWHERE = "slip", "nowhere"
ENTRY_ONLY, OWN_CHECK, ALL_CHECKS = "entry", "own-check", "all-checks"


def toy_checks(entries: Sequence[int], start: int = TOY_START) -> list[int]:
    """Return the toy check of each entry: the check before times three, plus the entry, last two digits."""
    checks = []
    for entry in entries:
        start = (start * TOY_FACTOR + _entry(entry)) % TOY_SIZE
        checks.append(start)
    return checks


def real_checks(entries: Sequence[int]) -> list[str]:
    """Return the SHA-256 of each entry together with the hash before it, in hex; the first goes on from 7."""
    checks, before = [], str(TOY_START)
    for entry in entries:
        before = hashlib.sha256(f"{before}|{_entry(entry)}".encode()).hexdigest()
        checks.append(before)
    return checks


def _entry(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value) or not 0 <= value <= 99:
        raise ValueError("An entry of this chain is a whole number from 0 to 99.")
    return int(value)


@dataclass(frozen=True)
class Tampered:
    """A chain after somebody changed an entry: what stands in it, and what it should be.

    Attributes:
        entries: the entries as they stand now.
        written: the toy checks as they stand now.
        right: the toy checks each box should have, from the written check before it and its entry.
        written_real, right_real: the same with SHA-256.
    """

    entries: tuple[int, ...]
    written: tuple[int, ...]
    right: tuple[int, ...]
    written_real: tuple[str, ...]
    right_real: tuple[str, ...]


def tamper(box: int, value: int, how: str = ENTRY_ONLY) -> Tampered:
    """Return the lesson's chain after the entry of a box was changed.

    Args:
        box: which box, 0 to 3.
        value: the new entry, 0 to 99.
        how: "entry" leaves all checks, "own-check" renews the check of the box, "all-checks" those after it as well.
    """
    if box not in range(len(ENTRIES)) or how not in (ENTRY_ONLY, OWN_CHECK, ALL_CHECKS):
        raise ValueError("This chain has four boxes, and there are three ways to change one.")
    entries = tuple(_entry(value) if number == box else entry for number, entry in enumerate(ENTRIES))
    last = {ENTRY_ONLY: 0, OWN_CHECK: box + 1, ALL_CHECKS: len(ENTRIES)}[how]
    toy, real = toy_checks(ENTRIES), real_checks(ENTRIES)
    new_toy, new_real = toy_checks(entries), real_checks(entries)
    written = tuple(new_toy[:last] + toy[last:])
    written_real = tuple(new_real[:last] + real[last:])
    right = tuple(toy_checks([entry], before)[0] for before, entry in zip((TOY_START, *written), entries))
    right_real = tuple(
        hashlib.sha256(f"{before}|{entry}".encode()).hexdigest()
        for before, entry in zip((str(TOY_START), *written_real), entries)
    )
    return Tampered(entries, written, right, written_real, right_real)


def where_it_shows(chain: Tampered, *, real: bool = False) -> str:
    """Return the first place at which a chain is found out: a box, the customer's slip, or nowhere."""
    written, right = (chain.written_real, chain.right_real) if real else (chain.written, chain.right)
    for number, (one, other) in enumerate(zip(written, right)):
        if one != other:
            return BOXES[number]
    return NOWHERE if written[-1] == (real_checks(ENTRIES) if real else toy_checks(ENTRIES))[-1] else SLIP


# ---------------------------------------------------------------- the promise

FLAT, HOURLY = 100, 20
"""Yuan for a missed window (rule card LH-8) and for each begun hour of a late loan fridge (made for this exercise)."""
PERSON = "person"
CREDITS = ("0", "20", "40", "60", "100", "200", PERSON)
PASS = 10


@dataclass(frozen=True)
class Window:
    """A window as the customer was told it, in seconds of her own day, both ends belonging to it."""

    start: int
    end: int


@dataclass(frozen=True)
class Move:
    """A change of the window in the system.

    Attributes:
        to: the new window.
        her_word: whether the customer asked for it or said yes.
        told: whether the new window was confirmed to her.
    """

    to: Window
    her_word: bool
    told: bool


@dataclass(frozen=True)
class Visit:
    """What is on record about one confirmed window.

    Attributes:
        window: the window as first confirmed.
        moves: its changes, in order.
        rang: the server's time of arrival in seconds of the server's day, or None where nothing is on record.
        opened: whether the customer opened the door.
        photo, called: whether there is a photo of the door with the server's time, and an unanswered call.
        ahead: hours the server's clock is ahead of the customer's own time.
    """

    window: Window
    moves: tuple[Move, ...] = ()
    rang: int | None = None
    opened: bool = True
    photo: bool = False
    called: bool = False
    ahead: int = 0


@dataclass(frozen=True)
class Loan:
    """A loan fridge: promised by a time and delivered at a time, in seconds of the customer's day."""

    promised: int
    came: int


def credit(events: Sequence[Visit | Loan]) -> str:
    """Return what the written rules give for the events of one day: yuan, or "person" where a person must look."""
    total = 0
    for event in events:
        if isinstance(event, Loan):
            # Rounded upwards: one second into an hour begins it.
            total += HOURLY * max(0, -((event.promised - event.came) // 3600))
            continue
        kept = _kept(event)
        if kept is None:
            return PERSON
        total += 0 if kept else FLAT
    return str(total)


def _kept(visit: Visit) -> bool | None:
    """Return whether a window was kept; None where the record does not say."""
    window = visit.window
    for move in visit.moves:
        if move.her_word and move.told:
            window = move.to
    if visit.rang is None:
        return None
    at = visit.rang - visit.ahead * 3600
    if not window.start <= at <= window.end:
        return False
    # Nobody opened: both pieces of evidence, or doubt counts for the customer.
    return visit.opened or (visit.photo and visit.called)


def at(hour: int, minute: int = 0, second: int = 0) -> int:
    """Return a time of day in seconds."""
    return hour * 3600 + minute * 60 + second


MORNING, AFTERNOON = Window(at(9), at(12)), Window(at(14), at(17))
CASES: dict[str, tuple[Visit | Loan, ...]] = {
    "stroke": (Visit(MORNING, rang=at(12)),),
    "forty-seconds": (Visit(MORNING, rang=at(12, 0, 40)),),
    "her-move": (Visit(MORNING, (Move(AFTERNOON, her_word=True, told=True),), rang=at(14, 30)),),
    "our-move": (Visit(MORNING, (Move(AFTERNOON, her_word=False, told=False),), rang=at(14, 30)),),
    "nobody-proof": (Visit(MORNING, rang=at(11, 50), opened=False, photo=True, called=True),),
    "nobody-note": (Visit(MORNING, rang=at(11, 50), opened=False),),
    "slow-clock": (Visit(MORNING, rang=at(12, 2)),),
    "no-entry": (Visit(MORNING),),
    "two-windows": (Visit(MORNING, rang=at(12, 40), opened=False), Visit(AFTERNOON, rang=at(17, 30))),
    "begun-hour": (Loan(at(15), at(17, 1)),),
    "other-zone": (Visit(AFTERNOON, rang=at(19, 58), ahead=3),),
    "too-early": (Visit(MORNING, rang=at(8, 40), opened=False, photo=True, called=True),),
}
"""The twelve edges; what stands on record of each, for the engine."""
IN_A_FORM = 3


def case_order(seed: int) -> list[str]:
    """Return the twelve cases in the order of this run."""
    order = list(CASES)
    Random(f"cases {seed}").shuffle(order)
    return order


def judge(answers: list[dict], seed: int = 0) -> Result:
    """Return how many credits and how many predictions about the chain are right; ten of twelve credits are enough."""
    tampered, forged, false, given = _read(answers)
    chain = sum(
        (
            tampered is not None and tampered["shows"] == _shows(tampered),
            forged is not None and _forges(forged),
            false is not None and false["shows"] == NOWHERE,
        )
    )
    said = {id_: answer[id_] for answer in given for id_ in answer}
    right = sum(said.get(id_) == credit(events) for id_, events in CASES.items())
    return Result(right >= PASS, {"credits": right, "chain": chain}, finished=len(said) == len(CASES))


def _read(answers: list[dict]) -> tuple[dict | None, dict | None, dict | None, list[dict]]:
    """Return the answers by what they are for: tampering, forging, the false entry, and the credits."""
    first = [*answers[:3], None, None, None][:3]
    return first[0], first[1], first[2], answers[3 : 3 + len(CASES) // IN_A_FORM]


def _tampered(answer: dict) -> Tampered:
    return tamper(BOXES.index(answer["box"]), int(answer["value"]), answer["how"])


def _shows(answer: dict) -> str:
    return where_it_shows(_tampered(answer))


FORGED = 11
"""The minutes past that the forger writes into the second box."""


def _forges(answer: dict) -> bool:
    return toy_checks((ENTRIES[0], FORGED, int(answer["value"]), ENTRIES[3]))[-1] == toy_checks(ENTRIES)[-1]


# ---------------------------------------------------------------- the page


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers: the chain and what was done to it, then the cases, three at a time."""
    words = WORDS[language]
    tampered, forged, false, given = _read(answers)
    shown = [
        blocks.text(*words["intro"]),
        blocks.text(words["honest"], tone="note"),
        blocks.heading(words["chain"]),
        blocks.text(*words["chain_intro"]),
        _chain_table(tamper(0, ENTRIES[0]), words["chain_table"], language),
        blocks.text(words["slip_text"].format(slip=toy_checks(ENTRIES)[-1], real=_short(real_checks(ENTRIES)[-1]))),
        blocks.heading(words["tamper"]),
    ]
    if tampered is None:
        return [*shown, blocks.text(words["tamper_intro"]), _tamper_form("tamper", None, language)]
    shown += _tampering(tampered, language)
    shown += [blocks.heading(words["forge"]), blocks.text(*words["forge_intro"])]
    if forged is None:
        ask = blocks.number("value", words["forge_ask"], 0, 99, value=ENTRIES[2])
        return [*shown, blocks.form("forge", [ask], words["forge_send"], final=True)]
    shown += _forging(int(forged["value"]), language)
    shown += [blocks.heading(words["false"]), blocks.text(*words["false_intro"])]
    if false is None:
        ask = blocks.choose("shows", words["false_ask"], words["places"])
        return [*shown, blocks.form("false", [ask], words["check"], final=True)]
    hit = false["shows"] == NOWHERE
    shown += [
        _chain_table(tamper(0, ENTRIES[0]), words["false_table"], language),
        blocks.text(words["false_right" if hit else "false_wrong"].format(said=words["places"][false["shows"]]),
                    words["false_why"], tone="good" if hit else "plain"),
        blocks.heading(words["promise"]),
        blocks.text(*words["promise_intro"]),
        blocks.facts(words["promise_rules"]),
    ]  # fmt: skip
    order = case_order(seed)
    groups = [order[first : first + IN_A_FORM] for first in range(0, len(order), IN_A_FORM)]
    for number, group in enumerate(groups):
        first = number * IN_A_FORM + 1
        shown.append(blocks.heading(words["group"].format(first=first, last=first + len(group) - 1)))
        if number == len(given):
            shown += [blocks.text(f"{first + place}. {words['cases'][id_][0]}") for place, id_ in enumerate(group)]
            fields = [
                blocks.choose(id_, words["ask_credit"].format(number=first + place), words["credits"])
                for place, id_ in enumerate(group)
            ]
            return [*shown, blocks.form(f"cases-{number + 1}", fields, words["engine"], final=True)]
        for place, id_ in enumerate(group):
            shown += _decided(first + place, id_, given[number][id_], language)
    return [*shown, *_verdict(answers, language, seed)]


def _short(check: str) -> str:
    return check[:SHOWN]


def _chain_table(chain: Tampered, caption: str, language: str) -> Block:
    words = WORDS[language]
    rows = []
    for number, meaning in enumerate(words["meanings"]):
        fits = chain.written[number] == chain.right[number]
        fits_real = chain.written_real[number] == chain.right_real[number]
        rows.append(
            (
                words["places"][BOXES[number]], f"{chain.entries[number]} ({meaning})",
                f"{chain.written[number]:02d}", f"{chain.right[number]:02d}",
                f"{_short(chain.written_real[number])}…", f"{_short(chain.right_real[number])}…",
                words["fits" if fits and fits_real else "breaks"],
            )
        )  # fmt: skip
    return blocks.table(words["chain_columns"], rows, caption)


def _tamper_form(id_: str, last: dict | None, language: str) -> Block:
    words = WORDS[language]
    before = last or {"box": "box-2", "value": FORGED, "how": ENTRY_ONLY}
    boxes = {box: words["places"][box] for box in BOXES}
    fields = [
        blocks.choose("box", words["which_box"], boxes, before["box"]),
        blocks.number("value", words["new_entry"], 0, 99, value=before["value"]),
        blocks.choose("how", words["how"], words["hows"], before["how"]),
    ]
    if id_ == "tamper":
        fields.append(blocks.choose("shows", words["ask_shows"], words["places"]))
    return blocks.form(id_, fields, words["check"], final=id_ == "tamper")


def _tampering(answer: dict, language: str) -> list[Block]:
    words = WORDS[language]
    chain = _tampered(answer)
    shows, last = where_it_shows(chain), chain.written[-1]
    same = chain.entries == ENTRIES
    caption = words["changed_table"].format(box=words["places"][answer["box"]], value=int(answer["value"]))
    shown = [_chain_table(chain, caption, language)]
    sentences = []
    hit = answer.get("shows") == shows
    if "shows" in answer:
        sentences.append(words["shows_right" if hit else "shows_wrong"].format(
            said=words["places"][answer["shows"]], shows=words["places"][shows]))  # fmt: skip
    why = words["why_same"] if same else words["why_shows"][shows if shows == SLIP else answer["how"]]
    sentences.append(why.format(last=f"{last:02d}", slip=toy_checks(ENTRIES)[-1]))
    return [*shown, blocks.text(*sentences, tone="good" if hit else "plain")]


def _forging(value: int, language: str) -> list[Block]:
    words = WORDS[language]
    entries = (ENTRIES[0], FORGED, value, ENTRIES[3])
    toy, real = toy_checks(entries), real_checks(entries)
    toy_slip, real_slip = toy_checks(ENTRIES)[-1], real_checks(ENTRIES)[-1]
    hit = toy[-1] == toy_slip
    right = next(one for one in range(TOY_SIZE) if _forges({"value": one}))
    rows = [
        (words["places"][box], entries[number], f"{toy[number]:02d}", f"{_short(real[number])}…")
        for number, box in enumerate(BOXES)
    ]
    rows.append((words["slip_row"], "", f"{toy_slip:02d}", f"{_short(real_slip)}…"))
    verdict = words["forge_right" if hit else "forge_wrong"].format(value=value, last=f"{toy[-1]:02d}", right=right)
    return [
        blocks.table(words["forge_columns"], rows, words["forge_table"]),
        blocks.text(verdict, words["forge_why"].format(real=_short(real[-1]), slip=_short(real_slip)),
                    tone="good" if hit else "plain"),
    ]  # fmt: skip


def _decided(number: int, id_: str, said: str, language: str) -> list[Block]:
    words = WORDS[language]
    due = credit(CASES[id_])
    story, why = words["cases"][id_]
    verdict = words["same" if said == due else "other"].format(said=words["credits"][said], due=words["credits"][due])
    return [
        blocks.text(f"{number}. {story}"),
        blocks.text(verdict, why, tone="good" if said == due else "plain"),
    ]


def _verdict(answers: list[dict], language: str, seed: int) -> list[Block]:
    words = WORDS[language]
    outcome = judge(answers, seed)
    sentences = [
        words["right"].format(right=outcome.parts["credits"], of=len(CASES)),
        words["passed" if outcome.reached else "not_yet"].format(needed=PASS),
        words["chain_right"].format(right=outcome.parts["chain"]),
    ]
    said = {id_: one[id_] for one in _read(answers)[3] for id_ in one}
    rows = [
        (words["names"][id_], words["credits"][said[id_]], words["credits"][credit(CASES[id_])])
        for id_ in case_order(seed)
    ]
    shown = [
        blocks.heading(words["result"]),
        blocks.result(outcome.reached, sentences),
        blocks.table(words["result_columns"], rows, words["result_table"]),
        blocks.text(*words["last"], tone="note"),
        blocks.heading(words["more"]),
        blocks.text(words["more_intro"]),
    ]
    after = answers[3 + len(CASES) // IN_A_FORM :]
    if after:
        shown += _tampering(after[-1], language)
    return [*shown, _tamper_form("again", after[-1] if after else None, language)]


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Two parts. First you break a chain of check numbers and say beforehand where it will show. Then you "
            "decide "
            "twelve edges of a promise that pays by itself, three at a time, and an engine decides after you.",
        ],
        "honest": "The visit, the cases and the loan fridge were made for this exercise. The 100 yuan for a missed "
        "window "
        "are a house rule of Lantern Home, a firm that does not exist (rule card LH-8).",
        "chain": "Part 1: the chain",
        "chain_intro": [
            "The toy check: the check before, times 3, plus the entry; keep the last two digits. It starts with 7.",
            "Beside it stands a real hash, SHA-256, made from the hash before and the entry. It has 64 hexadecimal "
            "digits; the page "
            "shows eight.",
        ],
        "meanings": ["hour of the visit", "minutes past", "part number", "hours until the call"],
        "chain_columns": [
            "Box",
            "Entry",
            "Toy check, written",
            "Toy check, computed",
            "SHA-256, written",
            "SHA-256, computed",
            "Does it fit?",
        ],
        "fits": "fits",
        "breaks": "breaks here",
        "chain_table": "The chain as it was written",
        "slip_text": "Ms Chen has the last check on her telephone: {slip} in the toy, {real}… in the real one.",
        "tamper": "Change an entry",
        "tamper_intro": "Choose a box, write another number into it, and decide how much the forger computes again. "
        "Before the chain is checked, say where it will show first.",
        "which_box": "Which entry is changed?",
        "new_entry": "Its new number",
        "how": "What does the forger compute again?",
        "hows": {
            ENTRY_ONLY: "Nothing: only the entry is changed",
            OWN_CHECK: "The check of this box, and none after it",
            ALL_CHECKS: "The check of this box and all after it",
        },
        "ask_shows": "Checked from the first box on: where does it show first?",
        "places": {
            "box-1": "Box 1",
            "box-2": "Box 2",
            "box-3": "Box 3",
            "box-4": "Box 4",
            SLIP: "Only on the customer's slip",
            NOWHERE: "Nowhere",
        },
        "check": "Check the chain",
        "changed_table": "The chain after {box} was changed to {value}",
        "shows_right": "You said: {said}. So it is.",
        "shows_wrong": "You said: {said}. It shows here first: {shows}.",
        "why_same": "This is the number that stood there before. Nothing was changed, so there is nothing to find.",
        "why_shows": {
            ENTRY_ONLY: "The check of this box was made from the old entry. Computed again from the new one, it comes "
            "out "
            "different. The boxes after it still fit, because their checks go on from the written one.",
            OWN_CHECK: "The changed box now fits its own entry. The next one does not: its check was made from the old "
            "check before it.",
            SLIP: "Every box fits the one before: the chain agrees with itself. Its last toy check is {last}, and Ms "
            "Chen "
            "holds {slip}. Without her slip nobody could tell. That is why the proof needs a copy in other hands.",
        },
        "forge": "Bring the old number back",
        "forge_intro": [
            "Now the forger knows about the slip. The second entry was changed from 10 to 11, and every check was "
            "computed "
            "again: 35, 16, 73, 67. The slip says 58.",
            "He may also change the third entry, which is 25. Which number brings the 58 back in the toy?",
        ],
        "forge_ask": "Third entry",
        "forge_send": "Write it into the chain",
        "forge_columns": ["Place", "Entry", "Toy check", "SHA-256"],
        "forge_table": "The forged chain and the slip",
        "slip_row": "The customer's slip",
        "forge_right": "With {value} the toy ends at {last}. The forgery fits the slip.",
        "forge_wrong": "With {value} the toy ends at {last}. The number is {right}: 16 × 3 + {right} = 70, and from "
        "there "
        "on everything is as before.",
        "forge_why": "The real chain ends at {real}…, and the slip says {slip}…. There are two digits in the toy and "
        "64 in "
        "the real one; nobody knows a way to find an entry that brings a given SHA-256 back. The toy is unsafe on "
        "purpose.",
        "false": "A false entry, honestly chained",
        "false_intro": [
            "Back to the chain as it was written: 14, 10, 25, 48, and 58 on the slip. Nobody changed anything "
            "afterwards.",
            "But the technician came at 14:40 and wrote 14:10 on the spot. Every check was computed as it should be.",
        ],
        "false_ask": "Where does the false time show?",
        "false_table": "The chain with the false time in it",
        "false_right": "You said: {said}. So it is.",
        "false_wrong": "You said: {said}. It shows nowhere.",
        "false_why": "All boxes fit, and so does the slip. A chain shows that a record was not changed. It does not "
        "show "
        "that the record was true. To find this out you need somebody who was there, or a clock that was.",
        "promise": "Part 2: the promise",
        "promise_intro": [
            "Here are the rules as the engine has them. They settle the edges beforehand; another firm could settle "
            "them "
            "in another way. Decide by what is written.",
        ],
        "promise_rules": [
            ("Missed window", "100 yuan for each confirmed window that we missed, without any form"),
            (
                "The edges of a window",
                "it opens and closes on the second: 12:00:00 is in time, anything later is not; "
                "ringing before it opens does not keep it",
            ),
            ("The clock", "the server's clock counts, brought to the time of the customer's own place"),
            ("Moving it", "only with the customer's word, and only once the new window was confirmed to her"),
            (
                "Nobody at home",
                "kept if there is a photo of the door with the server's time and an unanswered call; "
                "otherwise doubt counts for the customer",
            ),
            ("No entry", "unknown: neither paid nor refused by the engine; a person looks and asks her today"),
            ("Loan fridge", "20 yuan for each begun hour after the promised time"),
        ],
        "group": "Cases {first} to {last}",
        "ask_credit": "Case {number}: what is due?",
        "credits": {
            "0": "Nothing",
            "20": "20 yuan",
            "40": "40 yuan",
            "60": "60 yuan",
            "100": "100 yuan",
            "200": "200 yuan",
            PERSON: "A person must look",
        },
        "engine": "Let the engine decide",
        "same": "You and the engine: {due}.",
        "other": "You: {said}. The engine: {due}.",
        "names": {
            "stroke": "On the stroke of twelve",
            "forty-seconds": "Forty seconds and a smile",
            "her-move": "Moved by her",
            "our-move": "Moved by us",
            "nobody-proof": "Nobody at home, with proof",
            "nobody-note": "Nobody at home, with a note",
            "slow-clock": "The slow clock",
            "no-entry": "No entry",
            "two-windows": "Twice on one day",
            "begun-hour": "The begun hour",
            "other-zone": "Another time zone",
            "too-early": "Too early",
        },
        "cases": {
            "stroke": (
                "The window was 9:00–12:00. By the server's clock the bell rang at 12:00:00, and she opened.",
                "The last second belongs to the window. It was written down, so nobody has to argue at the door.",
            ),
            "forty-seconds": (
                "The window was 9:00–12:00. By the server's clock the bell rang at 12:00:40. She opened and said: “No "
                "problem at all.”",
                "After 12:00:00 is late. Her kindness is not a claim given up: the quiet customer gets what the loud "
                "one gets.",
            ),
            "her-move": (
                "The window was 9:00–12:00. The day before she asked for 14:00–17:00, and it was confirmed to her. The "
                "bell rang at 14:30.",
                "The window moved with her word, and the new one was kept.",
            ),
            "our-move": (
                "The window was 9:00–12:00. At eight the dispatcher set it to 14:00–17:00. There is no message and no "
                "word of hers. The bell rang at 14:30, and she opened.",
                "A change that she never heard of is not a new promise. The system turned green; what she was told did "
                "not change.",
            ),
            "nobody-proof": (
                "The window was 9:00–12:00. At 11:50 nobody opened. There is a photo of the door with the server's "
                "time, and a call at 11:51 that she did not answer.",
                "Both pieces of evidence are there. She can still object, and then a person looks.",
            ),
            "nobody-note": (
                "The window was 9:00–12:00. The technician's note, sent at 11:50, says “nobody there”. No photo, no "
                "call. "
                "She says that she was at home all morning.",
                "One word stands against another, and the evidence was ours to bring. Doubt counts for the customer.",
            ),
            "slow-clock": (
                "The window was 9:00–12:00. The technician's clock, four minutes slow, said 11:58 when he rang. The "
                "server "
                "got the signal at 12:02.",
                "The server's clock was named before anybody knew whom it would help. By it he was two minutes late.",
            ),
            "no-entry": (
                "The window was 9:00–12:00. There is no entry of any arrival. The customer has said nothing so far.",
                "Silence is not “kept”, and it is not “missed” either. The engine does not know, so it must not act as "
                "if it did. A person asks her today.",
            ),
            "two-windows": (
                "The window was 9:00–12:00. He rang at 12:40, when she had left. A second window was confirmed to her "
                "for "
                "14:00–17:00 on the same day. He rang at 17:30.",
                "Each confirmed window counts for itself. Two promises were broken, so it is twice 100.",
            ),
            "begun-hour": (
                "A loan fridge was promised by 15:00. It came at 17:01.",
                "Two hours are full at 17:00, and the minute after it begins the third: three times 20.",
            ),
            "other-zone": (
                "Her window was 14:00–17:00 in her own time. The server stands where it is three hours later. It has "
                "the "
                "bell at 19:58, its own time.",
                "19:58 at the server is 16:58 at her door, within the window. Write the zone beside the hour.",
            ),
            "too-early": (
                "The window was 9:00–12:00. The bell rang at 8:40, and nobody opened. There is a photo with the "
                "server's "
                "time and an unanswered call at 8:41. He did not come back.",
                "The evidence is sound, and it proves that he came before the window opened. Nobody came within it.",
            ),
        },
        "result": "Your result",
        "right": "{right} of {of} credits are those of the rules.",
        "passed": "{needed} are what this simulator asks for.",
        "not_yet": "{needed} are what this simulator asks for. Start again: the cases come in another order.",
        "chain_right": "In the first part {right} of 3 were right.",
        "result_columns": ["Case", "You", "The rules"],
        "result_table": "Twelve edges and what is due",
        "last": [
            "The engine was exact, and it decided only by what it was given. In the case of the note it could not "
            "know who "
            "was right, and a false photo would have fooled it. The entry is the weak place, with a chain and without.",
            "Which of these rules would you write differently, and who would pay for it?",
        ],
        "more": "Try the chain again",
        "more_intro": "Your result stands. Change another entry. Can you change one so that no box and no slip shows "
        "it?",
    },
    "zh": {
        "intro": [
            "分两部分。先弄坏一条哈希链，动手检查之前说出哪里会露馅；再裁定一项自动兑现承诺的十二个边界情形，每次三个，"
            "你先定，程序后定。",
        ],
        "honest": "上门记录、案例和备用冰箱都是为练习而设的。错过时段补 100 元，是虚构公司明灯家电的公司政策（规则卡 "
        "LH-8）。",
        "chain": "第一部分：链",
        "chain_intro": [
            "玩具校验：前一个校验数乘以 3，加上这条记录，只留最后两位。从 7 开始。",
            "旁边是真正的哈希 SHA-256，由前一个哈希和这条记录算出。它有 64 位十六进制数，页面只显示前八位。",
        ],
        "meanings": ["上门的钟点", "过几分", "配件号", "几小时后来电"],
        "chain_columns": [
            "格子",
            "记录",
            "玩具校验：写着的",
            "玩具校验：算出的",
            "SHA-256：写着的",
            "SHA-256：算出的",
            "对得上吗",
        ],
        "fits": "对得上",
        "breaks": "这里断了",
        "chain_table": "当初写下的链",
        "slip_text": "陈女士手机里存着最后一个校验：玩具链是 {slip}，真链是 {real}…。",
        "tamper": "改一条记录",
        "tamper_intro": "选一个格子，写进另一个数，再决定改的人重算多少。检查之前，先说出从哪里开始露馅。",
        "which_box": "改哪一条记录？",
        "new_entry": "改成多少？",
        "how": "改的人重算什么？",
        "hows": {
            ENTRY_ONLY: "什么也不重算，只改记录",
            OWN_CHECK: "只重算这一格的校验",
            ALL_CHECKS: "重算这一格和后面所有的校验",
        },
        "ask_shows": "从第一格查起，最先在哪里露馅？",
        "places": {
            "box-1": "第一格",
            "box-2": "第二格",
            "box-3": "第三格",
            "box-4": "第四格",
            SLIP: "只有对照客户手里的数才看得出",
            NOWHERE: "哪里都看不出",
        },
        "check": "检查这条链",
        "changed_table": "{box}改成 {value} 之后的链",
        "shows_right": "你的判断是：{said}。正是这样。",
        "shows_wrong": "你的判断是：{said}。最先露馅的地方是：{shows}。",
        "why_same": "这就是原来的数。什么也没改，自然什么也查不出来。",
        "why_shows": {
            ENTRY_ONLY: "这一格的校验是用旧记录算的，拿新记录再算，结果就不同了。后面的格子仍然对得上，"
            "因为它们是接着写着的校验算的。",
            OWN_CHECK: "改过的这一格和自己的记录对上了，下一格却对不上：它的校验是接着旧校验算的。",
            SLIP: "每一格都接得上前一格，整条链自己和自己一致。最后的玩具校验是 {last}，而陈女士手里是 {slip}。"
            "没有她那一份，谁也看不出来。所以，证据需要有一份在别人手里。",
        },
        "forge": "把原来的数凑回来",
        "forge_intro": [
            "现在，改的人知道客户手里有一份。第二条记录从 10 改成了 11，所有校验都重算过：35、16、73、67。客户手里是 "
            "58。",
            "他还可以改第三条记录，原来是 25。改成多少，玩具链的结尾就又是 58？",
        ],
        "forge_ask": "第三条记录",
        "forge_send": "写进链里",
        "forge_columns": ["位置", "记录", "玩具校验", "SHA-256"],
        "forge_table": "伪造的链和客户手里的数",
        "slip_row": "客户手里的数",
        "forge_right": "写 {value}，玩具链的结尾是 {last}，和客户手里的数对上了。",
        "forge_wrong": "写 {value}，玩具链的结尾是 {last}。该写的是 {right}：16 × 3 + {right} = 70，从这里起一切照旧。",
        "forge_why": "真链的结尾是 {real}…，客户手里是 {slip}…。玩具链只有两位，真链有 64 位；"
        "要找一条记录凑回指定的 SHA-256，至今没有人知道办法。玩具链是故意做得不安全的。",
        "false": "一条假记录，老老实实入链",
        "false_intro": [
            "回到当初写下的链：14、10、25、48，客户手里是 58。事后没有人动过任何东西。",
            "可是，技师 14:40 才到，当场写的却是 14:10。每个校验都照规矩算了。",
        ],
        "false_ask": "这个假时间在哪里看得出来？",
        "false_table": "带着假时间的链",
        "false_right": "你的判断是：{said}。正是这样。",
        "false_wrong": "你的判断是：{said}。其实哪里都看不出。",
        "false_why": "每一格都对得上，客户手里的数也对得上。链能说明记录没有改过，不能说明记录是真的。"
        "要查出这件事，得问当时在场的人，或者看当时在场的钟。",
        "promise": "第二部分：承诺",
        "promise_intro": ["下面是程序所用的规则。边界事先就定好了，别的公司也可以定得不一样。请按写明的规则裁定。"],
        "promise_rules": [
            ("错过时段", "每错过一个已确认的时段，补 100 元，不用填表"),
            ("时段的边界", "开始和结束都精确到秒：12:00:00 算准时，再晚就不算；时段开始前按铃，不算守约"),
            ("时钟", "以服务器的时钟为准，换算成客户当地的时间"),
            ("改时段", "必须由客户本人提出或同意，并且新时段已向她确认"),
            ("家中无人", "有带服务器时间的门口照片，又有未接来电，才算守约；否则有疑问时以客户为准"),
            ("没有记录", "不明：程序既不赔付，也不拒绝，由人当天去问客户"),
            ("备用冰箱", "从约定时间算起，不满一小时也按一小时计，每小时 20 元"),
        ],
        "group": "第 {first} 到第 {last} 例",
        "ask_credit": "第 {number} 例：该补多少？",
        "credits": {
            "0": "不补",
            "20": "20 元",
            "40": "40 元",
            "60": "60 元",
            "100": "100 元",
            "200": "200 元",
            PERSON: "要由人来看",
        },
        "engine": "让程序裁定",
        "same": "你和程序一致：{due}。",
        "other": "你：{said}。程序：{due}。",
        "names": {
            "stroke": "正好十二点",
            "forty-seconds": "四十秒和一句客气话",
            "her-move": "客户改的时间",
            "our-move": "我们改的时间",
            "nobody-proof": "家中无人，有证据",
            "nobody-note": "家中无人，只有一句话",
            "slow-clock": "走慢的表",
            "no-entry": "没有记录",
            "two-windows": "一天两次",
            "begun-hour": "刚开始的一小时",
            "other-zone": "另一个时区",
            "too-early": "来早了",
        },
        "cases": {
            "stroke": (
                "时段是 9:00–12:00。按服务器的时钟，门铃在 12:00:00 响，她开了门。",
                "最后一秒属于这个时段。事先写明了，就不必在门口争。",
            ),
            "forty-seconds": (
                "时段是 9:00–12:00。按服务器的时钟，门铃在 12:00:40 响。她开了门，说：“没关系的。”",
                "过了 12:00:00 就是晚了。她客气，不等于放弃该得的：不吵的客户和吵的客户，得到的一样多。",
            ),
            "her-move": (
                "时段是 9:00–12:00。前一天她要求改到 14:00–17:00，并得到了确认。门铃在 14:30 响。",
                "时段是按她的要求改的，新的时段守住了。",
            ),
            "our-move": (
                "时段是 9:00–12:00。早上八点，调度员把它改成 14:00–17:00。没有发消息，她也没有同意过。门铃在 14:30 响，"
                "她开了门。",
                "她没听说过的改动，不是新的承诺。系统里变成了绿色，当初对她说的并没有变。",
            ),
            "nobody-proof": (
                "时段是 9:00–12:00。11:50 没有人开门。有一张带服务器时间的门口照片，11:51 打过一个电话，她没有接。",
                "两样证据都在。她仍然可以提出异议，那时由人来看。",
            ),
            "nobody-note": (
                "时段是 9:00–12:00。技师 11:50 发来一句“没人”。没有照片，也没有打电话。她说，一上午都在家。",
                "双方各执一词，而证据本该由我们拿出来。有疑问时以客户为准。",
            ),
            "slow-clock": (
                "时段是 9:00–12:00。技师的表慢四分钟，按铃时显示 11:58；服务器在 12:02 收到信号。",
                "以服务器的时钟为准，这是在谁也不知道它会帮谁之前就定下的。按它算，晚了两分钟。",
            ),
            "no-entry": (
                "时段是 9:00–12:00。没有任何到达记录。客户到现在也没说什么。",
                "没有声音，不等于守约，也不等于失约。程序不知道，就不能装作知道。由人当天去问她。",
            ),
            "two-windows": (
                "时段是 9:00–12:00。他 12:40 按铃，她已经出门。随后又向她确认了当天 14:00–17:00，他 17:30 才按铃。",
                "每个确认过的时段各算各的。两个承诺都没守住，所以是两个 100 元。",
            ),
            "begun-hour": (
                "备用冰箱约定 15:00 前送到，17:01 才到。",
                "17:00 满两小时，多出的一分钟开始了第三小时：三个 20 元。",
            ),
            "other-zone": (
                "她的时段是当地时间 14:00–17:00。服务器所在地的钟点比她那里快三小时，它按自己的钟点记下：门铃 19:58 "
                "响。",
                "服务器的 19:58，就是她门口的 16:58，在时段之内。写钟点，要把时区写在旁边。",
            ),
            "too-early": (
                "时段是 9:00–12:00。门铃在 8:40 响，没有人开门。有带服务器时间的照片，8:41 有未接来电。"
                "之后他没有再来。",
                "证据没有问题，它证明的正是：他在时段开始之前来过。时段之内没有人来。",
            ),
        },
        "result": "你的结果",
        "right": "{of} 例中，有 {right} 例和规则一致。",
        "passed": "本模拟要求至少 {needed} 例，已达到。",
        "not_yet": "本模拟要求至少 {needed} 例。请重新开始：案例的顺序会不一样。",
        "chain_right": "第一部分的 3 个问题答对了 {right} 个。",
        "result_columns": ["案例", "你", "规则"],
        "result_table": "十二个边界情形和应补的金额",
        "last": [
            "程序算得很准，但它只看拿到的记录。只有一句“没人”的那一例，它不可能知道谁说得对；换一张假照片，它也会上当。"
            "有没有链，薄弱的地方都是当初写下的那一条。",
            "这些规则里，哪一条你会写得不一样？改了之后，由谁来承担？",
        ],
        "more": "再试试这条链",
        "more_intro": "你的结果已经定了。再改一条记录试试：能不能改得每一格和客户手里的数都看不出来？",
    },
}
