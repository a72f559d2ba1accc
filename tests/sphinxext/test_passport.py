"""The skills passport in a page: empty, filled, taken away, on a phone, by keyboard; and the practice deck."""

import csv
import functools
import http.server
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from trustkit.attempts.record import new_record, now, parse_attempts
from trustkit.attempts.replay import replay
from trustkit.cases.compile import compiled
from trustkit.cases.play import Play
from trustkit.cases.solve import solution_of
from trustkit.drills.reader import read_drill

PASSPORT = "(passport)=\n# Skills passport\n\n```{passport}\n```\n"
DECK = "# Practice\n\n```{deck}\n```\n"
BOOK = {
    "index": "# Home\n\n```{toctree}\nroom\n01-lesson/index\n01-lesson/first\n01-lesson/second\npassport\ndeck\n```\n",
    "room": "(case-room)=\n# Case room\n\n```{case-room}\n```\n",
    "passport": PASSPORT,
    "deck": DECK,
}
LESSONS = {
    "01-lesson/index": "# What trust is\n",
    "01-lesson/first": "(lesson-1-1)=\n# 1.1 The first lesson\n\n```{case} late-parcel\n```\n",
    "01-lesson/second": "(lesson-1-2)=\n# 1.2 The second lesson\n\n```{drill} trust-or-not\n```\n",
}
PATHS = """agent: {tracks: [agent, both], core: ["1.1", "1.2"]}
lead: {tracks: [agent, both], core: ["1.1", "1.2"]}
analyst: {tracks: [analyst, both], core: ["1.1"]}
"""
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


@pytest.fixture
def home(course_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small course with paths, a second case, an exam, and a test whose items nobody meets before."""
    home = Path(shutil.copytree(course_home, tmp_path / "course"))
    for name, title in (("cold-parrot", "The cold parrot"), ("one-difficult-week", "One difficult week")):
        file = Path(shutil.copytree(home / "cases" / "late-parcel", home / "cases" / name)) / "case.yaml"
        text = re.sub(r"^id: .*$", f"id: {name}", file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
        text = re.sub(r"^title: .*$", f"title: {title}", text, count=1, flags=re.MULTILINE)
        text = text.replace("difficulty: 1", "difficulty: 3")
        file.write_text(f"exam: true\n{text}" if name == "one-difficult-week" else text, encoding="utf-8")
    drills = home / "exercises" / "drills"
    test = Path(shutil.copytree(drills / "trust-or-not", drills / "test-a")) / "drill.yaml"
    text = test.read_text(encoding="utf-8").replace("id: trust-or-not", "id: test-a\nform: A\ntwin: test-b", 1)
    test.write_text(text, encoding="utf-8")
    (home / "book" / "paths.yaml").write_text(PATHS, encoding="utf-8")
    monkeypatch.setenv("TRUSTKIT_HOME", str(home))
    return home


@pytest.fixture
def built(build, home, tmp_path):
    """The book with its lessons in a folder; without the search box, which brings a script along."""
    folder = tmp_path / "pages" / "01-lesson"
    folder.mkdir(parents=True)
    made = build({**BOOK, **LESSONS}, html_sidebars={"**": []})
    assert made.problems == []
    return made


def data_of(html: str) -> dict:
    return json.loads(re.search(r'id="passport-data">(.*?)</script>', html, re.S)[1])


def test_the_page_holds_lessons_rules_and_activities_with_their_addresses(built):
    data = data_of(built.page("passport"))
    assert [(one["id"], one["href"]) for one in data["cases"]] == [
        ("cold-parrot", "room/cold-parrot.html"),
        ("late-parcel", "room/late-parcel.html"),
        ("one-difficult-week", None),
    ]
    assert [(one["id"], one["href"], one["module"]) for one in data["drills"]] == [
        ("trust-or-not", "01-lesson/second.html#drill-trust-or-not", 1), ("test-a", None, None),
    ]  # fmt: skip
    assert [one["number"] for one in data["paths"]["agent"]] == ["1.1", "1.2"] and data["modules"] == {
        "1": "What trust is"
    }
    rules = {rule["id"]: rule for rule in data["rules"]["lead"]}
    assert rules["cases"]["activities"] == ["cold-parrot", "late-parcel"]
    assert rules["drills"]["activities"] == ["trust-or-not"] and rules["exam"]["to_come"] == []
    assert rules["lead-case"]["to_come"] == ["first-week-first-insult"]
    assert data["start"]["lesson"]["number"] == "1.1" and data["start"]["case"]["id"] == "late-parcel"


def test_only_its_own_page_loads_the_passport(built):
    assert "trustkit-passport.js" in built.page("passport") and "trustkit-player.js" not in built.page("passport")
    assert "trustkit-passport.js" not in built.page("room")


def test_a_changed_case_reaches_the_passport_though_its_page_is_the_same(built, build, home):
    file = home / "cases" / "cold-parrot" / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("The cold parrot", "A warm parrot"), encoding="utf-8")
    assert "A warm parrot" in build({}, html_sidebars={"**": []}).page("passport")


def test_a_second_passport_or_deck_on_a_page_is_refused(build, home):
    made = build(PASSPORT + "\n```{passport}\n```\n\n" + DECK.replace("# ", "## ") + "\n```{deck}\n```\n")
    assert sum("twice" in problem and "index.md" in problem for problem in made.problems) == 2


def test_where_nothing_runs_a_sentence_says_what_it_is(build, home):
    text = build({"index": PASSPORT + "\n" + DECK.replace("# ", "## ")}, builder="text").page("index", ".txt")
    assert "The skills passport is on the course's web page." in text and "practice deck is on" in text


def test_a_course_without_paths_still_has_a_passport(build, home):
    (home / "book" / "paths.yaml").unlink()
    made = build(PASSPORT)
    assert made.problems == [] and data_of(made.page())["rules"] == {}


def test_the_deck_holds_the_items_of_drills_and_none_of_a_test(built):
    html = built.page("deck")
    deck = json.loads(re.search(r'id="deck-deck-data">(.*?)</script>', html, re.S)[1])
    assert len(deck["cards"]) == 12 and {card["drill"] for card in deck["cards"]} == {
        "Trust, satisfaction, loyalty or reputation?"
    }
    assert deck["lesson_links"]["1.1"] == "01-lesson/first.html" and "trustkit-player.js" in html


# In a browser -----------------------------------------------------------------------------------------------------


class Strict(http.server.SimpleHTTPRequestHandler):
    """Serves a folder under a strict policy, and says nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def visit(built, chromium) -> Iterator[Callable[..., Page]]:
    """Opens the passport in a fresh browser that keeps `store`; a script error or another host fails the test."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=str(built.out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    contexts, wrong = [], []
    base = f"http://127.0.0.1:{server.server_port}"

    def open_(
        store: dict | None = None, path: str = "passport.html", before: str = "", base: str = base, **options: object
    ) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1000, "height": 900}, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        for key, value in (store or {}).items():
            text = json.dumps(json.dumps(value))
            context.add_init_script(f"localStorage['{key}'] ??= {text}")
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on(
            "request", lambda one: wrong.append(one.url) if not one.url.startswith((base, "data:", "blob:")) else None
        )
        page.goto(f"{base}/{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
    server.shutdown()
    server.server_close()
    # The plain theme's own scripts fall over a browser without storage, and it has no icon.
    assert [text for text in wrong if "no storage" not in text and "404" not in text] == []


def case_attempt(case: str, *, best: bool = True) -> dict:
    structure = compiled(case)
    solution, play = solution_of(structure), Play(structure)
    choices = (solution.best_path() if best else solution.worst_path()).choices
    record = new_record("case", case, structure["hash"], lang="en", learner="p-1234", host="page")
    for at, (position, choice) in enumerate(zip(play.walk(list(choices)), choices)):
        record["steps"].append({"at": at, "scene": structure["scenes"][position.scene]["id"], "choice": choice})
    record["finished_at"] = now()
    return {**record, "result": replay(record).scores}


def drill_attempt(drill: str) -> dict:
    source = read_drill(drill)
    record = new_record("drill", drill, source.hash, lang="en", learner="p-1234", host="page")
    items = source.document.data["items"].items()
    record["steps"] = [{"at": at, "item": id_, "answer": item["key"]} for at, (id_, item) in enumerate(items)]
    record["finished_at"] = now()
    return {**record, "result": replay(record).scores}


def stored(*records: dict) -> dict:
    """What the browser keeps of some attempts."""
    kept: dict = {}
    for record in records:
        empty = {"version": 1, "current": None, "attempts": [], "unsent": [], "missed": {}, "shown": {}}
        kept.setdefault(f"trustkit:v1:{record['activity']}", empty)["attempts"].append(record)
    return kept


@pytest.fixture
def played(home) -> dict:
    """A browser in which a case was passed and then failed, the exam and a drill passed, a simulator run."""
    used = new_record("simulator", "trust-bank", "0" * 16, lang="en", learner="p-1234", host="page")
    used |= {"finished_at": now(), "result": {"passed": False, "parts": {"a": 10}}}
    return stored(
        case_attempt("late-parcel"), case_attempt("late-parcel", best=False), case_attempt("one-difficult-week"),
        drill_attempt("trust-or-not"), used,
    )  # fmt: skip


def rule(page: Page, id_: str):
    return page.locator(f"[data-rule={id_}]")


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")


def test_who_has_done_nothing_is_told_where_to_begin(visit):
    page = visit()
    expect(page.get_by_role("region", name="Nothing here yet")).to_contain_text("You have not finished an activity")
    assert page.get_by_role("link", name="1.1 The first lesson").first.get_attribute("href") == "01-lesson/first.html"
    assert page.get_by_role("link", name="The late parcel").first.get_attribute("href") == "room/late-parcel.html"
    assert page.locator(".tk-export, .tk-passport-compass, .tk-passport-played").count() == 0
    assert rule(page, "drills").get_attribute("data-state") == "open"
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_was_done_is_shown_with_what_a_certificate_still_asks_for(visit, played):
    page = visit(played)
    states = {id_: rule(page, id_).get_attribute("data-state") for id_ in ("drills", "cases", "exam", "reply")}
    assert states == {"drills": "met", "cases": "open", "exam": "met", "reply": "trainer"}
    expect(rule(page, "cases")).to_contain_text("Different cases passed without a red line: 1. It takes 10")
    expect(rule(page, "exam")).to_contain_text("One difficult week")
    expect(rule(page, "exam")).to_contain_text("It counts when a trainer watched this attempt.")
    expect(page.get_by_role("status").first).to_have_text("2 of 4 met, as far as this browser knows.")
    case = page.locator("[data-case=late-parcel]")
    expect(case).to_contain_text(re.compile(r"Best: conduct \d+, outcome \d+ · ✓ Passed"))
    expect(case).to_contain_text(re.compile(r"Latest: conduct \d+, outcome \d+ · ○ Not yet"))
    expect(page.get_by_text("Passed without a red line: 2 of 2 played.")).to_be_visible()
    expect(page.get_by_text("Module 1 What trust is: 1 of 1")).to_be_visible()
    expect(page.get_by_text("used once, target not met yet")).to_be_visible()
    open_all(page)
    expect(page.locator("[data-lesson='1.1']")).to_contain_text("Case: The late parcel (done)")
    for sentence in ("in this browser", "does not compare you", "your trainer replays"):
        expect(page.locator(".tk-passport-honest")).to_contain_text(sentence)


def test_a_crossed_red_line_is_no_tick(visit, home):
    failed = case_attempt("late-parcel", best=False)
    crossed = {**failed, "result": {**failed["result"], "passed": True, "red_lines": ["false-claim"]}}
    page = visit(stored(crossed))
    expect(rule(page, "cases")).to_contain_text("red line: 0. It takes 10")
    expect(page.locator("[data-case=late-parcel]")).to_contain_text("⚑ a red line was crossed")


def test_what_is_to_come_and_what_is_missing_is_said_for_the_chosen_work_which_is_remembered(visit, played):
    page = visit({key: one for key, one in played.items() if "trust-or-not" not in key})
    open_all(page)
    still = rule(page, "drills").get_by_role("link")
    assert still.get_attribute("href") == "01-lesson/second.html#drill-trust-or-not"
    page.get_by_label("My work").select_option("I lead a team")
    expect(rule(page, "lead-case")).to_contain_text("Not built yet: 1.")
    page.reload()
    expect(page.get_by_label("My work")).to_have_value("lead")
    page.get_by_label("My work").select_option("I analyse data")
    expect(page.get_by_text("Customer Trust Analyst")).to_be_visible()


def talk(page: Page, case: str, *choices: str) -> None:
    """Play a case on its own page; the last part of the way by its first choices."""
    page.goto(re.sub(r"[^/]+$", f"room/{case}.html", page.url.replace("/room/", "/")))
    page.locator(".tk-start").click()
    for choice in choices:
        page.locator(f".tk-choice[data-choice={choice}]").click()
    while page.locator(".tk-choice").count():
        page.locator(".tk-choice").first.click()
    page.wait_for_function(f"Object.keys(JSON.parse(localStorage['trustkit:v1:{case}']).shown).length > 0")


def test_from_two_played_cases_on_the_compass_is_told_in_words(visit):
    page = visit()
    address = page.url
    talk(page, "late-parcel", "name-it")
    page.goto(address)
    skill = page.locator("[data-skill=responsibility]")
    expect(skill).to_contain_text("Nothing can be said yet. It takes two cases.")
    talk(page, "cold-parrot", "name-it")
    page.goto(address)
    expect(skill).to_contain_text(re.compile(r"From 2 cases: shown in 2, and in \d there was something left"))
    assert page.locator(".tk-passport-compass > div").count() == 6
    record = json.loads(page.evaluate("localStorage['trustkit:v1:late-parcel']"))["attempts"][0]
    assert "shown" not in record and "missed" not in record


def test_the_export_is_what_a_trainer_can_replay_and_the_table_opens_in_a_spreadsheet(visit, played, tmp_path):
    page = visit(played)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export all attempts").click()
    saved.value.save_as(tmp_path / "a.json")
    records = parse_attempts((tmp_path / "a.json").read_bytes())
    assert len(records) == 5
    assert sum(replay(one).passed for one in records if one["kind"] != "simulator") == 3
    with page.expect_download() as saved:
        page.get_by_role("button", name="Passport as a table (CSV)").click()
    saved.value.save_as(tmp_path / "a.csv")
    expect(page.locator(".tk-news")).to_contain_text(".csv")
    with open(tmp_path / "a.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    case = next(row for row in rows if row["id"] == "late-parcel")
    assert (case["kind"], case["attempts"], case["passed"]) == ("case", "2", "yes")
    assert {row["id"] for row in rows if row["kind"] == "compass"} >= {"care", "fairness"}
    assert {(row["id"], row["passed"]) for row in rows if row["kind"] == "rule agent"} >= {
        ("exam", "met"),
        ("reply", "trainer"),
    }


def test_it_prints_with_everything_opened_and_looks_as_before_afterwards(visit, played):
    page = visit(
        played,
        before="window.print = () => { window.printed = document.querySelectorAll('details:not([open])').length; }",
    )
    closed = page.locator("details:not([open])").count()
    page.get_by_role("button", name="Print").click()
    assert closed and page.evaluate("window.printed") == 0
    page.emulate_media(media="print")
    assert page.locator(".tk-actions:visible, select:visible").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == closed


def test_all_of_it_is_reached_by_keyboard_and_has_names(visit, played):
    page = visit(played)
    page.get_by_label("My work").focus()
    page.keyboard.press("ArrowDown")
    expect(rule(page, "lead-case")).to_be_visible()
    expect(page.get_by_label("My work")).to_be_focused()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.className + ' ' + document.activeElement.tagName")
        reached.append(name)
        if "tk-print" in name:
            break
    assert any("SUMMARY" in one for one in reached) and any("tk-export-csv" in one for one in reached)
    page.locator("summary").first.press("Enter")
    assert page.locator("details[open]").count() == 1
    unnamed = page.evaluate(
        "[...document.querySelectorAll('.tk-passport :is(section, button, select, summary)')].filter((one) =>"
        " !(one.labels?.length || one.innerText.trim() || one.getAttribute('aria-label'))).length"
    )
    assert unnamed == 0
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map((one) => Number(one.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.get_by_role("region").count() >= 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_in_the_light_and_in_the_dark(visit, played, scheme):
    page = visit(played, viewport={"width": 390, "height": 844}, is_mobile=True, color_scheme=scheme)
    open_all(page)
    # The plain theme of this test sets its own least width; ours is what stands in the page.
    assert page.locator(".tk-passport").evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
    paper = page.locator(".tk-passport .tk-card").first.evaluate("(one) => getComputedStyle(one).backgroundColor")
    ink = page.locator(".tk-passport .tk-card").first.evaluate("(one) => getComputedStyle(one).color")
    brightness = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (paper, ink)]
    assert (brightness[0] > brightness[1]) is (scheme == "light"), (paper, ink)


def test_it_works_from_a_file(visit, built, home):
    page = visit(stored(case_attempt("late-parcel")), base=f"file://{built.out}")
    expect(page.locator("[data-case=late-parcel]")).to_contain_text("✓ Passed")


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 9}', '{"attempts": [{"result": 1}]}'])
def test_a_damaged_store_is_read_as_far_as_possible(visit, text):
    page = visit(before=f"localStorage.setItem('trustkit:v1:late-parcel', {json.dumps(text)})")
    expect(page.get_by_role("region", name="Nothing here yet")).to_be_visible()
    assert page.evaluate("localStorage.getItem('trustkit:v1:late-parcel')") == text


def test_with_the_storage_switched_off_it_says_so(visit):
    page = visit(before="Object.defineProperty(window, 'localStorage', { get() { throw new Error('no storage'); } })")
    expect(page.locator(".tk-passport")).to_contain_text("This browser keeps nothing for this page")
    expect(page.get_by_role("region", name="Nothing here yet")).to_be_visible()


def test_what_is_done_in_another_tab_appears_without_a_reload(visit, home):
    page = visit()
    other = page.context.new_page()
    other.goto(page.url)
    (key, value), *_ = stored(case_attempt("late-parcel")).items()
    other.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, json.dumps(value)])
    expect(page.locator("[data-case=late-parcel]")).to_contain_text("✓ Passed")


def test_without_a_script_a_sentence_stands_there(visit):
    page = visit(java_script_enabled=False)
    assert "made in the page" in page.content() and page.locator(".tk-passport").count() == 0


def test_a_card_of_the_deck_is_answered_on_its_page(visit):
    page = visit(path="deck.html")
    page.get_by_role("button", name="Practise").click()
    page.locator(".tk-answer").first.click()
    expect(page.locator(".tk-explanation")).to_contain_text("This card comes back")
    assert json.loads(page.evaluate("localStorage['trustkit:v1:deck:cards']"))["states"]


def test_the_chinese_page_speaks_chinese(build, home, chromium, tmp_path):
    made = build(PASSPORT.replace("Skills passport", "能力护照"), language="zh_CN", html_sidebars={"**": []})
    data = data_of(made.page())
    assert data["lang"] == "zh" and data["titles"]["agent"] == "顾客信任从业者"
    page = chromium.new_page()
    page.goto(f"file://{made.out}/index.html")
    expect(page.locator(".tk-passport")).to_contain_text("这里还是空的")
    page.close()
