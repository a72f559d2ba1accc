"""The case room: a list of all cases, a page for each of them, and a room that knows what was played."""

import functools
import http.server
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from trustkit.publish.build import build_book

ROOM = "(case-room)=\n# Case room\n\nWho is next?\n\n```{case-room}\n```\n"
RULES = "(rules)=\n# Rules\n\n```{rule-card} LH-1\n:title: Visit windows\n:date: 2026-01-01\n\nAsk the desk.\n```\n"
LESSON = "(lesson-1-1)=\n# Lesson\n"
HOME = "# Home\n\n```{toctree}\nroom\nrules\nlesson\n```\n"
BOOK = {"index": HOME, "room": ROOM, "rules": RULES, "lesson": LESSON}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


def write_case(home: Path, small: Path, name: str, head: dict[str, str] | None = None, *, chinese: bool = True) -> Path:
    """Write a case like the small one into a course, with other values at its head; return its file."""
    folder = Path(shutil.copytree(small, home / "cases" / name))
    file = folder / "case.yaml"
    text = file.read_text(encoding="utf-8")
    for key, value in {"id": name, **(head or {})}.items():
        line = f"{key}: {value}"
        found = re.subn(rf"^{key}: .*$", line, text, count=1, flags=re.MULTILINE)
        text = found[0] if found[1] else f"{line}\n{text}"
    file.write_text(text, encoding="utf-8")
    if not chinese:
        (folder / "zh.yaml").unlink()
    return file


@pytest.fixture
def home(build, course_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of three cases, of which one is in English only and comes from an industry of its own."""
    home = Path(shutil.copytree(course_home, tmp_path / "course"))
    small = course_home / "cases" / "late-parcel"
    write_case(
        home, small, "cold-parrot",
        {"title": "The cold parrot", "industry": "pet-shop", "difficulty": "4", "compass": "[care]", "rules": "[LH-1]",
         "customer": '{name: Ines Roth, about: "keeps a parrot"}', "channel": "in-person"},
        chinese=False,
    )  # fmt: skip
    write_case(
        home, small, "no-room",
        {"title": "No room at night", "industry": "hotel", "difficulty": "2", "compass": "[fairness, reliability]",
         "customer": '{name: Bo Lind, about: "stands at the desk"}'},
    )  # fmt: skip
    monkeypatch.setenv("TRUSTKIT_HOME", str(home))
    return home


def bundle_of(html: str) -> dict:
    found = re.findall(r'<script type="application/json" id="case-[\w-]+-data">(.*?)</script>', html, re.S)
    assert len(found) == 1
    return json.loads(found[0])


def test_each_case_has_a_page_with_its_own_bundle_alone(build, home):
    built = build(BOOK)
    assert built.problems == []
    pages = {path.stem for path in (built.out / "room").glob("*.html")}
    assert pages == {"cold-parrot", "late-parcel", "no-room"}
    for name in pages:
        html = built.page(f"room/{name}")
        assert bundle_of(html)["id"] == name
        assert "trustkit-player.js" in html and "trustkit-room.js" not in html


def test_no_derived_file_lands_among_the_sources(build, home, tmp_path):
    before = {path for path in home.rglob("*") if "_build" not in path.parts}
    build(BOOK)
    assert {path.name for path in (tmp_path / "pages").rglob("*")} == {f"{name}.md" for name in BOOK}
    assert {path for path in home.rglob("*") if "_build" not in path.parts} == before


def test_without_a_script_the_whole_list_can_be_read_by_industry(build, home):
    html = build(BOOK).page("room")
    body = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    text = " ".join(re.sub(r"<[^>]+>", " ", body).split())
    places = [text.index(part) for part in ("Hotel", "No room at night", "Parcels", "The late parcel", "Pet shop")]
    assert places == sorted(places)
    assert (
        "Ines Roth keeps a parrot In person · about 3 min · difficulty 4 of 5 ●●●●○ · trains Care · lessons 1.1" in text
    )
    assert 'href="room/cold-parrot.html"' in body and 'href="lesson.html"' in body
    assert "trustkit-room.js" in html and "trustkit-player.js" not in html


def test_a_case_page_leads_back_to_the_room_and_to_lessons_and_rule_cards(build, home):
    built = build(BOOK)
    html = built.page("room/cold-parrot")
    assert '<a href="../room.html">← Case room</a>' in html and '<a href="../lesson.html">1.1</a>' in html
    bundle = bundle_of(html)
    assert bundle["lesson_links"] == {"1.1": "../lesson.html"}
    assert bundle["rule_links"] == {"LH-1": "../rules.html#rule-lh-1"}
    assert bundle["rule_titles"] == {"LH-1": "Visit windows"}
    assert "<h1>The cold parrot</h1>" in html and "<title>The cold parrot" in html


def test_a_case_in_english_only_is_marked_so_in_the_chinese_edition(build, home):
    built = build({**BOOK, "room": ROOM.replace("# Case room", "# 案例室")}, language="zh_CN")
    assert built.problems == []
    room, page = built.page("room"), built.page("room/cold-parrot")
    assert '<a href="room/cold-parrot.html" lang="en">The cold parrot</a>' in room and "英文" in room
    assert "当面" in room and "← 案例室" in page and '<section id="case" lang="en">' in page
    assert (bundle_of(page)["lang"], bundle_of(page)["text_lang"]) == ("zh", "en")


def test_a_changed_a_new_and_a_removed_case_are_noticed_though_the_page_is_the_same(build, home, course_home):
    build(BOOK)
    file = home / "cases" / "no-room" / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("No room at night", "No room at noon"), encoding="utf-8")
    built = build({})
    assert "No room at noon" in built.page("room") and "No room at noon" in built.page("room/no-room")
    write_case(home, course_home / "cases" / "late-parcel", "second-parcel", {"title": "Another parcel"})
    shutil.rmtree(home / "cases" / "no-room")
    built = build({})
    assert "Another parcel" in built.page("room") and "No room" not in built.page("room")
    assert (built.out / "room" / "second-parcel.html").exists()
    assert not (built.out / "room" / "no-room.html").exists()


def test_where_nothing_changed_nothing_is_written(build, home):
    page = build(BOOK).out / "room" / "no-room.html"
    written = page.stat().st_mtime_ns
    assert build({}).problems == []
    assert page.stat().st_mtime_ns == written


def test_a_new_title_of_a_rule_card_reaches_the_case_pages(build, home):
    build(BOOK)
    built = build({"rules": RULES.replace("Visit windows", "Windows for visits")})
    assert bundle_of(built.page("room/cold-parrot"))["rule_titles"] == {"LH-1": "Windows for visits"}


def test_a_card_that_the_rules_page_does_not_have_is_named_with_the_cases_line(build, home):
    built = build({**BOOK, "rules": RULES.replace("LH-1", "LH-9")})
    lines = (home / "cases" / "cold-parrot" / "case.yaml").read_text(encoding="utf-8").splitlines()
    line = lines.index("rules: [LH-1]") + 1
    (problem,) = built.problems
    assert problem.startswith(f"case.yaml:{line}: ") and "`LH-1`" in problem and "LH-9" in problem


def test_a_broken_case_is_named_with_its_own_line_and_the_others_are_still_there(build, home):
    file = home / "cases" / "no-room" / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("difficulty: 2", "difficulty: two"), encoding="utf-8")
    built = build(BOOK)
    (problem,) = built.problems
    assert built.status == 1 and re.match(r"case\.yaml:\d+: .*`difficulty`", problem)
    assert "The cold parrot" in built.page("room") and "No room" not in built.page("room")


def test_a_case_that_cannot_be_compiled_is_named_with_its_own_line(build, home):
    file = home / "cases" / "no-room" / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("to: look", "to: loook", 1), encoding="utf-8")
    built = build(BOOK)
    assert any(re.match(r"case\.yaml:\d+: .*loook", problem) for problem in built.problems), built.problems


def test_a_second_room_is_refused(build, home):
    built = build({**BOOK, "zoom": "# Second\n\n```{case-room}\n```\n"})
    assert any("zoom.md:3: " in problem and "room already" in problem for problem in built.problems)


def test_a_page_that_is_read_again_may_keep_its_room(build, home):
    build(BOOK)
    assert build({"room": ROOM + "\nMore.\n"}).problems == []


def test_a_course_without_cases_says_so(build, home):
    shutil.rmtree(home / "cases")
    (home / "cases").mkdir()
    built = build(BOOK)
    assert built.problems == [] and "There are no cases yet." in built.page("room")


def test_where_nothing_can_be_played_the_list_is_plain_sentences(build, home):
    text = build(BOOK, builder="text").page("room", ".txt")
    assert "The cold parrot (Ines Roth; Pet shop, In person; 3 min; difficulty 4 of 5)" in " ".join(text.split())


# In a browser -----------------------------------------------------------------------------------------------------


class Strict(http.server.SimpleHTTPRequestHandler):
    """Serves a folder under a strict policy, and says nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def visit(build, home, chromium) -> Iterator[Callable[..., Page]]:
    """Opens the room in a fresh browser; a script error or a broken policy fails the test."""
    # The search box of the plain theme comes with a script inside the page.
    built = build(BOOK, html_sidebars={"**": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=str(built.out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    contexts, wrong = [], []

    def open_(before: str = "", path: str = "room.html", **options: object) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1000, "height": 800}, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(f"http://127.0.0.1:{server.server_port}/{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
    server.shutdown()
    server.server_close()
    # The plain theme's own scripts fall over a browser without storage, and it has no icon.
    assert [text for text in wrong if "no storage" not in text and "404" not in text] == []


def shown(page: Page) -> list[str]:
    return page.locator("[data-case]:visible").evaluate_all("all => all.map((one) => one.dataset.case)")


def picks(page: Page) -> list[str]:
    return page.locator("[data-pick]").evaluate_all("all => all.map((one) => one.dataset.pick)")


def play(page: Page, name: str, choice: int | str = 0) -> None:
    """Play a case on its page to the end and come back to the room."""
    page.locator(f"[data-case={name}] a").first.click()
    page.locator(".tk-start").click()
    while page.locator(".tk-choice").count():
        wanted = page.locator(f".tk-choice[data-choice={choice}]")
        (wanted if wanted.count() else page.locator(".tk-choice").first).click()
    page.wait_for_function(f"Object.keys(JSON.parse(localStorage['trustkit:v1:{name}']).missed).length > 0")
    page.get_by_role("link", name="← Case room").click()


def play_best(page: Page, name: str) -> None:
    """Play a case along its best path."""
    page.locator(f"[data-case={name}] a").first.click()
    page.locator(".tk-start").click()
    for choice in ("name-it", "check", "fair"):
        page.locator(f".tk-choice[data-choice={choice}]").click()
    page.locator(".tk-later:not([aria-busy])").wait_for()
    page.get_by_role("link", name="← Case room").click()


def test_the_list_is_narrowed_with_the_keyboard_and_says_how_many_are_left(visit):
    page = visit()
    assert shown(page) == ["no-room", "late-parcel", "cold-parrot"]
    page.get_by_label("Industry").focus()
    page.keyboard.type("Pet")
    assert shown(page) == ["cold-parrot"]
    expect(page.get_by_role("status")).to_have_text("1 of 3 cases shown.")
    assert page.locator(".tk-room-group:visible").count() == 1
    page.get_by_role("button", name="Show all").press("Enter")
    expect(page.get_by_role("status")).to_have_text("3 of 3 cases shown.")
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()


def test_the_three_filters_work_together(visit):
    page = visit()
    page.get_by_label("What it trains").select_option("Fairness")
    assert shown(page) == ["no-room"]
    page.get_by_label("Difficulty").select_option("4 of 5")
    assert shown(page) == []
    expect(page.get_by_role("status")).to_have_text("No case fits all three. Take one of them back.")


def test_only_what_some_case_has_can_be_chosen(visit):
    page = visit()
    options = {
        name: page.get_by_label(name).locator("option").all_inner_texts()
        for name in ("Industry", "What it trains", "Difficulty")
    }
    assert options == {
        "Industry": ["All", "Hotel", "Parcels and delivery", "Pet shop"],
        "What it trains": ["All", "Reliability", "Care", "Fairness"],
        "Difficulty": ["All", "1 of 5", "2 of 5", "4 of 5"],
    }


def test_a_choice_is_still_there_on_the_way_back_and_can_be_passed_on(visit):
    page = visit(path="room.html?skill=care")
    assert shown(page) == ["cold-parrot"]
    page.get_by_label("Difficulty").select_option("4 of 5")
    page.locator("[data-case=cold-parrot] a").first.click()
    page.wait_for_url("**/cold-parrot.html")
    page.go_back()
    assert shown(page) == ["cold-parrot"]


def test_a_newcomer_is_sent_to_the_easiest(visit):
    page = visit()
    assert picks(page) == ["late-parcel", "no-room", "cold-parrot"]
    expect(page.locator(".tk-advice")).to_contain_text("You have not played yet.")
    expect(page.locator("[data-pick=late-parcel]")).to_contain_text("Difficulty 1 of 5, about 3 min")
    assert page.locator(".tk-played").count() == 0


def test_what_was_played_is_shown_and_what_was_missed_leads_on(visit):
    page = visit()
    play(page, "cold-parrot", "blame")
    played = page.locator("[data-case=cold-parrot] .tk-played")
    expect(played).to_contain_text("Played once")
    expect(played).to_contain_text(re.compile(r"conduct \d+, outcome \d+ · ○ Not yet"))
    advice = page.locator(".tk-advice")
    expect(advice).to_contain_text("Of 3 cases you have played 1 and passed 0.")
    expect(advice).to_contain_text(re.compile("lacked most|cost you most"))
    assert picks(page)
    play(page, "cold-parrot", "name-it")
    expect(played).to_contain_text("Played 2 times")
    expect(played.locator("li")).to_have_count(2)


def test_a_crossed_red_line_is_named(visit):
    page = visit()
    play(page, "late-parcel", "deny")
    expect(page.locator("[data-case=late-parcel] .tk-played")).to_contain_text("⚑ a red line was crossed")


def test_what_was_played_in_another_tab_appears_without_a_reload(visit):
    page = visit()
    other = page.context.new_page()
    other.goto(page.url)
    play(other, "no-room", "blame")
    expect(page.locator("[data-case=no-room] .tk-played")).to_contain_text("Played once")


def test_a_passed_case_is_counted_and_the_rest_suggested(visit):
    page = visit()
    play_best(page, "late-parcel")
    expect(page.locator("[data-case=late-parcel] .tk-played")).to_contain_text("✓ Passed")
    expect(page.locator(".tk-advice")).to_contain_text("played 1 and passed 1.")
    assert {"no-room", "cold-parrot"} <= set(picks(page))


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 9}', '{"attempts": [{"result": 1}]}'])
def test_a_damaged_store_is_read_as_far_as_possible_and_left_for_the_player_to_mend(visit, text):
    page = visit(before=f"localStorage.setItem('trustkit:v1:no-room', {json.dumps(text)})")
    assert len(picks(page)) == 3
    assert page.evaluate("localStorage.getItem('trustkit:v1:no-room')") == text


def test_with_the_storage_switched_off_the_room_says_so_and_still_suggests(visit):
    page = visit(before="Object.defineProperty(window, 'localStorage', { get() { throw new Error('no storage'); } })")
    expect(page.locator(".tk-advice")).to_contain_text("This browser keeps nothing for this page")
    assert picks(page) == ["late-parcel", "no-room", "cold-parrot"]
    page.get_by_label("Industry").select_option("Hotel")
    assert shown(page) == ["no-room"]


def test_the_room_and_a_case_fit_a_small_phone(visit):
    for path in ("room.html", "room/cold-parrot.html"):
        page = visit(path=path, viewport={"width": 360, "height": 780})
        # The plain theme of this test sets its own least width; ours is what stands in the page.
        width = page.locator(".tk-player").evaluate("(one) => one.scrollWidth - one.clientWidth")
        assert width <= 0, path


def test_without_a_script_the_room_has_no_empty_controls(visit):
    page = visit(java_script_enabled=False)
    assert len(page.locator("[data-case]").all()) == 3
    assert page.locator("select, .tk-advice").count() == 0


# In the published book --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(small_book, tmp_path_factory) -> Path:
    """A small course with a case room, built in both editions with the theme and all."""
    root = small_book(tmp_path_factory.mktemp("published") / "course")
    for language, title in (("en", "Case room"), ("zh", "案例室")):
        page = f"(case-room)=\n# {title}\n\n```{{case-room}}\n```\n"
        (root / "book" / language / "case-room.md").write_text(page, encoding="utf-8")
    toc = (root / "_toc.yml").read_text(encoding="utf-8")
    (root / "_toc.yml").write_text(
        toc.replace(
            "      - file: notebooks/en/desk\n", "      - file: notebooks/en/desk\n      - file: book/en/case-room\n"
        ),
        encoding="utf-8",
    )
    return build_book(root=root)


@pytest.mark.parametrize(("language", "other", "name"), [("en", "zh", "Case room"), ("zh", "en", "案例室")])
def test_a_published_case_page_has_the_books_chrome_and_leads_to_its_twin(published, language, other, name):
    html = (published / language / "case-room" / "late-parcel.html").read_text(encoding="utf-8")
    assert f'href="../../{other}/case-room/late-parcel.html"' in html
    assert (published / other / "case-room" / "late-parcel.html").exists()
    assert 'class="bd-sidebar-primary' in html and 'href="../glossary.html"' in html
    assert "noindex" in html and "tk-reading-tools" in html
    assert f"← {name}" in html
    assert len(html) < 60_000


def test_the_search_finds_a_case_by_its_title_and_its_customer(published):
    index = (published / "en" / "search-index.js").read_text(encoding="utf-8")
    assert "Ortega" in index and '"The late parcel"' in index
