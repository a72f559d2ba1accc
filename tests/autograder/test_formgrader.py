"""A person marks a reply in nbgrader's formgrader: a real server, a real browser, the rubric in view."""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.classroom import Classroom
from autograder.gradebook import hand_ins

TOKEN = "formgrader-test"


@pytest.fixture(scope="module")
def formgrader(own_class, tmp_path_factory):
    """The graded class, served by Jupyter: `classroom` and `address`."""
    home = tmp_path_factory.mktemp("formgrader")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    server = subprocess.Popen(
        [
            sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={own_class.root}", f"--IdentityProvider.token={TOKEN}", "--allow-root",
            "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
        ],
        cwd=own_class.root, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=1).close()
                break
            except OSError:
                assert server.poll() is None, "the server ended"
                time.sleep(0.2)
        yield SimpleNamespace(classroom=own_class, address=address)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _open(formgrader, chromium, student: str):
    """Open the marking page of one student's hand-in; returns the page and the hosts it asked."""
    from autograder.gradebook import open_gradebook

    with open_gradebook(formgrader.classroom.root) as gradebook:
        id_ = gradebook.find_submission_notebook("small-desk", "small-desk", student).id
    page = chromium.new_context().new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add("/".join(request.url.split("/")[:3])))
    page.goto(f"{formgrader.address}/formgrader/manage_assignments?token={TOKEN}")
    page.goto(f"{formgrader.address}/formgrader/submissions/{id_}/")
    page.wait_for_selector("#reply-problem")
    page.wait_for_function("document.querySelector('#reply-problem').classList.contains('needs_manual_grade')")
    return page, hosts


def _say(page, cell: str, text: str) -> None:
    box = page.locator(f"#{cell}")
    with page.expect_response(lambda answer: "/api/" in answer.url and answer.request.method == "PUT"):
        box.fill(text)
        box.press("Tab")


def test_the_rubric_is_in_view_and_nothing_comes_from_another_host(formgrader, chromium):
    page, hosts = _open(formgrader, chromium, "right")
    text = page.inner_text("body")
    assert "4 says that the visit was missed" in text
    assert "Begin the comment with RED LINE" in text
    assert "MARK SCHEME" not in text
    assert hosts == {formgrader.address}


def test_a_script_in_a_hand_in_does_not_run_where_it_is_marked(formgrader, chromium):
    page, hosts = _open(formgrader, chromium, "script")
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran === undefined")
    assert hosts == {formgrader.address}
    shown = page.inner_html("body")
    for harmless in ("<strong>Dear</strong> Ms Li", "<b>bold</b>", "<blockquote>"):
        assert harmless in shown


def test_marks_given_in_the_browser_are_in_the_export(formgrader, chromium, tmp_path):
    page, _ = _open(formgrader, chromium, "right")
    _say(page, "reply-problem", "4")
    _say(page, "reply-care", "2")
    _say(page, "reply-comment", "Good, and a little dry.")
    row = _row(formgrader.classroom, tmp_path, "right")
    assert (row["reply_1"], row["reply_2"], row["reply"]) == ("4", "2", "6")
    assert (row["marked"], row["reply_passed"]) == ("yes", "yes")


def test_a_red_line_written_in_the_browser_fails_the_reply(formgrader, chromium, tmp_path):
    page, _ = _open(formgrader, chromium, "code-reply")
    _say(page, "reply-problem", "4")
    _say(page, "reply-care", "4")
    _say(page, "reply-red-lines-comment", "Red line: she is told that a message was sent")
    row = _row(formgrader.classroom, tmp_path, "code-reply")
    assert (row["reply"], row["reply_passed"], row["passed"]) == ("8", "no", "no")
    assert row["red_line"] == "Red line: she is told that a message was sent"


def test_the_browser_and_mark_reply_write_the_same_rows(formgrader, chromium):
    page, _ = _open(formgrader, chromium, "long")
    _say(page, "reply-problem", "3")
    _say(page, "reply-care", "1")
    formgrader.classroom.mark_reply("twice", "small-desk", {})
    formgrader.classroom.mark_reply("utf-16", "small-desk", {"1": 3, "2": 1})
    marks = {one.student: one.marks for one in hand_ins(formgrader.classroom.root)}
    assert marks["long"] == marks["utf-16"]


def test_the_autograde_button_takes_the_same_steps(formgrader, chromium):
    page, _ = _open(formgrader, chromium, "מרים-العربية")
    page.goto(f"{formgrader.address}/formgrader/manage_submissions/small-desk")
    page.wait_for_selector("#main-table tr")
    answer = page.evaluate(
        """async () => {
            const xsrf = document.cookie.split('; ').find(row => row.startsWith('_xsrf=')).slice(6);
            const address = '/formgrader/api/submission/small-desk/seven/autograde';
            const reply = await fetch(address, {method: 'POST', headers: {'X-XSRFToken': xsrf}});
            return (await reply.json());
        }"""
    )
    assert answer["success"], answer
    seven = next(one for one in hand_ins(formgrader.classroom.root) if one.student == "seven")
    assert [(mark.cell, mark.score) for mark in seven.marks_of("lab")] == [("check-middle", 0), ("check-total", 3)]


def _row(classroom: Classroom, tmp_path: Path, student: str) -> dict[str, str]:
    path = classroom.export(tmp_path / "marks.csv", say=lambda line: None)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["student"] == student)
