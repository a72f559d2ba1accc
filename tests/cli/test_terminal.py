"""Playing in a terminal, through a real process and its pipes."""

import io
import re
import signal
import subprocess
import sys
import time

import pytest

from trustkit.attempts.record import read_attempts
from trustkit.attempts.replay import replay
from trustkit.cases.reader import read_case
from trustkit.cli import main

CASE = "fridge-failed-twice"


@pytest.fixture
def type_in(monkeypatch, capsys):
    """Type a command here, with lines for it to read; gives its exit code and what it printed."""

    def run(*arguments: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(arguments)
        said = capsys.readouterr()
        assert not said.err
        return code, said.out

    return run


def test_a_case_is_played_to_its_end_from_a_pipe_and_the_attempt_is_kept(tmp_path):
    command = [sys.executable, "-m", "trustkit", "play", CASE, "--save", str(tmp_path), "--seed", "7"]
    done = subprocess.run([*command, "--learner", "wei"], input="1\n" * 30, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and not done.stderr
    (record,), refused = read_attempts(tmp_path)
    assert not refused and replay(record).scores == record["result"]
    assert (record["learner"], record["host"], record["seed"]) == ("wei", "terminal", 7)
    assert str(next(tmp_path.iterdir())) in done.stdout


def test_the_debrief_tells_scores_turns_and_better_ways(type_in):
    code, said = type_in("play", CASE, typed="1\n" * 30)
    assert code == 0
    for heading in ("How it ended", "Your conduct", "Trust, turn by turn", "Turn by turn", "The best path"):
        assert f"== {heading}" in said
    assert "Conduct " in said and "Outcome " in said and "The turning point was turn" in said


def test_the_same_seed_shows_the_choices_in_the_same_order_and_another_one_does_not(type_in):
    first, again, other = (type_in("play", CASE, "--seed", seed) for seed in ("1", "1", "2"))
    assert first == again != other


def test_what_is_not_a_number_on_offer_is_asked_again(type_in):
    code, said = type_in("play", CASE, typed="hello\n0\n99\n-1\n²\n\n" + "1\n" * 30)
    assert code == 0
    assert said.count("Please type a number from 1 to") == 6


@pytest.mark.parametrize("lang, goodbye", [("en", "nothing was saved"), ("zh", "没有保存任何内容")])
def test_stopping_in_the_middle_saves_nothing_and_says_so(type_in, tmp_path, lang, goodbye):
    code, said = type_in("play", CASE, "--lang", lang, "--save", str(tmp_path / "kept"), typed="1\n")
    assert code == 130 and goodbye in said.replace("\n", " ")
    assert not (tmp_path / "kept").exists()


def test_ctrl_c_says_a_polite_goodbye(tmp_path):
    play = subprocess.Popen(
        [sys.executable, "-u", "-m", "trustkit", "play", CASE, "--save", str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while "1." not in play.stdout.readline():
        pass
    time.sleep(0.5)
    play.send_signal(signal.SIGINT)
    said, wrong = play.communicate(timeout=30)
    assert play.returncode == 130
    assert "nothing was saved" in said and not wrong and not list(tmp_path.iterdir())


def test_a_reader_who_has_enough_costs_no_attempt(tmp_path):
    command = f"yes 1 | {sys.executable} -m trustkit play {CASE} --save {tmp_path} | head -3"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


def test_a_variant_is_played_in_chinese(type_in, tmp_path):
    variant = read_case(CASE).variants[1]
    code, said = type_in("play", CASE, "--lang", "zh", "--variant", variant, "--save", str(tmp_path), typed="1\n" * 30)
    assert code == 0 and "== 你的行为 ==" in said
    (record,), _ = read_attempts(tmp_path)
    assert (record["variant"], record["lang"]) == (variant, "zh")


@pytest.mark.parametrize("lang, chinese", [("zh", True), ("fr", False), ("", False)])
def test_the_language_of_the_course_is_the_default(type_in, monkeypatch, lang, chinese):
    monkeypatch.setenv("TRUSTKIT_LANG", lang)
    code, said = type_in("play", CASE)
    assert code == 130 and bool(re.search("[一-鿿]{3}", said)) == chinese


def test_a_drill_is_done_line_by_line(type_in, tmp_path):
    code, said = type_in("drill", "trust-or-not", "--save", str(tmp_path), typed="1\n" * 12)
    assert code == 0
    (record,), _ = read_attempts(tmp_path)
    assert replay(record).scores == record["result"]
    assert f"{record['result']['right']} of 12 right" in said
