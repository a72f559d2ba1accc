"""Simulators and checkers as real widgets in Python: what they answer, keep and say."""

import json

import pytest

import trustkit
from trustkit.attempts.record import new_record, now, read_attempts
from trustkit.simulators.trust_bank import curve, stories
from trustkit.widgets import CannotShow, Checker, Simulator


@pytest.fixture(autouse=True)
def notebook_folder(tmp_path, monkeypatch):
    """A kernel works in the folder of its notebook."""
    monkeypatch.chdir(tmp_path)
    for name in ("TRUSTKIT_LANG", "TRUSTKIT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def sent(monkeypatch) -> list[dict]:
    """What the widget sends to its view, as it goes out."""
    messages: list[dict] = []
    monkeypatch.setattr(Simulator, "send", lambda self, content, buffers=None: messages.append(content))
    monkeypatch.setattr(Checker, "send", lambda self, content, buffers=None: messages.append(content))
    return messages


def ask(widget, steps: list[dict], seed: int = 3) -> None:
    """Let a message of the view arrive at the widget."""
    asked = {"kind": widget.bundle["kind"], "id": widget.bundle["id"], "steps": steps, "seed": seed}
    widget._handle_custom_msg({"number": "1-a", "question": asked}, [])


def attempt(seed: int = 3) -> dict:
    """A finished run whose predictions are all right."""
    bundle = Simulator("trust-bank").bundle
    record = new_record("simulator", "trust-bank", bundle["hash"], lang="en", learner="p-1", host="jupyter", seed=seed)
    ends = [round(curve(events)[-1]) for events in stories(seed).values()]
    record["steps"] = [{"at": n, "form": f"story-{n}", "values": {"end": end}} for n, end in enumerate(ends, 1)]
    return {**record, "finished_at": now(), "result": {"passed": True, "parts": {"right": 5}}}


def test_one_line_in_a_cell_is_all_it_takes():
    assert trustkit.Simulator is Simulator and trustkit.Checker is Checker
    assert "mountPanel" in Simulator("trust-bank")._esm and ".tk-panel" in Checker("reply")._css


def test_a_question_of_the_view_is_answered_under_its_number(sent):
    ask(Simulator("trust-bank"), [])
    (message,) = sent
    assert message["number"] == "1-a" and message["answer"]["blocks"][-1]["id"] == "story-1"
    json.dumps(message)


def test_an_answer_that_does_not_fit_comes_back_as_a_sentence_in_the_widgets_language(sent):
    ask(Simulator("trust-bank", lang="zh"), [{"form": "story-1", "values": {"end": 500}}])
    assert "需要一个" in sent[0]["answer"]["problem"]


def test_a_question_that_makes_no_sense_stops_nothing(sent):
    widget = Checker("reply")
    widget._handle_custom_msg({"number": "1-b"}, [])
    widget._handle_custom_msg({"number": "1-c", "question": {"steps": [{"x": 1}], "seed": "y"}}, [])
    assert all("fault" in message["answer"] for message in sent) and len(sent) == 2


def test_a_finished_run_is_scored_by_python_and_kept_beside_the_notebook(notebook_folder):
    widget, record = Simulator("trust-bank"), attempt()
    widget.attempts = [record]
    assert widget.score == {"passed": True, "parts": {"right": 5}}
    assert read_attempts(notebook_folder / "attempts") == ([record], [])
    assert Simulator("trust-bank").attempts == [record]


def test_a_run_that_claims_too_much_is_refused():
    widget, record = Simulator("trust-bank"), attempt()
    record["steps"][0]["values"]["end"] = 0
    widget.attempts = [record]
    assert widget.score is None and "not what its steps give (parts)" in widget.refused[0]


@pytest.mark.parametrize(("widget", "known"), [(Simulator, "trust-bank"), (Checker, "reply")])
def test_a_slip_is_answered_with_the_ids_there_are(widget, known):
    with pytest.raises(CannotShow, match=known):
        widget("../secret")


def test_a_place_without_widgets_gets_a_sentence():
    data, _ = Simulator("trust-bank", lang="zh")._repr_mimebundle_()
    assert data["text/plain"].startswith("模拟：信任账户\n")
