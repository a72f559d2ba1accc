"""An export becomes the course's table: every variant of the three kinds, and nothing that is broken gets lost."""

import csv
import random
import stat
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest

from trustkit.data import DatasetError, load_dataset
from trustkit.data.company import import_export, load_company_table
from trustkit.data.company.report import report_on

FILES = Path(__file__).parent


@pytest.fixture
def brought_in(tmp_path):
    """Imports a file of this folder, or another; gives the table and what the import found."""

    def bring(file: str | Path, named: str | None = None, **options):
        folder = tmp_path / "out"
        folder.mkdir()
        path = FILES / file if isinstance(file, str) else file
        found = import_export(path, folder, str(FILES / named) if named else None, **options)
        return load_company_table(folder / "complaints.csv").set_index("complaint_id"), found

    return bring


def refused(path: Path, folder: Path, named: str | None = None, **options) -> DatasetError:
    with pytest.raises(DatasetError) as caught:
        import_export(path, folder, named, **options)
    return caught.value


def utc(said: str) -> pd.Timestamp:
    return pd.Timestamp(said, tz="UTC")


def test_the_table_has_the_columns_and_types_of_the_course(brought_in):
    table, _ = brought_in("zendesk.csv", with_text=True)
    course, ours = load_dataset("complaints"), table.reset_index()
    assert list(ours.columns) == [*course.columns, "satisfied", "text"]
    assert ours.dtypes[course.columns].astype(str).to_dict() == course.dtypes.astype(str).to_dict()


def test_zendesk_tickets_become_complaints(brought_in):
    table, found = brought_in("zendesk.csv", zone="Asia/Shanghai")
    assert found.kept == 6 and found.left_out == {"Status": 1}
    first = table.loc["48101"]
    assert first["opened_at"] == utc("2024-01-05 01:12") and first["resolved_at"] == utc("2024-01-08 08:40")
    assert (first["severity"], first["team"], first["product_line"], first["category"]) == (
        3, "Repairs", "L7 fridge", "broken",
    )  # fmt: skip
    assert (first["first_response_min"], first["contacts"], first["reopened"], first["satisfied"]) == (18, 3, 0, 1)
    assert table.loc["48102", ["first_response_min", "reopened", "satisfied"]].tolist() == [1, 1, 0]
    assert "text" not in table


def test_an_open_ticket_has_no_closing_unless_it_came_back(brought_in):
    table, found = brought_in("zendesk.csv")
    assert table.loc["48103", ["resolved_at", "contacts", "reopened"]].isna().all()
    assert table.loc["48104", ["contacts", "reopened"]].tolist() == [5, 1]
    assert found.conversion.odd.lines == {"closed-before-received": [7, 8]}
    assert found.duplicates.lines == {"duplicate": [8]} and found.duplicates.counts["duplicate"] == 1


def test_people_become_pseudonyms_and_texts_come_only_when_asked_for(brought_in, tmp_path):
    table, found = brought_in("zendesk.csv", with_text=True)
    assert table.loc["48101", "customer_id"] == table.loc["48104", "customer_id"]
    assert table["text"].tolist()[:2] == ["Fridge warm again, [name] here", "我叫[name]，电话[phone]，请退款"]
    said = (tmp_path / "out" / "complaints.csv").read_text(encoding="utf-8") + report_on(found, [])
    for name in ("Anna", "Berg", "360011", "王小明", "Tomas", "example.com", "Baker"):
        assert name not in said
    key = tmp_path / "out" / "pseudonym.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and len(bytes.fromhex(key.read_text().strip())) == 32
    assert key.read_text().strip() not in said


def test_chinese_tickets_lose_their_people(brought_in):
    table, _ = brought_in("zendesk-zh.csv", with_text=True)
    assert table["team"].tolist() == ["售后组", "售后组"]
    assert table["text"].tolist() == [
        "尊敬的客服，我叫[name]，冰箱又坏了，请退款",
        "[name]女士态度很好，可是账单不对，我的身份证号是[id]",
    ]


@pytest.mark.parametrize("file", ["freshdesk.csv", "freshdesk-capitals.csv"])
def test_freshdesk_tickets_become_complaints(brought_in, file):
    table, _ = brought_in(file)
    assert table["first_response_min"].tolist() == [46, 210, pd.NA, 15]
    assert table["promise_kept"].tolist() == [1, 0, pd.NA, 1]
    assert table["severity"].tolist() == [3, 4, 1, 2]
    assert table["satisfied"].tolist() == [1, pd.NA, pd.NA, 0]
    assert table["resolved_at"].tolist()[3] == utc("2024-11-02 10:00")
    assert table.loc["303", ["team", "agent_id", "resolved_at"]].isna().all()
    assert table.loc["301", "customer_id"] == table.loc["303", "customer_id"]


def test_every_column_form_of_the_cfpb_since_2012_is_read(brought_in, tmp_path):
    tables = {}
    for year in ("2012", "2016", "2024"):
        folder = tmp_path / year
        folder.mkdir()
        import_export(FILES / f"cfpb-{year}.csv", folder, with_text=year == "2016")
        tables[year] = load_company_table(folder / "complaints.csv").set_index("complaint_id")
    early = tables["2012"]
    assert early["opened_at"].tolist() == [utc("2012-06-01"), utc("2012-06-02"), utc("2012-12-31")]
    assert early["remedy"].tolist() == ["relief, kind not told", "none", "none"]
    assert early.loc["20102", ["team", "industry", "product_line", "channel"]].tolist() == [
        "Northbank", "Mortgage", "FHA mortgage", "Referral",
    ]  # fmt: skip
    late = tables["2024"]
    assert late.loc["8100002", "opened_at"] == utc("2024-03-31 17:00") and late["promise_kept"].tolist() == [1, 0]
    assert "Paula" not in tables["2016"].loc["2350001", "text"] and "[phone]" in tables["2016"].loc["2350001", "text"]
    assert tables["2016"].loc["2350003", "remedy"] is pd.NA or pd.isna(tables["2016"].loc["2350003", "remedy"])


def test_disputes_are_censored_from_sixty_days_before_the_option_ended(brought_in):
    table, _ = brought_in("cfpb-2016.csv")
    assert table["disputed"].tolist() == [1, 0, pd.NA, pd.NA, pd.NA]
    assert table["disputed_censored"].tolist() == [0, 0, 1, 1, 1]


def test_a_mapping_of_ones_own_reads_another_form(brought_in, tmp_path):
    path = tmp_path / "shop.csv"
    path.write_bytes((FILES / "shop.csv").read_text(encoding="utf-8").encode("cp1252"))
    table, found = brought_in(path, "shop.yaml", with_text=True)
    assert found.form.encoding == "cp1252" and found.form.delimiter == ";"
    assert found.zone.key == "Europe/Berlin" and found.zone_said == "mapping"
    assert table.index.tolist() == ["7", "8"] and found.left_out == {"Art": 1}
    assert table["opened_at"].tolist() == [utc("2024-01-05 08:12"), utc("2024-07-05 07:12")]
    assert table["first_response_min"].tolist() == [90, 20] and table["severity"].tolist() == [3, 1]
    # A day without a time that is the day of receipt is no closing before it.
    assert table.loc["7", "resolved_at"] == table.loc["7", "opened_at"]
    assert table["sat_post"].tolist() == [6, pd.NA]
    assert table.loc["7", "text"] == "[name] [name] wartet"


def test_broken_rows_are_kept_with_line_and_reason_and_the_good_ones_are_read(brought_in, tmp_path):
    table, found = brought_in("broken.csv")
    assert table.index.tolist() == ["1", "4", "7", "8"]
    with (tmp_path / "out" / "rejected.csv").open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    lines = (FILES / "broken.csv").read_text(encoding="utf-8").splitlines()
    assert [(int(row["line"]), row["reason"]) for row in kept] == [
        (3, "has another number of values than the header"),
        (4, "a quotation mark opens here that nothing closes"),
        (6, "its time of receipt has no known form"),
        (7, "has no time of receipt"),
        (8, "has no number of the complaint"),
    ]
    assert [row["row"] for row in kept] == [lines[int(row["line"]) - 1] for row in kept]
    assert stat.S_IMODE((tmp_path / "out" / "rejected.csv").stat().st_mode) == 0o600
    assert found.rows == 9 == found.kept + found.rejected.counts.total()
    assert found.conversion.problems.lines == {("unknown-value", "severity"): [10], ("bad-time", "resolved_at"): [10]}


def test_the_report_says_what_was_read_and_what_not_in_both_languages(brought_in):
    _, found = brought_in("broken.csv")
    english = report_on(found, [("Task 1", ["lacks something"])])
    for words in (
        "Read as: Freshdesk tickets. The file is written in UTF-8; its columns are parted by a comma.",
        "read as UTC, since nobody said where they were written",
        "| read | 9 |",
        "| could not be read, kept in `rejected.csv` | 5 |",
        "- a quotation mark opens here that nothing closes: 1 (line 4)",
        "received from 2024-02-01 to 2024-02-04 (UTC)",
        "| `severity` | a value that the mapping does not know | 1 (line 10) |",
        "| `severity` | `Priority` | 75% | The priority: Low 1, Medium 2, High 3, Urgent 4. |",
        "The export has nothing for these columns of the course; they are empty: `customer_id`, ",
        "- **Task 1**: lacks something",
        "Free text was not taken over.",
    ):
        assert words in english
    chinese = report_on(found, [], "zh")
    for words in (
        "文件编码为 UTF-8，各列以逗号分隔",
        "| 读到 | 9 |",
        "实验的每个任务都能用这张表做",
        "没有导入自由文本",
    ):
        assert words in chinese
    assert "Galactic" not in english and "Mara" not in english


def test_reasons_stand_in_the_language_asked_for(brought_in, tmp_path):
    brought_in("broken.csv", language="zh")
    assert "没有投诉编号" in (tmp_path / "out" / "rejected.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "named", "zone", "words"),
    [
        ("Id,Name\n1,x\n", None, None, "this is none of cfpb, zendesk, freshdesk by its header. Say what it is with"),
        ("Id,Name\n1,x\n", "zendesk", None, "`opened_at` is read from `Created at`, and the export has no such column"),
        ("Id,Created at\n", "zendesk", None, "this file has a header but no rows"),
        ("Id,Created at\n1,soon\n2,\n3,later\n", "zendesk", None, "not one of 3 rows can be read. Most often (2)"),
        ("Id,Status,Created at\n1,Deleted,2024-01-01\n", "zendesk", None, "the mapping leaves out all 1 rows"),
        ("Id,Created at\n1,2024-01-01\n", "zendesk", "Peking", "there is no time zone `Peking`"),
        ("Nr,Eingang\n1,2024-01-01\n", str(FILES / "shop.yaml"), None, "`only` names the column `Art`"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_the_reason(tmp_path, content, named, zone, words):
    path = tmp_path / "export.csv"
    path.write_text(content, encoding="utf-8")
    (tmp_path / "out").mkdir()
    assert words in refused(path, tmp_path / "out", named, zone=zone).message


def test_a_table_that_was_changed_is_refused_by_row_and_column(brought_in, tmp_path):
    brought_in("zendesk.csv")
    path = tmp_path / "out" / "complaints.csv"
    text = path.read_text(encoding="utf-8")
    for old, new, words in (
        ("2024-01-05T09:12Z", "yesterday", "row 1, column `opened_at`: `yesterday` is not a time"),
        ("48101,", ",", "row 1, column `complaint_id`: the value must not be empty"),
        ("severity", "heaviness", "the column `heaviness` is none of the table"),
        ("complaint_id", "zone", "the column `complaint_id` is missing"),
    ):
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DatasetError) as caught:
            load_company_table(path)
        assert words in caught.value.message
    path.unlink()
    with pytest.raises(DatasetError, match="this file is missing"):
        load_company_table(path)


def test_memory_stays_small_however_large_the_file_is(tmp_path):
    path, folder, chance = tmp_path / "large.csv", tmp_path / "out", random.Random(1)
    folder.mkdir()
    head = (
        "Id,Requester,Requester id,Assignee,Group,Subject,Status,Priority,Via,Ticket type,Created at,Solved at,Reopens"
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head.split(","))
        for number in range(6_000):
            day = f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}"
            out.writerow(
                (number, f"Person {number}", 360_000 + number, f"Agent {number % 40}", f"Group {number % 9}",
                 f"{chance.random()} " * 540, "Closed", "High", "Web", "Problem", f"{day} 09:12", f"{day} 21:12", 0)
            )  # fmt: skip
    assert path.stat().st_size > 60_000_000
    import_export(FILES / "zendesk.csv", tmp_path)  # what is loaded once
    tracemalloc.start()
    try:
        found = import_export(path, folder)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.kept == 6_000
    assert peak < 60_000_000
