"""The reply checker finds words where they stand, and says plainly that presence is not quality."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trustkit.checkers import reply
from trustkit.checkers.measure import Found, measure
from trustkit.cli import main

LINES = yaml.safe_load(Path(__file__).with_name("reply.yaml").read_text(encoding="utf-8"))["lines"]
WHOLE = {
    "en": "Dear Ms Lin, I am sorry that you waited in vain. I have checked the report and do not know yet what broke. "
    "I will call you by 6 pm tomorrow.",
    "zh": "林女士，让您白跑一趟，很抱歉。我查到了记录，原因目前还不清楚。我会在明天下午六点前给您打电话。",
}


def kinds(text: str) -> list[str]:
    return [found["kind"] for found in reply.check(text)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_reply_that_names_all_five_things_gets_no_finding(language):
    assert kinds(WHOLE[language]) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_findings_point_at_the_words_they_are_about(language):
    said = {"en": "We guarantee that.", "zh": "我们保证没事。"}[language]
    text = f"{WHOLE[language]}\n\n😀 {said}"
    (found,) = reply.check(text)
    assert text[found["start"] : found["end"]] == {"en": "guarantee", "zh": "保证"}[language]
    assert found["why"] and found["better"]


def test_the_explanations_are_in_the_language_of_the_reader_not_of_the_reply():
    assert "诺言" in reply.check("We guarantee that.", "zh")[0]["why"]


@pytest.mark.parametrize(("text", "language"), [("", "en"), ("Ok.", "en"), ("好的。", "zh"), ("SMS 已发送给您", "zh")])
def test_the_language_of_a_reply_is_that_of_most_of_its_words(text, language):
    assert reply.text_language(text) == language


def test_a_long_reply_and_a_long_sentence_are_noted():
    assert "long" in kinds("This is a short sentence. " * 40)
    assert "sentence" in kinds("It is said that " + "and then " * 20 + "it ends.")
    assert "sentence" in kinds("，".join(["这一句话还没有说完"] * 9) + "。")


def test_a_number_with_a_point_in_it_does_not_end_a_sentence():
    text = "It costs 3.50 a day. I call at 6.30 pm."
    assert [text[start:end] for start, end in reply.sentences(text)] == ["It costs 3.50 a day.", "I call at 6.30 pm."]


def test_longer_words_and_sentences_read_harder():
    easy = "The fan broke. We will send a new one. It is free."
    hard = "Notwithstanding contractual stipulations, remediation necessitates administrative authorisation."
    assert reply.reading_grade(easy) < 5 < 12 < reply.reading_grade(hard)


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_fault_and_every_place_lies_in_it(text):
    for found in reply.check(text):
        assert found["start"] is None or text[found["start"] : found["end"]].strip()


def test_it_gives_no_points_and_says_so():
    assert not hasattr(reply, "judge")
    for language, word in (("en", "no points"), ("zh", "不打分")):
        assert word in json.dumps(reply.show([], language), ensure_ascii=False)


def test_an_empty_reply_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="no reply yet"):
        reply.show([{"reply": "  \n"}])


def test_the_labelled_lines_are_many_different_and_in_both_languages():
    assert len({line["text"] for line in LINES}) == len(LINES) >= 60
    for line in LINES:
        assert reply.text_language(line["text"]) == line["lang"]
        assert set(line.get("has", ())) <= set(reply.PRESENCE) and set(line.get("finds", ())) <= set(reply.PROBLEMS)
    for language in ("en", "zh"):
        assert sum(line["lang"] == language for line in LINES) >= 30


def test_what_it_says_of_the_labelled_lines_is_mostly_right():
    found = measure(
        [{*line.get("has", ()), *line.get("finds", ())} for line in LINES],
        [reply.labels(line["text"]) for line in LINES],
    )
    assert set(found) == {*reply.PRESENCE, *reply.PROBLEMS}
    for kind, one in found.items():
        assert one.precision >= 0.8 and one.recall >= 0.6, kind
    # A red line or somebody's data that slips through is the worst fault of a checker.
    assert found["red-line"].recall == found["private"].recall == 1


def test_precision_and_recall_are_counted_by_kind():
    found = measure([{"a"}, {"a", "b"}, set()], [{"a"}, {"b"}, {"a", "c"}])
    assert found == {"a": Found(1, 1, 1), "b": Found(1, 0, 0), "c": Found(0, 1, 0)}
    assert (found["a"].precision, found["a"].recall, found["c"].recall) == (0.5, 0.5, None)
    with pytest.raises(ValueError, match="labels for 1 lines and findings for 2"):
        measure([{"a"}], [set(), set()])


def test_the_command_names_line_and_column(tmp_path, capsys):
    file = tmp_path / "reply.txt"
    file.write_text(f"{WHOLE['en']}\nAll good. We guarantee that.\n", encoding="utf-8")
    assert main(["check-text", "reply", str(file), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert f"{file}:2:14: look [promise] “guarantee”" in said and "a person judges" in said
    assert main(["check-text", "reply", str(file), "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["line"], found["column"], found["text"]) == (2, 14, "guarantee")


def test_the_command_refuses_an_unknown_checker_and_a_file_that_is_no_text(tmp_path, capsys):
    file = tmp_path / "reply.txt"
    file.write_bytes(b"\xff\xfe\x00")
    assert main(["check-text", "letter", str(file)]) == 1
    assert "Known are: " in capsys.readouterr().err
    assert main(["check-text", "reply", str(file)]) == 1
    assert "not in UTF-8" in capsys.readouterr().err
