"""Attempt records are written once, read in every form a trainee may hand in, and refused with the reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustkit.attempts.record import (
    AttemptRefused,
    check,
    export_document,
    new_record,
    parse_attempts,
    read_attempts,
    write_attempt,
)


def record(**changes):
    made = new_record("case", "late-parcel", "0" * 16, lang="en", learner="s-01", host="page")
    return {**made, **changes}


def as_bytes(value):
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def refusal(content):
    with pytest.raises(AttemptRefused) as caught:
        parse_attempts(content)
    assert caught.value.message
    return caught.value.code


def test_a_written_attempt_reads_back_as_it_was(tmp_path):
    made = record(learner="ليلى 🌿")
    write_attempt(tmp_path, made)
    assert read_attempts(tmp_path) == ([made], [])


def test_writing_the_same_attempt_again_changes_nothing(tmp_path):
    made = record()
    assert write_attempt(tmp_path, made) == write_attempt(tmp_path, made)
    assert len(list(tmp_path.iterdir())) == 1


def test_an_attempt_is_never_overwritten(tmp_path):
    made = record()
    first = write_attempt(tmp_path, made)
    second = write_attempt(tmp_path, {**made, "learner": "another"})
    assert first != second
    assert json.loads(first.read_text(encoding="utf-8")) == made


def test_an_export_holds_all_its_attempts():
    one, two = record(), record()
    assert parse_attempts(as_bytes(export_document("s-01", [one, two]))) == [one, two]


def test_a_byte_order_mark_and_windows_line_ends_are_welcome():
    made = record()
    content = json.dumps(made, indent=1).replace("\n", "\r\n").encode("utf-8")
    assert parse_attempts(b"\xef\xbb\xbf" + content) == [made]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "truncated"),
        (b"   \n", "truncated"),
        (as_bytes({"schema": 1, "id": "x"})[:-4], "truncated"),
        (b"hello", "not-json"),
        (b"\xff\xfe\x00", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b"{} trailing }", "not-json"),
        (b"[1, 2]", "wrong-format"),
        (b"null", "wrong-format"),
        (as_bytes({"format": "trustkit-attempts", "version": 1}), "wrong-format"),
        (as_bytes({"format": "trustkit-attempts", "version": 2, "attempts": []}), "wrong-version"),
        (as_bytes({"schema": 99}), "wrong-version"),
        (b" " * 5_000_001, "too-large"),
    ],
)
def test_what_is_no_attempt_file_is_refused_with_the_reason(content, code):
    assert refusal(content) == code


@pytest.mark.parametrize("cut", [1, 20, 100, 200])
def test_an_export_cut_off_anywhere_is_called_truncated(cut):
    content = as_bytes(export_document("s-01", [record()]))
    assert refusal(content[:-cut]) == "truncated"


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "../../etc/passwd"},
        {"activity": "../gradebook"},
        {"kind": "exam"},
        {"steps": "none"},
        {"steps": [{"at": -1, "scene": "a", "choice": "b"}]},
        {"started_at": "yesterday"},
        {"learner": ""},
        {"learner": "x" * 201},
        {"steps": [{"at": 0}] * 1001},
        {"more": 1},
    ],
)
def test_a_record_of_the_wrong_form_is_refused(changes):
    with pytest.raises(AttemptRefused) as caught:
        check(record(**changes))
    assert caught.value.code == "wrong-format"


def test_a_bad_file_in_a_folder_does_not_hide_the_good_ones(tmp_path):
    made = record()
    write_attempt(tmp_path, made)
    (tmp_path / "broken.json").write_text('{"schema": 1, ', encoding="utf-8")
    records, refused = read_attempts(tmp_path)
    assert records == [made]
    assert [(r.path.name, r.code) for r in refused] == [("broken.json", "truncated")]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.one_of(st.binary(max_size=200), json_values.map(as_bytes)))
def test_no_content_makes_the_reader_fall_over(content):
    try:
        parse_attempts(content)
    except AttemptRefused as error:
        assert error.code and error.message


@given(st.sampled_from(sorted(record())), json_values)
def test_no_value_in_any_field_makes_the_check_fall_over(field, value):
    try:
        check(record(**{field: value}))
    except AttemptRefused as error:
        assert error.code in ("wrong-format", "wrong-version")
