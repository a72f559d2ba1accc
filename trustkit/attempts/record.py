"""Makes, writes and reads attempt records; a record is plain JSON and holds what the learner did."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from trustkit.content import fault

SCHEMA_VERSION = 1
EXPORT_FORMAT = "trustkit-attempts"
EXPORT_VERSION = 1
SCHEMA = Path(__file__).with_name("attempt.schema.json")
MOST_BYTES = 5_000_000
"""A file larger than this is no attempt file; a full export of a year's practice is far smaller."""


class AttemptRefused(Exception):
    """An attempt that cannot be accepted.

    Attributes:
        code: one of not-json, truncated, wrong-format, wrong-version, too-large, unknown-activity,
            unknown-content, impossible-step, unfinished, claimed-result.
        message: the reason in words, and what to do.
    """

    def __init__(self, code: str, message: str):
        self.code, self.message = code, message
        super().__init__(message)


class Refusal(NamedTuple):
    """A file (or one record of it) that was refused, and why."""

    path: Path
    code: str
    message: str


def new_record(
    kind: str,
    activity: str,
    content: str,
    *,
    lang: str,
    learner: str,
    host: str,
    variant: str = "base",
    seed: int = 0,
    low_pressure: bool = False,
) -> dict:
    """Return a record without steps, started now.

    Args:
        kind: "case", "drill", "simulator" or "checker".
        activity: its id; `content` is the content hash of what is played.
        learner: the student id, or a pseudonym.
        host: "page", "jupyter" or "terminal".
        seed: seed of the order in which choices are shown.
    """
    return {
        "schema": SCHEMA_VERSION,
        "id": secrets.token_hex(8),
        "kind": kind,
        "activity": activity,
        "content": content,
        "lang": lang,
        "variant": variant,
        "seed": seed,
        "learner": learner,
        "host": host,
        "started_at": now(),
        "finished_at": None,
        "steps": [],
        "result": None,
        "options": {"low_pressure": low_pressure},
    }


def now() -> str:
    """Return this moment in UTC as ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def file_name(record: dict) -> str:
    """Return the file name of a record: the activity and the record's own id, so that none meets another."""
    return f"{record['activity']}-{record['id']}.json"


def write_attempt(folder: Path, record: dict) -> Path:
    """Write a record into a folder, all or nothing, and return its path; an attempt is never overwritten.

    Writing the same record again changes nothing. A different record under the same id is kept beside the
    first one, with a number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    path = folder / file_name(record)
    number = 1
    while path.exists():
        if path.read_text(encoding="utf-8") == text:
            return path
        number += 1
        path = folder / f"{record['activity']}-{record['id']}-{number}.json"
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)
    return path


def parse_attempts(content: bytes) -> list[dict]:
    """Return the records in the content of a file: one record, or an export of several.

    Raises:
        AttemptRefused: the content is no attempt file, is cut off, or has another version.
    """
    if len(content) > MOST_BYTES:
        raise AttemptRefused(
            "too-large", f"the file has {len(content):,} bytes; an attempt file has at most {MOST_BYTES:,}."
        )
    data = _parsed(content)
    if isinstance(data, dict) and data.get("format") == EXPORT_FORMAT:
        if data.get("version") != EXPORT_VERSION:
            raise AttemptRefused(
                "wrong-version",
                f"the export has version {data.get('version')!r}; this course reads version {EXPORT_VERSION}. "
                "Export it again from the current course.",
            )
        records = data.get("attempts")
        if not isinstance(records, list):
            raise AttemptRefused("wrong-format", "the export has no list `attempts`. Export it again.")
    else:
        records = [data]
    return [check(record) for record in records]


def check(record: Any) -> dict:
    """Return the record if its form is right.

    Raises:
        AttemptRefused: with what is wrong.
    """
    if not isinstance(record, dict) or "schema" not in record:
        raise AttemptRefused("wrong-format", "this is JSON, but not an attempt of this course.")
    if record["schema"] != SCHEMA_VERSION:
        raise AttemptRefused(
            "wrong-version",
            f"the attempt has schema {record['schema']!r}; this course reads schema {SCHEMA_VERSION}.",
        )
    found = fault(record, SCHEMA)
    if found:
        raise AttemptRefused("wrong-format", f"the attempt is damaged: {found[1]}")
    return record


def read_attempts(path: Path) -> tuple[list[dict], list[Refusal]]:
    """Read all attempts of a file or of the `*.json` files of a folder.

    Returns:
        The records whose form is right, in the order of file names, and the files that were refused.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    records: list[dict] = []
    refused: list[Refusal] = []
    for file in files:
        try:
            if file.stat().st_size > MOST_BYTES:
                raise AttemptRefused("too-large", f"the file has more than {MOST_BYTES:,} bytes.")
            records += parse_attempts(file.read_bytes())
        except OSError as error:
            refused.append(Refusal(file, "not-json", f"the file cannot be read: {error.strerror}."))
        except AttemptRefused as error:
            refused.append(Refusal(file, error.code, error.message))
    return records, refused


def export_document(learner: str, records: list[dict]) -> dict:
    """Return the export of several attempts as one document."""
    return {
        "format": EXPORT_FORMAT,
        "version": EXPORT_VERSION,
        "learner": learner,
        "exported_at": now(),
        "attempts": records,
    }


def _parsed(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AttemptRefused("not-json", "the file is not text in UTF-8. Export the attempts again.") from None
    if not text.strip():
        raise AttemptRefused("truncated", "the file is empty. Export the attempts again.")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if text.lstrip()[0] == "{" and text.rstrip()[-1] != "}":
            raise AttemptRefused("truncated", "the file is cut off in the middle. Export the attempts again.") from None
        raise AttemptRefused(
            "not-json", f"the file is not valid JSON (line {error.lineno}: {error.msg}). Export the attempts again."
        ) from None
    except ValueError:
        raise AttemptRefused("not-json", "the file holds a number of thousands of digits.") from None
    except RecursionError:
        raise AttemptRefused("not-json", "the file is nested too deeply to be an attempt.") from None
