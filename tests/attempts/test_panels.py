"""Runs of simulators and uses of checkers are replayed like any other attempt."""

import pytest

from trustkit.attempts.record import AttemptRefused, new_record, now
from trustkit.attempts.replay import best_and_latest, replay
from trustkit.panel import panel_bundle
from trustkit.simulators.trust_bank import curve, stories


def run(right: int = 5, seed: int = 9, **changes: object) -> dict:
    content = panel_bundle("simulator", "trust-bank")["hash"]
    record = new_record("simulator", "trust-bank", content, lang="zh", learner="p-1", host="page", seed=seed)
    ends = [round(curve(events)[-1]) for events in stories(seed).values()]
    said = [end if number < right else (0 if end > 50 else 100) for number, end in enumerate(ends)]
    record["steps"] = [{"at": n, "form": f"story-{n}", "values": {"end": end}} for n, end in enumerate(said, 1)]
    return {**record, "finished_at": now(), **changes}


def test_a_run_is_worth_what_its_answers_give():
    result = replay(run(2))
    assert result.passed and result.scores == {"passed": True, "parts": {"right": 2}}
    assert not replay(run(0)).passed


def test_the_best_run_is_the_one_with_more_parts():
    few, many = replay(run(1)), replay(run(4, finished_at="2026-01-01T10:00:00Z"))
    assert best_and_latest([few, many]) == (many, few)


def test_a_run_of_an_earlier_text_still_counts_where_its_answers_fit():
    assert replay(run(content="0123456789abcdef")).passed


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"activity": "nothing"}, "unknown-activity"),
        ({"finished_at": None}, "unfinished"),
        ({"steps": []}, "unfinished"),
        ({"result": {"passed": True, "parts": {"right": 4}}}, "claimed-result"),
        ({"steps": [{"at": 1, "form": "story-2", "values": {"end": 50}}]}, "impossible-step"),
        ({"steps": [{"at": 1, "form": "story-1", "values": {"end": 50.5}}]}, "impossible-step"),
        ({"steps": [{"at": 1, "form": "story-1"}]}, "impossible-step"),
        ({"steps": [{"at": 1, "form": "story-1", "values": {"end": {"a": "b"}}}]}, "wrong-format"),
    ],
)
def test_a_run_that_could_not_have_happened_is_refused(changes, code):
    with pytest.raises(AttemptRefused) as refused:
        replay(run(**changes))
    assert refused.value.code == code


def test_of_a_checker_only_its_use_is_known():
    record = new_record("checker", "reply", "0123456789abcdef", lang="en", learner="p-1", host="page")
    record["steps"] = [{"at": 4, "form": "reply", "values": {"reply": "I am sorry."}}]
    assert replay({**record, "finished_at": now()}).scores == {"used": True, "passed": True}
