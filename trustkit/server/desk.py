"""The instructor's desk: who stands where, and a button for each step from release to feedback.

Each step is a command that a person could type (`trustkit grade …`), run beside the server, so that the server
goes on answering and a step that fails harms nothing else.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from tornado import web

from trustkit.server.pages import PageHandler
from trustkit.workspace import fetch_assignments, title_of

STEPS = ("demo", "release", "collect", "autograde", "feedback")
FOR_ONE_ASSIGNMENT = ("release", "autograde", "feedback")
GIVING = ("demo", "release")
MOST_LINES = 200


class Job:
    """One step at work, or done.

    Attributes:
        action: which of `STEPS`.
        lines: what it has said.
        code: its exit code; None while it runs.
    """

    def __init__(self, action: str):
        self.action = action
        self.lines: list[str] = []
        self.code: int | None = None
        self._started = time.monotonic()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.code is None

    @property
    def state(self) -> str:
        """The name of the words that tell how it stands."""
        if self.running:
            return "running"
        return "done" if self.code == 0 else "stopped_midway" if self.code < 0 else "problem"

    @property
    def seconds(self) -> int:
        """How long it has been at work."""
        return int(time.monotonic() - self._started)


class Desk:
    """A class and what is being done with it; one step at a time.

    Args:
        classroom: the class folder.
        workspace: the folder of the trainee on this machine, who gets what is released.
    """

    def __init__(self, classroom: Path, workspace: Path):
        self.classroom, self.workspace = classroom, workspace
        self.job: Job | None = None
        self._task: asyncio.Task | None = None

    async def status(self) -> dict:
        """Return where everybody stands, as `trustkit grade status` tells it.

        Raises:
            web.HTTPError: the gradebook cannot be read; the reason is in `log_message`.
        """
        process = await self._command("grade", "status", "--format", "json", stderr=asyncio.subprocess.PIPE)
        said, wrong = await process.communicate()
        if process.returncode:
            raise web.HTTPError(500, _last_line(wrong))
        status = json.loads(said)
        for assignment in status["assignments"]:
            name = assignment["id"]
            assignment["title"] = title_of(self.classroom / "release" / name / f"{name}.ipynb")
            for one in assignment["hand_ins"]:
                one["when"] = _local(one["submitted"])
        return status

    def begin(self, action: str, assignment: str) -> None:
        """Start a step; it goes on while the server does other things."""
        self.job = Job(action)
        chosen = ["--", assignment] if assignment and action in FOR_ONE_ASSIGNMENT else []
        self._task = asyncio.ensure_future(self._run(self.job, chosen))

    async def export(self) -> bytes:
        """Return all scores as the content of a CSV file.

        Raises:
            web.HTTPError: the scores cannot be read.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "scores.csv"
            process = await self._command("grade", "export", str(path), stderr=asyncio.subprocess.STDOUT)
            said, _ = await process.communicate()
            if process.returncode:
                raise web.HTTPError(500, _last_line(said))
            return path.read_bytes()

    async def report(self, hide_names: bool) -> Path:
        """Write the class report anew and return its page.

        Raises:
            web.HTTPError: it could not be written.
        """
        page = self.classroom / "report" / ("report-without-names.html" if hide_names else "report.html")
        hidden = ["--hide-names"] if hide_names else []
        process = await self._command("report", "--out", str(page), *hidden, stderr=asyncio.subprocess.STDOUT)
        said, _ = await process.communicate()
        if process.returncode:
            raise web.HTTPError(500, _last_line(said))
        return page

    async def _run(self, job: Job, chosen: list[str]) -> None:
        try:
            process = await self._command("grade", job.action, *chosen, stderr=asyncio.subprocess.STDOUT)
            async for line in process.stdout:
                job.lines = [*job.lines, line.decode("utf-8", "replace").rstrip()][-MOST_LINES:]
            code = await process.wait()
            if job.action in GIVING:
                fetch_assignments(self.workspace, self.classroom / "release")
            job.code = code
        except OSError as error:
            job.lines.append(str(error))
            job.code = 1

    async def _command(self, *arguments: str, stderr: int) -> asyncio.subprocess.Process:
        options = arguments.index("--") if "--" in arguments else len(arguments)
        return await asyncio.create_subprocess_exec(
            sys.executable, "-u", "-m", "trustkit", *arguments[:options], "--class", str(self.classroom),
            *arguments[options:],
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=stderr,
        )  # fmt: skip


class _DeskPage(PageHandler):
    @property
    def desk(self) -> Desk:
        return self.settings["trustkit_desk"]

    async def values(self) -> dict:
        """Return what the desk's templates show."""
        problem, status = "", {}
        try:
            status = await self.desk.status()
        except web.HTTPError as error:
            problem = error.log_message
        return {"status": status, "problem": problem, "job": self.desk.job, "xsrf": self.xsrf_token.decode()}


class DeskHandler(_DeskPage):
    """The desk itself."""

    @web.authenticated
    async def get(self) -> None:
        """Show the class with its buttons."""
        self.show("desk.html", **await self.values())


class DeskNowHandler(_DeskPage):
    """How the running step stands, for the desk's script."""

    @web.authenticated
    async def get(self) -> None:
        """Answer with the desk as it is now; while a step runs, with the progress only."""
        job = self.desk.job
        running = bool(job and job.running)
        values = (
            {"status": {"exists": True, "course": "", "assignments": []}, "problem": "", "job": job, "xsrf": ""}
            if running
            else await self.values()
        )
        self.set_header("Cache-Control", "no-store")
        self.finish({"running": running, "html": self.page("desk_now.html", **values)})


class DeskActionHandler(_DeskPage):
    """The desk's buttons."""

    @web.authenticated
    def post(self) -> None:
        """Start a step and lead back to the desk, which shows how it goes."""
        action = self.get_body_argument("action", "")
        if action not in STEPS:
            raise web.HTTPError(400, self.words("unknown_step"))
        job = self.desk.job
        if job and job.running:
            raise web.HTTPError(409, self.words("busy").format(step=self.words(job.action)))
        self.desk.begin(action, self.get_body_argument("assignment", ""))
        self.redirect(self.url("trustkit/desk"), status=303)


class ScoresHandler(_DeskPage):
    """All scores as a file."""

    @web.authenticated
    async def get(self) -> None:
        """Answer with the CSV file."""
        content = await self.desk.export()
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="scores.csv"')
        self.finish(content)


class ReportHandler(_DeskPage):
    """The class report, made when it is asked for, and the tables beside it."""

    @web.authenticated
    async def get(self, name: str) -> None:
        """Answer with the page, or with one of its tables as they were when the page was made."""
        if name.endswith(".html"):
            path = await self.desk.report(hide_names=name == "report-without-names.html")
            self.set_header("Content-Type", "text/html; charset=utf-8")
        else:
            path = self.desk.classroom / "report" / name
            if not path.is_file():
                raise web.HTTPError(404, self.words("no_report"))
            self.set_header("Content-Type", "text/csv; charset=utf-8")
            self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.set_header("Cache-Control", "no-store")
        self.finish(path.read_bytes())


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


def _local(moment: str | None) -> str:
    """Return a moment as this machine's clock shows it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""
