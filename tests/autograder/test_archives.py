"""An archive is read as far as it is honest, and nothing in it does harm."""

from __future__ import annotations

import io
import os
import random
import struct
import tracemalloc
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.archives import FileRefused, Limits, list_folder, open_zip, unportable
from autograder.lms_names import read_names

from .archive_builder import NOON, forged, packed

FINE = {"name": b"fine.ipynb", "data": b"{}"}


def names_of(raw: bytes) -> list[str]:
    """Return the names of the entries that may be read."""
    return [entry.name for entry in open_zip(raw).entries]


def refused_in(raw: bytes) -> dict[str, str]:
    """Return the code of each refused entry, whether it is refused by its name or when it is read."""
    contents = open_zip(raw)
    codes = {entry.name: error.code for entry, error in contents.refused}
    for entry in contents.entries:
        try:
            entry.read()
        except FileRefused as error:
            codes[entry.name] = error.code
    return codes


# ---------------------------------------------------------------- honest archives


def test_entries_stored_deflated_streamed_and_with_long_sizes_are_read(tmp_path):
    content = random.Random(1).randbytes(200_000)

    class Pipe(io.RawIOBase):
        """Cannot seek, so that zipfile writes sizes after the data, as the systems that stream an archive do."""

        def __init__(self):
            self.made = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.made += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        archive.writestr("stored.bin", content, zipfile.ZIP_STORED)
        archive.writestr("deflated.bin", content, zipfile.ZIP_DEFLATED)
        with archive.open("long.bin", "w", force_zip64=True) as file:
            file.write(content)
        archive.writestr("empty.bin", b"")
    path = tmp_path / "hand-ins.zip"
    path.write_bytes(pipe.made)
    with open_zip(path) as contents:
        read = {entry.name: entry.read() for entry in contents.entries}
    assert read == {"stored.bin": content, "deflated.bin": content, "long.bin": content, "empty.bin": b""}


def test_an_archive_of_more_entries_than_the_old_form_can_count_is_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(70_000):
            archive.writestr(zipfile.ZipInfo(f"{number}.txt"), b"")
    assert len(open_zip(out.getvalue()).entries) == 70_000


def test_an_archive_with_something_in_front_of_it_and_a_remark_behind_is_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"yes")
        archive.comment = b"made by hand"
    assert [entry.read() for entry in open_zip(b"#!/bin/sh\n" + out.getvalue()).entries] == [b"yes"]


def test_an_empty_archive_holds_nothing_and_is_no_fault():
    contents = open_zip(packed({}))
    assert (contents.entries, contents.refused) == ([], [])


def test_what_systems_leave_behind_is_passed_over():
    raw = packed({"__MACOSX/._a.ipynb": "", ".DS_Store": "", "x/.ipynb_checkpoints/a.ipynb": "", "x/a.ipynb": "{}"})
    assert names_of(raw) == ["x/a.ipynb"]


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ({"name": "李娜.ipynb".encode()}, "李娜.ipynb"),
        ({"name": "李娜.ipynb".encode(), "flags": 0}, "李娜.ipynb"),
        ({"name": "José.ipynb".encode("cp437"), "flags": 0}, "José.ipynb"),
        ({"name": "Grün.ipynb".encode("cp437"), "flags": 0}, "Grün.ipynb"),
        ({"name": "李娜.ipynb".encode("gb18030"), "flags": 0}, "李娜.ipynb"),
        ({"name": b"Jos\x82.ipynb"}, "José.ipynb"),
        ({"name": "Jose\u0301.ipynb".encode()}, "José.ipynb"),
        (
            {
                "name": b"Jos_.ipynb",
                "flags": 0,
                "extra": struct.pack("<2HBL", 0x7075, 5 + 11, 1, zlib.crc32(b"Jos_.ipynb")) + "José.ipynb".encode(),
            },
            "José.ipynb",
        ),
        ({"name": b"./work//a.ipynb"}, "./work//a.ipynb"),
    ],
    ids=[
        "utf-8",
        "utf-8-unsaid",
        "cp437",
        "cp437-that-may-be-gbk",
        "gbk",
        "said-utf-8-but-cp437",
        "decomposed",
        "extra-field",
        "dots",
    ],
)
def test_a_name_is_read_in_the_encoding_that_it_has(entry, name):
    assert names_of(forged({"data": b"{}", **entry})) == [name]


def test_a_time_is_that_of_the_wall_clock_here_or_the_exact_one_where_the_archive_has_it():
    exact = struct.pack("<2HBL", 0x5455, 5, 1, 1_793_700_001)
    old = packed({"old.txt": ""}, datetime(1980, 1, 1))
    moments = [
        open_zip(raw).entries[0].moment
        for raw in (packed({"a.txt": ""}), forged({"name": b"a.txt", "extra": exact}), old)
    ]
    assert moments == [NOON.astimezone(UTC), datetime.fromtimestamp(1_793_700_001, UTC), None]


# ---------------------------------------------------------------- hostile ones


@pytest.mark.parametrize(
    "name",
    [b"../up.ipynb", b"a/../../up.ipynb", b"/etc/cron.d/x", b"C:\\x.ipynb", b"C:x.ipynb", b"a\\..\\b.ipynb",
     b"a.ipynb\0.png", b"//server/x", b".", b"x/.."],
)  # fmt: skip
def test_an_entry_that_leads_out_of_the_archive_is_refused_and_the_others_are_read(name):
    raw = forged({"name": name, "data": b"bad"}, FINE)
    contents = open_zip(raw)
    assert [error.code for _, error in contents.refused] == ["unsafe-name"]
    assert [entry.read() for entry in contents.entries] == [b"{}"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"mode": 0o120777, "data": b"/etc/passwd"}, "link"),
        ({"mode": 0o060644}, "link"),
        ({"mode": 0o010644}, "link"),
        ({"flags": 0x801}, "encrypted"),
        ({"flags": 0x841}, "encrypted"),
        ({"method": 9}, "method"),
        ({"method": 99}, "method"),
        ({"data": b"abc", "crc": 1}, "damaged"),
        ({"data": b"abc", "size": 2}, "damaged"),
        ({"data": b"abc", "size": 4}, "damaged"),
        ({"stream": b"\xff\xff\xff\xff"}, "damaged"),
        ({"data": b"abc", "method": 8, "stream": b""}, "damaged"),
        ({"data": bytes(15_000_000)}, "bomb"),
        ({"data": bytes(15_000_000), "size": 3}, "bomb"),
        ({"data": b"x", "size": 200_000_000}, "too-large"),
        ({"data": random.Random(2).randbytes(20_000_001), "method": 0}, "too-large"),
        ({"data": random.Random(2).randbytes(20_000_001), "method": 0, "size": 10}, "too-large"),
    ],
    ids=["link", "device", "pipe", "locked", "locked-strongly", "deflate64", "aes", "crc", "claims-less", "claims-more",
         "no-stream", "no-bytes", "bomb", "bomb-that-claims-little", "claims-200-mb", "large",
         "large-that-claims-little"],
)  # fmt: skip
def test_a_bad_entry_is_refused_alone(entry, code):
    raw = forged({"name": b"bad.bin", **entry}, FINE)
    assert refused_in(raw) == {"bad.bin": code}
    assert "fine.ipynb" in names_of(raw)


def test_a_bomb_is_stopped_long_before_it_has_gone_off():
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = b"".join(deflate.compress(bytes(10_000_000)) for _ in range(40)) + deflate.flush()
    raw = forged({"name": b"bomb", "stream": stream, "size": 100})
    tracemalloc.start()
    assert refused_in(raw) == {"bomb": "bomb"}
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000 < len(stream) * 1000


def test_of_two_entries_with_one_name_the_first_is_read_also_where_only_capitals_differ():
    raw = forged(FINE, {"name": b"fine.ipynb", "data": b"second"}, {"name": b"FINE.ipynb", "data": b"third"})
    contents = open_zip(raw)
    assert [entry.read() for entry in contents.entries] == [b"{}"]
    assert [error.code for _, error in contents.refused] == ["same-name", "same-name"]
    assert [entry.read() for entry, _ in contents.refused] == [b"second", b"third"]  # so that they can be kept


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (packed({"a": "b" * 9})[:60], "cut-off"),
        (b"", "no-zip"),
        (b"Rar!\x1a\7\0", "no-zip"),
        (b"<html>Please sign in</html>" * 9, "no-zip"),
        (packed({"a": "b"}) + b"PK\5\6" + b"\xff" * 18, "damaged"),
        (b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 5, 5, 900, 900, 0), "damaged"),
    ],
    ids=["cut-off", "empty", "rar", "login-page", "wild-sizes", "nothing-before"],
)
def test_what_is_no_archive_is_refused_with_a_reason(raw, code):
    with pytest.raises(FileRefused) as caught:
        open_zip(raw)
    assert caught.value.code == code


def test_a_list_of_contents_that_breaks_off_gives_what_stands_before():
    raw = bytearray(forged(FINE, {"name": b"second", "data": b"x"}))
    raw[raw.rfind(b"PK\1\2")] = 0
    contents = open_zip(bytes(raw))
    assert [entry.name for entry in contents.entries] == ["fine.ipynb"]
    assert "breaks off after 1 entries" in contents.refused[0][1].message


def test_too_many_entries_are_refused_before_they_are_listed():
    raw = forged(*[{"name": b"%d" % number, "method": 0} for number in range(60)])
    with pytest.raises(FileRefused, match=r"more than 50 entries \(60\)"):
        open_zip(raw, most_entries=50)
    claims_one = raw[:-14] + b"\1\0\1\0" + raw[-10:]
    contents = open_zip(claims_one, Limits(entries=50))
    assert (len(contents.entries), len(contents.refused)) == (50, 1)


def test_a_damaged_archive_never_does_anything_but_be_refused():
    honest = packed({"a.ipynb": '{"cells": []}' * 50, "data/b.csv": "1,2\n" * 200, "李娜.txt": "x"})
    chance = random.Random(7)
    for _ in range(3_000):
        raw = bytearray(honest[: chance.randrange(len(honest))] if chance.random() < 0.1 else honest)
        for _ in range(chance.choice((1, 2, 8))):
            if raw:
                raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            contents = open_zip(bytes(raw))
        except FileRefused:
            continue
        for entry in contents.entries:
            try:
                entry.read()
            except FileRefused:
                continue


# ---------------------------------------------------------------- folders and names


def test_links_and_devices_in_a_folder_are_refused_and_never_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    folder = tmp_path / "inbox"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.ipynb").write_text("{}")
    os.mkfifo(folder / "pipe")
    (folder / "link.txt").symlink_to(secret)
    (folder / "around").symlink_to(folder)
    contents = list_folder(folder)
    assert [entry.name for entry in contents.entries] == ["deep/a.ipynb"]
    assert {entry.name: error.code for entry, error in contents.refused} == dict.fromkeys(
        ("pipe", "link.txt", "around"), "link"
    )


def test_a_file_of_200_megabytes_is_not_read_to_its_end(tmp_path):
    with (tmp_path / "large.ipynb").open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    with pytest.raises(FileRefused, match="larger than 20,000,000 bytes"):
        list_folder(tmp_path).entries[0].read()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 60_000_000


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("con.ipynb", "Windows keeps"), ("x/NUL", "Windows keeps"), ("LPT1.tar.gz", "Windows keeps"),
        ("COM¹.txt", "Windows keeps"), ("what?.ipynb", "not every system"), ("a:b", "not every system"),
        ("bell\7.txt", "not every system"), ("end.", "full stop or a space"), ("end /a", "full stop or a space"),
        ("界" * 51, "longer than 150"), ("/".join("abcdefghijklm"), "too deep"), ("\udcff", "encoding"),
        ("console.ipynb", ""), ("作业 (1).ipynb", ""), (".gitignore", ""),
    ],
)  # fmt: skip
def test_a_name_that_some_system_cannot_store_is_known(path, words):
    why = unportable(tuple(path.split("/")))
    assert (words in why) if words else not why


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Li Na_123_assignsubmission_file_/a.ipynb", ("Li Na", "123", "a.ipynb")),
        ("Li Na_123_assignsubmission_file/attempts/b.json", ("Li Na", "123", "attempts/b.json")),
        ("Li Na_123_assignsubmission_file_a_b.ipynb", ("Li Na", "123", "a_b.ipynb")),
        ("Li Na-123_assignsubmission_file_/a.ipynb", ("Li Na", "123", "a.ipynb")),
        ("hand-ins/Jean-Luc O Neill_9_assignsubmission_file_/x/y.csv", ("Jean-Luc O Neill", "9", "x/y.csv")),
        ("Default group_assignsubmission_file_/a.ipynb", ("Default group", "", "a.ipynb")),
        ("李娜_77_assignsubmission_file_作业.ipynb", ("李娜", "77", "作业.ipynb")),
    ],
)
def test_names_of_moodle_are_understood(path, expected):
    (found,) = read_names([tuple(path.split("/"))])
    assert (found.submitter.name, found.submitter.id, "/".join(found.parts)) == expected
    assert found.passed_over == ""


def test_text_typed_into_moodle_is_passed_over():
    found = read_names(
        [
            ("Li Na_1_assignsubmission_onlinetext_", "onlinetext.html"),
            ("Li Na_1_assignsubmission_onlinetext_onlinetext.html",),
        ]
    )
    assert all("onlinetext" in one.passed_over for one in found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lina_11_2001_first-complaint.ipynb", ("lina", "11", 2001, "first-complaint.ipynb")),
        ("lina_LATE_11_2001_first-complaint-1.ipynb", ("lina", "11", 2001, "first-complaint-1.ipynb")),
        ("lina_late_11_2001_a_1_2_b.ipynb", ("lina", "11", 2001, "a_1_2_b.ipynb")),
        ("anon_Ab3xZ_2001_a.ipynb", ("", "Ab3xZ", 2001, "a.ipynb")),
        ("LATE_anon_77_2001_a.ipynb", ("", "77", 2001, "a.ipynb")),
        ("李娜_11_2001_作业.ipynb", ("李娜", "11", 2001, "作业.ipynb")),
    ],
)
def test_names_of_canvas_are_understood_packed_and_unpacked(name, expected):
    for path in ((name,), ("submissions", name)):
        (found,) = read_names([path])
        assert (found.submitter.name, found.submitter.id, found.order, found.parts[0]) == expected


def test_text_and_links_of_canvas_are_passed_over():
    found = read_names([("lina_11_2001_a.ipynb",), ("noor_12_text.html",), ("sam_13_link.html",)])
    assert [bool(one.passed_over) for one in found] == [False, True, True]


def test_a_folder_in_which_one_file_looks_like_canvas_is_not_taken_for_an_archive_of_canvas():
    paths = [("first-complaint.ipynb",), ("report.md",), ("sales_2024_01_raw.csv",)]
    assert read_names(paths) == [None, None, None]
    assert read_names([("work", "a.ipynb"), ("work", "data", "x_1_2_y.csv")]) == [None, None]
    assert read_names([]) == []


def test_an_archive_is_closed_after_use(tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_bytes(packed({"a": "b"}))
    with open_zip(path) as contents:
        entry = contents.entries[0]
    with pytest.raises(ValueError, match="closed"):
        entry.read()
