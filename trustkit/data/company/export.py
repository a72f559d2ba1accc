"""Reads a company's CSV export record by record, whatever its encoding, delimiter or damage, in constant memory."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from trustkit.data.schema import DatasetError

DELIMITERS = (",", ";", "\t")
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030", "cp1252": "Windows-1252"}
"""The encodings that are recognised, by Python's name for them."""
LONGEST_LINE = 1_000_000
"""Characters; what has no line break for longer is no table."""
_BLOCK = 1 << 20
_SAMPLE = 2_000
_SEPARATOR = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """How an export is written.

    Attributes:
        encoding: Python's name of it, a key of `ENCODINGS`.
        delimiter: one of `DELIMITERS`.
        packed: whether the file is compressed with gzip.
        header: the names in its first line.
        header_end: the last line of the header, counted from 1.
    """

    encoding: str
    delimiter: str
    packed: bool
    header: tuple[str, ...]
    header_end: int


@dataclass(frozen=True)
class Record:
    """One record of an export.

    Attributes:
        line: its first line, counted from 1.
        raw: its text as it stands in the file, line breaks included.
        fields: its values; as many as the header has, unless `fault` says otherwise.
        fault: why it cannot be read, as a key of `words.yaml`; empty where it can.
    """

    line: int
    raw: str
    fields: list[str]
    fault: str = ""


def form_of(path: Path) -> Form:
    """Return how a file is written; reads it once to be sure of its encoding.

    Raises:
        DatasetError: there is no such file, or it is no CSV table.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except FileNotFoundError:
        raise DatasetError(path, 0, "there is no such file.") from None
    except IsADirectoryError:
        raise DatasetError(path, 0, "this is a folder. Name the CSV file in it.") from None
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise DatasetError(path, 0, "this is a workbook or an archive. Save the table as CSV UTF-8 and import that.")
    packed = start.startswith(b"\x1f\x8b")
    encoding = _encoding(path, packed)
    header, delimiter, end = _header(path, packed, encoding)
    return Form(encoding, delimiter, packed, header, end)


def records(path: Path, form: Form) -> Iterator[Record]:
    """Yield the records below the header; one that cannot be read comes with its fault and spoils no other.

    Raises:
        DatasetError: the file is damaged as a whole (a broken gzip file, a line without an end).
    """
    limit = csv.field_size_limit()
    with _text(path, form.packed, form.encoding) as stream:
        lines = _Lines(path, stream)
        for _ in range(form.header_end):
            next(lines, None)
        reader = csv.reader(lines, delimiter=form.delimiter)
        width = len(form.header)
        while True:
            lines.taken.clear()
            try:
                fields, fault = next(reader), ""
            except StopIteration:
                return
            except csv.Error:
                fields, fault = [], "quote"
            if not fields and not fault:
                continue
            taken = lines.taken
            line = lines.number - len(taken) + 1
            if not fault and len(fields) != width:
                fault = "fields"
            if fault and len(taken) > 1 and (fault == "quote" or _hides_records(taken, form, limit)):
                # A quotation mark that nothing closes: only its own line is lost, the others are read again.
                fault = "quote"
                lines.give_back(taken[1:])
                taken = taken[:1]
            raw = "".join(taken)
            if not raw.isascii() and not _is_clean(raw):
                fault = "bytes"
            yield Record(line, raw, fields, fault)


class _Lines:
    """The lines of a stream, counted, which remembers those just taken and takes lines back."""

    def __init__(self, path: Path, stream: io.TextIOBase):
        self.path, self.stream = path, stream
        self.taken: list[str] = []
        self.number = 0
        self.returned: deque[str] = deque()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.returned:
            line = self.returned.popleft()
        else:
            try:
                line = self.stream.readline(LONGEST_LINE)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise DatasetError(self.path, self.number + 1, _DAMAGED) from None
            except UnicodeDecodeError:
                said = f"this is no {ENCODINGS[self.stream.encoding]} any more. Save the table as CSV UTF-8."
                raise DatasetError(self.path, self.number + 1, said) from None
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) >= LONGEST_LINE:
            raise DatasetError(
                self.path, self.number, f"this line is longer than {LONGEST_LINE:,} characters; this is no CSV table."
            )
        self.taken.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self.returned.extendleft(reversed(lines))
        self.number -= len(lines)


def _hides_records(taken: list[str], form: Form, limit: int) -> bool:
    """Return whether the later lines of a record with a wrong count are whole records themselves."""
    for line in taken[1:]:
        if len(line) < limit and len(next(csv.reader([line], delimiter=form.delimiter), ())) == len(form.header):
            return True
    return False


def _is_clean(raw: str) -> bool:
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _bytes(path: Path, packed: bool) -> BinaryIO:
    return gzip.open(path, "rb") if packed else path.open("rb")


def _text(path: Path, packed: bool, encoding: str) -> io.TextIOWrapper:
    # What is no text in this encoding is carried along, so that it can be written to the rejected rows as it was.
    return io.TextIOWrapper(_bytes(path, packed), encoding=encoding, errors="surrogateescape", newline="")


def _encoding(path: Path, packed: bool) -> str:
    """Return the encoding of a whole file: UTF-8 if it is that but for a few lines, else the likelier of two others."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    found, size = "utf-8", 0
    try:
        with _bytes(path, packed) as file:
            while block := file.read(_BLOCK):
                if not size and block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    return "utf-16"
                if not size and block.startswith(codecs.BOM_UTF8):
                    found = "utf-8-sig"
                if b"\0" in block:
                    raise DatasetError(path, 0, "this is no text. Save the table as CSV UTF-8 and import that.")
                size += len(block)
                decoder.decode(block)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        if found != "utf-8":
            return found
        return _other_encoding(path, packed)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DatasetError(path, 0, _DAMAGED) from None
    if not size:
        raise DatasetError(path, 0, "this file is empty.")
    return found


def _other_encoding(path: Path, packed: bool) -> str:
    sample = []
    with _bytes(path, packed) as file:
        while len(sample) < _SAMPLE and (line := file.readline(_BLOCK)):
            if not line.isascii():
                sample.append(line)
    good = sum(_decodes(line, "utf-8") for line in sample)
    # In a file of another encoding hardly any line with a letter beyond ASCII is UTF-8 by chance.
    if good >= 0.5 * len(sample):
        return "utf-8"
    # Of a Chinese character both bytes are high; in western text a high byte stands alone between ASCII letters.
    high = alone = 0
    for line in sample:
        for run in re.findall(rb"[\x80-\xff]+", line):
            high += len(run)
            alone += len(run) % 2
    chinese = alone < 0.2 * high and sum(_decodes(line, "gb18030") for line in sample) >= 0.9 * len(sample)
    return "gb18030" if chinese else "cp1252"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _header(path: Path, packed: bool, encoding: str) -> tuple[tuple[str, ...], str, int]:
    with _text(path, packed, encoding) as stream:
        lines = _Lines(path, stream)
        start, named = [], ""
        for line in lines:
            told = _SEPARATOR.fullmatch(line)
            if told and not start:
                named = told[1]
            elif line.strip():
                start.append(line)
                break
        if not start:
            raise DatasetError(path, 0, "this file is empty.")
        skipped = lines.number - 1
        start += [line for line, _ in zip(lines, range(40))]
    best: tuple[list[str], str, int] = ([], ",", 0)
    for delimiter in (named,) if named else DELIMITERS:
        reader = csv.reader(start, delimiter=delimiter)
        try:
            names = next(reader)
        except csv.Error:
            continue
        if len(names) > len(best[0]):
            best = (names, delimiter, reader.line_num)
    names, delimiter, height = best
    if len(names) < 2:
        raise DatasetError(
            path, skipped + 1,
            "this header has one column only. Columns must be parted by a comma, a semicolon or a tab.",
        )  # fmt: skip
    return tuple(name.strip() for name in names), delimiter, skipped + height


_DAMAGED = "this gzip file is damaged or cut off. Export or copy it again."
