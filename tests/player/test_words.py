"""Both languages say everything."""

import pytest

HARNESS = """
import { ALL_PANEL_WORDS } from "./modules/panelwords.js";
import { ALL_WORDS, duration, wordsFor } from "./modules/words.js";
const shape = (value, sample) =>
  typeof value === "function" ? value(...sample.slice(0, value.length))
  : typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one, sample)]))
  : value;
window.shapes = Object.fromEntries(
  Object.entries(ALL_WORDS).map(([lang, words]) => [lang, Object.fromEntries(
    Object.entries({ ...words, ...ALL_PANEL_WORDS[lang] }).map(([key, value]) =>
      [key, shape(value, key === "listed" ? [["7", "8"]] : [7, 8])]))]));
window.durations = (lang, minutes) => minutes.map((one) => duration(wordsFor(lang), one));
"""


@pytest.fixture
def words(module_page):
    return module_page(HARNESS)


def flat(tree: dict, prefix: str = "") -> dict[str, str]:
    found = {}
    for key, value in tree.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


def test_both_languages_have_every_word_with_the_same_blanks(words):
    shapes = words.evaluate("shapes")
    english, chinese = flat(shapes["en"]), flat(shapes["zh"])
    assert list(english) == list(chinese)
    for key, text in english.items():
        assert text.strip() and chinese[key].strip(), key
        assert set("78") & set(text) == set("78") & set(chinese[key]), key


def test_no_word_shouts_and_no_chinese_word_was_forgotten_in_english(words):
    shapes = words.evaluate("shapes")
    for key, text in flat(shapes["en"]).items():
        assert "!" not in text, key
    same_in_both = {"signed", "ofFive", "ofPatience", "loadedOf"}
    for key, text in flat(shapes["zh"]).items():
        assert key in same_in_both or any(letter > "\u2e80" for letter in text), key


def test_a_length_of_time_is_told_in_the_units_a_person_would_use(words):
    minutes = [0, 1, 45, 60, 95, 1440, 1500, 4560, 4561]
    assert words.evaluate("(m) => durations('en', m)", minutes) == [
        "0 min", "1 min", "45 min", "1 h", "1 h 35 min", "1 day", "1 day 1 h", "3 days 4 h", "3 days 4 h",
    ]  # fmt: skip
    assert words.evaluate("(m) => durations('zh', m)", [95, 1500]) == ["1 小时 35 分钟", "1 天 1 小时"]
