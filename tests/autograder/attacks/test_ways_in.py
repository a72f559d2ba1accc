"""What a trainee can do on the way from the exchange to the class's notes, before any code runs."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.handed_in import prepare, refuse_links
from autograder.worker import NOTE, Done, Task
from trustkit.attempts.record import read_attempts

from ..conftest import RIGHT, new_class

quiet = {"say": lambda line: None}


@pytest.fixture(scope="module")
def exchange(tmp_path_factory) -> SimpleNamespace:
    """A class whose exchange holds the hand-ins of `eve` and `bob`; eve's is full of links."""
    work = tmp_path_factory.mktemp("ways-in")
    classroom = new_class(work, {"eve": {"answers": RIGHT}, "bob": {"answers": RIGHT}})
    inbound = classroom.root / "exchange" / "customer-trust" / "inbound"
    own = next(inbound.glob("eve+*"))
    (own / "seed.txt").symlink_to(classroom.root / "grading-seed")
    (own / "source").symlink_to(classroom.root / "source")
    changed, _ = classroom.collect(**quiet)
    return SimpleNamespace(classroom=classroom, changed=changed)


def test_links_in_the_exchange_bring_no_file_of_the_instructor_to_a_trainee(exchange):
    seed = (exchange.classroom.root / "grading-seed").read_bytes()
    folder = exchange.classroom.root / "submitted" / "eve" / "small-desk"
    assert seed not in [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not list(folder.rglob("source/*/*.ipynb"))


def test_a_timestamp_that_is_no_text_stops_nobody_else(exchange):
    stamp = exchange.classroom.root / "submitted" / "bob" / "small-desk" / "timestamp.txt"
    before = stamp.read_bytes()
    stamp.write_bytes(b"\xff\xfe")
    try:
        assert {one["id"] for one in exchange.classroom.status()["assignments"]} >= {"small-desk"}
        exchange.classroom.collect(**quiet)
    finally:
        stamp.write_bytes(before)


def test_a_file_named_like_a_note_is_no_note():
    log = f"[INFO] Copying x/{NOTE}all is well.txt -> y/{NOTE}all is well.txt\n[WARNING] {NOTE}This is one."
    assert Done(Task("autograde", "small-desk"), True, log).notes == ["This is one."]


def test_an_attempt_with_a_number_of_five_thousand_digits_is_refused_like_any_damaged_one(tmp_path):
    (tmp_path / "late-parcel-1.json").write_text('{"format": ' + "9" * 5000 + "}")
    records, refused = read_attempts(tmp_path)
    assert not records and [one.path.name for one in refused] == ["late-parcel-1.json"]


def test_the_note_on_a_link_is_never_written_through_another_link(tmp_path):
    folder, outside = tmp_path / "small-desk", tmp_path / "gradebook.db"
    folder.mkdir()
    outside.write_text("marks")
    (folder / "a").symlink_to("/nowhere")
    (folder / "a.refused.txt").symlink_to(outside)
    notes = refuse_links(folder)
    assert len(notes) == 2
    assert outside.read_text() == "marks"
    assert sorted(path.name for path in folder.iterdir()) == ["a.refused.txt", "a.refused.txt.refused.txt"]
    assert not any(path.is_symlink() for path in folder.iterdir())


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_files_that_their_sender_closed_are_opened_for_grading(tmp_path):
    folder = tmp_path / "small-desk"
    (folder / "inner").mkdir(parents=True)
    for path in (folder / "small-desk.ipynb", folder / "inner" / "table.csv"):
        path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
        path.chmod(0)
    (folder / "inner").chmod(0)
    assert prepare(folder, tmp_path) == ("", "")
    assert (folder / "inner" / "table.csv").read_text()


def test_a_folder_where_the_notebook_should_be_is_named(tmp_path):
    folder: Path = tmp_path / "small-desk"
    (folder / "small-desk.ipynb").mkdir(parents=True)
    problem, _ = prepare(folder, tmp_path)
    assert "is a folder" in problem
