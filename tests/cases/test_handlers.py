"""Simulated handlers play like people of their kind: repeatable by seed, different by kind."""

from pathlib import Path

from trustkit.cases.compile import compile_case, compiled
from trustkit.cases.handlers import Player, handlers, tempting_path
from trustkit.cases.play import Play
from trustkit.cases.reader import read_case
from trustkit.cases.solve import solution_of
from trustkit.trust.vocabulary import vocabulary

SOUND = Path(__file__).parent / "defects" / "crafted"


def test_there_are_six_handlers_from_careless_to_expert_named_in_both_languages():
    assert list(handlers()) == ["careless", "novice", "by-the-book", "warm-but-vague", "competent", "expert"]
    for handler in handlers().values():
        assert handler.values.keys() == vocabulary().behaviours.keys()
        assert all(handler.words[language].name for language in ("en", "zh"))


def test_the_same_seed_leads_to_the_same_end_and_seeds_differ():
    play = Play(compile_case(read_case(SOUND)))
    novice = handlers()["novice"]
    ends = [Player(play).attempt(novice, seed) for seed in range(20)]
    assert ends == [Player(play).attempt(novice, seed) for seed in range(20)]
    assert len(set(ends)) > 5


def test_an_expert_does_better_than_a_careless_handler():
    play = Play(compile_case(read_case(SOUND)))
    player = Player(play)
    expert, careless = (
        sum(play.outcome(player.attempt(handlers()[kind], seed)) for seed in range(50))
        for kind in ("expert", "careless")
    )
    assert expert > careless + 50 * 20


def test_the_tempting_path_falls_for_wrong_choices_and_does_not_pass():
    solution = solution_of(compiled("fridge-failed-twice"))
    path = tempting_path(solution)
    assert solution.play.walk(list(path.choices))[-1] == path.end
    assert not solution.play.passed(path.end)
    assert solution.worst_raw < solution.play.raw_outcome(path.end) < solution.best_raw
