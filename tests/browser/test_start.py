"""Starting and stopping the course, the way a person does it in a terminal."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests

ROOT = Path(__file__).parents[2]


def start(home: Path, port: int, *options: str, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "trustkit", "start", "--port", str(port), "--home", str(home), *options],
        cwd=ROOT, env={**os.environ, "OPEN": "0", **environment}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_second_start_makes_nothing_again_and_ctrl_c_ends_it_cleanly(start_again):
    again = start_again()
    assert "Making" not in again.said and "Installing" not in again.said
    assert again.stop() in (0, 130)
    assert again.said.rstrip().endswith("Stop it with Ctrl-C.\nThe course is closed.")


def test_kernels_end_with_the_course_and_say_nothing(start_again):
    again = start_again()
    answer = requests.post(f"{again.base}/api/kernels", headers={"Authorization": f"token {again.token}"}, timeout=30)
    assert answer.status_code == 201
    while not (kernels := [
        one for one in psutil.Process(again.process.pid).children() if "ipykernel_launcher" in " ".join(one.cmdline())
    ]):  # fmt: skip
        time.sleep(0.1)
    time.sleep(2)
    again.stop()
    psutil.wait_procs(kernels, timeout=10)
    assert not any(kernel.is_running() for kernel in kernels)
    assert again.said.rstrip().endswith("Stop it with Ctrl-C.\nThe course is closed.")


@pytest.mark.parametrize("options, environment, opened", [
    ([], {"OPEN": "1"}, True), ([], {"OPEN": "0"}, False), (["--no-browser"], {"OPEN": "1"}, False),
])  # fmt: skip
def test_the_browser_opens_at_the_printed_address_unless_told_not_to(
    course, tmp_path, unused_port, options, environment, opened
):
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n', encoding="utf-8")
    browser.chmod(0o755)
    begun = start(course.home, unused_port, *options, BROWSER=f"{browser} %s", **environment)
    while "/course/?token=" not in (line := begun.stdout.readline()):
        assert begun.poll() is None
    for _ in range(40 if opened else 15):
        if (tmp_path / "opened").exists():
            break
        time.sleep(0.1)
    assert (tmp_path / "opened").exists() == opened
    if opened:
        page = Path((tmp_path / "opened").read_text(encoding="utf-8").strip().removeprefix("file://"))
        assert line.strip().replace("127.0.0.1", "localhost") in page.read_text(encoding="utf-8").replace(
            "127.0.0.1", "localhost"
        )
    begun.send_signal(signal.SIGINT)
    assert begun.wait(timeout=30) == 0


def test_being_ended_by_the_system_is_as_clean(start_again):
    again = start_again()
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(timeout=30) == 0
    assert "Traceback" not in again.process.stdout.read()


def test_what_is_printed_is_short_and_ends_with_the_address(course):
    before, after = course.said.split("The course is open at")
    assert after.split() == [course.address]
    assert all(len(line) < 200 for line in course.said.splitlines())
    for noise in ("Warning", "[I ", "[W ", "[C ", "jpserver", "file://"):
        assert noise not in before


def test_a_port_in_use_is_one_sentence(course):
    refused = start(course.home, course.port)
    said, wrong = refused.communicate(timeout=60)
    assert refused.returncode == 1 and not said
    assert wrong.startswith(f"Port {course.port} is already in use") and len(wrong.splitlines()) == 1


def test_ctrl_c_while_things_are_made_leaves_nothing_running_and_the_next_start_goes_on(tmp_path, unused_port):
    first = start(tmp_path, unused_port)
    assert "Making a demo class" in first.stdout.readline()
    while not (tmp_path / "class" / "class.json").exists():
        time.sleep(0.1)
    os.killpg(first.pid, signal.SIGINT)
    said, wrong = first.communicate(timeout=30)
    assert first.returncode == 130
    assert "Stopped." in wrong and "Traceback" not in said + wrong
    assert (tmp_path / "demo-class-unfinished").exists()
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.killpg(first.pid, 0)
            time.sleep(0.1)
