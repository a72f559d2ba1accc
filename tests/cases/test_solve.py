"""The solver agrees with trying everything."""

from pathlib import Path

import pytest

from trustkit.cases.compile import compiled
from trustkit.cases.play import Play
from trustkit.cases.reader import data_of, read_case
from trustkit.cases.solve import MOST_POSITIONS, TooManyPositions, solution_of, solve

HERE = Path(__file__).parent
CASES = [
    (HERE / "small" / "late-parcel", "base"),
    (HERE / "small" / "late-parcel", "calmer"),
    (HERE / "defects" / "sound", "base"),
]


def every_path(play, position=None, choices=()):
    position = position or play.start()
    if play.is_over(position):
        yield choices, position
    for index in play.choices(position):
        id_ = play.structure["scenes"][position.scene]["choices"][index]["id"]
        yield from every_path(play, play.step(position, index), (*choices, id_))


@pytest.fixture(params=CASES, ids=lambda given: f"{given[0].name}-{given[1]}")
def structure(request):
    return compiled(*request.param)


def test_the_bounds_are_the_worst_end_and_the_best_one_without_a_red_line(structure):
    play = Play(structure)
    ends = [end for _, end in every_path(play)]
    assert structure["bounds"]["worst"] == min(map(play.raw_outcome, ends))
    assert structure["bounds"]["best"] == max(play.raw_outcome(end) for end in ends if not end.red_lines)


def test_the_best_path_is_the_best_of_all_paths(structure):
    play, solution = Play(structure), solution_of(structure)

    def key(end):
        return play.passed(end), play.raw_outcome(end), play.conduct(end)

    best = solution.best_path()
    assert key(best.end) == max(key(end) for _, end in every_path(play))
    assert play.walk(list(best.choices))[-1] == best.end


def test_the_other_acceptable_path_passes_and_shares_least_with_the_best(structure):
    play, solution = Play(structure), solution_of(structure)
    best, other = solution.best_path(), solution.acceptable_path()
    steps = set(zip([p.scene for p in play.walk(list(best.choices))], best.choices))

    def shared(choices):
        return sum(step in steps for step in zip([p.scene for p in play.walk(list(choices))], choices))

    passing = [choices for choices, end in every_path(play) if play.passed(end) and choices != best.choices]
    assert play.passed(other.end)
    assert other.choices != best.choices
    assert shared(other.choices) == min(map(shared, passing))


def test_the_regret_of_a_choice_is_what_it_makes_unreachable(structure):
    play, solution = Play(structure), solution_of(structure)

    def best_after(position):
        return max(play.outcome(end) for _, end in every_path(play, position))

    for position in solution.positions:
        for index in play.choices(position):
            expected = best_after(position) - best_after(play.step(position, index))
            assert solution.regret(position, index) == expected >= 0


def test_a_case_beyond_the_bound_is_refused():
    source = read_case(HERE / "defects" / "too-many-positions")
    assert data_of(source)["scenes"]["answer"]["choices"]["shrug"]["to"] == "answer"
    structure = compiled(HERE / "defects" / "sound")
    structure = {**structure, "scenes": [dict(scene) for scene in structure["scenes"]]}
    answer = structure["scenes"][1]
    answer["choices"] = [{**choice, "to": 1} if choice["id"] == "shrug" else choice for choice in answer["choices"]]
    with pytest.raises(TooManyPositions, match=f"{MOST_POSITIONS:,}"):
        solve(structure)


def test_the_worst_path_leads_to_the_lowest_outcome(structure):
    solution = solution_of(structure)
    path = solution.worst_path()
    assert solution.play.walk(list(path.choices))[-1] == path.end
    assert (
        solution.play.raw_outcome(path.end) == solution.worst_raw == min(map(solution.play.raw_outcome, solution.ends))
    )
