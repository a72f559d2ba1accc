"""Story maps in pages."""

import re
import shutil
from xml.etree import ElementTree

ONE = "# Page\n\n```{case-map} late-parcel\n```\n"
ALL = "# Page\n\n```{case-maps}\n```\n"


def test_a_map_is_a_picture_with_a_name_a_file_of_its_own_and_the_same_as_a_list(build):
    built = build(ONE)
    html = built.page()
    assert built.problems == []
    source = re.search(r'<img src="([^"]+)" alt="Story map of [^"]+ The same stands as a list', html)[1]
    picture = (built.out / source).read_text(encoding="utf-8")
    assert ElementTree.fromstring(picture).tag.endswith("svg")
    assert f'<a href="{source}">Open the map by itself' in html
    shown = html[html.index("<summary>The map as a list</summary>") :]
    assert "Scene 1. The customer:" in shown and "It is on the best path." in shown and "otherwise" in shown


def test_the_maps_of_all_cases_stand_under_their_titles(build):
    html = build(ALL).page()
    assert re.search(r'<section id="map-of-late-parcel">\s*<h2>The late parcel', html)


def test_the_map_speaks_the_language_of_the_edition(build):
    html = build(ONE, language="zh_CN").page()
    assert "用文字列表看这张地图" in html and 'class="tk-map" id="case-map-late-parcel">' in html


def test_a_case_without_chinese_is_shown_in_english_and_says_so(build, course_home):
    chinese = course_home / "cases" / "late-parcel" / "zh.yaml"
    sound = chinese.read_bytes()
    chinese.unlink()
    try:
        html = build({"index": ALL, "one": ONE}, language="zh_CN")
    finally:
        chinese.write_bytes(sound)
    assert '<figure class="tk-map" id="case-map-late-parcel" lang="en">' in html.page("one")
    assert '<details class="tk-map-list" lang="en">' in html.page("one")
    assert re.search(
        r'<section[^>]*id="map-of-late-parcel"[^>]* lang="en"|<section[^>]* lang="en"[^>]*id="map-of', html.page()
    )


def test_an_unknown_case_fails_the_build_and_names_the_cases_there_are(build):
    built = build("# Page\n\n```{case-map} nobody\n```\n")
    assert built.status == 1
    assert any("no case `nobody`" in problem and "late-parcel" in problem for problem in built.problems)


def test_a_broken_case_is_reported_with_its_own_file_and_line(build, broken_case):
    one, every = build(ONE), build(ALL)
    assert any(f"{broken_case}:5" in problem for problem in one.problems), one.problems
    assert every.status == 1 and any(problem.startswith("case.yaml:5: ") for problem in every.problems), every.problems


def test_a_case_that_came_since_gets_its_map_on_the_unchanged_page(build, course_home):
    build(ALL)
    folder = course_home / "cases" / "later-parcel"
    shutil.copytree(course_home / "cases" / "late-parcel", folder)
    (folder / "zh.yaml").unlink()
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text.replace("id: late-parcel", "id: later-parcel", 1), encoding="utf-8")
    try:
        html = build({}).page()
    finally:
        shutil.rmtree(folder)
    assert "map-of-later-parcel" in html and "map-of-late-parcel" in html


def test_where_no_picture_can_stand_the_list_does(build):
    text = build(ONE, builder="text").page(suffix=".txt")
    assert "Scene 1. The customer:" in text and "It is on the best path." in text


def test_a_share_in_a_case_is_no_figure_of_the_book(build, course_home):
    path = course_home / "cases" / "late-parcel" / "case.yaml"
    sound = path.read_bytes()
    text = sound.decode("utf-8")
    say = re.search(r"say: (.+)", text)[1]
    path.write_text(text.replace(say, f'"{say.strip(chr(34))} That is 40 % off."', 1), encoding="utf-8")
    try:
        built = build(ONE)
    finally:
        path.write_bytes(sound)
    assert built.problems == [] and "40 % off" in built.page()
