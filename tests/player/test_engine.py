"""The engine in the page agrees with the Python reference in every state of every step."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from trustkit.cases.compile import compiled
from trustkit.cases.debrief import debrief
from trustkit.cases.play import Play, Position
from trustkit.cases.reader import read_case
from trustkit.cases.solve import solve
from trustkit.trust.customer import satisfaction, trust

SMALL = Path(__file__).parents[1] / "cases" / "small"
FRIDGE = "fridge-failed-twice"

HARNESS = """
import { Play } from "./modules/engine.js";
import { debriefOf } from "./modules/debrief.js";
import { solve } from "./modules/solve.js";

const told = (play, here) => [
  here.scene, here.customer, here.minutes, here.clock, here.promises, here.apologies, here.facts, here.offer,
  here.broken, here.red_lines, here.earned, here.least, here.most,
  play.choices(here), play.choices(here).map((index) => play.behavioursOf(here, index)),
  play.line(here), play.ending(here), play.conductBars(here), play.conduct(here), play.outcome(here),
  play.passed(here), play.trust(here), play.satisfaction(here),
];

window.walk = (structure, paths) => {
  const play = new Play(structure);
  return paths.map((path) => {
    let here = play.start();
    const states = [JSON.stringify(told(play, here))];
    for (const index of path) {
      here = play.step(here, index);
      states.push(JSON.stringify(told(play, here)));
    }
    return states;
  });
};

window.solved = async (structure) => {
  const play = new Play(structure);
  const solution = await solve(play);
  const acceptable = await solution.acceptablePath();
  return {
    positions: solution.positions,
    worst: solution.worstRaw,
    best: solution.bestRaw,
    best_path: solution.bestPath().choices,
    acceptable_path: acceptable && acceptable.choices,
    costs: Object.fromEntries(
      solution.order.map(({ position }) => [
        JSON.stringify(told(play, position)),
        [solution.bestOutcome(position), play.choices(position).map((index) => solution.regret(position, index))],
      ]),
    ),
  };
};

window.story = async (structure, attempts) => {
  const solution = await solve(new Play(structure));
  const stories = [];
  for (const choices of attempts) stories.push(await debriefOf(solution, choices));
  return stories;
};

window.longestPause = async (structure) => {
  let [last, longest, over] = [performance.now(), 0, false];
  const beat = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!over) setTimeout(beat);
  };
  beat();
  const solution = await solve(new Play(structure));
  await solution.acceptablePath();
  over = true;
  return Math.max(longest, performance.now() - last);
};
"""


@pytest.fixture
def engine(module_page) -> Page:
    """A page that has loaded the single modules as they are."""
    return module_page(HARNESS)


def told(play: Play, here: Position) -> str:
    """A position and all that is read off it, as the page writes it."""
    choices = play.choices(here)
    seen = [
        *here, choices, [play.behaviours(here, index) for index in choices],
        play.line(here), play.ending(here), play.conduct_bars(here), play.conduct(here), play.outcome(here),
        play.passed(here), trust(here.customer, play.model), satisfaction(here.customer, play.model),
    ]  # fmt: skip
    return json.dumps(seen, separators=(",", ":"))


def all_paths(play: Play) -> list[list[int]]:
    found, waiting = [], [([], play.start())]
    while waiting:
        path, here = waiting.pop()
        if play.is_over(here):
            found.append(path)
        waiting.extend(([*path, index], play.step(here, index)) for index in play.choices(here))
    return found


def random_paths(play: Play, count: int, seed: int) -> list[list[int]]:
    draw, paths, steps = random.Random(seed), [], {}
    for _ in range(count):
        path, here = [], play.start()
        while not play.is_over(here):
            index = draw.choice(play.choices(here))
            path.append(index)
            if (here, index) not in steps:
                steps[here, index] = play.step(here, index)
            here = steps[here, index]
        paths.append(path)
    return paths


def assert_agree(engine: Page, structure: dict, paths: list[list[int]]) -> int:
    """Compare every state along every path; returns how many states were compared."""
    play, tellings, steps, compared = Play(structure), {}, {}, 0
    for begin in range(0, len(paths), 2000):
        some = paths[begin : begin + 2000]
        for path, states in zip(some, engine.evaluate("([s, p]) => walk(s, p)", [structure, some]), strict=True):
            here, expected = play.start(), []
            for index in [*path, None]:
                if here not in tellings:
                    tellings[here] = told(play, here)
                expected.append(tellings[here])
                if index is not None:
                    if (here, index) not in steps:
                        steps[here, index] = play.step(here, index)
                    here = steps[here, index]
            assert states == expected, f"path {path}"
            compared += len(states)
    return compared


def small_structures() -> list[dict]:
    return [compiled(folder, variant) for folder in sorted(SMALL.iterdir()) for variant in read_case(folder).variants]


def test_all_paths_of_each_small_case_agree(engine: Page):
    for structure in small_structures():
        assert assert_agree(engine, structure, all_paths(Play(structure))) > 10


def test_ten_thousand_random_paths_of_the_fridge_case_agree(engine: Page):
    for seed, variant in enumerate(read_case(FRIDGE).variants):
        structure = compiled(FRIDGE, variant)
        count = 10_000 if variant == "base" else 1_000
        assert assert_agree(engine, structure, random_paths(Play(structure), count, seed)) > 5 * count


def shaken(structure: dict, draw: random.Random) -> dict:
    """The structure with everything that moves a customer drawn anew."""
    new = json.loads(json.dumps(structure))
    behaviours, promises, facts = len(new["behaviours"]), len(new["promises"]), len(new["facts"])
    apologies = [index for index, behaviour in enumerate(new["behaviours"]) if behaviour["apology"]]
    new["start"]["customer"] = [draw.randrange(100_001) for _ in range(10)] + [draw.randrange(4)]
    new["patience"] = draw.randrange(12)
    quantities = ["trust", "satisfaction", "cognitive", "social", "procedural", "anger"]

    def guard(depth: int = 0) -> list:
        kind = draw.choice(["fact", "cmp", "cmp", "cmp", "and", "or", "not"] if depth < 2 else ["fact", "cmp"])
        if kind == "fact":
            return ["fact", draw.randrange(facts)]
        if kind == "cmp" and draw.random() < 0.4:
            counted = draw.choice(["minutes", "clock", "failures", "offer", "broken", "red_lines"])
            return ["cmp", draw.choice([">=", "<=", ">", "<", "==", "!="]), counted, draw.randrange(6)]
        if kind == "cmp":
            return ["cmp", draw.choice([">=", "<=", ">", "<"]), draw.choice(quantities), draw.randrange(100) * 1000]
        return [kind, *(guard(depth + 1) for _ in range(1 if kind == "not" else draw.randint(2, 3)))]

    for scene in new["scenes"]:
        scene["elapsed"] = draw.choice([0, 0, 4, 2000])
        scene["keeps"] = draw.sample(range(promises), draw.randint(0, 1))
        scene["lines"] = [guard(), guard(), None]
        for place, choice in enumerate(scene["choices"]):
            tags = apologies if draw.random() < 0.3 else draw.sample(range(behaviours), draw.randint(0, 6))
            choice["tags"] = [[tag, draw.randint(1, 3)] for tag in tags]
            choice["minutes"] = draw.choice([1, 2, 2, 9])
            choice["offer"] = draw.choice([-1, -1, draw.randrange(3000)])
            choice["promise"] = draw.choice([None, [draw.randrange(promises), draw.choice([0, 2, 4, 2500])]])
            choice["keeps"] = draw.sample(range(promises), draw.randint(0, 1))
            choice["reveals"] = draw.randrange(1 << facts)
            choice["requires"] = guard() if place else None
            choice["red_line"] = draw.choice([-1, -1, draw.randrange(len(new["red_lines"]))])
    for ending in new["endings"][:-1]:
        ending["when"] = guard()
    return new


@pytest.mark.parametrize("seed", range(20))
def test_structures_drawn_at_random_agree(engine: Page, seed: int):
    draw = random.Random(seed)
    base = compiled(FRIDGE) if seed % 2 else compiled(SMALL / "late-parcel")
    structure = shaken(base, draw)
    assert_agree(engine, structure, random_paths(Play(structure), 60, seed))


def test_a_changed_engine_would_be_noticed(engine: Page):
    structure = compiled(SMALL / "late-parcel")
    paths = all_paths(Play(structure))
    changed = {**structure, "model": {**structure["model"], "rate": structure["model"]["rate"] + 1}}
    states = engine.evaluate("([s, p]) => walk(s, p)", [changed, paths])
    with pytest.raises(AssertionError):
        engine.evaluate = lambda *_: states
        assert_agree(engine, structure, paths)


def with_twins(structure: dict) -> dict:
    """The structure with each choice twice, so that the best way on is never the only one."""
    new = json.loads(json.dumps(structure))
    for scene in new["scenes"]:
        scene["choices"] += [{**choice, "id": f"{choice['id']}-twin"} for choice in scene["choices"]]
    return {**new, "hash": f"{new['hash']}-twins"}


def for_each_solved(check: Callable[[dict], None]) -> None:
    fridges = [compiled(FRIDGE, variant) for variant in read_case(FRIDGE).variants]
    twins = [with_twins(structure) for structure in small_structures()]
    for structure in [*small_structures(), *twins, *fridges]:
        check(structure)


def test_the_solver_finds_the_same_paths_and_the_same_cost_of_every_choice(engine: Page):
    def check(structure: dict) -> None:
        found, expected = engine.evaluate("(s) => solved(s)", structure), solve(structure)
        acceptable = expected.acceptable_path()
        assert found["positions"] == len(expected.positions)
        assert (found["worst"], found["best"]) == (expected.worst_raw, expected.best_raw)
        assert found["best_path"] == list(expected.best_path().choices)
        assert found["acceptable_path"] == (acceptable and list(acceptable.choices))
        play = expected.play
        assert found["costs"] == {
            told(play, here): [
                expected.best_outcome(here),
                [expected.regret(here, index) for index in play.choices(here)],
            ]
            for here in expected.positions
        }

    for_each_solved(check)


def test_the_debrief_tells_the_same_story(engine: Page):
    def check(structure: dict) -> None:
        play, attempts = Play(structure), []
        for path in random_paths(play, 12, 7):
            here, ids = play.start(), []
            for index in path:
                ids.append(structure["scenes"][here.scene]["choices"][index]["id"])
                here = play.step(here, index)
            attempts.append(ids)
        stories = engine.evaluate("([s, a]) => story(s, a)", [structure, attempts])
        for ids, found in zip(attempts, stories, strict=True):
            expected = json.loads(json.dumps(debrief(structure, ids).as_dict()))
            assert found == expected, ids

    for_each_solved(check)


def test_solving_never_holds_the_page_for_long(engine: Page):
    structure = compiled(FRIDGE)
    assert min(engine.evaluate("(s) => longestPause(s)", structure) for _ in range(3)) < 50
