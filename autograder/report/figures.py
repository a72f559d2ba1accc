"""Works out what an instructor wants to know of a class: values in, values out."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean

from autograder.gradebook import HandIn
from autograder.parts import LAB, REPLY, ROLE_PLAY
from autograder.report.gather import ClassFacts, Played
from autograder.report.raters import Agreement, agreement

MOST_ROWS = 12
"""Rows of each list of the hardest things."""
MOST_ANSWERS = 3
"""Wrong answers shown behind a misconception."""
MISSED_BY_MANY = 0.5
"""Share of the class that has handed an assignment in before its absence is a reason for a talk."""
TRIES_WITHOUT_SUCCESS = 2
"""After so many finished attempts without a pass the course asks for a talk before the third."""

NOTICEABLE = 5
"""A choice with a smaller mean cost (of 100) is not worth the instructor's time, unless it crosses a red line."""
ACTIVITY_REASONS = ("red-line-case", "not-passed")
"""Reasons for a talk that are about a case or a drill; the others are about an assignment."""

PASSED, FAILED, WAITING, GRADED, NOTHING = "passed", "failed", "waiting", "handed-in", "none"


@dataclass(frozen=True)
class Reason:
    """Why somebody needs a talk: a code, and what it is about."""

    code: str
    about: str = ""


@dataclass(frozen=True)
class Trainee:
    """One row of the class.

    Attributes:
        states: by assignment, one of passed, failed, waiting (a person has to mark), handed-in, none.
        modules: by module, the share of its activities that are passed, 0-1.
        bars: mean of the six conduct bars over the latest attempts at each case, None where never assessed.
        reasons: why this trainee needs a talk.
    """

    id: str
    name: str
    states: dict[str, str]
    modules: dict[int, float]
    bars: tuple[float | None, ...]
    reasons: tuple[Reason, ...]

    @property
    def passed(self) -> int:
        """Number of assignments passed."""
        return sum(state == PASSED for state in self.states.values())


@dataclass(frozen=True)
class Hard:
    """A check, a drill item or a choice that many do not get right.

    Attributes:
        where: assignment, drill or case.
        what: check, item, or scene and choice.
        share: share of those who tried, 0-1; for a choice, of those who stood there.
        of: how many tried.
        cost: mean cost of a choice, 0-100.
    """

    where: str
    what: str
    share: float
    of: int
    cost: float = 0.0
    red_line: bool = False


@dataclass(frozen=True)
class Misconception:
    """A slip that feedback has explained: how many trainees made it, and what they had written."""

    slip: str
    text: str
    trainees: int
    assignments: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


@dataclass
class Report:
    """All figures of the report; lists are in the order in which they are shown."""

    facts: ClassFacts
    trainees: list[Trainee]
    counts: dict[str, Counter]
    bars: tuple[float | None, ...]
    checks: list[Hard]
    items: list[Hard]
    choices: list[Hard]
    misconceptions: list[Misconception]
    agreement: list[Agreement]
    mastery: dict[int, float] = field(default_factory=dict)

    @property
    def to_talk_to(self) -> list[Trainee]:
        """Trainees who need a talk, those with most reasons first."""
        found = [one for one in self.trainees if one.reasons]
        return sorted(found, key=lambda one: (-len(one.reasons), one.name or one.id))


def report_of(facts: ClassFacts, *, hide_names: bool = False) -> Report:
    """Return the figures of a class.

    Args:
        hide_names: show "1", "2" … in place of names and ids, in an order that says nothing about either.
    """
    by_student: dict[str, dict[str, HandIn]] = defaultdict(dict)
    for one in facts.hand_ins:
        by_student[one.student][one.assignment] = one
    share = {
        assignment: sum(assignment in row for row in by_student.values()) / max(1, len(facts.names))
        for assignment in facts.titles
    }
    called = _numbers(facts) if hide_names else {}
    trainees = []
    for student, name in facts.names.items():
        mine, played = by_student[student], facts.played.get(student, [])
        states = {assignment: _state(mine.get(assignment)) for assignment in facts.titles}
        trainees.append(
            Trainee(
                called.get(student, student),
                "" if hide_names else name,
                states,
                _mastery(facts, mine, played),
                _bars(played),
                tuple(_reasons(facts, mine, played, share)),
            )
        )
    trainees.sort(key=lambda one: (int(one.id) if hide_names else 0, one.name or one.id, one.id))
    answers_of = {student: called.get(student, facts.names.get(student) or student) for student in facts.names}
    return Report(
        facts=facts,
        trainees=trainees,
        counts={name: Counter(one.states[name] for one in trainees) for name in facts.titles},
        bars=_means(one.bars for one in trainees),
        checks=_hard_checks(facts),
        items=_hard_items(facts),
        choices=_hard_choices(facts),
        misconceptions=_misconceptions(facts, answers_of),
        agreement=agreement(facts.ratings, facts.hand_ins),
        mastery={
            module.number: fmean(one.modules[module.number] for one in trainees) if trainees else 0.0
            for module in facts.modules
            if trainees and module.number in trainees[0].modules
        },
    )


def _numbers(facts: ClassFacts) -> dict[str, str]:
    # The order must not give a name away; the time of making the report stands in it, so it is another each time.
    order = sorted(facts.names, key=lambda one: hashlib.sha256(f"{facts.made}/{one}".encode()).digest())
    return {student: str(number) for number, student in enumerate(order, start=1)}


def _state(hand_in: HandIn | None) -> str:
    if hand_in is None:
        return NOTHING
    if hand_in.passed is not None:
        return PASSED if hand_in.passed else FAILED
    return WAITING if hand_in.waiting or hand_in.unclear else GRADED


def _mastery(facts: ClassFacts, mine: dict[str, HandIn], played: list[Played]) -> dict[int, float]:
    """Return the share of each module's activities that a trainee has passed; only what can be handed in counts."""
    passed = {(one.kind, one.activity) for one in played if one.passed and not one.red_line}
    passed |= {("assignment", name) for name, one in mine.items() if one.passed}
    found = {}
    for module in facts.modules:
        counted = {one for one in module.activities if one[0] in ("case", "drill", "simulator")}
        counted |= {one for one in module.activities if one[0] == "assignment" and one[1] in facts.titles}
        if counted:
            found[module.number] = len(counted & passed) / len(counted)
    return found


def _bars(played: list[Played]) -> tuple[float | None, ...]:
    latest = {one.activity: one for one in played if one.kind == "case"}
    return _means(one.bars for one in latest.values())


def _means(rows: Iterable[tuple[float | None, ...]]) -> tuple[float | None, ...]:
    columns = zip(*(row for row in rows if row))
    return tuple(fmean(known) if (known := [one for one in column if one is not None]) else None for column in columns)


def _reasons(
    facts: ClassFacts, mine: dict[str, HandIn], played: list[Played], share: dict[str, float]
) -> Iterable[Reason]:
    for name, one in mine.items():
        if one.red_line:
            yield Reason("red-line-reply", facts.titles.get(name, name))
    tries: dict[str, list[Played]] = defaultdict(list)
    for one in played:
        tries[one.activity].append(one)
    for activity, attempts in tries.items():
        if attempts[-1].red_line:
            yield Reason("red-line-case", activity)
        if len(attempts) >= TRIES_WITHOUT_SUCCESS and not any(one.passed for one in attempts):
            yield Reason("not-passed", activity)
    for name, one in mine.items():
        parts = [part for part in (ROLE_PLAY, REPLY, LAB) if one.passed_part(part) is False]
        touched = one.score() > 0
        if one.passed is False and not one.red_line and parts and touched and one.score() < 0.5 * one.points():
            yield Reason("far-from-passing", facts.titles.get(name, name))
    for name, handed_in in share.items():
        if name not in mine and handed_in >= MISSED_BY_MANY:
            yield Reason("not-handed-in", facts.titles[name])


def _hard_checks(facts: ClassFacts) -> list[Hard]:
    tried: Counter = Counter()
    failed: Counter = Counter()
    for one in facts.hand_ins:
        wrong = {fail.check: fail for fail in facts.failed.get((one.student, one.assignment), ())}
        for mark in one.marks_of(LAB):
            if mark.cell in wrong and wrong[mark.cell].blank:
                continue  # left as it was released: it says nothing about the check
            tried[one.assignment, mark.cell] += 1
            failed[one.assignment, mark.cell] += mark.cell in wrong
    return _hardest(Hard(*key, failed[key] / count, count) for key, count in tried.items() if failed[key])


def _hard_items(facts: ClassFacts) -> list[Hard]:
    """Return the drill items that are missed most in the first attempt."""
    tried: Counter = Counter()
    missed: Counter = Counter()
    red: set[tuple[str, str]] = set()
    for played in facts.played.values():
        first: dict[str, Played] = {}
        for one in played:
            if one.kind == "drill":
                first.setdefault(one.activity, one)
        for one in first.values():
            for step in one.steps:
                tried[one.activity, step.place] += 1
                missed[one.activity, step.place] += step.cost > 0
                if step.red_line:
                    red.add((one.activity, step.place))
    return _hardest(
        Hard(*key, missed[key] / count, count, red_line=key in red) for key, count in tried.items() if missed[key]
    )


def _hard_choices(facts: ClassFacts) -> list[Hard]:
    """Return the choices that cost the class most: how often they are made where they are on offer, times the cost."""
    stood: Counter = Counter()
    costs: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    red: set[tuple[str, str, str]] = set()
    for played in facts.played.values():
        for one in played:
            if one.kind != "case":
                continue
            for step in one.steps:
                stood[one.activity, step.place] += 1
                if step.cost > 0 or step.red_line:
                    costs[one.activity, step.place, step.choice].append(step.cost)
                    if step.red_line:
                        red.add((one.activity, step.place, step.choice))
    found = [
        Hard(case, f"{scene} · {choice}", len(all_) / stood[case, scene], stood[case, scene], fmean(all_),
             (case, scene, choice) in red)
        for (case, scene, choice), all_ in costs.items()
        if fmean(all_) >= NOTICEABLE or (case, scene, choice) in red
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.share * one.of * max(one.cost, 1), one.where, one.what))[:MOST_ROWS]


def _hardest(found: Iterable[Hard]) -> list[Hard]:
    return sorted(found, key=lambda one: (-one.share, -one.of, one.where, one.what))[:MOST_ROWS]


def _misconceptions(facts: ClassFacts, called: dict[str, str]) -> list[Misconception]:
    who: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    where: dict[str, set[str]] = defaultdict(set)
    for (student, assignment), failed in facts.failed.items():
        for one in failed:
            if one.slip and not one.blank:
                who[one.slip].setdefault(student, (called.get(student, student), one.answer))
                where[one.slip].add(assignment)
    found = []
    for slip, by_student in who.items():
        different = dict.fromkeys(answer for _, answer in by_student.values())
        shown = [next(pair for pair in by_student.values() if pair[1] == answer) for answer in different]
        found.append(
            Misconception(
                slip, facts.slips.get(slip, slip), len(by_student), tuple(sorted(where[slip])),
                tuple(shown[:MOST_ANSWERS]),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.trainees, one.slip))
