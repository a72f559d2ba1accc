"""Packs the published course into one zip that opens on a machine without a network, and on one without a server."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from trustkit.publish.stamp import Stamp

TOP = "course"
"""The folder in the zip that holds the site; what a person opens stands beside it."""

LAUNCHERS = Path(__file__).with_name("launchers")
_MADE = (1980, 1, 1, 0, 0, 0)
"""The oldest time a zip can hold, for every file: the same course is the same file."""
_FILE, _PROGRAM = 0o100644 << 16, 0o100755 << 16
_UNIX = 3
_PACKED = frozenset({".whl", ".zip", ".png", ".woff2", ".pdf", ".gz"})
"""What is packed already and would only cost time."""


def pack(site: Path, target: Path) -> Path:
    """Write the zip; the same site makes the same bytes.

    Args:
        site: the published folder.
        target: the file to write.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.resolve() != target.resolve())
    with zipfile.ZipFile(part, "w") as archive:
        for name, text in launchers(_stamp_of(site)).items():
            _add(archive, name, text.encode("utf-8"), _PROGRAM if name.endswith((".command", ".sh")) else _FILE)
        for path in files:
            _add(archive, f"{TOP}/{path.relative_to(site).as_posix()}", path.read_bytes(), _FILE)
    part.replace(target)
    return target


def _stamp_of(site: Path) -> Stamp:
    told = json.loads((site / "version.json").read_text(encoding="utf-8"))
    return Stamp(told["kit"], told["date"], told["edition"])


def launchers(stamp: Stamp) -> dict[str, str]:
    """Return what a person opens, by file name: one file for each system, and the READ-ME.

    Args:
        stamp: which version it is.
    """
    serve = (LAUNCHERS / "serve.py").read_text(encoding="utf-8").strip()
    found = {}
    for path in sorted(LAUNCHERS.iterdir()):
        if path.suffix not in (".bat", ".command", ".sh", ".txt"):
            continue
        text = path.read_text(encoding="utf-8").replace("{version}", str(stamp)).replace("{serve}", serve)
        # What Windows runs or shows in its Notepad needs Windows' line ends.
        found[path.name] = text.replace("\n", "\r\n") if path.suffix in (".bat", ".txt") else text
    return found


def _add(archive: zipfile.ZipFile, name: str, content: bytes, rights: int) -> None:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.create_system, entry.external_attr = _UNIX, rights
    packed = Path(name).suffix in _PACKED
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
