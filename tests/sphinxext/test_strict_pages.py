"""Pages for a server that forbids scripts and styles in them: nothing is lost, and nothing is left in the page."""

import re

import pytest

from trustkit.sphinxext.strict_pages import FOLDER, separated


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>{body}</body></html>"


def test_a_script_becomes_a_file_at_its_place():
    found = separated(page("<p>a</p>", '<script data-cfasync="false">\n  let a = "<b>";\n</script>'), "../")
    ((name, code),) = found.files.items()
    assert code == 'let a = "<b>";\n'
    assert f'<head><script data-cfasync="false" src="../{FOLDER}/{name}"></script></head>' in found.text


@pytest.mark.parametrize(
    "kept",
    [
        '<script src="a.js"></script>',
        '<script type="application/json" id="x">{"style": "<p style=\\"a\\">"}</script>',
        "<!-- <script>a()</script> -->",
        '<p title="a > b">x</p>',
        '<p title=\'style="color: red"\'>style="color: red"</p>',
        "<a href=x>1 &lt; 2</a><br/>",
    ],
)
def test_what_is_allowed_stays_as_it_is(kept):
    found = separated(page(kept), "")
    assert found.text == page(kept) and not found.files


def test_styles_of_elements_become_classes_of_one_sheet():
    found = separated(
        page('<td style="width: 20%; color:red;" class="a">x</td><col style=\'width: 20%; color:red\'/><hr style="">'),
        "",
    )
    ((name, sheet),) = found.files.items()
    (rule,) = re.findall(r"\.(tk-\w{8}) \{ width: 20% !important; color:red !important \}", sheet)
    assert f'<td class="a {rule}">x</td><col class="{rule}"/><hr>' in found.text
    assert f'<link rel="stylesheet" href="{FOLDER}/{name}" />\n</head>' in found.text


def test_a_picture_in_a_style_stays_whole():
    found = separated(page('<i style="background: url(data:image/png;base64,AA==); width: 1em">x</i>'), "")
    (sheet,) = found.files.values()
    assert "{ background: url(data:image/png;base64,AA==) !important; width: 1em !important }" in sheet


def test_a_style_element_becomes_a_sheet_where_it_stood():
    found = separated(page("", "<noscript><style>\n.a { color: red }\n</style></noscript>"), "")
    ((name, sheet),) = found.files.items()
    assert sheet == ".a { color: red }\n"
    assert f'<noscript><link rel="stylesheet" href="{FOLDER}/{name}" /></noscript>' in found.text


def test_the_same_content_has_the_same_name_on_every_page():
    one, other = (separated(page(text, "<script>a()</script>"), "") for text in "xy")
    assert one.files == other.files


def test_code_in_an_attribute_is_refused():
    with pytest.raises(ValueError, match=r"<button onclick=.*Write it in a script"):
        separated(page('<button onclick="a()">x</button>'), "")


def test_the_line_that_differs_on_each_page_and_serves_nothing_is_left_out():
    found = separated(page("", "<script>DOCUMENTATION_OPTIONS.pagename = 'a/b';</script>"), "")
    assert found.text == page("") and not found.files
