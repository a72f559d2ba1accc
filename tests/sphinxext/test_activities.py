"""Cases and drills in pages."""

import json
import re

import pytest

CASE = "# Page\n\n```{case} late-parcel\n```\n"
DRILL = "# Page\n\n```{drill} trust-or-not\n```\n"


def data(html: str, anchor: str) -> dict:
    found = re.search(rf'<script type="application/json" id="{anchor}-data">(.*?)</script>', html, re.S)
    return json.loads(found[1])


def test_a_case_is_embedded_with_its_data_and_a_place_for_the_player(build):
    html = build(CASE).page()
    bundle = data(html, "case-late-parcel")
    assert (bundle["kind"], bundle["id"], bundle["lang"]) == ("case", "late-parcel", "en")
    assert '<div class="trustkit" data-trustkit="#case-late-parcel-data"><!--brief-->' in html
    assert "<noscript>" in html


def test_a_drill_is_embedded_in_the_language_of_the_edition(build):
    bundle = data(build(DRILL, language="zh_CN").page(), "drill-trust-or-not")
    assert bundle["lang"] == "zh"
    assert re.search("[\u4e00-\u9fff]", bundle["title"])


def test_the_player_is_loaded_only_on_pages_that_use_it(build):
    built = build({"index": "# Home\n", "play": CASE})
    assert "trustkit-player.js" in built.page("play")
    (sheet,) = (built.out / "_static").glob("frame.*.css")
    assert sheet.name in built.page("play") and ".tk-player" in sheet.read_text(encoding="utf-8")
    assert "trustkit-player" not in built.page("index")
    assert (built.out / "_static/trustkit-player.js").stat().st_size > 1000


def test_data_cannot_close_its_own_script_element(build):
    html = build(DRILL).page()
    start = html.index('id="drill-trust-or-not-data">') + len('id="drill-trust-or-not-data">')
    assert "<" not in html[start : html.index("</script>", start)]


def test_lesson_links_lead_to_the_lessons_of_this_edition_and_to_no_others(build):
    lesson = "# Lesson\n\n```{objectives}\n:lesson: 1.1\n:time: 5\n:track: both\n\n- Play.\n```\n"
    built = build({"index": CASE, "first": lesson, "later": "(lesson-6-1)=\n# Later\n"})
    assert data(built.page(), "case-late-parcel")["lesson_links"] == {"1.1": "first.html", "6.1": "later.html"}


def test_a_new_lesson_appears_in_the_links_of_an_unchanged_page(build):
    build(CASE)
    built = build({"later": "(lesson-6-1)=\n# Later\n"})
    assert data(built.page(), "case-late-parcel")["lesson_links"] == {"6.1": "later.html"}


def test_an_unknown_case_fails_the_build_and_names_the_cases_there_are(build):
    built = build("# Page\n\nText.\n\n```{case} fridge-of-nobody\n```\n")
    assert built.status == 1
    assert any(
        problem.startswith("index.md:5: ") and "no case `fridge-of-nobody`" in problem and "late-parcel" in problem
        for problem in built.problems
    )


def test_an_unknown_drill_fails_the_build_and_names_the_drills_there_are(build):
    built = build("# Page\n\n```{drill} nothing\n```\n")
    assert built.status == 1
    assert any("no drill `nothing`" in problem and "trust-or-not" in problem for problem in built.problems)


def test_a_case_twice_on_one_page_is_refused(build):
    built = build(CASE + "\n```{case} late-parcel\n```\n")
    assert any("index.md:6: " in problem and "twice" in problem for problem in built.problems)


def test_a_case_whose_file_is_broken_is_reported_with_its_own_file_and_line(build, broken_case):
    built = build(CASE)
    assert built.status == 1
    assert any(f"{broken_case}:5" in problem for problem in built.problems), built.problems


def test_a_changed_case_is_noticed_though_the_page_is_the_same(build, course_home):
    path = course_home / "cases" / "late-parcel" / "case.yaml"
    sound = path.read_bytes()
    build(CASE)
    path.write_bytes(sound.replace(b"title: The late parcel", b"title: The very late parcel"))
    try:
        built = build({})
    finally:
        path.write_bytes(sound)
    assert data(built.page(), "case-late-parcel")["title"] == "The very late parcel"


def test_where_nothing_can_be_played_a_sentence_stands_in(build):
    text = build(CASE + "\n" + DRILL.split("\n\n", 1)[1], builder="text").page(suffix=".txt")
    assert "trustkit play late-parcel" in text
    assert "12 items" in text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_brief_in_the_page_is_the_one_that_the_player_shows(build, chromium, language):
    address = (build(CASE, language=language).out / "index.html").as_uri()
    seen = []
    for scripts in (False, True):
        context = chromium.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(address)
        brief = page.locator(".tk-case > .tk-brief")
        if scripts:
            brief.locator(".tk-start").wait_for()
        shown = [brief.locator(one).all_inner_texts() for one in (".tk-title", "dt", "dd", "> p[dir]:not(.tk-title)")]
        seen.append([*shown, "What you know" in brief.inner_text() or "你手上的信息" in brief.inner_text()])
        context.close()
    assert seen[0] == seen[1] and all(seen[0])
