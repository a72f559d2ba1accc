"""The page a trainee gets back: in the language of the class, with the result of each part first."""

from __future__ import annotations

import copy
import html
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_output

from autograder.classroom import Classroom
from autograder.data_checks import AnswerNotYet
from autograder.demo import played_record
from autograder.feedback_advice import in_language, message_of, pages_to_read, shortened
from autograder.feedback_debrief import played
from autograder.feedback_words import WORDS
from autograder.gradebook import HandIn, give_marks
from autograder.gradebook import hand_ins as all_hand_ins
from autograder.parts import CRITERION, LAB, REPLY
from autograder.running.client import DIED, ENDED, NOT_RUN, SLOW
from autograder.slips import read_slips
from trustkit.attempts.record import write_attempt
from trustkit.cases.compile import compiled
from trustkit.cases.debrief import debrief
from trustkit.cases.reader import read_case, text_of
from trustkit.cases.solve import solve
from trustkit.course import course_root
from trustkit.trust.vocabulary import vocabulary

from .conftest import submit

QUIET = {"say": lambda line: None}


@pytest.fixture(scope="module")
def pages(own_class) -> dict[str, str]:
    """The raw feedback pages of a few students; one of them crossed a red line."""
    classroom = own_class
    marks = {"reply-problem": 4, "reply-care": 4}
    remarks = {"reply-red-lines": "RED LINE: a promise", "reply": "So."}
    give_marks(classroom.root, "utf-16", "small-desk", marks, remarks)
    give_marks(classroom.root, "right", "small-desk", marks, {})
    found = {}
    for student in ("right", "utf-16", "nothing", "twice"):
        classroom.feedback("small-desk", student, say=lambda line: None)
        path: Path = classroom.root / "feedback" / student / "small-desk" / "small-desk.html"
        found[student] = path.read_text(encoding="utf-8")
    return found


def rows(page: str) -> list[list[str]]:
    """Return the cells of the table of results."""
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    found = re.findall(r"<tr>.*?</tr>", table)
    return [[html.unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", row)] for row in found]


def test_each_part_has_its_points_and_its_result(pages):
    assert rows(pages["right"])[:2] == [["Written reply", "8 of 8", "✓ passed"], ["Data lab", "5 of 5", "✓ passed"]]


def test_a_part_that_was_left_out_is_not_called_failed(pages):
    no_reply = ["Written reply", "0 of 8", "– left out"]
    assert rows(pages["nothing"])[:2] == [no_reply, ["Data lab", "0 of 5", "– left out"]]
    assert rows(pages["twice"])[:2] == [no_reply, ["Data lab", "5 of 5", "✓ passed"]]
    assert "No response." not in pages["nothing"]


def test_a_red_line_stands_at_the_top(pages):
    assert rows(pages["utf-16"])[0] == ["Written reply", "8 of 8", "✗ not passed"]
    assert pages["utf-16"].index("A red line was crossed") < pages["utf-16"].index("Two tasks with numbers")
    assert "A red line was crossed" not in pages["right"]


def test_the_page_is_in_the_language_of_the_class(pages):
    assert '<html lang="en">' in pages["right"]
    assert set(WORDS["en"]) == set(WORDS["zh"])


def test_the_page_fits_a_phone_and_has_one_column(pages, own_class, chromium):
    path = own_class.root / "feedback" / "right" / "small-desk" / "small-desk.html"
    page = chromium.new_context(viewport={"width": 360, "height": 700}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert asked == [path.as_uri()]


CASE = "fridge-failed-twice"
WEAK = ["tomorrow-for-sure", "own-and-desk", "full-loss", "count-on"]


@pytest.fixture(scope="module", params=["en", "zh"])
def talks(request, tmp_path_factory) -> SimpleNamespace:
    """A class in each language with role-plays that went well, badly, not at all, or cannot be counted."""
    lang = request.param
    work = tmp_path_factory.mktemp(f"talks-{lang}")
    classroom = Classroom(work / "class")
    classroom.create(lang, **QUIET)
    classroom.release("first-complaint", **QUIET)
    structure = compiled(CASE)
    best = played_record(structure, solve(structure).best_path().choices, learner="s-01", host="jupyter")
    weak = played_record(structure, WEAK, learner="s-01", host="jupyter")
    claimed = copy.deepcopy(weak)
    claimed["result"] |= {"conduct": 100, "outcome": 100, "passed": True, "red_lines": []}
    lab = {
        "clean": "def clean_complaints(complaints):\n    return complaints.drop_duplicates('complaint_id')",
        "response": "def median_first_response(complaints):\n    return complaints['no such column']",
        "statement": "def supported_statement():\n    return 'C'",
    }
    hand_ins = {
        "best": {"records": [weak, best]},
        "weak": {"records": [weak], "answers": {**lab, "reply": "Dear Ms He, we are sorry."}},
        "claims": {"records": [claimed]},
        "silent": {},
    }
    submit(classroom, "first-complaint", work / "desks", hand_ins)
    classroom.collect(**QUIET)
    # a cut-off export beside the notebook, with a name that would run as a script
    attempts = classroom.root / "submitted" / "claims" / "first-complaint" / "attempts"
    (attempts / "<img src=x onerror=alert(1)>.json").write_text('{"format": "trustkit-att', encoding="utf-8")
    assert set(classroom.autograde("first-complaint", **QUIET).values()) == {"graded"}
    criteria = [mark.cell for mark in hand_ins_of(classroom)["weak"].marks if mark.part == CRITERION]
    classroom.mark_reply(
        "weak", "first-complaint", dict(zip(criteria, (4, 3, 2, 0, 4, 4, 4, 4), strict=True)), "Short."
    )
    assert set(classroom.feedback("first-complaint", **QUIET).values()) == {"released"}
    found = {
        student: (classroom.root / "feedback" / student / "first-complaint" / "first-complaint.html").read_text("utf-8")
        for student in hand_ins
    }
    told = debrief(structure, WEAK)
    return SimpleNamespace(
        lang=lang, pages=found, classroom=classroom, words=WORDS[lang], text=text_of(read_case(CASE), "base", lang),
        told=told, structure=structure,
    )  # fmt: skip


def hand_ins_of(classroom: Classroom) -> dict[str, HandIn]:
    """Return what was handed in, by student."""
    return {one.student: one for one in all_hand_ins(classroom.root)}


def shown(page: str) -> str:
    """Return the text of a page, one line for each run of white space."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page[page.index("<body") :])).split())


def top(page: str) -> str:
    """Return what stands over the notebook itself."""
    return page[page.index("<body") : page.index("<hr")]


def items(page: str, kind: str) -> list[str]:
    """Return the lines of the lists of one kind: "right", "next" or "read"."""
    lists = re.findall(rf'<ul class="list {kind}">(.*?)</ul>', page, re.S)
    return [shown(f"<body>{one}") for part in lists for one in re.findall(r"<li>(.*?)</li>", part, re.S)]


def test_what_was_right_is_told_by_the_title_of_its_task(talks):
    right = items(talks.pages["weak"], "right")
    wanted = {
        "en": ["1 · Names the actual problem", "2 · Care and tone", "5 · Fair remedy"],
        "zh": ["1 · 点明具体问题", "2 · 关怀与语气", "5 · 公平补救"],
    }[talks.lang]
    assert right[:3] == wanted
    # both checks of the fourth task are there, and only that of the statement is passed
    assert right[-1] == talks.words["one of"].format(
        title={"en": "4 · What happened in the third quarter?", "zh": "4 · 第三季度发生了什么？"}[talks.lang],
        number=2,
        of=2,
    )
    assert not any("check-" in one or "reply-" in one for one in right)


def test_what_to_try_next_says_in_one_language_what_a_check_found(talks):
    told = "\n".join(items(talks.pages["weak"], "next"))
    impossible, stopped = {
        "en": ("q3_change is not written yet. Put your code in place of", "Your code stopped with an error: KeyError"),
        "zh": ("q3_change 还没有写。请把", "你的代码出错停下了：KeyError"),
    }[talks.lang]
    assert impossible in told
    assert stopped in told
    if talks.lang == "en":
        assert not re.search(r"[\u3400-\u9fff]", told)
    else:
        assert "not written yet" not in told
    # a criterion that is not there yet asks its question again
    question = {"en": "2 of 4 points. Does one person stand up", "zh": "2／4 分。有没有一个人"}[talks.lang]
    assert question in told


def test_every_link_of_the_page_leads_to_a_place_on_it(talks):
    for student, page in talks.pages.items():
        links = re.findall(r'href="#([^"]+)"', top(page))
        assert links, student
        assert [link for link in links if f'id="{link}"' not in page] == []
        assert re.findall(r'(?:href|src)="(?!#)[^"]*"', top(page)) == []


def test_a_link_jumps_to_the_cell_that_it_speaks_of(talks, chromium):
    path = talks.classroom.root / "feedback" / "weak" / "first-complaint" / "first-complaint.html"
    page = chromium.new_context(viewport={"width": 390, "height": 800}).new_page()
    page.goto(path.as_uri())
    page.locator('a[href="#cell-check-quarter"]').click()
    box = page.locator("#cell-check-quarter").bounding_box()
    assert 0 <= box["y"] < 400
    assert "q3_change" in page.locator("#cell-check-quarter").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_lessons_to_read_again_are_those_of_what_was_not_passed(talks):
    read = items(talks.pages["weak"], "read")
    assert [one.split()[0] for one in read] == ["1.1", "6.1", "6.4", "6.5"]
    assert items(talks.pages["best"], "read") == []


def test_of_many_lessons_those_of_the_own_module_are_named():
    activities = [("case", CASE), ("case", "three-companies-one-wardrobe"), ("drill", "rules-table")]

    def read(activities: list[tuple[str, str]], reply: bool = False) -> list[str]:
        facts = {"lab": False, "reply": reply, "activities": activities}
        return pages_to_read(course_root(), "module-06", "en", WORDS["en"], **facts)

    named = read(activities)
    assert len(named) >= 2
    assert all(one.startswith("6.") for one in named)
    assert read([]) == []
    # no lesson names the assignment of a module: its own page stands for it
    assert read([], reply=True) == ["Module 6: Complaints and service recovery"]


def test_the_debrief_tells_ending_bars_and_where_the_conversation_turned(talks):
    page, told, text = shown(top(talks.pages["weak"])), talks.told, talks.text
    ending = text["endings"][told.ending]
    assert f"{ending['title']} {ending['text']}" in page
    for bar, named in zip(told.bars, vocabulary().compass.values(), strict=True):
        assert f"{named[talks.lang].name} {talks.words['not assessed'] + ' –' if bar is None else bar}" in page
    dearest = sorted(told.turns, key=lambda turn: -turn.regret)[:3]
    assert dearest[0].regret > 20
    for turn in dearest:
        choice = text["scenes"][turn.scene]["choices"][turn.choice]
        assert choice["say"] in page
        assert choice["feedback"] in page
        better = [other for other in turn.instead if other.regret <= 0 and not other.red_line]
        if turn.regret > 0 and better:
            helped = text["scenes"][turn.scene]["choices"][better[0].choice]["say"]
            assert f"{talks.words['instead']} {helped}" in page
    assert len(re.findall(r'class="turn[ "]', talks.pages["weak"])) == 3
    names = [vocabulary().red_lines[code].words[talks.lang].name for code in told.red_lines]
    assert names and all(name in page for name in names)


def test_the_best_of_several_attempts_is_told(talks):
    page = shown(top(talks.pages["best"]))
    weak = talks.text["scenes"][talks.told.turns[0].scene]["choices"][WEAK[0]]["say"]
    assert talks.words["passed"] in page
    assert talks.words["best of"].format(count=2, day="").rstrip(" .。") in page
    assert weak in shown(top(talks.pages["weak"]))
    assert weak not in page


def test_a_role_plays_points_stand_in_its_bar_and_not_as_a_bare_number(talks):
    assert "10.0" not in shown(talks.pages["best"])
    assert f"10 {talks.words['of']} 10" in shown(talks.pages["best"])


def test_a_missing_attempt_is_said_in_words(talks):
    page = talks.pages["silent"]
    assert talks.words["no attempt"] in shown(top(page))
    assert not re.search(r'class="turn[ "]', page)


def test_a_refused_attempt_is_said_in_words_with_the_reason(talks):
    page = talks.pages["claims"]
    told = shown(top(page))
    assert talks.words["no count"] in told
    assert talks.words["claimed-result"] in told
    assert talks.words["truncated"] in told
    assert "<img" not in top(page)


def test_a_part_that_was_left_out_says_where_it_begins(talks):
    told = items(talks.pages["silent"], "next")
    assert told[1:] == [f"{talks.words[part]} {talks.words['left out']}" for part in (REPLY, LAB)]
    assert 'href="#cell-reply"' in talks.pages["silent"]
    assert 'href="#cell-clean"' in talks.pages["silent"]


def test_an_attempt_of_a_version_without_words_still_has_its_scores(talks, tmp_path):
    older = copy.deepcopy(talks.structure) | {"hash": "0" * 16}
    older["endings"][next(at for at, one in enumerate(older["endings"]) if one["id"] == talks.told.ending)]["id"] = (
        "gone"
    )
    record = played_record(older, WEAK, learner="s-01", host="jupyter")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / f"{older['hash']}.json").write_text(json.dumps(older), encoding="utf-8")
    write_attempt(tmp_path / "attempts", record)
    one = played("case", CASE, tmp_path / "attempts", tmp_path / "archive", talks.lang)
    assert one.scores["conduct"] == talks.told.conduct
    assert one.story.ending == ("", "")
    assert one.story.turns == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_slip_is_told_in_one_language_and_whole(lang):
    for name, texts in read_slips(course_root()).items():
        told = in_language(str(AnswerNotYet(*texts)), lang)
        assert "".join(told.split()) == "".join(texts[lang == "zh"].split()), name


def test_a_message_in_one_language_is_told_whatever_the_language_of_the_class():
    for lang in ("en", "zh"):
        assert in_language("your function does not give\nthe middle", lang) == "your function does not give the middle"
        assert in_language("你的函数不对", lang) == "你的函数不对"
        assert in_language("", lang) == ""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "message", "told"),
    [
        ("CellTimeoutError", SLOW.format(seconds=60), "too slow"),
        ("TimeoutError", "middle took longer than 60 seconds and was stopped.", "too slow"),
        ("DeadProcessError", DIED, "ended"),
        ("NotRunError", NOT_RUN, "ended"),
        ("RuntimeError", f"middle could not be called: {ENDED}", "ended"),
        ("DeadProcessError", "The notebook was stopped here: it used more memory than a hand-in may.", "too much"),
    ],
)
def test_what_grading_itself_says_is_told_in_the_language_of_the_class(lang, name, message, told):
    error = new_output("error", ename=name, evalue=message, traceback=[message])
    assert message_of([error], lang, WORDS[lang]) == WORDS[lang][told]


def test_a_long_message_is_told_by_its_first_two_sentences():
    long = f"First this. Then that. {'And a third sentence that goes on. ' * 20}"
    assert shortened(long) == "First this. Then that."
    assert len(shortened("word " * 1000)) < 600
