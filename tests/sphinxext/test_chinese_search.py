"""Search by pairs of characters."""

from trustkit.sphinxext.chinese_search import CharacterPairs

search = CharacterPairs({})


def test_a_run_of_characters_is_indexed_as_characters_and_neighbouring_pairs():
    assert search.split("客户信任") == ["客", "户", "信", "任", "客户", "户信", "信任"]


def test_latin_words_stay_whole_and_lose_their_capitals():
    assert [search.stem(word) for word in search.split("用JupyterLab 做CRM。")] == ["用", "jupyterlab", "做", "crm"]


def test_punctuation_separates():
    assert search.split("好，对") == ["好", "对"]
