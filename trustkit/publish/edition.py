"""Builds one edition in a process of its own; says on standard output, line by line, what it does and finds.

Each line is a JSON object: `{"say": text}` for progress, `{"problem": {"path", "line", "message"}}` for
everything that stands in the way, `{"done": number of pages}` at the end of a good build.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from docutils.utils import SystemMessage
from jupyter_book.config import get_final_config
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

_PROBLEM = re.compile(
    r"^(?:(?P<path>[^:\n]+?):(?:(?P<line>\d+):)? )?(?:WARNING|ERROR|SEVERE|CRITICAL): (?P<message>.*)$"
)

_REPORT_SAVED = "Notebook exception traceback saved in"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def tell(**what: Any) -> None:
    """Send one line to the process that started this one."""
    print(json.dumps(what, ensure_ascii=False), flush=True)


def pages(count: int) -> str:
    """Return the number with its word: 1 page, 2 pages."""
    return f"{count} page" if count == 1 else f"{count} pages"


def problems_in(report: str) -> list[dict[str, Any]]:
    """Return the warnings and errors of Sphinx's report, each with its path and line (0 where it names none).

    Lines that follow a warning and are indented or begin nothing new belong to it. The same warning said
    twice counts once.
    """
    found: list[dict[str, Any]] = []
    for line in _COLOUR.sub("", report).splitlines():
        if match := _PROBLEM.match(line):
            found.append(
                {"path": match["path"] or "", "line": int(match["line"] or 0), "message": match["message"].strip()}
            )
        elif found and line.strip():
            found[-1]["message"] += f"\n    {line.strip()}"
    found = [failed_cell(problem) or problem for problem in found if _REPORT_SAVED not in problem["message"]]
    unique = {json.dumps(problem, sort_keys=True): problem for problem in found}
    return list(unique.values())


def failed_cell(problem: dict[str, Any]) -> dict[str, Any] | None:
    """Return the problem of a failed notebook with the cell's line and the error alone; None for other problems."""
    if not problem["message"].startswith("Executing notebook failed"):
        return None
    lines = [line.strip() for line in problem["message"].removesuffix("[mystnb.exec]").strip().splitlines()]
    rules = [at for at, line in enumerate(lines) if line and not line.strip("-")]
    cell = lines[rules[0] + 1 : rules[1]] if len(rules) > 1 else []
    what = "a cell took too long" if "CellTimeoutError" in lines[0] else f"this cell failed: {lines[-1]}"
    return {
        "path": problem["path"],
        "line": _line_of_cell(Path(problem["path"]), cell),
        "message": "\n    ".join([what, *cell]),
    }


def _line_of_cell(page: Path, cell: list[str]) -> int:
    try:
        text = [line.strip() for line in page.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return 0
    text = [line for line in enumerate(text, 1) if line[1]]
    for at in range(len(text)):
        if cell and [line for _, line in text[at : at + len(cell)]] == cell:
            return text[at][0]
    return 0


class Progress:
    """Says what the build is doing, at most once a second."""

    def __init__(self, app: Sphinx):
        self.pages = 0
        self.last = time.monotonic()
        app.connect("env-before-read-docs", self.before_reading)
        app.connect("source-read", self.reading)
        app.connect("html-page-context", self.writing)

    def before_reading(self, app: Sphinx, env: Any, docnames: list[str]) -> None:
        """Say how many pages changed."""
        if docnames:
            tell(say=f"{pages(len(docnames))} to read")

    def reading(self, app: Sphinx, docname: str, source: list[str]) -> None:
        """Say which notebook runs, since that can take a while."""
        if "{code-cell}" in source[0]:
            tell(say=f"running the cells of {docname}")
            self.last = time.monotonic()

    def writing(self, app: Sphinx, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
        """Say how far the writing is."""
        self.pages += 1
        if time.monotonic() - self.last > 1:
            tell(say=f"{pages(self.pages)} written")
            self.last = time.monotonic()


def build_edition(stage: Path, work: Path) -> bool:
    """Build the staged edition into `work/html`; return whether all is well.

    Every warning counts as an error and every unresolved reference as a warning. All problems are told,
    not the first one only.
    """
    nocolor()
    report = io.StringIO()
    config, _ = get_final_config(
        user_yaml=stage / "_config.yml",
        cli_config={
            "external_toc_path": str(stage / "_toc.yml"),
            "latex_individualpages": False,
            "nitpicky": True,
            # A failed cell is a warning with its traceback, so that the other problems are told as well.
            "nb_execution_raise_on_error": False,
            "nb_execution_show_tb": True,
            "nb_execution_cache_path": str(work / "executed"),
        },
        sourcedir=stage,
    )
    crash: str | None = None
    count, status = 0, 1
    try:
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                srcdir=stage,
                confdir=None,
                outdir=work / "html",
                doctreedir=work / "doctrees",
                buildername="html",
                confoverrides=config,
                status=None,
                warning=report,
                warningiserror=True,
                keep_going=True,
            )
            progress = Progress(app)
            app.build()
            status, count = app.statuscode, progress.pages
    except (SphinxError, SystemMessage) as error:
        crash = str(error)
    except Exception:
        crash = traceback.format_exc()
    problems = problems_in(report.getvalue())
    for problem in problems:
        tell(problem=problem)
    if crash:
        tell(crash=crash)
    if crash or problems or status:
        return False
    tell(done=pages(count))
    return True


def main(arguments: list[str]) -> int:
    """Build the edition staged in the first folder, with the second as its work folder."""
    stage, work = (Path(argument).resolve() for argument in arguments)
    os.chdir(stage)
    return 0 if build_edition(stage, work) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
