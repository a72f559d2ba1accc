"""Promises of load_dataset: typed tables by name from any folder, and errors that name row and column."""

import shutil

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from trustkit.course import course_root
from trustkit.data import (
    DatasetError,
    UnknownDataset,
    dataset_names,
    generate_dataset,
    load_dataset,
    read_dataset,
)
from trustkit.data.schema import read_schema
from trustkit.data.table import _read_at_once, _read_carefully

FOLDER = course_root() / "datasets" / "complaints"


@pytest.fixture(scope="module")
def complaints():
    return load_dataset("complaints")


@pytest.fixture
def small(tmp_path):
    """A dataset folder with the real schema and the first rows of the real file, to be spoilt."""
    folder = tmp_path / "small"
    folder.mkdir()
    shutil.copy(FOLDER / "schema.yaml", folder)
    rows = (FOLDER / "complaints.csv").read_text(encoding="utf-8").splitlines()[:41]
    (folder / "complaints.csv").write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
    return folder


def spoil(folder, row: int, column: str, value: str):
    """Put a value into a row (counted from 1, without the header) of the small file."""
    file = folder / "complaints.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = lines[row].split(",")
    cells[lines[0].split(",").index(column)] = value
    lines[row] = ",".join(cells)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def test_times_are_in_utc_labels_are_categories_and_whole_numbers_can_be_missing(complaints):
    types = complaints.dtypes.astype(str)
    assert (types[["opened_at", "resolved_at", "promise_due_at"]] == "datetime64[us, UTC]").all()
    assert (types[["channel", "team", "zone", "industry", "category"]] == "category").all()
    whole = ["first_response_min", "severity", "reopened", "closed_without_confirm", "promise_kept", "trust_post"]
    assert (types[whole] == "Int64").all()
    assert complaints["team"].cat.categories.tolist() == ["T1", "T2", "T3", "T4", "T5", "T6"]


def test_the_table_says_where_it_comes_from(complaints):
    assert "Synthetic data" in complaints.attrs["citation"]
    assert complaints.attrs["seed"] == 20250701
    assert complaints.attrs["licence"] == "MIT"


def test_it_does_not_matter_in_which_folder_the_notebook_lies(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(load_dataset("complaints")) == 12_000


def test_loading_changes_nothing_for_the_next_who_loads(complaints):
    other = load_dataset("complaints")
    other.drop(other.index, inplace=True)
    assert len(load_dataset("complaints")) == len(complaints)


@pytest.mark.parametrize("name", ["complaint", "", "../complaints", "Complaints", 7])
def test_an_unknown_name_gets_one_sentence_with_the_names_there_are(name):
    with pytest.raises(UnknownDataset) as error:
        load_dataset(name)
    assert str(error.value) == f"There is no dataset {name!r}; the course has: {', '.join(dataset_names())}."


def test_in_a_notebook_an_error_is_shown_without_our_call_stack(capsys):
    shell = InteractiveShell.instance()
    try:
        shell.run_cell("from trustkit import data\ndata.load_dataset('complaint')")
    finally:
        InteractiveShell.clear_instance()
    shown = capsys.readouterr().out
    assert "There is no dataset 'complaint'" in shown
    assert "Traceback" not in shown
    assert "dataset.py" not in shown


def test_a_second_seed_gives_a_table_of_the_same_form(complaints):
    other = generate_dataset("complaints", 99)
    assert (other.dtypes.astype(str) == complaints.dtypes.astype(str)).all()
    assert not other.equals(complaints)


def test_generating_an_unknown_dataset_is_refused():
    with pytest.raises(UnknownDataset):
        generate_dataset("complaint", 1)


def test_a_byte_order_mark_and_windows_line_ends_are_welcome(small):
    file = small / "complaints.csv"
    expected = read_dataset(small)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    pd.testing.assert_frame_equal(read_dataset(small), expected)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("complaint_id", "17", "column `complaint_id`: `17` does not have the form"),
        ("complaint_id", "", "column `complaint_id`: the value must not be empty"),
        ("opened_at", "2025-02-30T10:00Z", "column `opened_at`: `2025-02-30T10:00Z` is not a time"),
        ("opened_at", "30/06/2025", "column `opened_at`: `30/06/2025` is not a time"),
        ("resolved_at", "2025-07-01 08:30", "column `resolved_at`: `2025-07-01 08:30` is not a time"),
        ("channel", "fax", "column `channel`: `fax` is not one of app, chat"),
        ("team", "", "column `team`: the value must not be empty"),
        ("severity", "5", "column `severity`: `5` is above 4"),
        ("severity", "0", "column `severity`: `0` is below 1"),
        ("first_response_min", "12.5", "column `first_response_min`: `12.5` is not a whole number"),
        ("first_response_min", "soon", "column `first_response_min`: `soon` is not a whole number"),
        ("first_response_min", "0", "column `first_response_min`: `0` is below 1"),
        ("reopened", "yes", "column `reopened`: `yes` is not 0 or 1"),
        ("trust_post", "9" * 30, "column `trust_post`: `999999999999999999999999999999` is not a whole number"),
        ("trust_post", "x" * 80, f"column `trust_post`: `{'x' * 40}…` is not a whole number"),
    ],
)
def test_a_value_that_is_not_allowed_is_named_by_line_row_and_column(small, column, value, says):
    spoil(small, 7, column, value)
    with pytest.raises(DatasetError) as error:
        read_dataset(small)
    assert error.value.line == 8
    assert error.value.message.startswith("row 7, ")
    assert says in error.value.message


def test_the_first_wrong_value_is_shown_and_the_others_are_counted(small):
    for row in (5, 9, 12):
        spoil(small, row, "channel", "fax")
    with pytest.raises(DatasetError, match=r"complaints\.csv:6: row 5, .* 2 more in this column\."):
        read_dataset(small)


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (lambda text: text.replace("channel,", "", 1), 1, "the column `channel` is missing"),
        (lambda text: text.replace("channel,", "channel,colour,", 1), 1, "the column `colour` is not in the schema"),
        (lambda text: text.replace("zone,channel", "channel,zone", 1), 1, "in another order"),
        (lambda text: text.split("\n")[0] + "\n", 0, "no rows"),
        (lambda text: "", 0, "empty"),
        (lambda text: text.rsplit(",", 3)[0] + "\n", 41, "row 40 has 25 values; there are 28 columns"),
        (lambda text: text[: text.index("\n") + 1] + "a," + text[text.index("\n") + 1 :], 2, "row 1 has 29 values"),
        (lambda text: text.replace("\n", "\n\n", 3), 2, "row 1 has 0 values"),
    ],
    ids=["column-missing", "column-added", "order", "no-rows", "empty", "short-row", "long-row", "blank-line"],
)
def test_a_file_that_is_not_the_described_table_is_refused_with_its_line(small, change, line, says):
    file = small / "complaints.csv"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    with pytest.raises(DatasetError) as error:
        read_dataset(small)
    assert says in error.value.message
    assert error.value.line == line


def test_a_missing_file_and_a_wrong_encoding_are_named(small):
    file = small / "complaints.csv"
    file.write_bytes(file.read_bytes().replace(b"phone", "téléphone".encode("latin-1"), 1))
    with pytest.raises(DatasetError, match="UTF-8"):
        read_dataset(small)
    file.unlink()
    with pytest.raises(DatasetError, match="missing"):
        read_dataset(small)
    (small / "schema.yaml").unlink()
    with pytest.raises(DatasetError, match="does not exist"):
        read_dataset(small)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("seed: 20250701", "seed: soon", "`seed` is missing or is not a whole number"),
        ("citation: >-", "cites: >-", "`citation` is missing"),
        ("type: time", "type: moment", "the column `opened_at` needs a `type`: one of id, text, time"),
        ("values: [T1, T2, T3, T4, T5, T6]", "values: []", "the column `team` is a category and needs its `values`"),
        (r"pattern: 'C-\d{5}'", "pattern: 'C-(5'", "the column `complaint_id` is an id and needs a `pattern`"),
        ("zh: 投诉渠道", "cn: 投诉渠道", "the column `channel` has cn, which nothing reads"),
        ("    zh: 投诉渠道\n", "", "the column `channel` needs its meaning in both languages"),
    ],
)
def test_a_broken_schema_is_named_by_file_and_line(small, old, new, says):
    schema = small / "schema.yaml"
    text = schema.read_text(encoding="utf-8")
    assert old in text
    schema.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DatasetError) as error:
        read_dataset(small)
    assert error.value.path == schema
    assert error.value.line > 0
    assert says in error.value.message


def test_an_id_that_may_be_missing_is_checked_only_where_it_is_given(small):
    schema = small / "schema.yaml"
    text = schema.read_text(encoding="utf-8")
    schema.write_text(
        text.replace("pattern: 'A-\\d{2}'", "pattern: 'A-\\d{2}'\n    missing: true", 1), encoding="utf-8"
    )
    spoil(small, 7, "agent_id", "")
    assert read_dataset(small)["agent_id"].isna().sum() == 1
    spoil(small, 9, "agent_id", "seven")
    with pytest.raises(DatasetError, match=r"row 9, column `agent_id`: `seven` does not have the form A-\\d\{2\}\."):
        read_dataset(small)


@pytest.mark.parametrize("name", dataset_names())
def test_the_quick_way_and_the_careful_way_give_the_same_table(name):
    folder = course_root() / "datasets" / name
    for described in read_schema(folder / "schema.yaml").tables.values():
        path = folder / described.file
        text = path.read_text(encoding="utf-8")
        quick, careful = _read_at_once(text, described.columns), _read_carefully(path, text, described.columns)
        if quick is not None:
            pd.testing.assert_frame_equal(quick, careful)
