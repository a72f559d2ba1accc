"""A translation is stamped with the English it translates, and a change of the English is noticed."""

import shutil
from pathlib import Path

import pytest

from trustkit.cases.reader import read_case, texts
from trustkit.content import ContentError
from trustkit.translation import KEY, drift, stamp_activity

SOUND = Path(__file__).parent / "cases" / "defects" / "sound"


@pytest.fixture
def case(tmp_path):
    return Path(shutil.copytree(SOUND, tmp_path / "sound"))


def kinds(case):
    source = read_case(case)
    return {
        (kind, key)
        for kind, key in drift(
            texts(source.document.data), texts(source.chinese.data), source.chinese.data.get(KEY, {})
        )
    }


def test_stamping_twice_gives_the_same_file(case):
    stamp_activity(str(case))
    once = (case / "zh.yaml").read_bytes()
    stamp_activity(str(case))
    assert (case / "zh.yaml").read_bytes() == once


def test_stamping_keeps_every_line_above_the_stamps(case):
    zh = case / "zh.yaml"
    zh.write_text("# my note\n" + zh.read_text(encoding="utf-8"), encoding="utf-8")
    above = zh.read_text(encoding="utf-8").split("# Stamped")[0]
    stamp_activity(str(case))
    assert zh.read_text(encoding="utf-8").startswith(above)


def test_a_changed_english_text_is_stale_until_stamped_again(case):
    file = case / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Goodbye.", "Farewell."), encoding="utf-8")
    assert kinds(case) == {("stale", "scenes.goodbye.customer.0")}
    stamp_activity(str(case))
    assert kinds(case) == set()


def test_a_rewrapped_english_text_is_not_stale(case):
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("brief: Shoes arrived in", "brief: >\n  Shoes arrived in\n "), encoding="utf-8")
    assert kinds(case) == set()


def test_a_case_without_chinese_cannot_be_stamped(case):
    (case / "zh.yaml").unlink()
    with pytest.raises(ContentError, match=r"no zh\.yaml"):
        stamp_activity(str(case))
