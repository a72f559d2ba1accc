"""The player marks a drill exactly as Python does: on chosen answers, and on many that are made by chance."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trustkit.drills.bundle import drill_bundle
from trustkit.drills.kinds import cannot_be
from trustkit.drills.marking import f1_of, kappa_of, mark
from trustkit.drills.reader import read_drill

KINDS = Path(__file__).parents[1] / "drills" / "kinds"
HARNESS = """
import { canBe, drillCanContinue, f1Of, kappaOf, markDrill } from "./modules/drillmarks.js";
import { shownItem } from "./modules/drillitems.js";
const stepsOf = (answers) => Object.entries(answers).map(([item, answer]) => ({ item, answer }));
window.marked = (bundle, all) => all.map((answers) => markDrill(bundle, stepsOf(answers)).result);
window.possible = (bundle, all) =>
  all.map(([id, answer]) => canBe(bundle, bundle.items.find((item) => item.id === id), answer));
window.kappas = (all) => all.map(kappaOf);
window.f1s = (all) => all.map((one) => f1Of(...one));
window.shown = (bundle, seeds) =>
  seeds.map((seed) => bundle.items.map((item, place) => shownItem(item, seed, place)));
window.goesOn = (bundle, steps) => drillCanContinue(bundle, steps);
window.ready = true;
"""
many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def js(module_page):
    page = module_page(HARNESS)
    page.wait_for_function("window.ready")
    return lambda name, *given: page.evaluate("([name, given]) => window[name](...given)", [name, list(given)])


@pytest.fixture(scope="module", params=["all-kinds", "ten-ratings"])
def drill(request):
    return read_drill(KINDS / request.param)


def answers_to(data, item):
    """Every answer that somebody could give to an item, as a strategy."""
    kind = item.get("kind", "choose")
    if kind == "choose":
        return st.sampled_from(sorted(item.get("answers", data.get("categories"))))
    if kind == "multi-choose":
        return st.lists(st.sampled_from(sorted(item["answers"])), unique=True, min_size=1)
    if kind == "match":
        return st.fixed_dictionaries({left: st.sampled_from(sorted(item["right"])) for left in item["left"]})
    if kind == "order":
        return st.permutations(sorted(item["parts"]))
    if kind == "mark-in-text":
        return st.lists(st.sampled_from(sorted(item["feedback"])), unique=True)
    return st.sampled_from(sorted(int(value) for value in item.get("scale", data.get("scale"))))


def attempts_at(drill):
    data = drill.document.data
    likely = {id_: st.one_of(st.just(item["key"]), answers_to(data, item)) for id_, item in data["items"].items()}
    return st.fixed_dictionaries(likely)


@many
@given(st.data())
def test_every_possible_attempt_has_the_same_marks_in_both_languages(js, drill, data):
    attempts = data.draw(st.lists(attempts_at(drill), min_size=1, max_size=12))
    assert js("marked", drill_bundle(drill.document.path), attempts) == [mark(drill, one).scores for one in attempts]


def test_an_attempt_without_all_answers_has_the_same_marks_too(js, drill):
    keys = {id_: item["key"] for id_, item in drill.document.data["items"].items()}
    attempts = [{}, *({id_: keys[id_] for id_ in list(keys)[:n]} for n in range(1, len(keys)))]
    assert js("marked", drill_bundle(drill.document.path), attempts) == [mark(drill, one).scores for one in attempts]


@pytest.mark.parametrize(("ratings", "counted"), [(7, False), (8, True)])
def test_fewer_than_eight_ratings_have_no_kappa_in_either(js, tmp_path, ratings, counted):
    text = (KINDS / "ten-ratings" / "drill.yaml").read_text(encoding="utf-8").replace("pass_kappa: 600", "pass: 5")
    (tmp_path / "ten-ratings").mkdir()
    file = tmp_path / "ten-ratings" / "drill.yaml"
    file.write_text(text[: text.index(f"  rating-{ratings + 1}:")], encoding="utf-8")
    drill = read_drill(file)
    answers = {id_: item["key"] for id_, item in drill.document.data["items"].items()}
    (result,) = js("marked", drill_bundle(file), [answers])
    assert result == mark(drill, answers).scores and ("kappa" in result) is counted


@many
@given(st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30), max_size=20))
def test_kappa_is_the_same_whole_number(js, ratings):
    assert js("kappas", ratings) == [kappa_of(one) for one in ratings]


@many
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)), max_size=30))
def test_f1_is_the_same_whole_number(js, counts):
    counts = [(min(counted), counted[1], counted[2]) for counted in counts]
    wanted = [
        f1_of([([f"{n}" for n in range(wanted)], [f"{n if n < hits else -n - 1}" for n in range(marked)])])
        for hits, wanted, marked in counts
    ]
    assert js("f1s", counts) == wanted


things = st.sampled_from(["wish", "friday", "soon", "name-it", "date", "call", "listen", "agent", "nobody", ""])
anything = st.one_of(
    things, st.integers(0, 9), st.booleans(), st.none(), st.lists(things, max_size=4),
    st.dictionaries(st.sampled_from(["agent", "lead", "customer", "x"]), st.sampled_from(["pays", "answers", "y"])),
)  # fmt: skip


@many
@given(st.data())
def test_both_know_the_same_answers_to_be_impossible(js, data):
    drill = read_drill(KINDS / "all-kinds")
    items = drill.document.data["items"]
    some = st.sampled_from(sorted(items)).flatmap(
        lambda id_: st.tuples(st.just(id_), st.one_of(anything, answers_to(drill.document.data, items[id_])))
    )
    tried = data.draw(st.lists(some, min_size=1, max_size=30))
    wanted = [cannot_be(drill.document.data, items[id_], answer) is None for id_, answer in tried]
    assert js("possible", drill_bundle(drill.document.path), tried) == wanted


def test_what_is_named_twice_was_never_answered(js):
    tried = [
        ("several", ["repair", "repair"]),
        ("find", ["date", "date"]),
        ("sequence", ["check", "check", "offer", "confirm"]),
        ("several", []),
        ("pairs", {"agent": "pays", "lead": "pays"}),
    ]
    assert js("possible", drill_bundle(KINDS / "all-kinds"), tried) == [False] * 5


def test_a_drill_goes_on_only_after_steps_that_can_have_been(js):
    bundle = drill_bundle(KINDS / "all-kinds")
    step = {"item": "find", "answer": []}
    assert js("goesOn", bundle, [step]) and js("goesOn", bundle, [])
    assert not js("goesOn", bundle, [step, step])
    assert not js("goesOn", bundle, [{"item": "found", "answer": []}])
    assert not js("goesOn", bundle, [{"item": "rating", "answer": "1"}])


def test_an_attempts_seed_decides_the_order_and_an_order_never_begins_right(js):
    bundle = drill_bundle(KINDS / "all-kinds")
    seeds = list(range(200))
    rounds = js("shown", bundle, seeds)
    assert rounds == js("shown", bundle, seeds)
    item = {one["id"]: one for one in bundle["items"]}
    seen = {name: set() for name in ("own-answers", "several", "pairs", "sequence")}
    for shown in rounds:
        for one in shown:
            group = {"choose": "answers", "multi-choose": "answers", "match": "right", "order": "parts"}.get(
                one["kind"]
            )
            ids = [entry["id"] for entry in one.get(group, [])]
            assert sorted(ids) == sorted(entry["id"] for entry in item[one["id"]].get(group, []))
            if one["id"] in seen:
                seen[one["id"]].add(tuple(ids))
            if one["id"] == "sequence":
                assert ids not in [one["key"], *one["also"]]
            if one["id"] == "pairs":
                assert one["left"] == item["pairs"]["left"]
            if one["id"] == "rating":
                assert [anchor["value"] for anchor in one["scale"]] == [0, 1, 2]
    assert {name: len(orders) for name, orders in seen.items()} == {
        "own-answers": 6, "several": 24, "pairs": 24, "sequence": 22,
    }  # fmt: skip
