"""The checkers of the lessons find words where they stand, as well as measured on labelled lines, and no more."""

import json
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from trustkit import checkers
from trustkit.blocks import open_form
from trustkit.checkers.measure import measure
from trustkit.checkers.reply import text_language

HERE = Path(__file__).parent
MEASURED = {
    "promise-extractor": {
        "conditional": (0.91, 0.94), "impossible": (0.95, 0.95), "keepable": (0.96, 0.89), "no-owner": (0.81, 0.94),
        "no-time": (0.92, 1.0), "silent": (1.0, 1.0),
    },
    "positive-language": {
        "blame": (1.0, 0.81), "certainty": (1.0, 0.94), "hedge": (1.0, 1.0), "negative": (1.0, 1.0),
        "owner": (0.96, 0.96), "passive": (1.0, 0.87), "red-line": (1.0, 0.86), "soothing": (1.0, 1.0),
        "time": (0.92, 0.96),
    },
    "privacy": {
        "account": (1.0, 1.0), "address": (1.0, 1.0), "birth": (1.0, 1.0), "card": (1.0, 1.0), "health": (1.0, 1.0),
        "id": (1.0, 1.0), "mail": (1.0, 1.0), "phone": (1.0, 1.0), "third-person": (0.95, 0.95),
    },
    "crisis-statement": {
        "blame": (1.0, 1.0), "change": (0.88, 1.0), "deny": (1.0, 1.0), "fact": (1.0, 1.0), "feelings": (1.0, 0.85),
        "formula": (0.91, 0.91), "harm": (1.0, 1.0), "minimise": (1.0, 0.85), "next": (0.87, 1.0),
        "open": (1.0, 1.0), "ours": (1.0, 0.8), "overpromise": (1.0, 1.0), "repair": (1.0, 1.0),
        "speculate": (1.0, 1.0), "unsigned": (1.0, 1.0), "why": (0.87, 0.87),
    },
    "stereotypes": {
        "age": (1.0, 1.0), "as-a": (1.0, 1.0), "gender": (1.0, 0.95), "nationality": (1.0, 0.96),
        "religion": (1.0, 1.0), "these-people": (1.0, 1.0),
    },
    "green-claims": {
        "absolute": (1.0, 1.0), "irrelevant": (1.0, 0.87), "offset": (1.0, 1.0), "plan": (0.84, 0.91),
        "seal": (1.0, 0.9), "uncompared": (1.0, 1.0), "untested": (1.0, 0.85), "vague": (0.93, 0.93),
    },
    "survey": {
        "absolute": (0.92, 1.0), "double": (0.92, 1.0), "jargon": (1.0, 1.0), "leading": (0.9, 1.0),
        "loaded": (1.0, 1.0), "long": (1.0, 1.0), "negation": (1.0, 0.8), "no-way-out": (1.0, 1.0),
        "scale": (1.0, 1.0),
    },
}  # fmt: skip
"""Precision and recall of each kind on all labelled lines, as measured, cut to two places: no less from now on.

Most of these lines were known when the lists were made, so the figures say that the lists do what they are meant to.
"""
UNSEEN = {
    "promise-extractor": (0.85, 0.8),
    "positive-language": (0.91, 0.68),
    "privacy": (1.0, 0.94),
    "crisis-statement": (0.96, 0.76),
    "stereotypes": (1.0, 0.89),
    "green-claims": (0.9, 0.81),
    "survey": (0.95, 0.9),
}
"""Precision and recall over all kinds on the lines marked `blind`, written when the lists stood: the honest figure."""
NO_PROOF = {
    "en": ("does not", "no proof"),
    "zh": ("不证明", "不等于"),
}

every_checker = pytest.mark.parametrize("checker", sorted(MEASURED))
both_languages = pytest.mark.parametrize("language", ["en", "zh"])


def lines_of(checker: str) -> list[dict]:
    return yaml.safe_load((HERE / f"{checker}.yaml").read_text(encoding="utf-8"))["lines"]


def labelled(line: dict) -> set[str]:
    return {*line.get("has", ()), *line.get("finds", ())}


@every_checker
def test_the_labelled_lines_are_many_different_in_both_languages_and_a_third_are_hard(checker):
    lines = lines_of(checker)
    assert len({line["text"] for line in lines}) == len(lines) >= 60
    for language in ("en", "zh"):
        assert sum(line["lang"] == language for line in lines) >= 30
    assert sum(not line.get("finds") for line in lines) >= len(lines) / 3
    for line in lines:
        assert line["lang"] == text_language(line["text"]), line["text"]


@every_checker
def test_what_it_says_of_the_labelled_lines_is_as_right_as_measured(checker):
    lines = lines_of(checker)
    found = measure([labelled(line) for line in lines], [checkers.load(checker).labels(line["text"]) for line in lines])
    assert set(found) == set(MEASURED[checker])
    for kind, (precision, recall) in MEASURED[checker].items():
        assert found[kind].precision >= precision and found[kind].recall >= recall, (kind, found[kind])


@every_checker
def test_lines_it_was_not_made_for_are_found_as_well_as_measured(checker):
    lines = [line for line in lines_of(checker) if line.get("blind")]
    assert len(lines) >= 25
    said = [(labelled(line), checkers.load(checker).labels(line["text"])) for line in lines]
    right = sum(len(there & found) for there, found in said)
    precision, recall = UNSEEN[checker]
    assert right / sum(len(found) for _, found in said) >= precision
    assert right / sum(len(there) for there, _ in said) >= recall


@every_checker
@both_languages
def test_every_finding_has_a_place_a_reason_and_a_better_line(checker, language):
    module = checkers.load(checker)
    for line in lines_of(checker):
        for found in module.check(line["text"], language):
            assert found["why"] and found["better"] and "{" not in found["better"]
            if found["start"] is None:
                assert found["kind"].startswith("no-") or found["kind"] == "long"
            else:
                assert line["text"][found["start"] : found["end"]].strip()


@every_checker
def test_the_same_words_are_explained_in_english_and_in_chinese(checker):
    words = checkers.load(checker).WORDS
    assert words["en"].keys() == words["zh"].keys()
    assert words["en"]["problems"].keys() == words["zh"]["problems"].keys()
    for why, better in words["zh"]["problems"].values():
        assert text_language(why) == text_language(better) == "zh"


@every_checker
@both_languages
def test_it_says_that_words_are_no_proof_and_gives_no_points(checker, language):
    module = checkers.load(checker)
    assert not hasattr(module, "judge")
    assert any(word in module.WORDS[language]["honest"] for word in NO_PROOF[language])
    assert module.WORDS[language]["honest"] in json.dumps(module.show([], language), ensure_ascii=False)


@every_checker
@both_languages
def test_the_text_stays_in_the_form_and_an_empty_one_is_refused(checker, language):
    module = checkers.load(checker)
    text = next(line["text"] for line in lines_of(checker) if line["lang"] == language)
    form = open_form(module.show([{"text": text}], language))
    assert form["fields"][0]["value"] == text
    with pytest.raises(ValueError, match=r"no text yet|还没有写"):
        module.show([{"text": " \n"}], language)


ODD = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("😀👩\u200d🚀مرחב您我的不会，。？/@0123456789- \n\t"),
    ),
    max_size=300,
)

PIECES = st.lists(st.sampled_from(("we will ", "您", "1", "😀", "مرحبا ", "\n", "/", "not ", ". ")), max_size=60).map(
    "".join
)


@every_checker
@settings(max_examples=60, deadline=None)
@given(text=st.one_of(ODD, PIECES))
def test_any_text_is_read_without_a_fault_and_every_place_lies_in_it(checker, text):
    for found in checkers.load(checker).check(text):
        assert found["start"] is None or 0 <= found["start"] < found["end"] <= len(text)


LONG = (
    "a",
    "1 ",
    "1",
    "fast and ",
    "您",
    "我们给您的",
    ". ",
    " ",
    "\n",
    "a@",
    "a.",
    "/ ",
    "😀",
    "مرحبا ",
    "Ab ",
    "she is a ",
)


@every_checker
def test_ten_thousand_characters_of_anything_are_read_in_a_moment(checker):
    module = checkers.load(checker)
    for piece in LONG:
        text = (piece * (10_000 // len(piece) + 1))[:10_000]
        begun = time.process_time()
        module.check(text)
        assert time.process_time() - begun < 5, repr(piece)
