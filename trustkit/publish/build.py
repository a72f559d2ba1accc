"""Builds the book: both editions side by side, ready for any web server or to be opened as files."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustkit
from trustkit.company.overlay import STATIC, company_of
from trustkit.course import COMPANY, company_folder, course_root
from trustkit.lessons.check import lesson_gaps
from trustkit.publish.chooser import chooser_page
from trustkit.publish.lab import LIST, write_list
from trustkit.publish.page_python import FOLDER as PYTHON
from trustkit.publish.page_python import publish_page_python
from trustkit.publish.page_python import version as python_version
from trustkit.publish.stage import LANGUAGES, StageError, edition_config, source_path, stage
from trustkit.sphinxext.fingerprint import digest_of

EDITION = {"en": "English edition", "zh": "Chinese edition"}

INPUTS = ("book", "notebooks", "cases", "exercises/drills", "exercises/source", "datasets")
"""The folders of a course that a build reads, beside this package."""

Finish = Callable[[dict[str, Path], str], Callable[[str, bytes], bytes]]
"""See `build_book`."""

UNFINISHED = "unfinished"
"""Stands in the folder of an edition for as long as it is being built, and after a build that was broken off."""

NOT_INPUT = ("__pycache__", ".ipynb_checkpoints")
NOT_PUBLISHED = (".buildinfo", "objects.inv")


@dataclass(frozen=True)
class Problem:
    """Something that stands in the way of the build.

    Attributes:
        path: the file, relative to the course; "" where none is meant.
        line: its line, from 1; 0 where the file as a whole is meant.
        message: what is wrong and what to do.
    """

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line) if part)
        return f"{place}: {self.message}" if place else self.message


class BuildFailed(Exception):
    """The book could not be built; `problems` says why, and the site that was there is left as it was."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = list(problems)
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"The book was not built: {count} problem{'' if count == 1 else 's'}.\n{lines}")


def build_book(
    languages: Sequence[str] = LANGUAGES,
    out: Path | None = None,
    *,
    root: Path | None = None,
    trainers: bool = False,
    finish: Finish | None = None,
    say: Callable[[str], object] = print,
) -> Path:
    """Build the editions and the page that leads to them; return the folder with the site.

    Only what changed is built again, and a build without any change takes no time. Notebooks are run, and
    a cell that fails stops the build, as does every warning and every difference between the editions.

    Args:
        languages: the editions to publish, "en" and "zh".
        out: the folder for the site; `_build/site` of the course if not given (`_build/trainers/site` for trainers).
        root: the course folder; found by `course_root` if not given.
        trainers: add the pages for trainers, answer keys among them.
        finish: told, when the editions are built, where they stand and the digest of their sources; it returns what
            makes a page of an edition, by its place in the site, the page as it is published.
        say: takes progress lines.

    Raises:
        BuildFailed: something is wrong with the book; every problem is named with file and line.
        ValueError: a language that is not "en" or "zh", or none.
    """
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or not languages:
        named = ", ".join(unknown) or "(none named)"
        raise ValueError(f"There is no edition {named}. Editions: {', '.join(LANGUAGES)}.")
    languages = tuple(language for language in LANGUAGES if language in languages)
    root = (root or course_root()).resolve()
    work = root / "_build" / "trainers" if trainers else root / "_build"
    out = (out or work / "site").resolve()
    work.mkdir(parents=True, exist_ok=True)
    with _alone(work / "book.lock", say):
        began = time.monotonic()
        company = company_folder(root)
        inputs = [digest_of(_inputs(root, company), root), str(company or ""), *languages, python_version()]
        stamp = work / "book.json"
        current = _stored(stamp) == inputs
        if not current:
            stamp.unlink(missing_ok=True)
            _refuse_unsound(root, company, say)
            _build_editions(root, work, languages, say, trainers)
            stamp.write_text(json.dumps(inputs), encoding="utf-8")
        built = {language: work / "editions" / language / "html" for language in languages}
        finished = finish(built, inputs[0]) if finish else None
        for language in languages:
            _mirror(built[language], out / language, finished)
        publish_page_python(out / PYTHON)
        if not (out / LIST).is_file():
            # Pages ask it whether there is a lab; `publish` says so.
            write_list(out, {})
        _write_chooser(root, out, languages)
        say(
            "The book has not changed."
            if current
            else f"The book is ready after {time.monotonic() - began:.0f} s: {out / 'index.html'}"
        )
    return out


def _refuse_unsound(root: Path, company: Path | None, say: Callable[[str], object]) -> None:
    """Stop where the company's overlay has errors; say what else its check found."""
    if company is None:
        return
    from trustkit.company.check import check_company

    found = check_company(company, root)
    for one in found:
        if one.severity != "error":
            say(f"The company's overlay: {one}")
    if wrong := [one for one in found if one.severity == "error"]:
        raise BuildFailed([Problem(os.path.relpath(one.path, root), one.line, one.message) for one in wrong])


def _write_chooser(root: Path, out: Path, languages: Sequence[str]) -> None:
    titles = {language: edition_config(root, language)["title"] for language in languages}
    page = chooser_page(titles, (root / "book/_static/logo.svg").read_text(encoding="utf-8"), company_of(root))
    path = out / "index.html"
    if not path.is_file() or path.read_text(encoding="utf-8") != page:
        path.write_text(page, encoding="utf-8")


def _build_editions(
    root: Path, work: Path, languages: Sequence[str], say: Callable[[str], object], trainers: bool
) -> None:
    if set(languages) == set(LANGUAGES):
        from trustkit.sphinxext.parity import check_parity

        if differences := check_parity(root):
            raise BuildFailed([Problem(found.path, found.line, found.message) for found in differences])
    if gaps := lesson_gaps(root):
        raise BuildFailed([Problem(str(gap.path.relative_to(root)), gap.line, gap.message) for gap in gaps])
    _solve_cases(root, say)
    found: dict[str, list[Problem]] = {}
    runs: list[tuple[subprocess.Popen, threading.Thread]] = []
    try:
        for language in languages:
            staged, folder = work / "stage" / language, work / "editions" / language
            staged.mkdir(parents=True, exist_ok=True)
            folder.mkdir(parents=True, exist_ok=True)
            if company_folder(root) is None:
                # Sphinx leaves there what it once copied.
                shutil.rmtree(folder / "html" / "_static" / STATIC, ignore_errors=True)
            try:
                stage(root, language, staged, tuple(languages), trainers=trainers)
            except StageError as error:
                found[language] = [Problem("", 0, str(error))]
                continue
            if (folder / UNFINISHED).exists():
                _forget(folder)
            (folder / UNFINISHED).touch()
            process = _start(root, language, staged, folder)
            found[language] = []
            listener = threading.Thread(
                target=_listen, args=(process, root, staged, folder, language, found[language], say)
            )
            listener.start()
            runs.append((process, listener))
        for process, listener in runs:
            process.wait()
            listener.join()
    finally:
        for process, _ in runs:
            if process.poll() is None:
                process.terminate()
                process.wait()
    problems = list(dict.fromkeys(problem for language in languages for problem in found[language]))
    if problems:
        for language in languages:
            _forget(work / "editions" / language)
        raise BuildFailed(problems)
    for language in languages:
        (work / "editions" / language / UNFINISHED).unlink()


def _forget(folder: Path) -> None:
    """Let the next build of an edition look at all again: Sphinx stores what it knows before all is written."""
    (folder / "doctrees" / "environment.pickle").unlink(missing_ok=True)


def _solve_cases(root: Path, say: Callable[[str], object]) -> None:
    """Solve every case once, on all processors, before both editions ask for it at the same time."""
    # Where all is kept from before it takes no time and is not worth a line.
    notice = threading.Timer(1, say, ["Solving the cases …"])
    notice.start()
    # A process of its own: whoever builds may be a server with threads, which must not be forked. Where it fails,
    # the editions meet the same fault and say it with its place.
    subprocess.run(
        [sys.executable, "-m", "trustkit.publish.solving"],
        env={**os.environ, "TRUSTKIT_HOME": str(root), COMPANY: str(company_folder(root) or "")},
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    notice.cancel()


def _start(root: Path, language: str, staged: Path, folder: Path) -> subprocess.Popen:
    environment = os.environ | {
        "TRUSTKIT_HOME": str(root),
        COMPANY: str(company_folder(root) or ""),
        "TRUSTKIT_LANG": language,
        "PYTHONIOENCODING": "utf-8",
        # The debugger's remark about frozen modules would count as output of a cell.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    with open(folder / "build.log", "w", encoding="utf-8") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "trustkit.publish.edition", str(staged), str(folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=environment, text=True, encoding="utf-8",
        )  # fmt: skip


def _listen(
    process: subprocess.Popen,
    root: Path,
    staged: Path,
    folder: Path,
    language: str,
    problems: list[Problem],
    say: Callable[[str], object],
) -> None:
    assert process.stdout is not None
    crash, done = "", False
    for line in process.stdout:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if "say" in message:
            say(f"{EDITION[language]}: {message['say']}")
        elif "problem" in message:
            problems.append(_in_the_course(message["problem"], root, staged, language))
        elif "crash" in message:
            crash = message["crash"]
        elif "done" in message:
            done = True
            say(f"{EDITION[language]}: {message['done']} written")
    process.wait()
    if process.returncode or not done:
        if crash:
            with open(folder / "build.log", "a", encoding="utf-8") as log:
                log.write(crash)
        if not problems:
            last = crash.replace(f"{root}/", "").strip().splitlines()[-1:]
            last = last or [f"the process ended with status {process.returncode}"]
            problems.append(
                Problem("", 0, f"The {EDITION[language]} stopped: {last[0]}\n    All of it: {folder / 'build.log'}")
            )


def _in_the_course(problem: dict[str, Any], root: Path, staged: Path, language: str) -> Problem:
    path, message = problem["path"], problem["message"]
    for prefix in (f"{staged}/", f"{root}/"):
        message = message.replace(prefix, "")
    if path.startswith(f"{staged}/"):
        path = source_path(path.removeprefix(f"{staged}/"), language, root)
    return Problem(path.removeprefix(f"{root}/"), problem["line"], message)


def _inputs(root: Path, company: Path | None) -> Iterator[Path]:
    for name in ("_config.yml", "_toc.yml", "requirements.txt"):
        if (root / name).is_file():
            yield root / name
    played = root / "notebooks"
    folders = [*(root / name for name in INPUTS), Path(trustkit.__file__).parent, *([company] if company else ())]
    for folder in folders:
        for path in folder.rglob("*"):
            if not path.is_file() or any(part in NOT_INPUT for part in path.parts):
                continue
            if not (path.is_relative_to(played) and "attempts" in path.parts):
                yield path


def _stored(stamp: Path) -> object:
    try:
        return json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _mirror(source: Path, target: Path, finished: Callable[[str, bytes], bytes] | None = None) -> None:
    """Make `target` hold what `source` holds, its pages finished; files that are the same stay untouched."""
    wanted = set()
    for path in source.rglob("*"):
        name = path.relative_to(source)
        if not path.is_file() or path.name in NOT_PUBLISHED:
            continue
        wanted.add(name)
        copy = target / name
        if finished and path.suffix == ".html":
            _write(copy, finished(f"{target.name}/{name.as_posix()}", path.read_bytes()))
            continue
        if copy.is_file():
            new, old = path.stat(), copy.stat()
            if (new.st_size, new.st_mtime_ns) == (old.st_size, old.st_mtime_ns):
                continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        # In one move, since the site may be read while it is renewed.
        part = copy.with_name(f".{copy.name}.part")
        shutil.copy2(path, part)
        part.replace(copy)
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(target) not in wanted:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _write(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


@contextmanager
def _alone(path: Path, say: Callable[[str], object]) -> Iterator[None]:
    """Hold the lock of the build folder: two builds at once would spoil each other."""
    with open(path, "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another build of the book is running. Waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Build the book of the course that the working folder belongs to."""
    try:
        build_book()
    except BuildFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
