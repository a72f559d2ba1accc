"""The notebook widgets, as real widgets in Python: what they hold, keep and say."""

import json
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

import trustkit
from trustkit.attempts.record import new_record, now, read_attempts
from trustkit.attempts.replay import replay
from trustkit.cases.compile import compiled
from trustkit.cases.play import Play
from trustkit.drills.reader import read_drill
from trustkit.widgets import CannotShow, Drill, RolePlay

CASE = "fridge-failed-twice"


@pytest.fixture(autouse=True)
def notebook_folder(tmp_path, monkeypatch) -> Path:
    """A kernel works in the folder of its notebook."""
    monkeypatch.chdir(tmp_path)
    for name in ("TRUSTKIT_LANG", "TRUSTKIT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRUSTKIT_HOME", str(Path(trustkit.__file__).parents[1]))
    return tmp_path


def poor_attempt() -> dict:
    """A finished attempt that always takes the first choice."""
    structure = compiled(CASE)
    play = Play(structure)
    record = new_record("case", CASE, structure["hash"], lang="en", learner="p-1", host="jupyter")
    position = play.start()
    while not play.is_over(position):
        scene, index = structure["scenes"][position.scene], play.choices(position)[0]
        record["steps"].append({"at": 1, "scene": scene["id"], "choice": scene["choices"][index]["id"]})
        position = play.step(position, index)
    record["finished_at"] = now()
    return {**record, "result": replay(record).scores}


def test_one_line_in_a_cell_is_all_it_takes():
    assert trustkit.RolePlay is RolePlay and trustkit.Drill is Drill
    with pytest.raises(AttributeError):
        trustkit.NoSuchThing  # noqa: B018


def test_a_role_play_holds_the_whole_case_and_the_players_own_script():
    room = RolePlay(CASE)
    assert room.bundle["id"] == CASE and len(room.bundle["variants"]) >= 3
    assert "export default { render }" in room._esm and ".tk-player" in room._css
    assert room.score is room.best is room.latest is None and room.attempts == []


def test_a_finished_attempt_is_scored_by_python_and_kept_beside_the_notebook(notebook_folder, best_attempt):
    room = RolePlay(CASE)
    room.attempts = [best_attempt]
    assert room.score == best_attempt["result"] and room.score["passed"]
    records, refused = read_attempts(notebook_folder / "attempts")
    assert records == [best_attempt] and not refused


def test_the_best_and_the_latest_attempt_are_both_there(best_attempt):
    room = RolePlay(CASE)
    room.attempts = [{**best_attempt, "finished_at": "2026-01-01T10:00:00Z"}]
    room.attempts = [*room.attempts, poor_attempt()]
    assert room.best["passed"] and not room.latest["passed"]
    assert room.score == room.best and len(room.results) == 2


def test_an_attempt_that_claims_too_much_is_refused_and_not_kept(notebook_folder, best_attempt):
    room = RolePlay(CASE)
    best_attempt["result"]["outcome"] = 1
    room.attempts = [best_attempt]
    assert room.score is None and "outcome" in room.refused[0]
    assert not (notebook_folder / "attempts").exists()


def test_a_notebook_opened_again_shows_the_attempts_kept_before(best_attempt):
    first = RolePlay(CASE)
    first.attempts = [best_attempt]
    again = RolePlay(CASE)
    assert again.attempts == [best_attempt] and again.score == best_attempt["result"]


def test_damaged_files_in_the_folder_stop_nothing(notebook_folder, best_attempt):
    RolePlay(CASE).attempts = [best_attempt]
    (notebook_folder / "attempts" / "half.json").write_text("{", encoding="utf-8")
    (notebook_folder / "attempts" / "other.json").write_text(json.dumps({"schema": 1}), encoding="utf-8")
    assert RolePlay(CASE).attempts == [best_attempt]


def test_an_attempt_that_cannot_be_written_is_told_and_not_lost(notebook_folder, best_attempt):
    (notebook_folder / "attempts").write_text("a file is in the way", encoding="utf-8")
    room = RolePlay(CASE)
    room.attempts = [best_attempt]
    assert room.attempts == [best_attempt] and "could not be written" in room.refused[0]


def test_what_is_practised_in_a_trainees_folder_counts_for_the_assignment_that_asks_for_it(
    notebook_folder, monkeypatch, best_attempt
):
    (notebook_folder / "assignment").mkdir()
    (notebook_folder / "assignment" / "work.ipynb").write_text(
        json.dumps({"cells": [], "metadata": {"trustkit": {"activities": [CASE]}}}), encoding="utf-8"
    )
    (notebook_folder / "practice").mkdir()
    monkeypatch.chdir(notebook_folder / "practice")
    monkeypatch.setenv("TRUSTKIT_WORKSPACE", str(notebook_folder))
    RolePlay(CASE).attempts = [best_attempt]
    for folder in ("practice", "assignment"):
        assert read_attempts(notebook_folder / folder / "attempts")[0] == [best_attempt]
    assert not (notebook_folder / "attempts").exists()


def test_a_drill_is_marked_by_its_key():
    source = read_drill("trust-or-not")
    items = source.document.data["items"]
    record = new_record("drill", source.id, source.hash, lang="en", learner="p-1", host="jupyter")
    record["steps"] = [{"at": 1, "item": id_, "answer": item["key"]} for id_, item in items.items()]
    drill = Drill("trust-or-not")
    drill.attempts = [{**record, "finished_at": now()}]
    assert drill.score == {"right": len(items), "of": len(items), "passed": True}


def test_a_variant_can_be_asked_for():
    variants = [variant["id"] for variant in RolePlay(CASE).bundle["variants"]]
    room = RolePlay(CASE, variant=variants[1])
    assert [variant["id"] for variant in room.bundle["variants"]] == variants[1:2]


def test_the_language_is_the_one_asked_for_then_the_course_then_the_notebook(notebook_folder, monkeypatch):
    def language(**asked):
        return RolePlay(CASE, **asked).bundle["lang"]

    assert language() == "en"
    (notebook_folder / "work.ipynb").write_text('{"metadata": {"trustkit": {"lang": "zh"}}}', encoding="utf-8")
    assert language() == "zh"
    monkeypatch.setenv("TRUSTKIT_LANG", "en")
    assert language() == "en"
    assert language(lang="zh") == "zh"


def test_a_notebook_in_a_folder_of_a_language_is_in_that_language(notebook_folder, monkeypatch):
    (notebook_folder / "zh").mkdir()
    monkeypatch.chdir(notebook_folder / "zh")
    assert Drill("trust-or-not").bundle["title"] != Drill("trust-or-not", lang="en").bundle["title"]


@pytest.mark.parametrize("ask, sentence", [
    (lambda: RolePlay("no-such-case"), "There is no case `no-such-case`. The cases are: "),
    (lambda: RolePlay("../../etc"), "There is no case `../../etc`."),
    (lambda: RolePlay(3), "There is no case `3`."),
    (lambda: Drill(CASE), "The drills are: "),
    (lambda: RolePlay(CASE, variant="winter"), "has no variant `winter`. The variants are: base"),
    (lambda: RolePlay(CASE, lang="fr"), "There is no language `fr`. The languages are: en, zh."),
])  # fmt: skip
def test_a_slip_is_answered_with_one_sentence_and_no_traceback(ask, sentence, capsys):
    with pytest.raises(CannotShow) as refused:
        ask()
    assert sentence in str(refused.value)
    shell = InteractiveShell.instance()
    shell.user_ns["ask"] = ask
    shell.run_cell("ask()")
    shown = capsys.readouterr().out
    assert sentence in shown and "Traceback" not in shown and len(shown.strip().splitlines()) == 1


@pytest.mark.parametrize("lang, words", [("en", "Play it in JupyterLab"), ("zh", "请在 JupyterLab 中运行")])
def test_where_widgets_cannot_be_shown_a_sentence_stands_in(lang, words):
    data, _ = RolePlay(CASE, lang=lang)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert words in data["text/plain"] and words in data["text/html"]
    assert RolePlay(CASE, lang=lang).bundle["title"] in data["text/plain"]
