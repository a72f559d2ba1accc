"""Builds zip archives for tests: honest ones with the standard library, hostile ones byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

NOON = datetime(2026, 11, 3, 12, 0, 0)


def packed(files: dict[str, bytes | str], moment: datetime = NOON) -> bytes:
    """Return an honest archive of files by name, all written at one moment (local time, as zip archives have it)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(_info(name, moment), content)
    return out.getvalue()


def write_zip(path: Path, files: dict[str, bytes | str], moment: datetime = NOON) -> Path:
    """Write an honest archive and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(files, moment))
    return path


def forged(*entries: dict) -> bytes:
    """Return an archive of entries that say what they like.

    An entry has `name` (bytes) and `data`, and may have `flags`, `method`, `mode` (Unix, 16 bits), `size`, `crc`,
    `extra` and `stream` (the packed bytes, where they do not come from `data`).
    """
    body, listing = bytearray(), bytearray()
    for entry in entries:
        data = entry.get("data", b"")
        method = entry.get("method", 8)
        stream = entry.get("stream", _deflated(data) if method == 8 else data)
        name, flags, extra = entry["name"], entry.get("flags", 0x800), entry.get("extra", b"")
        crc, size = entry.get("crc", zlib.crc32(data)), entry.get("size", len(data))
        day = (NOON.year - 1980) << 9 | NOON.month << 5 | NOON.day
        facts = struct.pack("<4H3L", flags, method, NOON.hour << 11, day, crc, len(stream), size)
        listing += b"PK\1\2" + struct.pack("<2H", 0x0314, 20) + facts
        listing += struct.pack("<5H2L", len(name), len(extra), 0, 0, 0, entry.get("mode", 0) << 16, len(body))
        listing += name + extra
        body += b"PK\3\4" + struct.pack("<H", 20) + facts + struct.pack("<2H", len(name), 0) + name + stream
    count = min(len(entries), 0xFFFF)
    end = b"PK\5\6" + struct.pack("<4H2LH", 0, 0, count, count, len(listing), len(body), 0)
    return bytes(body + listing + end)


def _deflated(data: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush()


def _info(name: str, moment: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, moment.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
