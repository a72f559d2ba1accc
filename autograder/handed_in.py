"""Looks at collected hand-ins before they are graded: repairs what is certain, and says what a person must see to."""

from __future__ import annotations

import codecs
import hashlib
import itertools
import json
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.role_play import CARRIED
from trustkit.attempts.record import export_document

MOST_BYTES = 20_000_000
"""Most bytes of a notebook that is graded."""
MOST_BYTES_TOGETHER = 100_000_000
"""Most bytes of all that is handed in together."""
MOST_CELLS = 5_000
"""Most cells of a notebook that is graded."""
_DEEPEST = 100
_LONGEST_NAME = 200
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_CELL_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")


def prepare(folder: Path, release: Path) -> tuple[str, str]:
    """Make a submitted folder ready to be graded, without losing anything of it.

    A notebook saved with a byte order mark or in UTF-16 is written again in UTF-8, the original kept beside
    it as `….as-received`; a renamed notebook is copied to its proper name; where there is none the released
    notebook is put in.

    Args:
        folder: `submitted/<student>/<assignment>`.
        release: `release/<assignment>`.

    Returns:
        A problem that keeps the hand-in from being graded, and a note on what was done; both may be empty.
    """
    try:
        return _prepare(folder, release)
    except OSError as error:
        name = shown(Path(os.fsdecode(error.filename)).name) if error.filename else folder.name
        return f"`{name}` cannot be read ({error.strerror}). Look at the folder {folder}.", ""


def _prepare(folder: Path, release: Path) -> tuple[str, str]:
    expected = folder / f"{folder.name}.ipynb"
    _open_up(folder)
    note = " ".join([*refuse_links(folder), *_set_strange_time_aside(folder)])
    if expected.is_dir():
        return f"`{expected.name}` is a folder, not a notebook. Ask the trainee to submit the notebook itself.", note
    if problem := _too_much(folder, expected):
        return problem, note
    if not expected.is_file():
        others = sorted(path for path in folder.glob("*.ipynb") if path.is_file())
        if len(others) == 1:
            shutil.copyfile(others[0], expected)
            note += f" The notebook was called `{shown(others[0].name)}`; a copy with the proper name is graded."
        elif others:
            names = ", ".join(f"`{shown(path.name)}`" for path in others)
            return f"There is no `{expected.name}`, but {names}. Rename the right one and grade again.", ""
        else:
            shutil.copyfile(release / expected.name, expected)
            sent = any(path.suffix == ".json" for path in folder.rglob("*"))
            note += " No notebook was handed in; the empty release is graded" + (" with the attempts." if sent else ".")
    problem, repaired = _read(expected)
    return problem, " ".join(filter(None, (note.strip(), repaired)))


def refuse_links(folder: Path) -> list[str]:
    """Remove what is neither a file nor a folder from a submitted folder: it would lead out of it, or hang.

    A link has no content of its own; where it led is written down beside its place. A file or folder whose name
    would not stay on one line of a log, or cannot be written at all, is renamed.

    Returns:
        A note on each, for the instructor.
    """
    refused = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            told = f"`{shown(path.name)}` was a link to `{shown(os.readlink(path))}`; links are not followed."
        elif path.is_dir() or path.is_file():
            continue
        else:
            told = f"`{shown(path.name)}` was neither a file nor a folder; it was taken out."
        path.unlink()
        refused.append((path, told))
    # only once no link is left is every name one in this folder
    for path, told in refused:
        _write_beside(path, told)
    return [*(told for _, told in refused), *_rename_strange(folder)]


def _rename_strange(folder: Path) -> list[str]:
    notes = []
    # what lies in a folder comes before the folder
    for path in sorted(folder.rglob("*"), reverse=True):
        name = shown(path.name)
        if name != path.name:
            free = next(
                other for number in itertools.count() if not (other := path.with_name(f"{number or ''}{name}")).exists()
            )
            os.rename(path, free)
            notes.append(f"`{free.name}` had signs in its name that cannot be shown; it was renamed.")
    return notes


def _write_beside(path: Path, told: str) -> None:
    name = os.fsencode(path.name)[:_LONGEST_NAME].decode("utf-8", "ignore")
    for number in itertools.count():
        try:
            with open(path.with_name(f"{name}{number or ''}.refused.txt"), "x", encoding="utf-8") as file:
                file.write(told + "\n")
            return
        except FileExistsError:
            continue


def shown(name: str) -> str:
    """Return a file's name as it can stand in a sentence: on one line, with nothing that turns its direction."""
    return "".join(sign if sign.isprintable() else "_" for sign in name[:_LONGEST_NAME])


def _open_up(folder: Path) -> None:
    """Let the owner read all that was handed in; some archives and copies keep it closed."""
    _open_to_owner(str(folder), os.R_OK | os.W_OK | os.X_OK)
    for here, folders, files in os.walk(folder):
        # a folder is looked into after this, and only if it is open by then
        for name in folders:
            _open_to_owner(os.path.join(here, name), os.R_OK | os.W_OK | os.X_OK)
        for name in files:
            _open_to_owner(os.path.join(here, name), os.R_OK)


def _open_to_owner(path: str, wanted: int) -> None:
    if not os.path.islink(path) and not os.access(path, wanted):
        os.chmod(path, os.stat(path).st_mode | (0o700 if wanted & os.X_OK else 0o600))


def _set_strange_time_aside(folder: Path) -> list[str]:
    from dateutil.parser import parse

    stamp = folder / "timestamp.txt"
    if not stamp.is_file():
        return []
    try:
        text = stamp.read_bytes()[:1000].decode("utf-8").strip()
        if text:
            parse(text)
        return []
    except (ValueError, OverflowError):
        when = datetime.fromtimestamp(stamp.stat().st_mtime, UTC)
        os.replace(stamp, stamp.with_name(f"{stamp.name}.as-received"))
        stamp.write_text(when.strftime("%Y-%m-%d %H:%M:%S.%f UTC"), encoding="ascii")
        return [f"`timestamp.txt` held no time; the file's own date is taken ({when:%Y-%m-%d %H:%M} UTC)."]


def _too_much(folder: Path, expected: Path) -> str:
    """Return what is too large to be graded, or an empty text."""
    if expected.is_file() and expected.stat().st_size > MOST_BYTES:
        megabytes = expected.stat().st_size / 1e6
        return (
            f"`{expected.name}` has {megabytes:,.0f} MB, and at most {MOST_BYTES / 1e6:,.0f} MB can be graded. Ask "
            "the trainee to clear the outputs (Kernel > Restart Kernel and Clear Outputs), save and submit again."
        )
    sizes = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    if sum(sizes.values()) > MOST_BYTES_TOGETHER:
        largest = max(sizes, key=sizes.__getitem__)
        return (
            f"What was handed in has {sum(sizes.values()) / 1e6:,.0f} MB, most of it in `{shown(largest.name)}`; at "
            f"most {MOST_BYTES_TOGETHER / 1e6:,.0f} MB can be graded. Ask the trainee to submit without large files."
        )
    return ""


def fingerprint(folder: Path, *others: Path) -> str:
    """Return a digest of every file of a submitted folder (and of other files), to see whether it changed."""
    digest = hashlib.sha256()
    for path in (*sorted(folder.rglob("*")), *others):
        if path.is_file():
            name = path.relative_to(folder) if path.is_relative_to(folder) else path.name
            digest.update(f"{name}\0{path.stat().st_size}\0".encode("utf-8", "surrogateescape"))
            digest.update(path.read_bytes())
    return digest.hexdigest()


def cell_ids(raw: bytes) -> frozenset[str]:
    """Return the ids of the marked cells of a notebook's file; none where it cannot be read."""
    try:
        data = json.loads(raw.decode(_encoding(raw)))
    except (ValueError, RecursionError):
        return frozenset()
    cells = data.get("cells") if isinstance(data, dict) else None
    found = set()
    for cell in cells if isinstance(cells, list) else ():
        metadata = cell.get("metadata") if isinstance(cell, dict) else None
        marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        name = marks.get("grade_id") if isinstance(marks, dict) else None
        if isinstance(name, str):
            found.add(name)
    return frozenset(found)


def carried_attempts(raw: bytes) -> bytes:
    """Return the attempts that a notebook from the browser carries in its outputs, as one export; b"" for none.

    Nothing of it is taken on trust: whoever takes it in replays it, like any file of attempts.
    """
    # most notebooks carry none, and reading them whole takes long
    if CARRIED.encode() not in raw:
        return b""
    try:
        cells = json.loads(raw.decode(_encoding(raw)))["cells"]
        outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
        found = [data[CARRIED] for data in outputs if CARRIED in data]
        # a cell that was run again holds some of them twice
        records = {json.dumps(record, sort_keys=True): record for one in found for record in one["attempts"]}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return b""
    return json.dumps(export_document("", list(records.values())), ensure_ascii=False).encode() if records else b""


def _read(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    name = path.name
    if not raw.strip():
        return f"`{name}` is empty (0 bytes). Ask the trainee to save the notebook and submit it again.", ""
    encoding = _encoding(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return (
            f"`{name}` is not in UTF-8, so its text cannot be read for certain. Ask the trainee to open it in "
            "JupyterLab, save it and submit it again, or convert the file.",
            "",
        )
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        cut = not text.rstrip().endswith("}")
        what = "was saved only half-way: it breaks off in the middle" if cut else "is damaged: it is not valid JSON"
        return f"`{name}` {what}. Ask the trainee to save the notebook and submit it again.", ""
    fault = _fault(data)
    if fault:
        return f"`{name}` is not a notebook: {fault}. Ask the trainee to submit the notebook itself.", ""
    notes = []
    if encoding != "utf-8":
        notes.append(f"The notebook was saved as {encoding.upper()}; it was written again as UTF-8")
    if _HALF_CHARACTER.search(text) and not _is_text(json.dumps(data, ensure_ascii=False)):
        notes.append("The notebook had half characters, which no file can hold; they were replaced")
    if not notes:
        return "", ""
    shutil.copyfile(path, path.with_name(name + ".as-received"))
    temporary = path.with_name(name + ".part")
    written = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    temporary.write_bytes(written.encode("utf-8", "replace"))
    os.replace(temporary, path)
    return "", ". ".join(notes) + ", the original is kept."


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _encoding(raw: bytes) -> str:
    marks = (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")
    return next((codec for mark, codec in marks if raw.startswith(mark)), "utf-8")


def _fault(data: object) -> str:
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        return "it has no cells"
    if len(data["cells"]) > MOST_CELLS:
        return f"it has {len(data['cells']):,} cells, and at most {MOST_CELLS:,} can be graded"
    if type(data.get("nbformat")) is not int or type(data.get("nbformat_minor", 0)) is not int:
        return "it does not say in which format it is"
    metadata = data.get("metadata", {})
    if not isinstance(metadata, dict) or not all(
        isinstance(metadata.get(name, {}), dict) for name in ("kernelspec", "language_info")
    ):
        return "its metadata are broken"
    if _depth(data) > _DEEPEST:
        return "its data are nested too deeply"
    for number, cell in enumerate(data["cells"], start=1):
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
            return f"cell {number} is neither text nor code"
        source = cell.get("source")
        if not isinstance(source, str) and not (
            isinstance(source, list) and all(isinstance(row, str) for row in source)
        ):
            return f"cell {number} has no text"
        metadata = cell.get("metadata", {})
        if not isinstance(metadata, dict) or not isinstance(metadata.get("nbgrader", {}), dict):
            return f"cell {number} has broken metadata"
        name = cell.get("id", "none")
        if not isinstance(name, str) or not _CELL_ID.fullmatch(name):
            return f"cell {number} has a broken id"
    return ""


def _depth(data: Any) -> int:
    """Return how deeply lists and mappings are nested, one more than allowed at most."""
    level, depth = [data], 0
    while level and depth <= _DEEPEST:
        inner = [one.values() if isinstance(one, dict) else one for one in level]
        level = [one for values in inner for one in values if isinstance(one, dict | list)]
        depth += 1
    return depth
