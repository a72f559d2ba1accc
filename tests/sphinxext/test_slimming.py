"""What every page loads is joined; what only some pages need is loaded there alone."""

import pytest

from trustkit.sphinxext.slimming import FRAME, LARGE, Parts, joined_page, with_data, without_data

HEAD = """<script data-cfasync="false" src="../_static/page/mode.js"></script>
<noscript><link rel="stylesheet" href="../_static/page/quiet.css" /></noscript>
<link href="../_static/styles/theme.css?digest=5" rel="stylesheet" />
<link rel="stylesheet" type="text/css" href="../_static/course.css?v=1" />
<link rel="preload" as="script" href="../_static/scripts/bootstrap.js" />
<script src="../_static/doctools.js?v=2"></script>
<script src="../_static/copybutton.js?v=2"></script>
<script src="../_static/page/hint.js"></script>
<script defer src="../_static/trustkit-player.js?v=3"></script>
<link rel="stylesheet" href="../_static/page/ours.css" />"""
CONTENT = {"_static/page/hint.js": "let toggleHintShow = 'x';", "_static/page/ours.css": ".tk-0123abcd { top: 0 }\n"}


def joined(body: str) -> tuple[str, Parts]:
    parts = Parts()
    page = (
        f'<html><head>{HEAD}</head><body>{body}<script defer src="../_static/scripts/theme.js"></script></body></html>'
    )
    return joined_page(page, "01-lesson/1-1-first", parts, CONTENT), parts


def test_a_page_loads_one_sheet_one_script_and_its_activities():
    page, parts = joined("<p>text</p>")
    assert page.count("<link") == 2 and page.count("<script") == 3
    assert f'<link rel="stylesheet" href="../_static/{FRAME}.' in page
    assert '<noscript><link rel="stylesheet" href="../_static/page/quiet.css" /></noscript>' in page
    assert page.index("page/mode.js") < page.index(f"{FRAME}.") < page.index("trustkit-player.js")
    assert list(parts.sheets) == ["_static/styles/theme.css", "_static/course.css"]
    assert list(parts.elements) == ["_static/page/ours.css"]
    assert list(parts.scripts[FRAME]) == ["_static/scripts/theme.js"]
    assert list(parts.scripts["folds"]) == ["_static/page/hint.js"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('<div class="highlight-python notranslate"><div class="highlight"><pre>', "code"),
        ('<div class="admonition note dropdown">', "folds"),
        ('<div class="toggle admonition">', "folds"),
        ('<div class="sd-tab-set docutils">', "tabs"),
    ],
)
def test_a_page_that_needs_more_loads_that_alone(body, name):
    page, _ = joined(body)
    assert f"_static/{name}." in page and page.count("<script") == 4
    assert f"_static/{name}." not in joined('<details class="sd-dropdown">highlight toggle</details>')[0]


def test_a_large_bundle_comes_as_a_script_before_the_player_and_a_small_one_stays(tmp_path):
    head = '<head><script defer src="../_static/trustkit-player.js?v=1"></script></head>'
    large, small = '{"a":"' + "x" * LARGE + '"}', '{"b":1}'
    data = '<script type="application/json" id="{}">{}</script>'
    page, files = without_data(head + data.format("case-a-data", large) + data.format("case-b-data", small), "../")
    ((name, code),) = files.items()
    assert code == f'document.getElementById("case-a-data").textContent = JSON.stringify({large});\n'
    assert page.index(f"../_static/page/{name}") < page.index("trustkit-player.js")
    assert data.format("case-a-data", "") in page and data.format("case-b-data", small) in page
    folder = tmp_path / "lessons"
    for path in (folder, tmp_path / "_static/page"):
        path.mkdir(parents=True)
    (tmp_path / "_static/page" / name).write_text(code, encoding="utf-8")
    assert with_data(page, folder) == head + data.format("case-a-data", large) + data.format("case-b-data", small)


def test_a_page_without_large_bundles_stays_as_it_is():
    page = '<head><script defer src="trustkit-player.js"></script></head>'
    assert without_data(page, "") == (page, {})
