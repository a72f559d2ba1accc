"""Says whether a certificate is genuine: from its file, or from the code that is printed on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trustkit.certificate.facts import FACTS, extracted, is_code_of, marked, read_code
from trustkit.certificate.ledger import Issued, digest_of, read_key, read_list

MOST_BYTES = 5_000_000
GENUINE, EXPIRED, NOT_GENUINE = "genuine", "expired", "not-genuine"
_SHOWN = {
    "name": "name", "track": "track", "title": "certificate", "course": "course", "lang": "language",
    "issued": "issued on", "valid_until": "valid until", "observed_by": "observed by", "drills": "drills passed",
    "cases": "cases passed", "exam": "exam", "attempt": "attempt at the exam", "reply": "points of the written reply",
    "assignments": "assignments passed",
}  # fmt: skip
"""What the facts are called in a sentence."""


class CannotVerify(Exception):
    """What was given is no certificate and no code; the message says what it is and what to do."""


@dataclass(frozen=True)
class Verdict:
    """What can be said about a certificate.

    Attributes:
        status: "genuine", "expired" or "not-genuine".
        facts: what was certified, as far as it is known; empty where nothing is.
        code: the code that was looked at.
        reasons: sentences for the person who asks.
    """

    status: str
    facts: dict[str, str]
    code: str
    reasons: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The verdict in sentences."""
        facts = self.facts
        if self.status == NOT_GENUINE:
            return ["NOT GENUINE.", *self.reasons]
        word = "GENUINE" if self.status == GENUINE else f"EXPIRED on {facts['valid_until']}, genuine until then"
        return [
            f"{word}: {facts['title']}, {facts['name']}.",
            f"{facts['course']}. Issued on {facts['issued']}, valid until {facts['valid_until']}, "
            f"observed by {facts['observed_by']}.",
            f"Shown: {shown(facts)}.",
            *self.reasons,
        ]


def shown(facts: dict[str, str]) -> str:
    """Return in words what somebody has shown for a certificate."""
    parts = [
        ("drills", "{} drills"),
        ("cases", "{} cases of the case room"),
        ("exam", "the exam case {}"),
        ("reply", "a written reply with {} points"),
        ("assignments", "{} assignments"),
    ]
    return ", ".join(text.format(facts[name]) for name, text in parts if facts[name] not in ("", "0"))


def verify(given: str, folder: Path, today: date) -> Verdict:
    """Return the verdict on a certificate.

    Args:
        given: a file, or a code as it is printed.
        folder: of the class that issued it.

    Raises:
        CannotVerify: it is neither, or the file is no certificate of this course.
        LedgerError: the class's key or list is missing or cannot be read.
    """
    path = Path(given)
    code = read_code(given)
    if code and not path.exists():
        return _of_code(code, folder, today)
    if not path.exists():
        raise CannotVerify(
            f"{given}: there is no such file, and this is no code. A code has four groups of five letters and digits."
        )
    return _of_file(path, folder, today)


def _of_code(code: str, folder: Path, today: date) -> Verdict:
    key = read_key(folder)
    line = _listed(code, read_list(folder))
    if line is None:
        return Verdict(
            NOT_GENUINE, {}, code,
            (f"No certificate with the code {code} was issued by this class. Compare it letter by letter.",),
        )  # fmt: skip
    if not is_code_of(code, line.facts, key):
        reason = (
            "The code is on the list of this class, but the line there was changed, or the key is another one. "
            "Verify the file itself."
        )
        return Verdict(NOT_GENUINE, {}, code, (reason,))
    return _in_time(line.facts, code, today, ("Compare this with what is printed.",))


def _of_file(path: Path, folder: Path, today: date) -> Verdict:
    content = _content(path)
    found = extracted(content)
    if found is None and not marked(content):
        raise CannotVerify(
            f"{path}: this PDF carries no certificate of this course. If it was printed or saved anew, "
            "verify the code that stands on it: trustkit verify CODE"
        )
    key, issued = read_key(folder), read_list(folder)
    by_file = next((line for line in issued if line.sha256 == digest_of(content)), None)
    if found is None:
        return Verdict(NOT_GENUINE, {}, "", ("Its data were changed so that they can no longer be read.",))
    facts, code = found
    if not is_code_of(code, facts, key):
        return Verdict(NOT_GENUINE, facts, code, tuple(_what_was_changed(facts, code, issued, key)))
    if by_file:
        return _in_time(facts, code, today, ())
    if _listed(code, issued):
        reasons = (
            "Its data are as they were issued, but the file is not: something else in it was changed, perhaps what "
            "is printed. These are the facts that were certified:",
            *(f"  {_SHOWN[name]}: {facts[name]}" for name in FACTS if facts[name]),
        )
        return Verdict(NOT_GENUINE, facts, code, reasons)
    reason = (
        "It is not on the list of this class, so only its data could be checked. Compare them with what is printed."
    )
    return _in_time(facts, code, today, (reason,))


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CannotVerify(f"{path}: this file is too large to be a certificate.")
        content = path.read_bytes()
    except OSError as error:
        raise CannotVerify(f"{path}: the file cannot be read: {error.strerror}.") from None
    if not content.startswith(b"%PDF-"):
        raise CannotVerify(f"{path}: this is not a PDF.")
    if b"%%EOF" not in content[-1024:]:
        raise CannotVerify(f"{path}: this PDF is cut off. Ask for the file again, or verify the code on it.")
    return content


def _what_was_changed(facts: dict[str, str], code: str, issued: list[Issued], key: bytes) -> list[str]:
    """Return what differs from the certificate that was issued, as far as the list tells."""
    line = _listed(code, issued)
    if line is None:
        same = next((one for one in issued if one.facts == facts), None)
        if same and is_code_of(same.code, facts, key):
            return [f"Its code was changed: it says {code}; the certificate was issued with {same.code}."]
        return [
            "Its code does not belong to what it says, and this class issued no certificate with that code. If another "
            "class issued it, verify it there."
        ]
    if not is_code_of(code, line.facts, key):
        return ["Its code does not belong to what it says. The list of this class was changed too, or the key."]
    return [
        f"Changed: {_SHOWN[name]}. It says “{facts[name]}”; issued was “{line.facts[name]}”."
        for name in FACTS
        if facts[name] != line.facts[name]
    ]


def _listed(code: str, issued: list[Issued]) -> Issued | None:
    return next((line for line in reversed(issued) if line.code == code), None)


def _in_time(facts: dict[str, str], code: str, today: date, reasons: tuple[str, ...]) -> Verdict:
    # Dates in ISO form are in order as texts are.
    status = EXPIRED if today.isoformat() > facts["valid_until"] else GENUINE
    return Verdict(status, facts, code, reasons)
