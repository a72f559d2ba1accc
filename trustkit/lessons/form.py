"""Checks whether a lesson page keeps the form that every lesson of the course has."""

from __future__ import annotations

from collections.abc import Iterator

from trustkit.content import ContentError
from trustkit.lessons.page import LESSON_FILE, Lesson, Section
from trustkit.lessons.reading_level import grade_level, sentences, word_count

WRONG_HERE = "What good people do wrong here"
SECOND = "Second attempt"
KEY_POINTS = "Three key points"
SOURCES = "Sources"
CLOSING = (WRONG_HERE, SECOND, KEY_POINTS, SOURCES)
"""The headings that end every lesson, in this order."""

WORDS = (600, 1_200)
HARDEST = 9.0
"""The Flesch–Kincaid grade that a lesson may have at most; plain English at CEFR B2 lies below it."""
LONGEST_SENTENCE = 38
SHORTEST_ALT = 25
VAGUE = ("understand", "know", "be aware", "learn", "appreciate", "realise", "realize", "be familiar")
"""Verbs that nobody can see somebody do."""


def form_findings(lesson: Lesson) -> list[ContentError]:
    """Return what a lesson page lacks of the form, each with line and cure; none if it is sound."""
    return [*_head(lesson), *_objectives(lesson), *_sections(lesson), *_pictures(lesson), *_language(lesson)]


def _head(lesson: Lesson) -> Iterator[ContentError]:
    match = LESSON_FILE.match(lesson.path.name)
    said = ".".join(match.groups()) if match else ""
    if lesson.number != said:
        yield lesson.error(
            1, f"the objectives say lesson {lesson.number}, the file's name says {said}.", "lesson-number"
        )
    if not lesson.title.startswith(f"{lesson.number} "):
        yield lesson.error(1, f"the title begins with the number of the lesson: {lesson.number}.", "lesson-number")
    if not lesson.shown:
        yield lesson.error(
            1, "a lesson has something to do: embed a {case}, {drill}, {simulator} or {checker}.", "lesson-practice"
        )


def _objectives(lesson: Lesson) -> Iterator[ContentError]:
    for objective in lesson.objectives:
        if objective.text.lower().startswith(VAGUE):
            yield lesson.error(
                objective.line,
                f"nobody can see somebody do this: “{objective.text.split('.')[0]}”. Begin with what a trainee does.",
                "lesson-objectives",
            )
        for way, named in (("practise", objective.practise), ("assess", objective.assess)):
            if not named:
                yield lesson.error(
                    objective.line,
                    f"this objective has no line `- {way}: …` under it. Name the activity.",
                    "lesson-objectives",
                )


def _sections(lesson: Lesson) -> Iterator[ContentError]:
    headings = [section for section in lesson.sections if section.level == 2]
    level = 0
    for section in lesson.sections:
        if section.level > level + 1:
            yield lesson.error(
                section.line, f"the heading “{section.title}” skips a level. Use one # less.", "lesson-headings"
            )
        level = section.level
    titles = [section.title for section in headings]
    at = -1
    for wanted in CLOSING:
        if wanted not in titles:
            yield lesson.error(1, f"the section “{wanted}” is missing.", "lesson-sections")
            continue
        if titles.index(wanted) < at:
            yield lesson.error(
                headings[titles.index(wanted)].line,
                f"the last sections stand in this order: {', '.join(CLOSING)}.",
                "lesson-sections",
            )
        at = titles.index(wanted)
    if titles and titles[0] in CLOSING:
        yield lesson.error(
            headings[0].line, "a lesson opens with a moment that asks for a decision.", "lesson-sections"
        )
    for section in headings:
        if section.title == KEY_POINTS and section.items != 3:
            yield lesson.error(
                section.line, f"“{KEY_POINTS}” has {section.items} items. It has three.", "lesson-sections"
            )


def _pictures(lesson: Lesson) -> Iterator[ContentError]:
    if not lesson.pictures and not any(section.tables for section in lesson.sections):
        yield lesson.error(1, "one picture or table carries the idea of a lesson; this one has none.", "lesson-picture")
    for picture in lesson.pictures:
        if not (lesson.path.parent / picture.file).is_file():
            yield lesson.error(picture.line, f"there is no picture {picture.file} beside the page.", "lesson-picture")
        if len(picture.alt.strip()) < SHORTEST_ALT:
            yield lesson.error(
                picture.line, "say in `:alt:` what the picture tells, for who cannot see it.", "lesson-picture"
            )


def _language(lesson: Lesson) -> Iterator[ContentError]:
    read = [section for section in lesson.sections if section.title != SOURCES]
    prose = "\n".join(section.prose for section in read)
    count = word_count(prose)
    if not WORDS[0] <= count <= WORDS[1]:
        yield lesson.error(1, f"the lesson has {count} words; it has {WORDS[0]} to {WORDS[1]}.", "lesson-length")
    grade = grade_level(prose)
    if grade > HARDEST:
        yield lesson.error(
            1, f"the reading level is grade {grade:.1f}; at most {HARDEST:.0f}. Shorter sentences, plainer words.",
            "lesson-language",
        )  # fmt: skip
    for section in read:
        yield from _long_sentences(lesson, section)


def _long_sentences(lesson: Lesson, section: Section) -> Iterator[ContentError]:
    for sentence in sentences(section.prose):
        count = word_count(sentence)
        if count > LONGEST_SENTENCE:
            start = " ".join(sentence.split()[:8])
            yield lesson.error(
                section.line, f"a sentence under “{section.title}” has {count} words: “{start} …”. Make two of it.",
                "lesson-language",
            )  # fmt: skip
