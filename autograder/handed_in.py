"""Looks at collected hand-ins before they are graded: repairs what is certain, and says what a person must see to."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import shutil
from pathlib import Path


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
    expected = folder / f"{folder.name}.ipynb"
    note = ""
    if not expected.is_file():
        others = sorted(folder.glob("*.ipynb"))
        if len(others) == 1:
            shutil.copyfile(others[0], expected)
            note = f"The notebook was called `{others[0].name}`; a copy with the proper name is graded."
        elif others:
            names = ", ".join(f"`{path.name}`" for path in others)
            return f"There is no `{expected.name}`, but {names}. Rename the right one and grade again.", ""
        else:
            shutil.copyfile(release / expected.name, expected)
            sent = any(path.suffix == ".json" for path in folder.rglob("*"))
            note = "No notebook was handed in; the empty release is graded" + (" with the attempts." if sent else ".")
    problem, repaired = _read(expected)
    return problem, " ".join(filter(None, (note, repaired)))


def fingerprint(folder: Path, *others: Path) -> str:
    """Return a digest of every file of a submitted folder (and of other files), to see whether it changed."""
    digest = hashlib.sha256()
    for path in (*sorted(folder.rglob("*")), *others):
        if path.is_file():
            name = path.relative_to(folder) if path.is_relative_to(folder) else path.name
            digest.update(f"{name}\0{path.stat().st_size}\0".encode("utf-8", "surrogateescape"))
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    name = path.name
    if not raw.strip():
        return f"`{name}` is empty (0 bytes). Ask the trainee to save the notebook and submit it again.", ""
    encoding = next(
        (codec for mark, codec in (
            (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
        ) if raw.startswith(mark)),
        "utf-8",
    )  # fmt: skip
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
    except (json.JSONDecodeError, RecursionError):
        cut = not text.rstrip().endswith("}")
        what = "was saved only half-way: it breaks off in the middle" if cut else "is damaged: it is not valid JSON"
        return f"`{name}` {what}. Ask the trainee to save the notebook and submit it again.", ""
    fault = _fault(data)
    if fault:
        return f"`{name}` is not a notebook: {fault}. Ask the trainee to submit the notebook itself.", ""
    if encoding == "utf-8":
        return "", ""
    shutil.copyfile(path, path.with_name(name + ".as-received"))
    temporary = path.with_name(name + ".part")
    temporary.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    os.replace(temporary, path)
    return "", f"The notebook was saved as {encoding.upper()}; it was written again as UTF-8, the original is kept."


def _fault(data: object) -> str:
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        return "it has no cells"
    for number, cell in enumerate(data["cells"], start=1):
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
            return f"cell {number} is neither text nor code"
        source = cell.get("source")
        if not isinstance(source, str) and not (
            isinstance(source, list) and all(isinstance(row, str) for row in source)
        ):
            return f"cell {number} has no text"
        if not isinstance(cell.get("metadata", {}), dict):
            return f"cell {number} has broken metadata"
    return ""
