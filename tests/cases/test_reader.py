"""A case file is read as people save it, and refused in words with its line."""

import pickle
import shutil
from pathlib import Path

import pytest

from trustkit.cases.compile import compile_case, compiled
from trustkit.cases.reader import UnknownCase, read_case, text_of
from trustkit.content import ContentError

SOUND = Path(__file__).parent / "defects" / "sound"


@pytest.fixture
def case(tmp_path):
    return Path(shutil.copytree(SOUND, tmp_path / "sound")) / "case.yaml"


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(case):
    before = compiled(case)
    text = case.read_text(encoding="utf-8")
    case.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8"))
    assert compiled(case) == before


def test_a_wrong_encoding_is_named_with_its_line(case):
    text = case.read_text(encoding="utf-8").replace("Ana Silva", "Zoë Çelik")
    case.write_bytes(text.encode("latin-1"))
    with pytest.raises(ContentError, match="UTF-8") as caught:
        read_case(case)
    assert caught.value.line == text[: text.index("Zoë")].count("\n") + 1


def test_broken_yaml_is_named_with_its_line(case):
    case.write_text(case.read_text(encoding="utf-8").replace("    choices:", "   choices:", 1), encoding="utf-8")
    with pytest.raises(ContentError, match="not valid YAML") as caught:
        read_case(case)
    assert caught.value.line in range(20, 25)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("brief: Shoes arrived in the wrong size.\n", "", "lacks `brief`"),
        ("patience: 10", "patience: soon", "must be a whole number, not `soon`"),
        ("difficulty: 1", "difficulty: 9", "the maximum is 5"),
        ("opening: disappointed", "opening: cross", "`opening`"),
        ("ask-open: 3", "ask-open: 5", "the maximum is 3"),
        ("channel: chat", "channel: chat\nmood: bad", "`mood`, which nothing reads"),
        ("id: sound", "id: other", "Make them equal"),
        ("      ask:\n", "      Ask Her:\n", "not an id"),
        ("say: When do you need them?", "say: ''", "is empty"),
    ],
)
def test_a_value_of_the_wrong_form_is_explained(case, old, new, message):
    text = case.read_text(encoding="utf-8")
    assert old in text
    case.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_case(case)
    assert message in caught.value.message
    assert caught.value.line >= 1


def test_a_megabyte_of_text_in_one_line_is_refused_in_words(case):
    text = case.read_text(encoding="utf-8").replace("When do you need them?", "x" * 1_000_000)
    case.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="1,000,000 characters long"):
        read_case(case)


def test_an_emoji_and_a_right_to_left_name_are_welcome(case):
    text = case.read_text(encoding="utf-8").replace("Ana Silva", "فاطمة الهاشمي").replace("Goodbye.", "Goodbye 👋")
    case.write_text(text, encoding="utf-8")
    texts = text_of(read_case(case))
    assert texts["customer"]["name"] == "فاطمة الهاشمي"
    assert texts["scenes"]["goodbye"]["lines"] == ["Goodbye 👋"]


def test_words_such_as_no_and_on_stay_words(case):
    case.write_text(case.read_text(encoding="utf-8").replace("customer: Goodbye.", "customer: No"), encoding="utf-8")
    assert text_of(read_case(case))["scenes"]["goodbye"]["lines"] == ["No"]


def test_an_unknown_case_lists_those_that_exist():
    with pytest.raises(UnknownCase, match="fridge-failed-twice"):
        read_case("no-such-case")


def test_a_file_that_refers_to_itself_is_refused_in_words(case):
    case.write_text("a: &a [*a]\n", encoding="utf-8")
    with pytest.raises(ContentError, match="refers to itself"):
        read_case(case)


def test_an_empty_file_is_refused_in_words(case):
    case.write_text("", encoding="utf-8")
    with pytest.raises(ContentError, match="empty"):
        read_case(case)


def test_the_hash_follows_the_structure_and_not_the_words(case):
    before = compiled(case)["hash"]
    text = case.read_text(encoding="utf-8")
    case.write_text(text.replace("Goodbye.", "Good day."), encoding="utf-8")
    assert compiled(case)["hash"] == before
    case.write_text(text.replace("ask-open: 3", "ask-open: 2"), encoding="utf-8")
    assert compiled(case)["hash"] != before


def test_a_variant_that_changes_a_choice_which_does_not_exist_is_named_with_its_line():
    source = read_case(Path(__file__).parent / "defects" / "variant-of-nothing")
    with pytest.raises(ContentError, match="is not in the case itself") as caught:
        compile_case(source, source.variants[-1])
    assert caught.value.rule == "variant-of-nothing" and caught.value.line > 1


def test_an_error_of_content_comes_whole_out_of_another_process():
    error = ContentError(Path("case.yaml"), 3, "this is wrong.", "broken-file")
    back = pickle.loads(pickle.dumps(error))
    assert (str(back), back.path, back.line, back.message, back.rule) == (
        str(error), error.path, error.line, error.message, error.rule,
    )  # fmt: skip
