"""The story map: what it shows, that it holds together, and that it can be read."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from trustkit.cases.compile import compiled
from trustkit.cases.guards import parse
from trustkit.cases.reader import read_case, text_of
from trustkit.cases.solve import solution_of
from trustkit.cases.storymap import BEST, OTHER, guard_text, story_map, ways_of
from trustkit.trust.vocabulary import vocabulary

FRIDGE = "fridge-failed-twice"
SMALL = Path(__file__).parent / "small" / "late-parcel"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(case, variant="base", language="en"):
    structure = compiled(case, variant)
    red_lines = {code: red_line.words[language].name for code, red_line in vocabulary().red_lines.items()}
    text = text_of(read_case(case), variant, language)
    return story_map(structure, text, ways_of(solution_of(structure)), red_lines, language)


@pytest.fixture(scope="module")
def fridge():
    return drawn(FRIDGE)


@pytest.fixture(scope="module")
def picture(fridge):
    return ElementTree.fromstring(fridge.svg())


def test_every_scene_choice_and_ending_of_the_case_is_on_the_map(fridge):
    data = read_case(FRIDGE).document.data
    assert {scene.id for scene in fridge.scenes} == set(data["scenes"])
    for scene in fridge.scenes:
        assert [choice.id for choice in scene.choices] == list(data["scenes"][scene.id].get("choices", {}))
    assert [ending.id for ending in fridge.endings] == [ending["id"] for ending in data["endings"]]


def test_scenes_are_numbered_in_reading_order_and_each_choice_leads_further_down(fridge):
    assert [scene.number for scene in fridge.in_order()] == list(range(1, len(fridge.scenes) + 1))
    assert fridge.in_order()[0].id == "call" and fridge.in_order()[-1].id == "goodbye"
    for scene in fridge.scenes:
        for choice in scene.choices:
            assert not choice.back and fridge.scenes[choice.to].layer > scene.layer


@pytest.mark.parametrize("way", [BEST, OTHER])
def test_the_good_ways_are_marked_from_the_first_scene_to_an_ending(fridge, way):
    solution = solution_of(compiled(FRIDGE))
    path = solution.best_path() if way == BEST else solution.acceptable_path()
    marked = [choice.id for scene in fridge.in_order() for choice in scene.choices if way in choice.ways]
    assert marked == list(path.choices)
    assert [ending.id for ending in fridge.endings if way in ending.ways] == [
        solution.play.structure["endings"][solution.play.ending(path.end)]["id"]
    ]


def test_a_scene_shows_what_is_heard_on_the_best_path(fridge):
    record = next(scene for scene in fridge.scenes if scene.id == "record")
    assert record.says == "Good. Then I can breathe again. And October? You have it there, you said."


def test_time_jumps_and_red_lines_are_told_in_words(fridge):
    later = {scene.id: scene.later for scene in fridge.scenes if scene.later}
    assert later == {
        "evening": "8 h later",
        "waited": "2 d later",
        "after-visit": "3.1 d later",
        "two-days-later": "2 d later",
    }
    hush = next(choice for scene in fridge.scenes for choice in scene.choices if choice.id == "hush")
    assert hush.red_line == vocabulary().red_lines["paid-silence"].words["en"].name


def test_a_red_line_is_marked_by_a_shape_and_by_words(fridge, picture):
    crossing = [choice for scene in fridge.scenes for choice in scene.choices if choice.red_line]
    # One more stands in the legend.
    assert len(list(picture.iter(f"{SVG}polygon"))) == len(crossing) + 1
    said = [text.text for text in picture.iter(f"{SVG}text")]
    assert sum(text.startswith("red line: ") for text in said) == len(crossing)


def test_the_good_ways_differ_by_thickness_and_dashes_and_not_by_colour(picture):
    lines = {way: [p for p in picture.iter(f"{SVG}path") if p.get("class") == way] for way in (BEST, OTHER, "rest")}
    assert all(lines.values())
    look = {way: {(p.get("stroke-width"), p.get("stroke-dasharray")) for p in found} for way, found in lines.items()}
    assert all(len(found) == 1 for found in look.values())
    assert len(set.union(*look.values())) == 3
    assert look[OTHER].pop()[1] and not look[BEST].pop()[1]


def test_the_map_names_itself_for_who_cannot_see_it(picture):
    assert picture.get("role") == "img" and picture.get("lang") == "en"
    named = [picture.find(f".//*[@id='{id_}']").text for id_ in picture.get("aria-labelledby").split()]
    assert named[0] == "Story map of “The fridge that failed twice”"
    assert "13 scenes" in named[1] and "best path is bold" in named[1]


def test_the_map_needs_nothing_from_elsewhere_and_runs_nothing(fridge):
    svg = fridge.svg().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"<script|<foreignObject|<image|href|url\(|https?:|@import|\son\w+=", svg)


def test_the_map_is_the_same_every_time(fridge):
    assert drawn(FRIDGE).svg() == fridge.svg()


def test_a_variant_and_a_language_have_a_map_of_their_own():
    assert "variant july-heat" in drawn(FRIDGE, "july-heat").title
    chinese = drawn(FRIDGE, language="zh")
    assert "最佳路线" in chinese.svg() and "故事地图" in chinese.title


def test_a_choice_that_leads_back_is_told_by_a_number_and_draws_no_line():
    structure = compiled(SMALL)
    last = max(at for at, scene in enumerate(structure["scenes"]) if scene["choices"])
    scenes = [dict(scene, choices=[dict(choice) for choice in scene["choices"]]) for scene in structure["scenes"]]
    # Back to the first scene, as a scene of questions does that can be asked in any order.
    scenes[last]["choices"][-1]["to"] = structure["start"]["scene"]
    ways = ways_of(solution_of(structure))
    looped = story_map({**structure, "scenes": scenes}, text_of(read_case(SMALL)), ways, {})
    choice = looped.scenes[last].choices[-1]
    assert choice.back and "↑1</text>" in looped.svg() and "back up to scene 4" in looped.svg()


@pytest.mark.parametrize("guard", [
    "trust >= 40", "medicine and not insulin-safe", "broken >= 1 or (trust < 35 and not medicine)",
    "not (medicine or insulin-safe)", "offer == 1000 and failures != 2",
])  # fmt: skip
def test_a_condition_is_told_as_its_author_wrote_it(guard):
    facts = ["medicine", "insulin-safe"]
    assert guard_text(parse(guard, {fact: bit for bit, fact in enumerate(facts)}), facts) == guard


@pytest.fixture(scope="module")
def page(chromium, fridge, tmp_path_factory):
    path = tmp_path_factory.mktemp("map") / "map.svg"
    path.write_text(fridge.svg(), encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1123, "height": 794})
    opened = context.new_page()
    opened.goto(path.as_uri())
    yield opened
    context.close()


def test_the_map_prints_on_one_page_in_landscape(page):
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())
    assert width > height


def test_no_text_runs_out_of_its_box_or_into_another_text(page):
    faults = page.evaluate("""() => {
      const texts = [...document.querySelectorAll("g > text")].map((one) => [one, one.getBBox()]);
      const out = texts.filter(([one, box]) => {
        const frame = one.parentNode.querySelector("rect").getBBox();
        return box.x + box.width > frame.x + frame.width + 1 || box.x < frame.x - 1;
      });
      const over = texts.filter(([, a], at) => texts.some(([, b], other) => other > at
        && a.x < b.x + b.width && b.x < a.x + a.width && a.y + 3 < b.y + b.height - 3 && b.y + 3 < a.y + a.height - 3));
      return [...out, ...over].map(([one]) => one.textContent);
    }""")
    assert faults == []


def test_the_text_is_not_smaller_on_paper_than_a_footnote(page):
    # 1 unit is 1/96 inch where the map fills the page; 6.5 points are 8.7 of them.
    sizes = page.evaluate("""() => [...document.querySelectorAll("text")].map((one) =>
      parseFloat(getComputedStyle(one).fontSize) * document.documentElement.getScreenCTM().a)""")
    assert min(sizes) * 72 / 96 > 6
