"""A lab on a company's own table: the released notebook, which gives the company's numbers once it is solved."""

import csv
import json
import re
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from autograder.lab_on import CannotImport, lab_on, labs, tasks_of
from autograder.rehearse import solved_answers
from autograder.source import read_exercise
from trustkit.cli import main
from trustkit.data import DatasetError, load_dataset

EXPORTS = Path(__file__).parents[1] / "data" / "company"
TOLD = """
import json
def plain(value):
    value = value.to_dict() if hasattr(value, "to_dict") else value
    return json.dumps(value, default=float, sort_keys=True)
print("TOLD", json.dumps({name: plain(globals()[name](globals()[table])) for name, table in ASKED.items()}))
"""


@pytest.fixture(scope="module")
def exercise():
    return read_exercise("complaints")


@pytest.fixture(scope="module")
def course():
    """The rows that the invented companies of this module exported: some of the course's own."""
    return load_dataset("complaints").sample(4000, random_state=1).sort_index()


def solved(notebook: Path, exercise) -> nbformat.NotebookNode:
    """Return a notebook with the author's solution filled in."""
    read = nbformat.read(notebook, as_version=4)
    answers = solved_answers(exercise)
    for cell in read.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    return read


def run(read: nbformat.NotebookNode, folder: Path, asked: dict[str, str]) -> dict:
    """Execute a notebook in a real kernel; return what the functions say of the notebook's own tables."""
    read.cells.append(nbformat.v4.new_code_cell(f"ASKED = {asked!r}\n{TOLD}"))
    NotebookClient(read, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    said = "".join(output.get("text", "") for output in read.cells[-1].outputs)
    return {name: json.loads(value) for name, value in json.loads(said.split("TOLD ")[1]).items()}


def expected(exercise, complaints: pd.DataFrame, asked: dict[str, str]) -> dict:
    """Return what the author's functions say of a table, in this process."""
    space: dict = {}
    exec("import numpy as np\nimport pandas as pd\n" + "\n\n".join(solved_answers(exercise).values()), space)
    clean = complaints.drop_duplicates("complaint_id")
    clean = clean[~(clean["resolved_at"] < clean["opened_at"])]
    exec(f"ASKED = {asked!r}\n" + TOLD.split("print(")[0], space)
    tables = {"complaints": complaints, "clean": clean}
    return {name: json.loads(space["plain"](space[name](tables[table]))) for name, table in asked.items()}


def shown(read: nbformat.NotebookNode, cell: str) -> str:
    """Return the text of a cell's outputs."""
    (found,) = [one for one in read.cells if one.id == cell]
    return " ".join(output.get("data", {}).get("text/plain", "") for output in found.outputs)


def zendesk_file(course: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Write a table as Zendesk exports tickets, some without a priority, and return it."""
    course = course.copy()
    course.loc[course.index % 50 == 7, "severity"] = pd.NA
    priority = {1: "Low", 2: "Normal", 3: "High", 4: "Urgent"}

    def local(time):
        return "" if pd.isna(time) else f"{time.tz_convert('Asia/Shanghai'):%Y-%m-%d %H:%M}"

    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        file.write(
            "Id,Requester,Requester id,Assignee,Group,Subject,Status,Priority,Via,Created at,Solved at,"
            "Satisfaction Score,Reopens,Replies,First reply time in minutes,Product [list]\n"
        )
        for row in course.itertuples():
            closed = not pd.isna(row.reopened)
            out.writerow(
                (row.complaint_id, f"Person {row.customer_id}", row.customer_id, row.agent_id, row.team, "Help",
                 "Closed" if closed else "Open", "-" if pd.isna(row.severity) else priority[row.severity],
                 row.channel, local(row.opened_at), local(row.resolved_at), "Offered",
                 row.reopened if closed else 0, row.contacts if closed else 0,
                 "" if pd.isna(row.first_response_min) else row.first_response_min, row.product_line)
            )  # fmt: skip
    return course


def test_a_solved_notebook_gives_the_numbers_of_a_company_with_a_helpdesk(tmp_path, exercise, course):
    theirs = zendesk_file(course, tmp_path / "tickets.csv")
    made = lab_on(tmp_path / "tickets.csv", zone="Asia/Shanghai", folder=tmp_path / "out")
    asked = {"complaints_per_product": "complaints", "silent_customers": "clean"}
    read = solved(made.notebook, exercise)
    told = run(read, made.folder, asked)
    # An export of a helpdesk holds no stray spaces, so names that differ in them only are one already.
    assert told == expected(exercise, theirs, asked)
    assert float(re.search(r"\d+\.\d+", shown(read, "own-silent"))[0]) == told["silent_customers"]
    changes = expected(exercise, theirs.dropna(subset=["severity"]), {"count_change": "clean"})["count_change"]
    for kind, change in changes.items():
        assert f"{change:.6f}" in shown(read, "own-silence"), kind
    board = expected(exercise, theirs, {"service_board": "clean"})["service_board"]
    for share in board["reopened"].values():
        assert f"{share:.6f}"[:7] in shown(read, "own-board")


def test_a_solved_notebook_of_a_company_with_every_column_gives_every_number(tmp_path, exercise, course):
    rows = course.rename(columns=lambda name: f"our {name}")
    for name in ("opened_at", "resolved_at"):
        rows[f"our {name}"] = rows[f"our {name}"].dt.strftime("%d.%m.%Y %H:%M")
    rows["our customer_since"] = (
        rows["our customer_since"].str.replace("年", "-").str.replace("月", "-").str.strip("日")
    )
    rows.to_csv(tmp_path / "all.csv", index=False, sep=";", encoding="gb18030")
    taken = [name for name in course.columns if name not in ("promise_made_at", "promise_due_at", "zone")]
    mapping = "zone: UTC\ntimes: ['%d.%m.%Y %H:%M', iso]\ncolumns:\n"
    (tmp_path / "ours.yaml").write_text(
        mapping + "".join(f"  {name}: our {name}\n" for name in taken), encoding="utf-8"
    )
    made = lab_on(tmp_path / "all.csv", named=str(tmp_path / "ours.yaml"), folder=tmp_path / "out", language="zh")
    assert made.imported.form.encoding == "gb18030"
    asked = {
        function.name: function.table
        for task in tasks_of(exercise)
        for function in task.functions
        if function.table and function.name != "waiting_chart"
    }
    assert len(asked) == 12
    read = solved(made.notebook, exercise)
    told, right = run(read, made.folder, asked), expected(exercise, course, asked)
    assert told == right
    assert "用你自己的数据做这个实验" in read.cells[0].source
    (chart,) = [cell for cell in read.cells if cell.id == "own-chart"]
    assert any("image/png" in output.get("data", {}) for output in chart.outputs)


def test_the_notebook_is_the_released_form_with_the_practice_table_and_its_checks(tmp_path, exercise):
    made = lab_on(EXPORTS / "zendesk.csv", folder=tmp_path / "out")
    read = nbformat.read(made.notebook, as_version=4)
    nbformat.validate(read)
    said = {cell.id: cell.source for cell in read.cells}
    everything = "\n".join(said.values())
    for word in ("BEGIN", "hidden", "smf.ols", "load_dataset"):
        assert word not in everything
    assert 'complaints = load_company_table("complaints.csv")' in said["load"]
    assert said["board"].endswith("    raise NotImplementedError()")
    assert "expect_table(" in said["check-board"] and "P-01" in said["practice-table"]
    assert {cell.id for cell in exercise.cells} <= set(said)
    assert all("nbgrader" not in cell.metadata for cell in read.cells)


def test_a_task_whose_columns_are_missing_has_a_note_and_runs_on_the_practice_table_only(tmp_path):
    made = lab_on(EXPORTS / "zendesk.csv", folder=tmp_path / "out")
    said = {cell.id: cell.source for cell in nbformat.read(made.notebook, as_version=4).cells}
    assert "nothing for `closed_without_confirm`, so `early_closing_team`, `cost_of_not_asking`" in said["note-early"]
    assert "own-early" not in said and "own-chart" not in said and "own-statement" not in said
    assert "about Lantern Group's year" in said["note-statement"]
    assert "those columns of `service_board` stay empty" in said["note-board"]
    assert said["own-board"] == '# On your own table:\nservice_board(clean.dropna(subset=["team"]))'
    assert said["own-silence"].endswith('count_change(clean.dropna(subset=["severity"]))')
    assert "button" in said["note-silent"] and "silent_customers(clean)" in said["own-silent"]
    report = (made.folder / "report.md").read_text(encoding="utf-8")
    assert (
        "**9 · Is there anything at all? (2 points)**: `teams_differ`: nothing for `closed_without_confirm`" in report
    )


def test_a_task_that_compares_quarters_needs_all_four(tmp_path):
    made = lab_on(EXPORTS / "cfpb-2016.csv", folder=tmp_path / "out", language="zh")
    said = {cell.id: cell.source for cell in nbformat.read(made.notebook, as_version=4).cells}
    assert "不是四个季度都有投诉" in said["note-silent"] and "own-silent" not in said
    made = lab_on(EXPORTS / "freshdesk.csv", folder=tmp_path / "other")
    rows = (EXPORTS / "freshdesk.csv").read_text(encoding="utf-8")
    assert "own-silent" in made.notebook.read_text(encoding="utf-8")
    (tmp_path / "years.csv").write_text(rows + rows.split("\n", 1)[1].replace("2024-", "2023-"), encoding="utf-8")
    made = lab_on(tmp_path / "years.csv", folder=tmp_path / "years")
    assert "more than one year" in made.notebook.read_text(encoding="utf-8")


def test_nothing_is_overwritten_and_nothing_is_left_behind(tmp_path):
    out = tmp_path / "deep" / "out"
    with pytest.raises(DatasetError):
        lab_on(EXPORTS / "shop.csv", folder=out)
    assert list(tmp_path.iterdir()) == []
    out.mkdir(parents=True)
    lab_on(EXPORTS / "zendesk.csv", folder=out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(before) == {
        "complaints.csv", "complaints.ipynb", "rejected.csv", "report.md", "pseudonym.key", ".gitignore",
    }  # fmt: skip
    with pytest.raises(CannotImport, match="this folder is not empty, and nothing in it was touched"):
        lab_on(EXPORTS / "freshdesk.csv", folder=out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CannotImport, match="there is a file of that name"):
        lab_on(EXPORTS / "zendesk.csv", folder=tmp_path / "file")


def test_only_labs_on_complaints_can_be_done(tmp_path):
    assert "complaints" in labs() and "churn" not in labs() and "first-complaint" not in labs()
    with pytest.raises(CannotImport, match="The lab `churn` cannot be done on complaints of your own"):
        lab_on(EXPORTS / "zendesk.csv", lab="churn", folder=tmp_path / "out")


def test_the_command_says_what_it_did_and_what_it_could_not(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TRUSTKIT_HOME", str(Path(__file__).parents[2]))
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXPORTS / "broken.csv", tmp_path / "desk.csv")
    assert main(["lab-on", "desk.csv"]) == 0
    said = capsys.readouterr().out
    assert "4 of 9 rows are in company-data/desk/complaints.csv." in said
    assert "5 rows could not be read; they are kept in company-data/desk/rejected.csv." in said
    assert "say --zone if that is wrong" in said and "data-protection officer" in said
    assert main(["lab-on", "desk.csv"]) == 1
    assert "not empty, and nothing in it was touched" in capsys.readouterr().err
    assert main(["lab-on", "desk.csv", "--lang", "zh", "--zone", "Asia/Shanghai", "--out", "zh"]) == 0
    assert "9 行中有 4 行进入 zh/complaints.csv" in capsys.readouterr().out
    for arguments, words in (
        (["none.csv"], "none.csv: there is no such file."),
        (["desk.csv", "--out", "x", "--as", "outlook"], "outlook: there is no such mapping."),
        (["desk.csv", "--out", "x", "--as", "cfpb"], "the export has no such column"),
        (["desk.csv", "--out", "x", "--zone", "Peking"], "there is no time zone `Peking`"),
    ):
        assert main(["lab-on", *arguments]) == 1
        said = capsys.readouterr()
        assert words in said.err and "Traceback" not in said.err and not said.out
    assert not (tmp_path / "x").exists()
