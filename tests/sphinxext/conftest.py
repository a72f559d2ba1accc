"""Reads a few pages with the real extension, in this process and without the theme: what comes out, what is said."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from trustkit.publish.edition import problems_in


@dataclass
class Built:
    """A built book: its folder, its status and the problems that were reported, as `page:line: message`."""

    out: Path
    status: int
    problems: list[str]

    def page(self, name: str = "index", suffix: str = ".html") -> str:
        return (self.out / f"{name}{suffix}").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def course_home(tmp_path_factory: pytest.TempPathFactory, small_book: Callable[[Path], Path]) -> Path:
    return small_book(tmp_path_factory.mktemp("home") / "course")


@pytest.fixture
def broken_case(course_home: Path) -> Iterator[Path]:
    """The case.yaml of `late-parcel`, with a fault in its fifth line for the length of a test."""
    path = course_home / "cases" / "late-parcel" / "case.yaml"
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"difficulty: 1", b"difficulty: nine"))
    yield path
    path.write_bytes(sound)


@pytest.fixture
def build(tmp_path: Path, course_home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Built]:
    """Build pages given as `{name: text}`; the pages lie in `tmp_path / "pages"` and may be built again."""
    monkeypatch.setenv("TRUSTKIT_HOME", str(course_home))

    def run(pages: dict[str, str] | str, *, language: str = "en", builder: str = "html", **config: object) -> Built:
        source, out = tmp_path / "pages", tmp_path / builder
        source.mkdir(exist_ok=True)
        for name, text in ({"index": pages} if isinstance(pages, str) else pages).items():
            (source / f"{name}.md").write_text(text, encoding="utf-8")
        report = io.StringIO()
        nocolor()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                srcdir=source,
                confdir=None,
                outdir=out,
                doctreedir=tmp_path / f"{builder}-doctrees",
                buildername=builder,
                confoverrides={
                    "extensions": ["myst_nb", "sphinx_design", "trustkit.sphinxext"],
                    "html_theme": "basic",
                    "html_math_renderer": "mathml",
                    "nb_execution_mode": "off",
                    "language": language,
                    "nitpicky": True,
                    "myst_enable_extensions": ["colon_fence"],
                    "suppress_warnings": ["toc.not_included"],
                    **config,
                },
                status=None,
                warning=report,
            )
            app.build()
        problems = [
            f"{Path(problem['path']).name}:{problem['line']}: {problem['message']}"
            for problem in problems_in(report.getvalue())
        ]
        return Built(out, app.statuscode, problems)

    return run
