"""What must be mastered for a certificate, and how a trainee stands: values in, values out.

The rules themselves stand in `mastery.yaml`. Put together with what the course offers they become lists of
activities, which the command `trustkit certificate` and the page of the skills passport judge in the same way:

- an activity counts once it is passed by its own mark; for a case, in an attempt that crossed no red line;
- a rule is met when enough of its activities count, and all of them have been built;
- a written reply counts with its points, as long as no red line was crossed in it.

An activity that a lesson names and nobody has built yet is "to come": nobody can have passed it, so the certificate
cannot be issued, and whoever asks is told so instead of being failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

TRACKS = ("agent", "lead", "analyst")
ACTIVITY_RULES = ("drill", "case", "assignment")


@dataclass(frozen=True)
class Offer:
    """What a course offers, as far as the rules ask for it.

    Attributes:
        drills: ids of the drills in the core lessons of each path.
        assignments: ids of the assignments and labs that those lessons name.
        cases: ids of the cases in the case room; exams are not among them.
        built: every (kind, id) that exists, of the kinds "drill", "case" and "assignment".
    """

    drills: Mapping[str, Sequence[str]]
    assignments: Mapping[str, Sequence[str]]
    cases: Sequence[str]
    built: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Rule:
    """One thing that a certificate asks for.

    Attributes:
        id: its name in `mastery.yaml`.
        kind: "drill", "case" or "assignment", of which `least` of the `activities` are to be passed; or "reply".
        least: how many, or for a reply how many points.
        of: the most points of a reply; else the number of activities.
        observed: whether a trainer must have watched.
        to_come: those of the activities that are not built yet.
    """

    id: str
    kind: str
    activities: tuple[str, ...]
    least: int
    of: int
    observed: bool = False
    to_come: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, as the page of the passport gets it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "activities": list(self.activities),
            "least": self.least,
            "of": self.of,
            "observed": self.observed,
            "to_come": list(self.to_come),
        }


@dataclass(frozen=True)
class Reply:
    """A trainer's mark of a written reply."""

    points: float
    red_line: bool = False


@dataclass(frozen=True)
class Evidence:
    """What a trainee has shown: the (kind, id) of everything passed, and the mark of a written reply."""

    passed: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    reply: Reply | None = None


@dataclass(frozen=True)
class Standing:
    """How a trainee stands with one rule: what counts, what does not yet, and whether the rule is met."""

    rule: Rule
    done: tuple[str, ...]
    open: tuple[str, ...]
    met: bool


def rules_of(track: str, offer: Offer) -> list[Rule]:
    """Return the rules of a track ("agent", "lead" or "analyst"), those it builds on first.

    Raises:
        KeyError: there is no such track.
    """
    asked = _asked()["tracks"][track]
    before = rules_of(asked["builds_on"], offer) if "builds_on" in asked else []
    counted = {("drill", id_) for rule in before if rule.kind == "drill" for id_ in rule.activities}
    return [*before, *(_rule(one, offer, counted) for one in asked["rules"])]


def standings(rules: Iterable[Rule], evidence: Evidence) -> list[Standing]:
    """Return how a trainee stands with each rule."""
    return [_standing(rule, evidence) for rule in rules]


def mastered(rules: Iterable[Rule], evidence: Evidence) -> bool:
    """Return whether every rule is met."""
    return all(standing.met for standing in standings(rules, evidence))


def evidence_of(results: Iterable[Any], assignments: Iterable[str] = (), reply: Reply | None = None) -> Evidence:
    """Return what replayed attempts show.

    Args:
        results: of `trustkit.attempts.replay.replay`.
        assignments: ids of the assignments that the gradebook has as passed.
    """
    passed = {("assignment", id_) for id_ in assignments}
    passed |= {
        (result.record["kind"], result.record["activity"])
        for result in results
        if result.passed and not result.scores.get("red_lines")
    }
    return Evidence(frozenset(passed), reply)


def title_of(track: str, language: str) -> str:
    """Return what the certificate of a track is called."""
    return _asked()["tracks"][track]["title"][language]


def valid_until(issued: date) -> date:
    """Return the last day of a certificate: the same day of the month, `valid_months` later."""
    month = issued.month - 1 + _asked()["valid_months"]
    year, month = issued.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(issued.day, last))


def _rule(asked: Mapping[str, Any], offer: Offer, counted: set[tuple[str, str]]) -> Rule:
    if "reply" in asked:
        return Rule(asked["id"], "reply", (), asked["least"], asked["reply"])
    if "drills_of" in asked:
        kind, activities = "drill", offer.drills.get(asked["drills_of"], ())
    elif "assignments_of" in asked:
        kind, activities = "assignment", offer.assignments.get(asked["assignments_of"], ())
    else:
        kind, activities = "case", [asked["case"]] if "case" in asked else offer.cases
    asked_for = tuple(dict.fromkeys(activities))
    activities = tuple(id_ for id_ in asked_for if (kind, id_) not in counted)
    to_come = tuple(id_ for id_ in activities if (kind, id_) not in offer.built)
    # Where a course has nothing of what is asked for, nobody has shown it.
    least = asked.get("least", len(activities) if asked_for else 1)
    return Rule(asked["id"], kind, activities, least, len(activities), asked.get("observed", False), to_come)


def _standing(rule: Rule, evidence: Evidence) -> Standing:
    if rule.kind == "reply":
        reply = evidence.reply
        return Standing(rule, (), (), reply is not None and not reply.red_line and reply.points >= rule.least)
    done = tuple(id_ for id_ in rule.activities if (rule.kind, id_) in evidence.passed and id_ not in rule.to_come)
    still = tuple(id_ for id_ in rule.activities if id_ not in done and id_ not in rule.to_come)
    return Standing(rule, done, still, len(done) >= rule.least and not rule.to_come)


@cache
def _asked() -> dict[str, Any]:
    return yaml.safe_load(files(__package__).joinpath("mastery.yaml").read_text(encoding="utf-8"))
