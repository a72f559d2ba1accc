"""Keeps every version of a hand-in that came by file, and puts the newest one where nbgrader grades."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.handed_in import fingerprint

PAGE_MARK = "page-hand-in.txt"
"""Stands in a submitted folder that was made from attempt files: its notebook is the untouched release."""

FILE_MARK = "file-hand-in.txt"
"""Stands in a submitted folder that came by file, and names the version that it is."""

_ABOUT = "hand-in.json"
_FILES = "files"
_STAMP, _FOLDER_STAMP = "%Y-%m-%d %H:%M:%S.%f UTC", "%Y%m%dT%H%M%S.%fZ"
_OURS = {PAGE_MARK, FILE_MARK, "timestamp.txt", "submission_secret.txt"}
"""Files that steer what is done with a submitted folder; nobody hands these in."""


@dataclass(frozen=True)
class Version:
    """One version of a hand-in: its folder, the moment from which it counts, and a digest of its files."""

    folder: Path
    moment: datetime
    digest: str


def is_page_made(folder: Path) -> bool:
    """Return whether a submitted folder was made from attempt files alone."""
    return (folder / PAGE_MARK).is_file()


def keep_version(kept: Path, files: Mapping[str, bytes], moment: datetime, about: Mapping[str, object]) -> bool:
    """Keep a version of a hand-in; returns False when it is known, that is, when nothing changed in between.

    Args:
        kept: `received/<assignment>/<student>` of a class.
        files: content by path inside the hand-in; the paths must be fit for the file system.
        moment: when it was handed in.
        about: where it came from, for the person who looks later.
    """
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode("utf-8", "surrogateescape"))
        digest.update(files[name])
    name = digest.hexdigest()[:12]
    before, after = [], []
    for version in versions(kept):
        same_second = version.moment.replace(microsecond=0) == moment.replace(microsecond=0)
        if same_second and version.digest == name:
            return False
        (before if version.moment <= moment or same_second else after).append(version)
    if before and before[-1].digest == name:
        return False
    if before and before[-1].moment >= moment:
        # an archive tells whole seconds: of two versions of one second that which comes later counts
        moment = before[-1].moment + timedelta(microseconds=1)
    folder = kept / f"{moment.astimezone(UTC).strftime(_FOLDER_STAMP)}-{name}"
    temporary = _fresh(folder)
    for path, content in files.items():
        target = temporary / _FILES / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    text = json.dumps({**about, "moment": moment.isoformat()}, ensure_ascii=False, indent=1) + "\n"
    (temporary / _ABOUT).write_text(text, encoding="utf-8", newline="\n")
    os.replace(temporary, folder)
    # the same files in a later archive are known already; that they are older than was thought is worth keeping
    return not (after and after[0].digest == name)


def versions(kept: Path) -> list[Version]:
    """Return the versions in `received/<assignment>/<student>`, oldest first."""
    found = []
    for about in kept.glob(f"*/{_ABOUT}"):
        stamp, _, digest = about.parent.name.rpartition("-")
        with contextlib.suppress(ValueError):
            moment = datetime.strptime(stamp, _FOLDER_STAMP).replace(tzinfo=UTC)
            found.append(Version(about.parent, moment, digest))
    return sorted(found, key=lambda version: (version.moment, version.digest))


def newest_version(kept: Path) -> Version | None:
    """Return the version that counts, with the moment at which these files were seen first."""
    known = versions(kept)
    if not known:
        return None
    newest = known[-1]
    for version in reversed(known):
        if version.digest != newest.digest:
            break
        newest = version
    return newest


def place_version(root: Path, student: str, assignment: str) -> bool:
    """Put the newest version into `submitted/<student>/<assignment>`, unless what is there is newer.

    A hand-in from JupyterLab that has to give way becomes a version itself, and its attempts stay with the new one.
    Returns whether anything changed.
    """
    kept = root / "received" / assignment / student
    newest = newest_version(kept)
    if newest is None:
        return False
    folder = root / "submitted" / student / assignment
    stamp = newest.moment.strftime(_STAMP)
    if folder.is_dir() and not is_page_made(folder):
        there = _text(folder / "timestamp.txt")
        placed = _text(folder / FILE_MARK).rsplit(" ", 1)[-1]
        by_file = bool(placed) and (kept / placed).is_dir()
        if by_file and placed.endswith(f"-{newest.digest}"):
            if there != stamp:
                (folder / "timestamp.txt").write_text(stamp, encoding="ascii")
            return False
        if there >= stamp:
            return False
        if not by_file:
            _keep_folder(kept, folder)
    temporary = _fresh(folder)
    shutil.copytree(newest.folder / _FILES, temporary, ignore=_leave_out(newest.folder / _FILES))
    _take_over_attempts(folder, temporary)
    note = f"This came by file. The version that stands here is {newest.folder.name}"
    (temporary / FILE_MARK).write_text(note, encoding="utf-8")
    (temporary / "timestamp.txt").write_text(stamp, encoding="ascii")
    (temporary / "submission_secret.txt").write_text(secrets.token_hex(64), encoding="ascii")
    if folder.is_dir():
        shutil.rmtree(folder)
    os.replace(temporary, folder)
    return True


def _keep_folder(kept: Path, folder: Path) -> None:
    try:
        moment = datetime.strptime(_text(folder / "timestamp.txt"), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        moment = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    target = kept / f"{moment.strftime(_FOLDER_STAMP)}-{fingerprint(folder)[:12]}"
    if target.is_dir():
        return
    temporary = _fresh(target)
    shutil.copytree(folder, temporary / _FILES, symlinks=True)
    text = json.dumps({"from": "JupyterLab", "moment": moment.isoformat()}, indent=1) + "\n"
    (temporary / _ABOUT).write_text(text, encoding="utf-8", newline="\n")
    os.replace(temporary, target)


def _take_over_attempts(old: Path, new: Path) -> None:
    """Copy the attempts of a hand-in that gives way: a later notebook does not undo what was played."""
    for path in sorted((old / "attempts").glob("*.json")):
        target = new / "attempts" / path.name
        if path.is_file() and not target.exists():
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)


def _fresh(folder: Path) -> Path:
    """Return an empty place beside a folder that is to be made, all or nothing."""
    temporary = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.parent.mkdir(parents=True, exist_ok=True)
    return temporary


def _leave_out(top: Path):
    def ours(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if name.casefold() in _OURS] if Path(folder) == top else []

    return ours


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else ""
