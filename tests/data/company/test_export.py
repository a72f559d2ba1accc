"""An export is read whole, whatever its encoding and delimiter, and what is broken spoils nothing else."""

import gzip
import random
import re
import shutil
from pathlib import Path

import pytest

from trustkit.data import DatasetError
from trustkit.data.company.export import form_of, records

FILES = Path(__file__).parent
ROWS = "Id,Name,Note\n1,Grün,fein\n2,Weiß,schön\n3,Café,Zürich\n"
CHINESE = "编号,姓名,备注\n1,王小明,冰箱坏了，请退款\n2,陈静,账单不对\n"


def read(path: Path):
    return list(records(path, form_of(path)))


def refused(path: Path) -> DatasetError:
    with pytest.raises(DatasetError) as caught:
        read(path)
    return caught.value


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (ROWS, "utf-8", "utf-8"),
        (ROWS, "utf-8-sig", "utf-8-sig"),
        (ROWS, "cp1252", "cp1252"),
        ("Id,Name\n1,Grüner Müller\n2,Schöner Weißer\n", "cp1252", "cp1252"),
        (ROWS, "utf-16", "utf-16"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "utf-8", "utf-8"),
    ],
)
def test_the_encoding_is_recognised(tmp_path, text, encoding, named):
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    form = form_of(path)
    assert form.encoding == named
    assert ",".join(form.header) == text.split("\n")[0]
    assert [",".join(one.fields) for one in records(path, form)] == text.splitlines()[1:]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_delimiter_is_recognised_and_a_first_line_that_names_it(tmp_path, sign):
    path = tmp_path / "export.csv"
    rows = f"Id{sign}Note\n1{sign}fine\n"
    for text in (rows, f"sep={sign}\n{rows}", f"\n{rows}"):
        path.write_text(text, encoding="utf-8")
        assert form_of(path).delimiter == sign
        assert [one.fields for one in read(path)] == [["1", "fine"]]


def test_a_packed_file_is_read_like_an_open_one(tmp_path):
    path = tmp_path / "zendesk.csv.gz"
    path.write_bytes(gzip.compress((FILES / "zendesk.csv").read_bytes()))
    assert read(path) == read(FILES / "zendesk.csv")


def test_a_quoted_line_break_belongs_to_its_record_and_lines_are_counted_on():
    found = read(FILES / "zendesk.csv")
    assert [one.line for one in found] == [2, 3, 4, 6, 7, 8, 9]
    assert "\nparcel" in found[2].raw


def test_a_quotation_mark_that_nothing_closes_costs_its_own_line_only(tmp_path):
    found = {one.line: one.fault for one in read(FILES / "broken.csv")}
    assert found[4] == "quote" and found[5] == "" and found[3] == "fields"
    path = tmp_path / "long.csv"
    good = "".join(f"{number},fine,{'x' * 90}\n" for number in range(4000))
    path.write_text('Id,A,B\n1,"open,x\n' + good, encoding="utf-8")
    found = read(path)
    assert found[0].fault == "quote" and found[0].raw == '1,"open,x\n'
    assert [one.fault for one in found[1:]] == [""] * 4000
    assert found[-1].line == 4002


def test_a_line_with_broken_bytes_is_kept_as_it_was(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes("Id,Name\n1,Grün\n".encode() + b"2,Gr\xfcn\n" + "3,Weiß\n".encode())
    found = read(path)
    assert [one.fault for one in found] == ["", "bytes", ""]
    assert found[1].raw.encode("utf-8", "surrogateescape") == b"2,Gr\xfcn\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "this file is empty"),
        (b"\n\n \n", "this file is empty"),
        (b"PK\x03\x04 a workbook", "Save the table as CSV UTF-8"),
        (b"Id,Name\n\0\0\0", "this is no text"),
        (b"one column\n1\n", "Columns must be parted by a comma, a semicolon or a tab"),
        (b"Id,Name\n" + b"x" * 1_100_000, "line is longer than 1,000,000 characters"),
        (gzip.compress(b"Id,Name\n" + b"1,fine\n" * 9000)[:-30], "this gzip file is damaged or cut off"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path, content, words):
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    error = refused(path)
    assert words in error.message and error.path == path


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    assert "there is no such file" in refused(tmp_path / "none.csv").message
    shutil.copytree(FILES, tmp_path / "folder.csv")
    assert "this is a folder" in refused(tmp_path / "folder.csv").message


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_broken_no_line_is_lost_and_none_comes_twice(tmp_path, seed):
    chance = random.Random(seed)
    text = (FILES / chance.choice(["zendesk.csv", "cfpb-2016.csv", "broken.csv"])).read_bytes()
    head, body = text.split(b"\n", 1)
    spoilt = bytearray(body)
    for _ in range(chance.randrange(1, 9)):
        at = chance.randrange(len(spoilt))
        spoilt[at : at + chance.randrange(2)] = chance.choice(
            [b'"', b",", b"\n", b"\r", b"\xe9", b'""', b'",\n"', b"\x81 "]
        )
    path = tmp_path / "export.csv"
    path.write_bytes(head + b"\n" + bytes(spoilt))
    form = form_of(path)
    found = list(records(path, form))
    whole = path.read_bytes().decode(form.encoding, "surrogateescape").split("\n", 1)[1]
    # Empty lines between records are nothing that could get lost.
    assert (
        re.sub(r"[\r\n]+", "\n", "".join(one.raw for one in found)).strip() == re.sub(r"[\r\n]+", "\n", whole).strip()
    )
    for one in found:
        assert one.fault or len(one.fields) == len(form.header)
