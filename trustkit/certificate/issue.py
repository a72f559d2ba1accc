"""Issues a certificate: replays what was handed in, applies the rules, and refuses with a list or writes the sheet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from trustkit.attempts.record import AttemptRefused, read_attempts
from trustkit.attempts.replay import Result, replay
from trustkit.cases.listing import case_entry
from trustkit.certificate.facts import code_of, person
from trustkit.certificate.ledger import Issued, LedgerError, add_to_list, digest_of, make_key, read_list
from trustkit.certificate.mastery import (
    Evidence,
    Offer,
    Rule,
    Standing,
    rules_of,
    standings,
    title_of,
    valid_until,
)
from trustkit.course import case_folder

NOT_COUNTED = ("unfinished", "unknown-content", "unknown-activity")
"""Reasons for which an attempt simply does not count; any other one means that a file is not what it claims."""


class CertificateRefused(Exception):
    """A certificate that cannot be issued; the message is the list of what is missing or wrong."""

    def __init__(self, reasons: Sequence[str]):
        self.reasons = list(reasons)
        super().__init__("\n".join(["No certificate was issued.", *(f"- {reason}" for reason in reasons)]))


@dataclass
class Gathered:
    """What the files of a trainee hold: replayed attempts, those that do not count, and those not to be trusted."""

    results: list[Result] = field(default_factory=list)
    not_counted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def learners(self) -> list[str]:
        """The learner ids in the attempts that count, in order of appearance."""
        return list(dict.fromkeys(result.record["learner"] for result in self.results))


@dataclass(frozen=True)
class Person:
    """Who a certificate is for, for what, and who watched."""

    name: str
    track: str
    observed_by: str
    lang: str = "en"


def gather(paths: Iterable[Path], archive: Path | None = None) -> Gathered:
    """Replay every attempt of some files and folders.

    Args:
        archive: folder with compiled cases of earlier releases (see `trustkit.attempts.replay`).
    """
    found, known = Gathered(), set()
    for path in paths:
        records, unreadable = read_attempts(path)
        found.refused += [f"{one.path}: {one.message}" for one in unreadable]
        for record in records:
            if record["id"] in known:
                continue
            known.add(record["id"])
            try:
                found.results.append(replay(record, archive))
            except AttemptRefused as error:
                said = f"{path}: {record['activity']}, attempt {record['id']}: {error.message}"
                (found.not_counted if error.code in NOT_COUNTED else found.refused).append(said)
    return found


def reasons_against(standing: Iterable[Standing], evidence: Evidence) -> list[str]:
    """Return a sentence for each rule that is not met."""
    return [_reason(one, evidence) for one in standing if not one.met]


def issue(
    who: Person, evidence: Evidence, attempt: str, offer: Offer, folder: Path, out: Path, root: Path, today: date
) -> tuple[str, dict[str, str]]:
    """Write a certificate and put it on the list of the class; return its code and facts.

    Args:
        attempt: the id of the observed attempt that passed the exam, or an empty text.
        folder: of the class, where key and list are kept.
        out: the PDF to write; it is never written over another file.
        root: the course.

    Raises:
        CertificateRefused: something is missing, and what.
        NameRefused: a name cannot stand on a certificate.
        LedgerError: the key of the class cannot be used.
    """
    from trustkit.certificate.paper import draw, refuse_unprintable

    name = person(who.name, "The name after --name")
    watcher = person(who.observed_by, "The name after --observed-by") if who.observed_by.strip() else ""
    for one in (name, watcher):
        refuse_unprintable(one)
    rules = rules_of(who.track, offer)
    standing = standings(rules, evidence)
    reasons = reasons_against(standing, evidence)
    if not watcher:
        reasons.append("Nobody is named who watched. Name that person with --observed-by.")
    if watcher.casefold() == name.casefold():
        reasons.append("Nobody observes themselves: --observed-by names another person.")
    if out.suffix.lower() != ".pdf":
        reasons.append(f"{out}: the certificate is a PDF; let the name after --out end in .pdf.")
    if not out.parent.is_dir():
        reasons.append(f"There is no folder {out.parent}. Make it first, or name another one with --out.")
    if out.exists():
        reasons.append(f"{out} exists already, and a certificate is never written over another file.")
    used = next((one for one in read_list(folder) if attempt and one.facts["attempt"] == attempt), None)
    if used and used.facts["name"] != name:
        reasons.append(
            f"This attempt at the exam earned a certificate for {used.facts['name']} on {used.facts['issued']}."
        )
    if reasons:
        raise CertificateRefused(reasons)
    exam = next((rule.activities[0] for rule in rules if rule.observed), "")
    facts = {
        "name": name,
        "track": who.track,
        "title": title_of(who.track, who.lang),
        "course": course_title(root, who.lang),
        "lang": who.lang,
        "issued": today.isoformat(),
        "valid_until": valid_until(today).isoformat(),
        "observed_by": watcher,
        "drills": str(_counted(standing, "drill")),
        "cases": str(_counted(standing, "case")),
        "exam": exam,
        "attempt": attempt,
        "reply": f"{evidence.reply.points:g}" if evidence.reply and _asks_for_reply(rules) else "",
        "assignments": str(_counted(standing, "assignment")),
    }
    key = make_key(folder)
    code = code_of(facts, key)
    content = draw(facts, code, case_entry(case_folder(exam, root), who.lang)["title"] if exam else "")
    part = out.with_name(f".{out.name}.part")
    part.write_bytes(content)
    try:
        add_to_list(folder, Issued(code, facts, digest_of(content)))
        os.replace(part, out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise LedgerError(f"{error.filename}: {error.strerror}. No certificate was issued.") from None
    return code, facts


def exam_attempt(results: Iterable[Result], rules: Iterable[Rule]) -> str:
    """Return the id of the first attempt that passed the observed case of some rules; an empty text without one."""
    exams = {id_ for rule in rules if rule.observed for id_ in rule.activities}
    passed = [one.record for one in results if one.record["activity"] in exams and one.passed]
    return min(passed, key=lambda record: record["finished_at"])["id"] if passed else ""


def course_title(root: Path, language: str) -> str:
    """Return what the course is called, from `_config.yml` of the course and of the language."""
    title = ""
    for path in (root / "_config.yml", root / "book" / language / "_config.yml"):
        if path.is_file():
            title = (yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}).get("title", title)
    return title


def _counted(standing: Iterable[Standing], kind: str) -> int:
    return len({id_ for one in standing if one.rule.kind == kind and not one.rule.observed for id_ in one.done})


def _asks_for_reply(rules: Iterable[Rule]) -> bool:
    return any(rule.kind == "reply" for rule in rules)


def _reason(standing: Standing, evidence: Evidence) -> str:
    rule = standing.rule
    if rule.kind == "reply":
        return _reason_of_reply(rule, evidence)
    if rule.to_come:
        named = ", ".join(rule.to_come)
        return f"To come: {named}. These {rule.kind}s are not built yet, so this certificate cannot be issued yet."
    if not rule.activities:
        return f"The course has no {rule.kind} that counts for this, so this certificate cannot be issued."
    if rule.observed:
        return f"The exam case {rule.activities[0]} is not passed."
    if rule.least < rule.of:
        return f"{rule.kind.capitalize()}s passed without a red line: {len(standing.done)}. It takes {rule.least}."
    told = f"{rule.kind.capitalize()}s not passed yet ({len(standing.open)} of {rule.of})"
    return f"{told}: {', '.join(standing.open)}."


def _reason_of_reply(rule: Rule, evidence: Evidence) -> str:
    if evidence.reply is None:
        return (
            f"There is no mark of a written reply. Give it with --reply, from 0 to {rule.of}, or let the gradebook say "
            "it with --student."
        )
    if evidence.reply.red_line:
        return "A red line was crossed in the written reply."
    return f"The written reply has {evidence.reply.points:g} of {rule.of} points. It takes {rule.least}."
