"""What a player is given of a case: also what has no Chinese yet, the rule cards, and what breaks one of them."""

import json
import shutil
from pathlib import Path

import pytest

from trustkit.cases.bundle import case_bundle
from trustkit.cases.compile import compiled
from trustkit.cases.listing import case_entry, in_order, setting_name

SMALL = Path(__file__).parent / "small" / "late-parcel"

CARDS = """compass: [reliability, care]
rules: [LH-1]
house_rules:
  LP-2: {title: Dates, date: "2026-05-12", text: A date is named only when the depot confirmed it.}
scenes:"""


@pytest.fixture
def case(tmp_path):
    """The small case in English only, with rule cards; one of its choices breaks one of them."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "late-parcel"))
    (folder / "zh.yaml").unlink()
    file = folder / "case.yaml"
    text = file.read_text(encoding="utf-8").replace("\nscenes:", f"\n{CARDS}", 1)
    text = text.replace("feedback: Nobody told you that.", "against: LP-2\n        feedback: Nobody told you that.")
    file.write_text(text, encoding="utf-8")
    return folder


def test_a_case_without_chinese_is_given_in_english_with_chinese_words_around_it(case):
    bundle = case_bundle(case, "zh")
    assert (bundle["lang"], bundle["text_lang"]) == ("zh", "en")
    assert bundle["title"] == "The late parcel" and bundle["channel_name"] == "在线聊天"
    assert bundle["behaviours"]["regret"]["name"] == case_bundle(SMALL, "zh")["behaviours"]["regret"]["name"]
    assert [case_bundle(SMALL, language)["text_lang"] for language in ("en", "zh")] == ["en", "zh"]


def test_the_cards_of_the_house_and_of_the_book_come_with_the_case(case):
    bundle = case_bundle(case)
    assert bundle["variants"][0]["text"]["house_rules"] == {
        "LP-2": {"title": "Dates", "text": "A date is named only when the depot confirmed it."}
    }
    assert (bundle["rules"], bundle["rule_dates"]) == (["LH-1"], {"LP-2": "2026-05-12"})
    assert (bundle["rule_links"], bundle["rule_titles"]) == ({}, {})
    assert bundle["skills"] == ["reliability", "care"]


def test_a_choice_against_a_card_is_named_beside_the_structure_and_old_attempts_stay_gradable(case):
    bundle = case_bundle(case)
    assert bundle["against"] == {"start": {"promise-today": "LP-2"}}
    assert "LP-2" not in json.dumps(bundle["variants"][0]["structure"])
    assert bundle["variants"][0]["structure"]["hash"] == compiled(SMALL)["hash"]


def test_a_case_without_cards_has_none(case):
    bundle = case_bundle(SMALL)
    assert (bundle["rules"], bundle["rule_dates"], bundle["against"], bundle["skills"]) == ([], {}, {}, [])


def test_a_list_says_who_calls_and_what_the_case_trains(case):
    entry = case_entry(case, "zh")
    assert entry["customer"] == {"name": "Sam Ortega", "about": "waits for a parcel"}
    assert (entry["industry_name"], entry["channel_name"], entry["text_lang"]) == ("物流", "在线聊天", "en")
    assert (entry["compass"], entry["variants"][0]) == (["reliability", "care"], "base")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_industry_or_channel_that_nobody_named_is_still_readable(language):
    assert setting_name("industries", "pet-shop", language) == "Pet shop"
    assert setting_name("channels", "carrier-pigeon", language) == "Carrier pigeon"


def test_a_list_goes_by_industry_and_begins_with_the_easy_ones():
    places = [("pet-shop", 1, "a"), ("bank", 3, "b"), ("hotel", 2, "d"), ("bank", 1, "c"), ("bank", 1, "b")]
    entries = [{"industry": i, "difficulty": d, "title": t, "exam": False} for i, d, t in places]
    entries.append({"industry": "bank", "difficulty": 1, "title": "a", "exam": True})
    assert [(e["industry"], e["difficulty"], e["title"]) for e in in_order(entries)] == [
        ("hotel", 2, "d"), ("bank", 1, "b"), ("bank", 1, "c"), ("bank", 3, "b"), ("pet-shop", 1, "a"),
    ]  # fmt: skip
