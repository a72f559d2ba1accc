"""Reads zip archives and folders that other systems made, one file at a time, and trusts nothing written in them."""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

_CHUNK = 65_536
_END, _END_64, _LOCATOR_64, _FILE, _LOCAL = b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\1\2", b"PK\3\4"
_STORED, _DEFLATED = 0, 8
_ZIP64, _UNIX_TIME, _UNICODE_PATH = 0x0001, 0x5455, 0x7075
_NOT_PORTABLE = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_JUNK = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini", ".ipynb_checkpoints", "__pycache__", ".git"}


class FileRefused(Exception):
    """A file, or a whole archive, that cannot be taken.

    Attributes:
        code: one of no-zip, cut-off, damaged, encrypted, method, link, unsafe-name, too-large, bomb, too-many,
            unreadable.
        message: the reason in words, and what to do.
    """

    def __init__(self, code: str, message: str):
        self.code, self.message = code, message
        super().__init__(message)


@dataclass(frozen=True)
class Limits:
    """How much is taken from an archive; far above any honest hand-in, since the gradebook takes 20 MB a file.

    Attributes:
        file: most bytes of one file, unpacked.
        hand_in: most bytes of all files of one hand-in.
        archive: most bytes unpacked from one archive.
        files: most files of one hand-in.
        entries: most entries of an archive.
        ratio: how many times its packed size a file of more than 1 MB may unpack to.
    """

    file: int = 20_000_000
    hand_in: int = 100_000_000
    archive: int = 4_000_000_000
    files: int = 1_000
    entries: int = 250_000
    ratio: int = 200


LIMITS = Limits()
_SMALL = 1_000_000
"""Below this many bytes no ratio does harm: an empty notebook cell repeated packs very well."""


@dataclass(frozen=True)
class Entry:
    """One file of an archive or folder, not yet read.

    Attributes:
        name: its name as it stands there, fit to be printed.
        parts: its path, part by part; nothing in it leads out of the archive.
        moment: when it was written, in UTC; None where the archive does not say.
        fetch: reads it, given the most bytes to take.
    """

    name: str
    parts: tuple[str, ...]
    moment: datetime | None
    fetch: Callable[[int], bytes] = field(repr=False)

    def read(self, most: int = LIMITS.file) -> bytes:
        """Return the content.

        Raises:
            FileRefused: it is larger than `most` bytes, damaged, encrypted, a link or a bomb.
        """
        return self.fetch(most)


@dataclass
class Contents:
    """What an archive or folder holds: `entries` to be read, and `refused` entries with the reason."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[tuple[Entry, FileRefused]] = field(default_factory=list)
    closing: ExitStack = field(default_factory=ExitStack, repr=False)

    def __enter__(self) -> Contents:
        return self

    def __exit__(self, *error: object) -> None:
        self.closing.close()


def open_zip(source: Path | bytes, limits: Limits = LIMITS, *, most_entries: int | None = None) -> Contents:
    """List a zip archive, given by its path or its bytes; entries are read when they are asked for.

    Whatever is wrong with one entry refuses that entry alone. Files that systems leave behind (`__MACOSX`,
    `.DS_Store`, notebook checkpoints) are passed over.

    Args:
        source: the archive. Use the result in a `with` statement where it is a path.
        limits: how much is taken.
        most_entries: most entries, where it is not `limits.entries`.

    Raises:
        FileRefused: this is no zip archive, it is cut off, or it has too many entries.
    """
    contents = Contents()
    with ExitStack() as stack:
        try:
            file = io.BytesIO(source) if isinstance(source, bytes) else stack.enter_context(source.open("rb"))
            records, rest = _directory(file, most_entries or limits.entries)
        except OSError as error:
            raise FileRefused("unreadable", f"the archive cannot be read: {error.strerror}.") from None
        for record in records:
            if record.is_folder or is_junk(record.parts):
                continue
            entry = Entry(record.shown, record.parts, record.moment, _unpacker(file, record, limits))
            if record.trouble:
                contents.refused.append((entry, record.trouble))
            else:
                contents.entries.append(entry)
        if rest:
            contents.refused.append((Entry("(the rest of the archive)", (), None, _never(rest)), rest))
        contents.closing = stack.pop_all()
    return contents


def list_folder(folder: Path) -> Contents:
    """List the files of a folder and the folders in it; links are refused, never followed."""
    contents = Contents()
    for place, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        linked = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted([*names, *linked]):
            path = Path(place) / name
            parts = path.relative_to(folder).parts
            if is_junk(parts):
                continue
            try:
                facts = path.lstat()
            except OSError as error:
                trouble = FileRefused("unreadable", f"the file cannot be read: {error.strerror}.")
                contents.refused.append((Entry(printable("/".join(parts)), parts, None, _never(trouble)), trouble))
                continue
            moment = datetime.fromtimestamp(int(facts.st_mtime), UTC)
            if stat.S_ISREG(facts.st_mode):
                entry = Entry(printable("/".join(parts)), parts, moment, _reader(path))
                contents.entries.append(entry)
            else:
                trouble = _no_file()
                entry = Entry(printable("/".join(parts)), parts, moment, _never(trouble))
                contents.refused.append((entry, trouble))
    return contents


def single_file(path: Path) -> Entry:
    """Return one file as an entry.

    Raises:
        FileRefused: it is no file, or not there.
    """
    try:
        facts = path.stat()
    except OSError as error:
        raise FileRefused("unreadable", f"the file cannot be read: {error.strerror}.") from None
    if not stat.S_ISREG(facts.st_mode):
        raise _no_file()
    return Entry(printable(path.name), (path.name,), datetime.fromtimestamp(int(facts.st_mtime), UTC), _reader(path))


def unportable(parts: tuple[str, ...]) -> str:
    """Return why no file of this path can be kept on every system (Windows is the strictest), or an empty text."""
    for part in parts:
        if any("\ud800" <= sign <= "\udfff" for sign in part):
            return "has a name in an encoding that is not known"
        if _NOT_PORTABLE.search(part):
            return 'has a sign in its name that not every system can store (< > : " | ? * or a control sign)'
        if _RESERVED.fullmatch(part.rstrip(" .")):
            return f"is called `{printable(part)}`, a name that Windows keeps for itself"
        if part != part.rstrip(" ."):
            return "has a name that ends with a full stop or a space, which Windows cannot store"
        if len(part.encode("utf-8", "surrogateescape")) > 150:
            return "has a name longer than 150 bytes"
    if len(parts) > 12 or sum(len(part) + 1 for part in parts) > 200:
        return "lies too deep in folders (more than 12 of them, or a path of more than 200 letters)"
    return ""


def is_junk(parts: tuple[str, ...]) -> bool:
    """Return whether a file is one that a system leaves behind and nobody handed in."""
    return any(part.casefold() in _JUNK or part.startswith(("._", "~$")) for part in parts)


def printable(text: str, most: int = 160) -> str:
    """Return a name from outside so that it can be shown: no control signs, not endless."""
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    return shown if len(shown) <= most else f"{shown[: most // 2]} … {shown[-most // 2 :]}"


# ---------------------------------------------------------------- the directory of a zip archive


@dataclass
class _Record:
    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    moment: datetime | None
    parts: tuple[str, ...] = ()
    shown: str = ""
    is_folder: bool = False
    trouble: FileRefused | None = None


def _directory(file: BinaryIO, most: int) -> tuple[list[_Record], FileRefused | None]:
    """Return the records of the central directory, and what is wrong with the rest of it."""
    length = file.seek(0, io.SEEK_END)
    tail = _at(file, max(0, length - 65_557), 65_557)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < 22:
        if _at(file, 0, 4) == _LOCAL:
            raise FileRefused("cut-off", "the archive is cut off: its end is missing. Download or copy it again.")
        raise FileRefused("no-zip", "this is no zip archive. Download it again, or pack the files as .zip.")
    count, size, offset = struct.unpack("<H2L", tail[place + 10 : place + 20])
    end = length - len(tail) + place
    if count == 0xFFFF or 0xFFFFFFFF in (size, offset):
        count, size, offset, end = _directory_64(file, end, count, size, offset)
    begin = end - size
    shift = begin - offset
    if begin < 0 or shift < 0:
        raise FileRefused("damaged", "the archive is damaged: its list of contents is not where it should be.")
    # A name takes at most 64 kB; an honest one far less. The list is held in memory, so it is bounded as well.
    if count > most or size > most * 1_000:
        raise FileRefused(
            "too-many", f"the archive has more than {most:,} entries ({count:,}). Pack only what is to be handed in."
        )
    listing = _at(file, begin, size)
    records: list[_Record] = []
    at = 0
    while at + 46 <= len(listing) and listing[at : at + 4] == _FILE and len(records) < most:
        fields = struct.unpack("<4s4B4H3L5H2L", listing[at : at + 46])
        flags, method, clock, day, crc, packed, unpacked, names, extras, comments = fields[5:15]
        raw = listing[at + 46 : at + 46 + names]
        extra = _extra_fields(listing[at + 46 + names : at + 46 + names + extras])
        at += 46 + names + extras + comments
        if at > len(listing):
            break
        unpacked, packed, start = _sizes_64(extra.get(_ZIP64, b""), unpacked, packed, fields[18])
        record = _Record(
            raw, flags, method, crc, packed, unpacked, shift + start, fields[17] >> 16, _moment(extra, day, clock)
        )
        _name(record, extra)
        records.append(record)
    rest = None
    if at != len(listing):
        rest = FileRefused("damaged", f"the list of contents breaks off after {len(records):,} entries.")
    return _without_namesakes(records), rest


def _directory_64(file: BinaryIO, end: int, count: int, size: int, offset: int) -> tuple[int, int, int, int]:
    locator = _at(file, max(0, end - 20), 20)
    if locator[:4] != _LOCATOR_64:
        return count, size, offset, end
    for place in (struct.unpack("<Q", locator[8:16])[0], end - 20 - 56):
        record = _at(file, place, 56) if 0 <= place < end else b""
        if len(record) == 56 and record[:4] == _END_64:
            return *struct.unpack("<3Q", record[32:56]), place
    raise FileRefused("damaged", "the archive is damaged: its list of contents cannot be found.")


def _extra_fields(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while len(data) >= 4:
        kind, size = struct.unpack("<2H", data[:4])
        found.setdefault(kind, data[4 : 4 + size])
        data = data[4 + size :]
    return found


def _sizes_64(data: bytes, *given: int) -> list[int]:
    values = []
    for value in given:
        if value == 0xFFFFFFFF and len(data) >= 8:
            value, data = struct.unpack("<Q", data[:8])[0], data[8:]
        values.append(value)
    return values


def _moment(extra: dict[int, bytes], day: int, clock: int) -> datetime | None:
    stamp = extra.get(_UNIX_TIME, b"")
    if len(stamp) >= 5 and stamp[0] & 1:
        return datetime.fromtimestamp(struct.unpack("<L", stamp[1:5])[0], UTC)
    year = 1980 + (day >> 9)
    try:
        # without the extra field a zip archive tells the time of the clock on the wall; that of this machine is assumed
        local = datetime(year, day >> 5 & 15, day & 31, clock >> 11, clock >> 5 & 63, min((clock & 31) * 2, 59))
        return local.astimezone(UTC) if year > 1980 else None
    except (ValueError, OverflowError, OSError):
        return None


def _name(record: _Record, extra: dict[int, bytes]) -> None:
    """Decode the name, split it, and note what makes the entry one that is not taken."""
    name = _decoded(record.raw, record.flags, extra.get(_UNICODE_PATH, b""))
    record.shown = printable(name)
    record.is_folder = name.endswith("/")
    record.parts = tuple(part for part in name.split("/") if part not in ("", "."))
    kind = stat.S_IFMT(record.mode)
    if "\\" in name:
        why = "has a backslash in its name; pack the files again with another program, such as 7-Zip"
    elif name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in record.parts or not record.parts:
        why = "has a name that leads out of the archive; nobody's program does that by accident. Ask who packed it"
    elif "\0" in name:
        why = "has an invisible sign in its name that hides the rest of it. Ask who packed it"
    else:
        why = ""
    if why:
        record.trouble = FileRefused("unsafe-name", f"the entry {why}.")
    elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        record.trouble = _no_file()
    elif record.flags & 0x41:
        record.trouble = FileRefused(
            "encrypted", "the entry is locked with a password. Ask for the file without one, and collect that."
        )
    elif record.method not in (_STORED, _DEFLATED):
        record.trouble = FileRefused(
            "method", f"the entry is packed by a method that is not read here ({record.method}). Pack it as plain .zip."
        )


def _decoded(raw: bytes, flags: int, unicode_path: bytes) -> str:
    if len(unicode_path) > 5 and unicode_path[0] == 1 and struct.unpack("<L", unicode_path[1:5])[0] == zlib.crc32(raw):
        raw = unicode_path[5:]
    try:
        # not only with the flag: the archivers of macOS write UTF-8 and do not say so
        return unicodedata.normalize("NFC", raw.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    old = raw.decode("cp437")
    # Chinese Windows writes GBK, which read as the old table gives lines and blocks where letters should be
    if any(unicodedata.category(sign)[0] == "S" for sign in old if sign > "\x7f"):
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return old


def _without_namesakes(records: list[_Record]) -> list[_Record]:
    seen: dict[tuple[str, ...], str] = {}
    for record in records:
        if record.is_folder or record.trouble:
            continue
        key = tuple(part.casefold() for part in record.parts)
        other = seen.setdefault(key, record.shown)
        if other is not record.shown:
            how = "the same name" if other == record.shown else f"the same name but for capitals (`{other}`)"
            record.trouble = FileRefused(
                "same-name", f"an earlier entry of the archive has {how}; only the first is taken. Compare the two."
            )
    return records


# ---------------------------------------------------------------- reading, and stopping in time


def _unpacker(file: BinaryIO, record: _Record, limits: Limits) -> Callable[[int], bytes]:
    def unpack(most: int) -> bytes:
        if record.trouble and record.trouble.code not in ("unsafe-name", "same-name"):
            raise record.trouble
        if record.size > most:
            raise _too_large(most)
        try:
            return _unpacked(file, record, most, limits.ratio)
        except (zlib.error, struct.error, EOFError):
            raise _damaged() from None
        except OSError as error:
            raise FileRefused("unreadable", f"the archive cannot be read: {error.strerror}.") from None

    return unpack


def _unpacked(file: BinaryIO, record: _Record, most: int, ratio: int) -> bytes:
    head = _at(file, record.offset, 30)
    if head[:4] != _LOCAL or len(head) < 30:
        raise _damaged()
    names, extras = struct.unpack("<2H", head[26:30])
    file.seek(record.offset + 30 + names + extras)
    left, read, made = record.packed, 0, bytearray()
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if record.method == _DEFLATED else None
    while left and not (inflate and inflate.eof):
        chunk = file.read(min(left, _CHUNK))
        if not chunk:
            raise _damaged()
        left, read = left - len(chunk), read + len(chunk)
        while chunk:
            # what the archive says about the size is a claim; what comes out is counted
            made += inflate.decompress(chunk, _CHUNK) if inflate else chunk
            chunk = inflate.unconsumed_tail if inflate else b""
            if len(made) > most:
                raise _too_large(most)
            if len(made) > _SMALL and len(made) > ratio * read:
                raise FileRefused(
                    "bomb", f"the entry unpacks to more than {ratio} times its size, as no hand-in does. "
                    "Ask for the file itself, not packed.",
                )  # fmt: skip
    if inflate:
        made += inflate.flush(_CHUNK)
    if len(made) != record.size or zlib.crc32(made) != record.crc or (inflate and not inflate.eof):
        raise _damaged()
    return bytes(made)


def _reader(path: Path) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        try:
            with path.open("rb") as file:
                content = file.read(most + 1)
        except OSError as error:
            raise FileRefused("unreadable", f"the file cannot be read: {error.strerror}.") from None
        if len(content) > most:
            raise _too_large(most)
        return content

    return read


def _never(trouble: FileRefused) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        raise trouble

    return read


def _at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)


def _too_large(most: int) -> FileRefused:
    return FileRefused(
        "too-large", f"the file is larger than {most:,} bytes. Ask for the notebook without what is not needed."
    )


def _damaged() -> FileRefused:
    return FileRefused("damaged", "the entry is damaged in the archive. Download it again, or ask for the file again.")


def _no_file() -> FileRefused:
    return FileRefused("link", "this is a link or a device and no file. Ask for the file itself.")
