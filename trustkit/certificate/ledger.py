"""What a class keeps of its certificates: the secret key, and the list of those it has issued."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from trustkit.certificate.facts import FACTS, read_code

KEY_FILE = "certificate.key"
LIST_FILE = "certificates.csv"
COLUMNS = ("code", *FACTS, "sha256")
_KEY_BYTES = 32


class LedgerError(Exception):
    """The key or the list of a class is missing or cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Issued:
    """A line of the list: a certificate's code and facts, and the digest of its file."""

    code: str
    facts: dict[str, str]
    sha256: str


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hex digits."""
    return hashlib.sha256(content).hexdigest()


def make_key(folder: Path) -> bytes:
    """Return the key of a class; it is made once, for its owner's eyes alone.

    Raises:
        LedgerError: the key that is there cannot be read, or there are certificates and their key is gone.
    """
    path = folder / KEY_FILE
    if not path.exists() and (folder / LIST_FILE).exists():
        raise LedgerError(
            f"{path}: the key is missing, but certificates were issued with it. Put it back from your backup; with "
            f"another key they could not be verified. To begin anew, move {LIST_FILE} away first."
        )
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_key(folder)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")
    return read_key(folder)


def read_key(folder: Path) -> bytes:
    """Return the key of a class.

    Raises:
        LedgerError: there is none, or the file holds something else.
    """
    path = folder / KEY_FILE
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise LedgerError(
            f"{path}: there is no key here, so nothing can be said about certificates. Verify where the class is "
            "kept that issued them, or name its folder with --class."
        ) from None
    except OSError as error:
        raise LedgerError(f"{path}: the key cannot be read: {error.strerror}.") from None
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise LedgerError(f"{path}: this is not a key that the course made. Put it back from your backup.")
    return key


def read_list(folder: Path) -> list[Issued]:
    """Return the certificates that a class has issued, the latest last; none where there is no list.

    Raises:
        LedgerError: the list cannot be read.
    """
    path = folder / LIST_FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LedgerError(f"{path}: the list cannot be read: {error.strerror}.") from None
    try:
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise LedgerError(f"{path}: this is not a list in UTF-8. Put it back from your backup.") from None
    return [
        Issued(read_code(row.get("code") or "") or "", {name: row.get(name) or "" for name in FACTS}, row["sha256"])
        for row in rows
        if row.get("sha256") is not None
    ]


def add_to_list(folder: Path, issued: Issued) -> None:
    """Write a certificate at the end of the list, which opens with its names intact in a spreadsheet."""
    path = folder / LIST_FILE
    line = io.StringIO(newline="")
    writer = csv.DictWriter(line, COLUMNS)
    new = not path.exists()
    if new:
        writer.writeheader()
    writer.writerow({"code": issued.code, **issued.facts, "sha256": issued.sha256})
    with path.open("ab") as file:
        file.write(line.getvalue().encode("utf-8-sig" if new else "utf-8"))
    if new:
        path.chmod(0o600)
