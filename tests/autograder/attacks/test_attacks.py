"""Nobody gets more than their work deserves, nobody else loses anything, and nothing is left behind."""

from __future__ import annotations

import json
import os
import re
import time

import pytest

from .conftest import SECRET, below, digest_of, outputs_of, processes
from .submissions import ASSIGNMENT, ATTACKS, CLASS, HONEST


@pytest.mark.parametrize("student", HONEST)
def test_an_honest_trainee_among_attackers_gets_all_points(attacked, student):
    assert attacked.outcome[student] == "graded"
    assert attacked.scores[student] == CLASS[student].scores
    assert f"{ASSIGNMENT}/{student}" not in attacked.notes


@pytest.mark.parametrize("student", ATTACKS)
def test_an_attacker_gets_what_the_work_deserves_and_the_instructor_is_told(attacked, student):
    one = ATTACKS[student]
    note = attacked.notes.get(f"{ASSIGNMENT}/{student}", "")
    assert attacked.scores.get(student) == one.scores, f"{attacked.outcome[student]}\n{note}"
    assert (attacked.outcome[student] == "graded") == (one.scores is not None)
    assert (one.may and not note) or (re.search(one.note, note) and bool(one.note) == bool(note)), note
    assert attacked.status[student]["note"] == note
    # what a trainee wrote may stand in quotation marks, but says nothing by itself
    assert "GOT" not in re.sub("`[^`]*`", "", note) and "FORGED" not in note
    assert note.isprintable()
    put_out = outputs_of(attacked.classroom, student)
    assert "GOT" not in put_out
    assert SECRET not in put_out
    assert ("ATTACK RAN" in put_out) == one.ran


def test_what_was_graded_can_be_opened_everywhere(attacked):
    for path in attacked.classroom.root.glob(f"autograded/*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"):
        assert path.stat().st_size < 3_000_000, path.parent.parent.name
        text = path.read_text(encoding="utf-8")
        # NaN and the like are no JSON, whatever Python says
        json.loads(text, parse_constant=lambda word, path=path: pytest.fail(f"{word} in {path}"))


def test_every_hand_in_has_its_row_and_nothing_that_was_handed_in_is_lost(attacked):
    assert set(attacked.outcome) == set(CLASS)
    assert set(attacked.rows) >= {student for student, one in CLASS.items() if one.scores is not None}
    now = digest_of(attacked.classroom.root / "submitted")
    contents = set(now.values())
    lost = {
        path
        for path, digest in attacked.before.submitted.items()
        if not digest.startswith("->") and digest not in contents
    }
    assert lost == set()


def test_nothing_is_left_running(attacked):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        now = processes()
        mine = below(os.getpid(), now)
        # the warm server's rooms stay for the next hand-in; what they forked does not
        servers = {process for process in mine if now[process][0] == os.getpid()}
        rooms = {process for process in mine if now[process][0] in servers}
        left = {now[process] for process in mine - servers - rooms - attacked.before.processes.keys()}
        left |= {one for one in now.values() if one[1].startswith("tk-left")}
        if not left:
            return
        time.sleep(0.2)
    assert left == set()


def test_no_file_outside_has_changed(attacked):
    assert attacked.after.outside == attacked.before.outside
    temporary = set(os.listdir("/tmp")) | set(os.listdir("/dev/shm"))
    new = {
        name for name in temporary - attacked.before.temporary if "attack" in name or "fill" in name or "kept" in name
    }
    assert new == set()
    assert not list(attacked.classroom.root.glob(".autograding/*/*"))


def test_no_program_outside_was_called(attacked):
    assert attacked.ears.heard == []


def test_the_class_was_graded_in_bounded_time(attacked):
    # every hand-in may take its time and a little more, two at once; a check that waits for ever would not end at all
    assert attacked.took < 20 * len(CLASS)
