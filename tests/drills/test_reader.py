"""A drill file is read with all its explanations, or refused with its line."""

import shutil
from pathlib import Path

import pytest

from trustkit.content import ContentError
from trustkit.course import course_root, drill_ids
from trustkit.drills.bundle import drill_bundle
from trustkit.drills.reader import UnknownDrill, read_drill, texts
from trustkit.translation import KEY, drift


@pytest.fixture
def drill(tmp_path):
    source = course_root() / "exercises" / "drills" / "trust-or-not"
    return Path(shutil.copytree(source, tmp_path / "trust-or-not")) / "drill.yaml"


@pytest.mark.parametrize("id_", drill_ids())
def test_the_drills_of_the_course_are_complete_in_both_languages(id_):
    source = read_drill(id_)
    assert drift(texts(source.document.data), texts(source.chinese.data), source.chinese.data[KEY]) == []


@pytest.mark.parametrize("id_", drill_ids())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_answer_of_every_item_is_explained(id_, language):
    bundle = drill_bundle(id_, language)
    categories = {category["id"] for category in bundle["categories"]}
    for item in bundle["items"]:
        assert set(item["feedback"]) == categories
        assert all(item["feedback"].values())


def test_the_first_drill_has_twelve_items_that_use_every_category_alike():
    items = read_drill("trust-or-not").document.data["items"]
    keys = [item["key"] for item in items.values()]
    assert len(keys) == 12
    assert {keys.count(key) for key in keys} == {3}


def test_both_languages_have_one_hash():
    assert drill_bundle("trust-or-not", "en")["hash"] == drill_bundle("trust-or-not", "zh")["hash"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("key: trust\n", "key: truth\n", 1), "`truth` is not a category"),
        (lambda text: text.replace("pass: 8", "pass: 13"), "only 12 items"),
        (lambda text: text.replace("pass: 8\n", ""), "lacks `pass`"),
        (lambda text: text.replace("id: trust-or-not", "id: trust"), "the folder is"),
    ],
)
def test_a_fault_is_named_with_its_line(drill, change, says):
    before = drill.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    drill.write_text(after, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_drill(drill)
    assert says in caught.value.message
    assert caught.value.line >= 1


def test_a_missing_explanation_is_named(drill):
    lines = drill.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.strip().startswith("reputation:") and i > 20)
    end = at + 1
    while end < len(lines) and lines[end].startswith(" " * (len(lines[at]) - len(lines[at].lstrip()) + 1)):
        end += 1
    drill.write_text("\n".join(lines[:at] + lines[end:]), encoding="utf-8")
    with pytest.raises(ContentError, match="lacks feedback for the answer `reputation`"):
        read_drill(drill)


def test_an_unknown_drill_lists_those_that_exist():
    with pytest.raises(UnknownDrill, match="trust-or-not"):
        read_drill("no-such-drill")
