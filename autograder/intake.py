"""Takes in files one by one: reads them, sorts them, keeps what is good, and says what is wrong with the rest."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.archives import (
    Contents,
    Entry,
    FileRefused,
    Limits,
    list_folder,
    open_zip,
    printable,
    single_file,
    unportable,
)
from autograder.attribution import Assignments, Unclear, namesakes, student_of
from autograder.handed_in import carried_attempts
from autograder.lms_names import Submitter, read_names
from autograder.roster import Roster
from autograder.versions import keep_version
from trustkit.attempts.record import MOST_BYTES, AttemptRefused, Refusal, parse_attempts, write_attempt
from trustkit.attempts.replay import replay

_OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_ATTEMPTS = "attempts/\0"
"""Where attempts will lie: no other file may have the name of that folder."""

_NOT_KEPT = ("too-large", "too-many", "bomb", "names-itself")
"""What is refused for these reasons stays where it is: it is too much, or nothing is wrong with it."""


@dataclass
class Received:
    """What came of taking in files.

    Attributes:
        taken: number of new attempts by (student, assignment).
        notebooks: (student, assignment) of each new version of a notebook.
        known: number of attempts and notebooks that had been handed in before.
        refused: path, code and reason, for each refused file, attempt or trainee.
        passed_over: path and reason of what is no hand-in, such as text typed into Moodle.
        rows: rows to be completed and pasted into roster.csv, for people whom the roster does not know.
    """

    taken: dict[tuple[str, str], int] = field(default_factory=dict)
    notebooks: list[tuple[str, str]] = field(default_factory=list)
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)
    passed_over: list[tuple[Path, str]] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """One line on all of it."""
        taken = f"{_counted(len(self.notebooks), 'notebook')} and {_counted(sum(self.taken.values()), 'attempt')}"
        return f"Taken: {taken}. Known already: {self.known}. Refused: {len(self.refused)}."


@dataclass
class _File:
    """A file of a hand-in: where it comes from, its path inside the hand-in, and its content once it is read."""

    entry: Entry
    parts: tuple[str, ...]
    order: int = 0
    content: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        return "/".join(self.parts)

    def ends_with(self, *endings: str) -> bool:
        return self.parts[-1].casefold().endswith(endings)


@dataclass
class _Source:
    """An archive, a folder or a file: its path, what may still be unpacked, and how many trainees bring nothing new."""

    path: Path
    moment: datetime
    left: int
    unchanged: int = 0

    def place(self, entry: Entry | None) -> Path:
        if entry is None or entry.name == self.path.name:
            return self.path
        return Path(f"{self.path}/{entry.name}")

    def shown(self, name: str = "") -> str:
        return printable(self.path.name) + (f": {name}" if name and name != self.path.name else "")


class Intake:
    """One round of taking in files; see `autograder.collect.receive_files` for the arguments."""

    def __init__(
        self, root: Path, roster: Roster, activities: dict[str, tuple[str, ...]], say: Callable[[str], None],
        student: str | None, assignment: str | None, limits: Limits,
    ):  # fmt: skip
        self.root, self.roster, self.activities, self.say = root, roster, activities, say
        self.student, self.assignment, self.limits = student, assignment, limits
        self.received = Received()
        self.assignments = Assignments(root, activities)

    # ---------------------------------------------------------------- sources

    def take(self, path: Path) -> None:
        """Take in one argument of the command: a folder, an archive, or a file."""
        source = _Source(path, _modified(path), self.limits.archive)
        try:
            if path.is_dir():
                with list_folder(path) as contents:
                    self._take_contents(source, contents, in_folder=True)
            elif path.suffix.casefold() == ".zip":
                with open_zip(path, self.limits) as contents:
                    self._take_contents(source, contents)
            elif path.suffix.casefold() in _OTHER_ARCHIVES:
                raise FileRefused(
                    "no-zip", "only .zip archives are read. Unpack it and collect the folder, or pack it as .zip."
                )
            elif path.suffix.casefold() == ".ipynb" or self.student:
                entry = single_file(path)
                self._take_hand_in(source, [_File(entry, entry.parts)], self.student)
            else:
                self._take_attempts_of_anybody(source, path)
        except FileRefused as error:
            self._refuse(source, None, error.code, error.message)
        if source.unchanged:
            self.say(f"Received: {source.shown()}: nothing new from {_counted(source.unchanged, 'trainee')}.")

    def _take_contents(self, source: _Source, contents: Contents, *, in_folder: bool = False) -> None:
        names = read_names([entry.parts for entry in contents.entries])
        if self.student and any(names):
            self._refuse(
                source, None, "names-itself",
                "its files say whose they are, so --student would give all of them to one person. Leave it out.",
            )  # fmt: skip
            return
        for entry, error in contents.refused:
            self._refuse(source, entry, error.code, error.message)
        hand_ins: dict[Submitter, list[_File]] = {}
        people: dict[str, list[_File]] = {}
        for entry, name in zip(contents.entries, names, strict=True):
            if name is None:
                self._sort_nameless(source, entry, people, in_folder)
            elif name.passed_over:
                self._pass_over(source, entry, name.passed_over)
            else:
                hand_ins.setdefault(name.submitter, []).append(_File(entry, name.parts, name.order))
        for student, files in people.items():
            self._take_hand_in(source, files, student)
        self._take_submitters(source, hand_ins)

    def _sort_nameless(self, source: _Source, entry: Entry, people: dict[str, list[_File]], in_folder: bool) -> None:
        kind = Path(entry.parts[-1]).suffix.casefold()
        if self.student:
            people.setdefault(self.student, []).append(_File(entry, entry.parts))
        elif len(entry.parts) > 1 and entry.parts[0] in self.roster.names:
            people.setdefault(entry.parts[0], []).append(_File(entry, entry.parts[1:]))
        elif kind == ".json":
            self._take_loose_attempts(source, entry)
        elif kind == ".zip" and in_folder:
            self.take(source.path.joinpath(*entry.parts))
        elif kind in (".ipynb", ".zip"):
            self._refuse(
                source, entry, "unknown-student",
                "nothing says whose this is. Collect it alone with --student and the student's id.",
            )  # fmt: skip
        elif not in_folder:
            self._pass_over(source, entry, "nothing says whose this is, and it is neither a notebook nor attempts")

    def _take_submitters(self, source: _Source, hand_ins: dict[Submitter, list[_File]]) -> None:
        whose: dict[Submitter, str] = {}
        unclear: dict[Submitter, Unclear] = {}
        for submitter in hand_ins:
            try:
                whose[submitter] = student_of(submitter, self.roster)
            except Unclear as error:
                unclear[submitter] = error
        unclear |= namesakes(whose, self.roster)
        for submitter, files in hand_ins.items():
            error = unclear.get(submitter)
            if error is None:
                self._take_hand_in(source, files, whose[submitter], submitter)
                continue
            if error.row and error.row not in self.received.rows:
                self.received.rows.append(error.row)
            self._refuse_all(source, files, error.code, error.message, _named(submitter))

    # ---------------------------------------------------------------- a hand-in

    def _take_hand_in(
        self, source: _Source, files: list[_File], student: str | None, submitter: Submitter | None = None
    ) -> None:
        """Take everything that one trainee handed in with one archive, folder or file."""
        who = _named(submitter) if submitter else student or ""
        if student is None:
            self._refuse_all(
                source, files, "unknown-student",
                "nothing says whose this is. Collect it again with --student and the student's id.", who,
            )  # fmt: skip
            return
        if len(files) > self.limits.files:
            self._refuse(
                source, None, "too-many",
                f"{len(files):,} files of one trainee; at most {self.limits.files:,} are taken. Ask for the notebook "
                "and the attempts only.", who,
            )  # fmt: skip
            return
        read = self._read(source, files)
        read += [carried for file in read if (carried := _carried_by(file))]
        notebooks, others = self._by_assignment(source, read)
        news: list[str] = []
        rest = []
        attempts: dict[str, int] = {}
        practice: list[tuple[_File, AttemptRefused]] = []  # attempts that no assignment asks for
        for file in others:
            if not file.ends_with(".json") or not self._take_attempts(
                source, file, student, attempts, practice, with_notebook=bool(notebooks)
            ):
                rest.append(file)
        self._tell_of_practice(source, practice, refuse=not (notebooks or attempts))
        for assignment, found in notebooks.items():
            self._keep_notebooks(source, student, assignment, found, rest, notebooks, news)
        # what lies beside no notebook of this hand-in cannot be graded, and is not thrown away either
        homes = [found[-1].parts[:-1] for found in notebooks.values()]
        for file in rest:
            if len(notebooks) != 1 and _home_of(file, homes) is None:
                why = (
                    "nothing says to which of the assignments this belongs"
                    if notebooks else "this is neither a notebook of a released assignment, nor attempts, nor a .zip"
                )  # fmt: skip
                self._refuse(source, file, "not-collected", f"{why}. Ask the trainee what it is.")
        for assignment, count in attempts.items():
            if count:
                news.append(f"{assignment}, {_counted(count, 'new attempt')}")
        if news:
            self.say(f"Received: {source.shown()}: {student}, {'; '.join(news)}.")
        elif notebooks or attempts:
            source.unchanged += 1

    def _read(self, source: _Source, files: list[_File]) -> list[_File]:
        """Read the files of a hand-in, opening zip archives among them, and refuse those that cannot be kept."""
        found: list[_File] = []
        room = self.limits.hand_in
        for file in self._unpacked(source, files):
            if len(found) == self.limits.files:
                why = f"the hand-in has more than {self.limits.files:,} files; the rest of them is not taken."
                self._refuse(source, None, "too-many", why, printable(files[0].entry.name))
                break
            why = unportable(file.parts)
            try:
                if why:
                    raise FileRefused("unsafe-name", f"the file {why}. Rename it, and collect it with --student.")
                file.content = file.content or self._fetch(source, file.entry, room)
            except FileRefused as error:
                self._refuse(source, file, error.code, error.message)
                continue
            room -= len(file.content)
            found.append(file)
        return found

    def _unpacked(self, source: _Source, files: list[_File]) -> Iterator[_File]:
        for file in files:
            if not file.ends_with(".zip"):
                yield file
                continue
            try:
                inner = open_zip(
                    self._fetch(source, file.entry, self.limits.hand_in), self.limits, most_entries=self.limits.files
                )
            except FileRefused as error:
                self._refuse(source, file, error.code, error.message)
                continue
            for entry, error in inner.refused:
                self._refuse(source, _within(file, entry), error.code, error.message)
            for entry in inner.entries:
                packed = _within(file, entry)
                if packed.ends_with(".zip"):
                    why = "this is a zip archive in a zip archive in an archive. Ask for the files themselves."
                    self._refuse(source, packed, "nested", why)
                else:
                    yield packed

    def _fetch(self, source: _Source, entry: Entry, room: int) -> bytes:
        most = min(self.limits.file, room, source.left)
        try:
            content = entry.read(most)
        except FileRefused as error:
            if error.code != "too-large" or most == self.limits.file:
                raise
            if most == source.left:
                raise FileRefused(
                    "too-large", f"more than {self.limits.archive:,} bytes came out of this archive. Collect the "
                    "hand-ins in several archives.",
                ) from None  # fmt: skip
            raise FileRefused(
                "too-large", f"the hand-in has more than {self.limits.hand_in:,} bytes in all. Ask for the notebook "
                "and the attempts only.",
            ) from None  # fmt: skip
        source.left -= len(content)
        return content

    # ---------------------------------------------------------------- notebooks

    def _by_assignment(self, source: _Source, files: list[_File]) -> tuple[dict[str, list[_File]], list[_File]]:
        """Return the notebooks by assignment, the one that counts last, and all other files."""
        found: dict[str, list[_File]] = {}
        others: list[_File] = []
        alone = sum(file.ends_with(".ipynb") for file in files) == 1
        for file in files:
            if not file.ends_with(".ipynb"):
                others.append(file)
                continue
            try:
                assignment = self.assignments.of(file.content, file.parts[-1], self.assignment, only_one=alone)
            except Unclear as error:
                if error.code == "unknown-assignment" and not alone:
                    others.append(file)  # a notebook of the trainee's own, beside the one that is handed in
                else:
                    self._refuse(source, file, error.code, error.message)
                continue
            if not any(file.content == other.content for other in found.get(assignment, ())):
                found.setdefault(assignment, []).append(file)
        for assignment, several in list(found.items()):
            if len(several) < 2:
                continue
            proper = [file for file in several if file.parts[-1].casefold() == f"{assignment}.ipynb"]
            if all(file.order for file in several):
                several.sort(key=lambda file: file.order)
            elif len(proper) == 1:
                aside = [file for file in several if file is not proper[0]]
                names = ", ".join(f"`{printable(file.path)}`" for file in aside)
                self.say(f"  {source.shown(proper[0].entry.name)}: the notebook of that name counts, not {names}.")
                found[assignment] = proper
                others += aside
            else:
                names = ", ".join(f"`{printable(file.path)}`" for file in several)
                for file in found.pop(assignment):
                    self._refuse(
                        source, file, "unclear-notebook",
                        f"the hand-in has several notebooks of {assignment} ({names}). Collect the one that counts "
                        "alone, with --student.",
                    )  # fmt: skip
        return found, others

    def _keep_notebooks(
        self, source: _Source, student: str, assignment: str, found: list[_File], rest: list[_File],
        notebooks: dict[str, list[_File]], news: list[str],
    ) -> None:  # fmt: skip
        """Keep each version of a notebook; the files beside it go with the newest."""
        homes = [several[-1].parts[:-1] for several in notebooks.values()]
        beside = [file for file in rest if len(notebooks) == 1 or _home_of(file, homes) == found[-1].parts[:-1]]
        for number, notebook in enumerate(found):
            last = number == len(found) - 1
            together = [notebook, *beside] if last else [notebook]
            files = {f"{assignment}.ipynb": notebook.content}
            for file in together[1:]:
                path, number_of_other = _relative(file.parts, notebook.parts[:-1]), 0
                # two folders of one hand-in may hold files of one name; none of them may hide the other
                while _clashes(path, [*files, _ATTEMPTS]):
                    number_of_other += 1
                    path = f"other-{number_of_other}/{file.path}"
                files[path] = file.content
            known = [file.entry.moment for file in together if file.entry.moment]
            moment = min(max(known, default=source.moment), datetime.now(UTC).replace(microsecond=0))
            about = {"from": printable(source.path.name), "notebook": printable(notebook.entry.name)}
            if keep_version(self.root / "received" / assignment / student, files, moment, about):
                self.received.notebooks.append((student, assignment))
                renamed = notebook.parts[-1] != f"{assignment}.ipynb"
                called = f" (it was called `{printable(notebook.parts[-1])}`)" if renamed else ""
                news.append(f"{assignment}, a notebook{called}")
            else:
                self.received.known += 1

    # ---------------------------------------------------------------- attempts

    def _take_attempts(
        self, source: _Source, file: _File, student: str, counts: dict[str, int],
        practice: list[tuple[_File, AttemptRefused]], *, with_notebook: bool,
    ) -> bool:  # fmt: skip
        """Take the attempts of a file that a known trainee handed in; returns False for a file of another kind."""
        looks_like_attempts = "attempts" in file.parts[:-1] or "attempt" in file.parts[-1].casefold()
        for outcome in self._outcomes(file.content, student):
            if isinstance(outcome, AttemptRefused):
                if outcome.code in ("wrong-format", "too-large") and with_notebook and not looks_like_attempts:
                    return False
                if outcome.code == "unknown-activity":
                    practice.append((file, outcome))
                    continue
                self._refuse(source, file, outcome.code, outcome.message)
            else:
                self._write(outcome, counts)
        return True

    def _tell_of_practice(
        self, source: _Source, practice: list[tuple[_File, AttemptRefused]], *, refuse: bool
    ) -> None:  # fmt: skip
        if refuse:
            for file, error in practice:
                self._refuse(source, file, error.code, error.message)
            return
        counts = {file.entry: 0 for file, _ in practice}
        for file, _ in practice:
            counts[file.entry] += 1
        for entry, count in counts.items():
            why = f"{_counted(count, 'attempt')} for practice, which no released assignment asks for"
            self._pass_over(source, entry, why)

    def _take_loose_attempts(self, source: _Source, entry: Entry) -> None:
        try:
            content = self._fetch(source, entry, self.limits.hand_in)
        except FileRefused as error:
            self._refuse(source, entry, error.code, error.message)
            return
        self._report_attempts(source, entry, content)

    def _take_attempts_of_anybody(self, source: _Source, path: Path) -> None:
        entry = single_file(path)
        try:
            content = entry.read(MOST_BYTES)
        except FileRefused as error:
            if error.code != "too-large":
                raise
            message = f"the file has more than {MOST_BYTES:,} bytes; it is no attempt file."
            raise FileRefused("too-large", message) from None
        self._report_attempts(source, entry, content)

    def _report_attempts(self, source: _Source, entry: Entry, content: bytes) -> None:
        taken: dict[tuple[str, str], int] = {}
        known = self.received.known
        for outcome in self._outcomes(content, None):
            if isinstance(outcome, AttemptRefused):
                self._refuse(source, _File(entry, entry.parts, content=content), outcome.code, outcome.message)
            elif self._write(outcome, {}):
                taken[outcome[:2]] = taken.get(outcome[:2], 0) + 1
        for (student, assignment), count in taken.items():
            self.say(
                f"Received: {printable(entry.parts[-1])}: {student}, {assignment}, {_counted(count, 'new attempt')}."
            )
        if self.received.known > known and not taken:
            count = _counted(self.received.known - known, "attempt")
            self.say(f"Received: {printable(entry.parts[-1])}: nothing new, {count} had been handed in before.")

    def _write(self, outcome: tuple[str, str, dict], counts: dict[str, int]) -> bool:
        student, assignment, record = outcome
        folder = self.root / "received" / assignment / student
        before = len(list(folder.glob("*.json")))
        write_attempt(folder, record)
        new = len(list(folder.glob("*.json"))) > before
        if new:
            self.received.taken[student, assignment] = self.received.taken.get((student, assignment), 0) + 1
        else:
            self.received.known += 1
        counts[assignment] = counts.get(assignment, 0) + new
        return new

    def _outcomes(self, content: bytes, handed_in_by: str | None) -> Iterator[tuple[str, str, dict] | AttemptRefused]:
        """Yield each attempt of a file with its student and assignment, or the reason why it is refused."""
        try:
            records = parse_attempts(content)
            if not records:
                raise AttemptRefused(
                    "wrong-format", "the export holds no attempt. Finish an attempt, then export again."
                )
            for learner in dict.fromkeys(record["learner"] for record in records):
                self._check_learner(learner, handed_in_by)
        except AttemptRefused as error:
            yield error
            return
        for record in records:
            wanted = [name for name, asked in self.activities.items() if record["activity"] in asked]
            if not wanted:
                yield AttemptRefused(
                    "unknown-activity", f"no released assignment asks for `{record['activity']}`. Release it first."
                )
                continue
            try:
                replay(record, self.root / "content")
            except AttemptRefused as error:
                # an attempt that was broken off is no offence: it is kept with the others and earns nothing
                if error.code != "unfinished":
                    yield AttemptRefused(error.code, f"attempt {record['id']}: {error.message}")
                    continue
            student = handed_in_by or self.roster.student_of(record["learner"])
            for assignment in wanted:
                yield student, assignment, record

    def _check_learner(self, learner: str, handed_in_by: str | None) -> None:
        known = self.roster.student_of(learner)
        if handed_in_by is None and known is None:
            raise AttemptRefused(
                "unknown-learner",
                f"the roster has no learner `{learner}`. Find out whose file this is, add the row "
                f"`<student id>,<name>,{learner}` to roster.csv and collect the file again.",
            )
        # a browser's own id needs no row where the trainee handed the file in under their own name
        if handed_in_by and known not in (None, handed_in_by):
            raise AttemptRefused(
                "wrong-learner",
                f"`{handed_in_by}` handed this in, but by roster.csv the learner `{learner}` is `{known}`. Ask both "
                "whose attempts these are, and correct the roster if it is wrong.",
            )

    # ---------------------------------------------------------------- what is not taken

    def _pass_over(self, source: _Source, entry: Entry, why: str) -> None:
        self.received.passed_over.append((source.place(entry), f"{why}."))
        self.say(f"Passed over: {source.shown(entry.name)}: {why}.")

    def _refuse_all(self, source: _Source, files: list[_File], code: str, message: str, who: str) -> None:
        """Refuse everything that one person handed in, in one line, and keep each of the files."""
        kept = [self._keep(source, file, code, message) for file in files[: self.limits.files]]
        entry = files[0].entry if len(files) == 1 else None
        self._tell(source, entry, who, code, message, kept=all(kept) and len(kept) == len(files))

    def _refuse(self, source: _Source, file: _File | Entry | None, code: str, message: str, who: str = "") -> None:
        entry = file.entry if isinstance(file, _File) else file
        self._tell(source, entry, who, code, message, kept=self._keep(source, file, code, message))

    def _tell(
        self, source: _Source, entry: Entry | None, who: str, code: str, message: str, *, kept: bool
    ) -> None:  # fmt: skip
        path = source.place(entry)
        self.received.refused.append(Refusal(Path(f"{path}/{who}") if who and not entry else path, code, message))
        place = source.shown(entry.name if entry else who)
        self.say(f"Refused: {place}: {message}" + (f" (kept in {self.root.name}/refused)" if kept else ""))

    def _keep(self, source: _Source, file: _File | Entry | None, code: str, message: str) -> bool:
        """Keep a refused file with the reason beside it; returns False where there is nothing to be kept."""
        if code in _NOT_KEPT or (file is None and not source.path.is_file()):
            return False
        try:
            if isinstance(file, _File):
                content = file.content or self._fetch(source, file.entry, self.limits.hand_in)
            elif file is not None:
                content = self._fetch(source, file, self.limits.hand_in)
            else:
                content = single_file(source.path).read(self.limits.file)
        except FileRefused:
            return False
        entry = file.entry if isinstance(file, _File) else file
        folder = self.root / "refused"
        folder.mkdir(parents=True, exist_ok=True)
        name = source.path.name if entry is None else entry.parts[-1] if entry.parts else entry.name
        kept = folder / f"{hashlib.sha256(content).hexdigest()[:8]}-{_safe(name)}"
        kept.write_bytes(content)
        note = kept.with_name(kept.name + ".note.txt")
        came = f"Came from {printable(str(source.place(entry)), 500)}\n"
        reasons = note.read_text(encoding="utf-8") if note.is_file() else came
        reason = f"Refused ({code}): {message}\n"
        if reason not in reasons:
            note.write_text(reasons + reason, encoding="utf-8")
        return True


def _carried_by(file: _File) -> _File | None:
    """Return the attempts that a notebook from the browser carries, as the file that they would be beside it."""
    content = carried_attempts(file.content) if file.ends_with(".ipynb") else b""
    if not content:
        return None
    parts = (*file.parts[:-1], "attempts", f"{Path(file.parts[-1]).stem}-attempts.json")
    return _File(replace(file.entry, name=f"{file.entry.name}: attempts", parts=parts), parts, content=content)


def _within(file: _File, entry: Entry) -> _File:
    """Return a file of a zip archive that was handed in, named and dated by the archive it lay in."""
    stem = file.parts[-1][: -len(".zip")] or "zip"
    # the times inside are those of the trainee's computer; when it was handed in, the outer archive says
    entry = replace(entry, name=f"{file.entry.name}/{entry.name}", moment=file.entry.moment)
    return _File(entry, (*file.parts[:-1], stem, *entry.parts))


def _home_of(file: _File, homes: list[tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the one folder among those of the notebooks in or under which a file lies, or None."""
    around = [home for home in homes if file.parts[: len(home)] == home]
    deepest = [home for home in around if len(home) == max(len(one) for one in around)]
    return deepest[0] if len(deepest) == 1 else None


def _clashes(path: str, others: Iterable[str]) -> bool:
    """Return whether a file cannot lie beside others: it has the name of one, or of a folder of one."""
    key = f"{path.casefold()}/"
    return any(key.startswith(f"{other.casefold()}/") or f"{other.casefold()}/".startswith(key) for other in others)


def _relative(parts: tuple[str, ...], home: tuple[str, ...]) -> str:
    return "/".join(parts[len(home) :] if parts[: len(home)] == home else parts)


def _named(submitter: Submitter) -> str:
    return printable(" ".join(filter(None, (submitter.name, f"({submitter.id})" if submitter.id else ""))), 80)


def _safe(name: str) -> str:
    """Return a name under which any file system keeps a refused file."""
    name = re.sub(r'[<>:"|?*\\/\x00-\x1f\x7f]+', "_", name.encode("utf-8", "replace").decode("utf-8")).rstrip(" .")
    stem, dot, ending = name.rpartition(".")
    ending = f"{dot}{ending}" if 0 < len(ending) <= 8 and stem else ""
    stem = name[: len(name) - len(ending)]
    while len(stem.encode("utf-8")) > 100:
        stem = stem[:-1]
    return f"{stem}{ending}" or "file"


def _modified(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(int(os.stat(path).st_mtime), UTC)
    except OSError:
        return datetime.now(UTC).replace(microsecond=0)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
