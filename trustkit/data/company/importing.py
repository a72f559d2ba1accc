"""Writes a company's export as the course's complaint table, row by row; what cannot be read is kept beside it."""

from __future__ import annotations

import csv
import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from trustkit.data.company.convert import Conversion, LeftOut, Rejected, Seen
from trustkit.data.company.export import Form, form_of, records
from trustkit.data.company.mapping import BUILT_IN, ExportMapping, find_mapping, recognise, zone_of
from trustkit.data.company.personal import Pseudonyms
from trustkit.data.company.words import words_of
from trustkit.data.schema import DatasetError

TABLE, REJECTED, KEY, REPORT = "complaints.csv", "rejected.csv", "pseudonym.key", "report.md"
"""What an import writes; `rejected.csv` holds rows as they were, and `pseudonym.key` is the key of the pseudonyms."""
PRIVATE = 0o600


@dataclass
class Imported:
    """What came of an import.

    Attributes:
        path: the export.
        form: how it was written.
        mapping: how it was read.
        zone: where times without a zone were written, and `zone_said`, who said so: "option", "mapping" or "".
        rows: records in the export; `kept` of them are in the table.
        rejected: records that could not be read, by reason.
        left_out: records that the mapping leaves out, by header.
        duplicates: records whose id had come before.
        filled: values by column of the table.
        quarters: rows by (year, quarter) of the time received, in UTC.
        first, last: the earliest and the latest time received, as in the table.
        conversion: how it was read, with its problems.
    """

    path: Path
    form: Form
    mapping: ExportMapping
    zone: ZoneInfo
    zone_said: str
    with_text: bool
    conversion: Conversion
    rows: int = 0
    kept: int = 0
    rejected: Seen = field(default_factory=Seen)
    left_out: Counter = field(default_factory=Counter)
    duplicates: Seen = field(default_factory=Seen)
    filled: Counter = field(default_factory=Counter)
    quarters: Counter = field(default_factory=Counter)
    first: str = ""
    last: str = ""

    @property
    def missing(self) -> list[str]:
        """The columns of the table in which nothing stands at all."""
        return [name for name in self.conversion.columns if not self.filled[name]]


def import_export(
    path: Path,
    folder: Path,
    named: str | None = None,
    zone: str | None = None,
    with_text: bool = False,
    language: str = "en",
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Write an export as `complaints.csv` into a folder, with `rejected.csv` and the key of the pseudonyms.

    Args:
        folder: an existing folder without these files.
        named: a built-in mapping or a YAML file; recognised by the header when left out.
        zone: the zone of times that name none; else the mapping's, else UTC.
        with_text: whether free text is taken over, masked.
        language: of the reasons in `rejected.csv`.
        progress: called with the number of rows, now and then.

    Raises:
        DatasetError: the export or the mapping cannot be used, or not one row can be read.
    """
    form = form_of(path)
    mapping = _mapping_for(path, form, named)
    given, said = _zone(mapping, zone)
    pseudonyms = Pseudonyms()
    conversion = Conversion(mapping, form.header, given, with_text, pseudonyms)
    result = Imported(path, form, mapping, given, said, with_text, conversion)
    words = words_of(language)["reasons"]
    names = conversion.columns
    with (
        _Once() as once,
        (folder / TABLE).open("x", encoding="utf-8", newline="") as table,
        _private(folder / REJECTED) as refused,
    ):
        out = csv.writer(table, lineterminator="\n")
        out.writerow(names)
        bad = csv.writer(refused, lineterminator="\n")
        bad.writerow(("line", "reason", "row"))
        for record in records(path, form):
            result.rows += 1
            if progress and result.rows % 100_000 == 0:
                progress(result.rows)
            try:
                row = conversion.row(record)
            except Rejected as rejected:
                result.rejected.add(rejected.reason, record.line)
                bad.writerow((record.line, words[rejected.reason], record.raw.rstrip("\r\n")))
                continue
            except LeftOut as left:
                result.left_out[left.header] += 1
                continue
            result.kept += 1
            opened = row["opened_at"]
            result.first = min(result.first or opened, opened)
            result.last = max(result.last, opened)
            result.quarters[int(opened[:4]), (int(opened[5:7]) + 2) // 3] += 1
            if not once.new(row["complaint_id"]):
                result.duplicates.add("duplicate", record.line)
            result.filled.update(row.keys())
            out.writerow([row.get(name, "") for name in names])
    if not result.kept:
        raise DatasetError(path, _first_line(result), _nothing(result))
    with _private(folder / KEY) as key:
        key.write(pseudonyms.key.hex() + "\n")
    return result


class _Once:
    """Says of each id whether it is new, in a temporary database, so that memory stays small however many there are."""

    def __enter__(self) -> _Once:
        self._ids = sqlite3.connect("", isolation_level=None)
        self._ids.execute("PRAGMA cache_size = -8192")
        self._ids.execute("PRAGMA journal_mode = OFF")
        self._ids.execute("CREATE TABLE seen (id BLOB PRIMARY KEY) WITHOUT ROWID")
        self._ids.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._ids.close()

    def new(self, said: str) -> bool:
        digest = hashlib.blake2b(said.encode("utf-8", "surrogateescape"), digest_size=12).digest()
        return self._ids.execute("INSERT OR IGNORE INTO seen VALUES (?)", (digest,)).rowcount == 1


def _private(path: Path):
    """Open a new file that only its owner may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    return os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="")


def _mapping_for(path: Path, form: Form, named: str | None) -> ExportMapping:
    if named:
        return find_mapping(named)
    found = recognise(form.header)
    if len(found) == 1:
        return find_mapping(found[0])
    known = " Its columns: " + ", ".join(filter(None, form.header)) + "."
    if found:
        said = f"this may be {' or '.join(found)}. Say which with --as."
    else:
        said = (
            f"this is none of {', '.join(BUILT_IN)} by its header. Say what it is with --as, or write a mapping "
            "(the page “Your own data” of the book shows how)."
        )
    raise DatasetError(path, form.header_end, said + known)


def _zone(mapping: ExportMapping, zone: str | None) -> tuple[ZoneInfo, str]:
    if zone is None:
        return mapping.zone or ZoneInfo("UTC"), "mapping" if mapping.zone else ""
    found = zone_of(zone)
    if found is None:
        raise DatasetError(Path("--zone"), 0, f"there is no time zone `{zone}`. Write one such as Asia/Shanghai.")
    return found, "option"


def _first_line(result: Imported) -> int:
    return min((lines[0] for lines in result.rejected.lines.values()), default=0)


def _nothing(result: Imported) -> str:
    if not result.rows:
        return "this file has a header but no rows."
    if not result.rejected.counts:
        return f"the mapping leaves out all {result.rows:,} rows. Look at its `only` and `leave_out`."
    reason, count = result.rejected.counts.most_common(1)[0]
    why = words_of("en")["reasons"][reason]
    return f"not one of {result.rows:,} rows can be read. Most often ({count:,}): {why}. Nothing was written."
