"""A bundle holds what the player needs, in the language that there is."""

import json
import shutil
from pathlib import Path

import pytest

from trustkit.drills.bundle import deck_bundle, drill_bundle

KINDS = Path(__file__).parent / "kinds" / "all-kinds"


def without_chinese(folder: Path) -> Path:
    there = Path(shutil.copytree(KINDS, folder / "all-kinds"))
    (there / "zh.yaml").unlink()
    return there


def test_a_drill_without_chinese_says_that_its_texts_are_english(tmp_path):
    bundle = drill_bundle(without_chinese(tmp_path), "zh")
    assert (bundle["lang"], bundle["text_lang"], bundle["title"]) == ("zh", "en", "One of each kind")
    assert drill_bundle(KINDS, "zh")["text_lang"] == "zh"
    assert drill_bundle(KINDS, "en")["text_lang"] == "en"


def test_a_passage_comes_in_pieces_in_its_language():
    (english,), (chinese,) = (
        [item["passage"] for item in drill_bundle(KINDS, lang)["items"] if item["id"] == "find"]
        for lang in ("en", "zh")
    )
    assert english[0][1] == {"id": "hello", "text": "Good morning, Mrs Haddad"}
    assert chinese[0][1] == {"id": "hello", "text": "哈达德女士，早上好"}
    assert len(english) == len(chinese) == 3


def test_a_scale_comes_from_the_lowest_to_the_highest():
    (item,) = (item for item in drill_bundle(KINDS)["items"] if item["id"] == "rating")
    assert [anchor["value"] for anchor in item["scale"]] == [0, 1, 2]


def test_a_bundle_is_plain_json():
    for bundle in (drill_bundle(KINDS), deck_bundle([KINDS])):
        assert json.loads(json.dumps(bundle)) == bundle


@pytest.mark.parametrize("there", [True, False])
def test_a_twin_is_named_by_its_title_or_where_it_is_not_written_yet_by_its_id(tmp_path, there):
    folder = Path(shutil.copytree(KINDS, tmp_path / "all-kinds"))
    (folder / "drill.yaml").write_text(
        (KINDS / "drill.yaml").read_text(encoding="utf-8").replace("minutes: 5", "minutes: 5\nform: A\ntwin: other"),
        encoding="utf-8",
    )
    if there:
        (tmp_path / "other").mkdir()
        text = (KINDS / "drill.yaml").read_text(encoding="utf-8")
        text = text.replace("id: all-kinds", "id: other").replace("One of each kind", "The other one")
        (tmp_path / "other" / "drill.yaml").write_text(text, encoding="utf-8")
    bundle = drill_bundle(folder)
    assert (bundle["form"], bundle["twin"]) == ("A", {"id": "other", "title": "The other one" if there else "other"})


def test_a_deck_holds_the_choose_items_of_its_drills_as_cards(tmp_path):
    deck = deck_bundle([KINDS, "trust-or-not"], "zh")
    assert (deck["kind"], deck["id"], deck["lang"]) == ("deck", "deck", "zh")
    ids = [card["id"] for card in deck["cards"]]
    assert ids[:2] == ["all-kinds/shared", "all-kinds/own-answers"] and len(ids) == 2 + 12 == len(set(ids))
    shared, own, *rest = deck["cards"]
    assert (shared["own_answers"], own["own_answers"]) == (False, True)
    assert [answer["id"] for answer in shared["answers"]] == ["promise", "wish"]
    assert (own["lesson"], rest[0]["lesson"]) == ("1.2", "1.1")
    assert {card["text_lang"] for card in deck["cards"]} == {"zh"}
    assert {card["text_lang"] for card in deck_bundle([without_chinese(tmp_path)], "zh")["cards"]} == {"en"}
