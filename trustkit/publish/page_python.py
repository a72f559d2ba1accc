"""Python for the pages: the runtime and our pure modules, laid out so that any web server can hold them.

A folder `python/` is published once for a site, beside its editions. It holds:

    manifest.json           what to load, with sizes; asked for anew each time
    worker.js               the worker of the page
    course-<hash>.zip       our modules, the same bytes whenever they are the same
    <version>/              the runtime, as it came, `.mjs` named `.js`
    NOTICE.txt              whose work it is, and its licence

The page asks for nothing outside this folder. A content security policy needs, for pages and for these files alike,
`script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'` (`'unsafe-eval'` is not needed), and no
COOP or COEP header. Plain http, any sub-path and a server that does not know the type of `.wasm` are all well.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import trustkit
from trustkit import environment

FOLDER = "python"
LOCK = "pyodide-lock.json"
"""Names the version and several hundred packages, none of which we publish: only the version goes to the page."""
PURE = ("__init__.py", "blocks.py", "panel.py", "simulators", "checkers")
"""What of this package the page runs: standard library only."""

NOTICE = f"""\
The folder {environment.PAGE_PYTHON_VERSION} holds Pyodide {environment.PAGE_PYTHON_VERSION}, unchanged but for the
file endings (.mjs is named .js). Licence: Mozilla Public License 2.0, https://www.mozilla.org/MPL/2.0/
Source: https://github.com/pyodide/pyodide

It contains CPython and its standard library. Licence: PSF License 2, https://docs.python.org/3/license.html
"""


def version() -> str:
    """Return the version of the runtime that can be published, or "" where there is none."""
    return environment.PAGE_PYTHON_VERSION if environment.has_page_python() else ""


def pure_files() -> Iterator[Path]:
    """Return the files of this package that the page runs, in order."""
    package = Path(trustkit.__file__).parent
    for name in PURE:
        path = package / name
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (file for file in found if file.suffix in (".py", ".toml"))


def course_archive() -> bytes:
    """Return our modules as a zip; the same files give the same bytes."""
    package = Path(trustkit.__file__).parent
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in pure_files():
            entry = zipfile.ZipInfo(f"trustkit/{file.relative_to(package).as_posix()}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, file.read_bytes())
    return target.getvalue()


def loaded_bytes() -> int:
    """Return how much a page loads at its first start."""
    folder = Path(environment.PAGE_PYTHON_FOLDER)
    return sum((folder / name).stat().st_size for name in environment.PAGE_PYTHON_FILES if name != LOCK)


def publish_page_python(target: Path) -> bool:
    """Make the folder `target` hold Python for the pages; files that are the same stay untouched.

    Returns:
        False, and no folder, where the runtime is not here (see `make setup`).
    """
    if not version():
        return False
    from trustkit import player

    source, archive = Path(environment.PAGE_PYTHON_FOLDER), course_archive()
    course = f"course-{hashlib.sha256(archive).hexdigest()[:12]}.zip"
    wanted: dict[str, bytes | Path] = {
        f"{version()}/{name.replace('.mjs', '.js')}": source / name
        for name in environment.PAGE_PYTHON_FILES
        if name != LOCK
    }
    files = [{"name": Path(name).name, "bytes": path.stat().st_size} for name, path in wanted.items()]
    files.append({"name": course, "bytes": len(archive)})
    lock = {"info": json.loads((source / LOCK).read_text(encoding="utf-8"))["info"], "packages": {}}
    manifest = {"runtime": version(), "course": course, "files": files, "lock": lock}
    wanted |= {
        course: archive,
        "worker.js": player.worker().encode(),
        "NOTICE.txt": NOTICE.encode(),
        "manifest.json": (json.dumps(manifest, indent=1) + "\n").encode(),
    }
    for name, content in wanted.items():
        _put(target / name, content)
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(target).as_posix() not in wanted:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return True


def _put(path: Path, content: bytes | Path) -> None:
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    # The runtime's files never change within a version.
    if path.is_file() and path.stat().st_size == size and (isinstance(content, Path) or path.read_bytes() == content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
    part.replace(path)
