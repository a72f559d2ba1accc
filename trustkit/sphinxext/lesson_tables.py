"""All lessons at once: the {learning-path} of a trainee, the trainers' {objectives-matrix} and {coverage}."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from trustkit.content import ContentError
from trustkit.course import course_root
from trustkit.lessons.coverage import coverage, coverage_folder
from trustkit.lessons.matrix import known_activities, matrix
from trustkit.lessons.page import Lesson, Named, lesson_files, read_lesson
from trustkit.lessons.paths import learning_path
from trustkit.sphinxext.tables import table
from trustkit.sphinxext.wording import language_of, say


class LessonTable(SphinxDirective):
    """A table made from every lesson page; it is made anew whenever one of them changes."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the table, or report the page that cannot be read."""
        root = course_root()
        files = lesson_files(root)
        for path in (*files, *coverage_folder(root).glob("*")):
            self.env.note_dependency(str(path))
        try:
            lessons = [read_lesson(path) for path in files]
            return list(self.tables(lessons))
        except ContentError as problem:
            raise self.error(str(problem)) from None

    def tables(self, lessons: Sequence[Lesson]) -> Iterator[nodes.Node]:
        """Yield what stands on the page."""
        raise NotImplementedError

    def link(self, number: str, text: str = "") -> nodes.Node:
        """Return a link to a lesson, with its number or a text of its own."""
        label = f"lesson-{number.replace('.', '-')}"
        link = addnodes.pending_xref(
            "", refdomain="std", reftype="ref", reftarget=label, refexplicit=True, refwarn=True, refdoc=self.env.docname
        )
        link += nodes.inline("", text or number)
        return link

    def heads(self, *names: str) -> list[str]:
        """Return the heads of a table's columns in the edition's language."""
        return [say(self.config, f"table-{name}") for name in names]


class ObjectivesMatrix(LessonTable):
    """One row an objective: where it is practised and what assesses it."""

    def tables(self, lessons: Sequence[Lesson]) -> Iterator[nodes.Node]:
        """Yield the matrix."""
        rows = [
            (
                self.link(row.lesson.number),
                row.objective.text,
                self._named(row.objective.practise, row.open),
                self._named(row.objective.assess, row.open),
            )
            for row in matrix(lessons, known_activities())
        ]
        yield table(self.heads("lesson", "objective", "practised", "assessed"), rows, (8, 48, 22, 22), wide=True)

    def _named(self, named: Sequence[Named], to_come: Sequence[Named]) -> str:
        later = say(self.config, "table-later")
        return ", ".join(f"{one} ({later})" if one in to_come else str(one) for one in named)


class CoverageTable(LessonTable):
    """One row for each item of the plan and lesson: its topic, and the words and section that teach it."""

    def tables(self, lessons: Sequence[Lesson]) -> Iterator[nodes.Node]:
        """Yield how much is covered, the table, and what later lessons will cover."""
        found = coverage(course_root(), lessons)
        covered = {one.item for one in found.taught}
        yield nodes.paragraph(
            "", say(self.config, "coverage-count", covered=len(covered), items=found.items, lessons=len(lessons))
        )
        # The words are quoted from a page where their figures have labels: no figures of this table.
        rows = [
            (one.item, one.topic, self.link(one.lesson), one.section, nodes.literal("", one.words))
            for one in found.taught
        ]
        yield table(self.heads("item", "topic", "lesson", "section", "words"), rows, (8, 24, 8, 24, 36), wide=True)
        if found.later:
            lines = (f"{number}: {', '.join(items)}" for number, items in found.later.items())
            yield nodes.paragraph("", say(self.config, "coverage-later"))
            yield nodes.bullet_list(
                "", *(nodes.list_item("", nodes.paragraph("", line)) for line in lines), classes=["simple"]
            )


class LearningPathList(LessonTable):
    """The lessons of a path with their minutes: first those of the short path, then all of them to be opened."""

    required_arguments = 1

    def tables(self, lessons: Sequence[Lesson]) -> Iterator[nodes.Node]:
        """Yield how long the path is, and its lessons."""
        root = course_root()
        self.env.note_dependency(str(root / "book" / "paths.yaml"))
        path = learning_path(self.arguments[0], lessons, root)
        core = [lesson for lesson in path.lessons if lesson.number in path.core]
        yield nodes.paragraph("", self._length("path-short", core))
        yield self._list(core)
        summary = escape(self._length("path-full", path.lessons))
        yield nodes.raw("", f'<details class="tk-path"><summary>{summary}</summary>\n', format="html")
        yield self._list(path.lessons)
        yield nodes.raw("", "</details>\n", format="html")

    def _length(self, words: str, lessons: Sequence[Lesson]) -> str:
        hours = sum(lesson.minutes for lesson in lessons) / 60
        return say(self.config, words, lessons=len(lessons), hours=f"{hours:.0f}")

    def _list(self, lessons: Sequence[Lesson]) -> nodes.bullet_list:
        items = []
        for lesson in lessons:
            minutes = say(self.config, "minutes", count=lesson.minutes)
            link = self.link(lesson.number, self._title(lesson))
            items.append(nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f" · {minutes}"))))
        return nodes.bullet_list("", *items, classes=["simple", "tk-path-lessons"])

    def _title(self, lesson: Lesson) -> str:
        """The title in the edition's language where that page is written."""
        root, language = course_root(), language_of(self.config)
        translated = root / "book" / language / lesson.path.relative_to(root / "book" / "en")
        return read_lesson(translated).title if translated.is_file() else lesson.title


class PathLength(LessonTable):
    """How long a path takes in its short and in its full form, in one line."""

    required_arguments = 1

    def tables(self, lessons: Sequence[Lesson]) -> Iterator[nodes.Node]:
        """Yield the line."""
        root = course_root()
        self.env.note_dependency(str(root / "book" / "paths.yaml"))
        path = learning_path(self.arguments[0], lessons, root)
        core = sum(lesson.minutes for lesson in path.lessons if lesson.number in path.core)
        full = sum(lesson.minutes for lesson in path.lessons)
        said = say(self.config, "path-length", core=f"{core / 60:.0f}", all=f"{full / 60:.0f}")
        yield nodes.paragraph("", said, classes=["tk-path-length"])


def register(app: Sphinx) -> None:
    """Add the directives."""
    app.add_directive("path-length", PathLength)
    app.add_directive("learning-path", LearningPathList)
    app.add_directive("objectives-matrix", ObjectivesMatrix)
    app.add_directive("coverage", CoverageTable)
