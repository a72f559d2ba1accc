"""Every kind of item is done line by line, and drills are checked with their translations."""

import io
import random
import shutil
from pathlib import Path

import pytest

from trustkit.attempts.record import check
from trustkit.attempts.replay import replay
from trustkit.cli import _print_findings, _translation_findings
from trustkit.drills.bundle import drill_bundle
from trustkit.drills.reader import read_drill
from trustkit.terminal import Stopped, Terminal, do_drill

KINDS = Path(__file__).parents[1] / "drills" / "kinds"


@pytest.fixture
def at_the_terminal(empty_course):
    """Do a drill with these lines typed; gives the record and what was printed."""
    (empty_course / "exercises").mkdir()
    shutil.copytree(KINDS, empty_course / "exercises" / "drills")

    def run(drill: str, lines, language: str = "en", seed: int = 4) -> tuple[dict, str]:
        said, typed = [], iter(lines)

        def read(prompt: str) -> str:
            said.append(prompt)
            line = next(typed, None)
            if line is None:
                raise EOFError
            return line

        record = do_drill(drill_bundle(drill, language), "wei", Terminal(language, read, said.append), seed)
        return record, "\n".join(said)

    return run


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_is_done_at_a_terminal(at_the_terminal, language):
    # Marks, an order (after a mistake), a rating, three partners, a choice, several, a choice.
    lines = ["1 2", "1 2", "2 1 4 3", "2", "1", "1", "1", "2", "1,2", "3"]
    record, said = at_the_terminal("all-kinds", lines, language)
    assert replay(check(record)).scores == record["result"]
    assert record["result"]["of"] == 7 and record["result"]["f1"] == 500
    answers = {step["item"]: step["answer"] for step in record["steps"]}
    assert {item: type(answer) for item, answer in answers.items()} == {
        "shared": str, "own-answers": str, "several": list, "pairs": dict, "sequence": list, "find": list,
        "rating": int,
    }  # fmt: skip
    assert ("F1 of the marked phrases: 0.50" if language == "en" else "F1 值：0.50") in said
    assert ("1 to 4, each once" if language == "en" else "1 到 4 的全部数字") in said


@pytest.mark.parametrize("typed", ["7", "0", "1 1", "x", "1 x", "-1", "²", "1;2", ""])
def test_several_numbers_typed_wrongly_are_asked_again(typed):
    lines, said = iter([typed, "3 1"]), []
    terminal = Terminal("en", lambda prompt: next(lines), said.append)
    assert terminal.pick_several(["a", "b", "c"], fewest=1) == [2, 0]
    assert said[-1].startswith("Please type numbers from 1 to 3")


def test_an_order_never_begins_right(at_the_terminal):
    for seed in range(20):
        with pytest.raises(Stopped):
            at_the_terminal("all-kinds", [], seed=seed)
    bundle = drill_bundle("all-kinds")
    item = next(one for one in bundle["items"] if one["id"] == "sequence")
    from trustkit.terminal import _ask_order

    for seed in range(50):
        terminal = Terminal("en", lambda prompt: "1 2 3 4", lambda line: None)
        order = _ask_order(bundle, item, terminal, random.Random(seed))
        assert order not in [item["key"], *item["also"]] and sorted(order) == sorted(item["key"])


def test_the_kappa_of_ratings_is_told(at_the_terminal):
    record, said = at_the_terminal("ten-ratings", ["1"] * 10)
    assert replay(check(record)).scores["kappa"] == 0
    assert "Agreement with the key (kappa): 0.00" in said and "Kappa 0.60 is needed to pass." in said


def test_a_drill_in_english_alone_says_so(at_the_terminal):
    _, said = at_the_terminal("ten-ratings", ["1"] * 10, "zh")
    assert "这个练习暂时只有英文。" in said


def test_a_drill_without_chinese_is_a_note_and_one_line(capsys):
    found = _translation_findings(read_drill(KINDS / "ten-ratings"))
    assert [(one["severity"], one["rule"]) for one in found] == [("note", "drill-no-chinese")]
    _print_findings([*found, *found])
    (line,) = io.StringIO(capsys.readouterr().out)
    assert "the drill is shown in English" in line and "In: ten-ratings, ten-ratings." in line


def test_a_drill_half_translated_is_in_error():
    found = _translation_findings(read_drill(KINDS / "all-kinds"))
    assert {one["severity"] for one in found} == {"error"}
    assert any("`items.pairs.text`: the Chinese text is missing" in one["message"] for one in found)
    assert any("`items.find.passage`: the Chinese text is unstamped" in one["message"] for one in found)
    assert _translation_findings(read_drill("trust-or-not")) == []
