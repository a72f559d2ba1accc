"""Simulated handlers play like people of their kind: repeatable by seed, different by kind."""

from pathlib import Path

from trustkit.cases.compile import compile_case
from trustkit.cases.handlers import Player, handlers
from trustkit.cases.play import Play
from trustkit.cases.reader import read_case
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
