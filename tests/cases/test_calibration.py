"""The model brings out what research says must come out, over the whole library and for every disputed weight."""

from pathlib import Path

import pytest

from trustkit.cases import calibration
from trustkit.cases.reader import read_case
from trustkit.content import ContentError
from trustkit.course import case_ids

DEFECTS = Path(__file__).parent / "defects"


@pytest.fixture(scope="module")
def found():
    return calibration.populations(case_ids())


def test_every_row_of_the_calibration_table_holds(found):
    rows = calibration.rows(found)
    assert [row.id for row in rows] == [
        "stay-order", "recovery-paradox", "recovery-on-average", "order-of-events", "compensation",
        "apology-elements", "justice-weights", "handlers",
    ]  # fmt: skip
    assert [f"{row.id}: {row.measured}" for row in rows if not row.holds] == []
    assert all(row.source and row.claim("en") and row.claim("zh") for row in rows)


def test_every_case_tells_the_expert_from_the_competent_the_novice_and_the_careless(found):
    assert [line for one in found for line in calibration.unseparated(one)] == []


def test_the_order_holds_for_every_disputed_weight_of_a_disappointment():
    assert calibration.sensitivity(case_ids()) == {weight: [] for weight in (1300, 1500, 1955, 2250)}


def test_a_model_that_breaks_a_direction_fails_its_row(found):
    """Each row can fail: here with weights that say the opposite."""
    model = calibration.default_model()
    opposite = model._replace(
        trust_weights=(800, 0, 200), satisfaction_weights=(200, 450, 350),
        compensation_curve=((0, 34_000), (600, 33_000), (1000, 25_000), (2500, -30_000)),
    )  # fmt: skip
    holds = {row.id: row.holds for row in calibration.rows(found, opposite)}
    assert not holds["compensation"] and not holds["justice-weights"] and not holds["apology-elements"]


def test_a_case_in_which_the_novice_does_as_well_as_the_expert_is_named(found):
    one = found[0]
    crowds = {**one.crowds, "novice": one.crowds["expert"]}
    wrong = calibration.Population(one.case, crowds, one.stay, one.single)
    assert f"{one.case}: outcome of competent" in " ".join(calibration.unseparated(wrong))
    assert not calibration.rows([wrong])[-1].holds


@pytest.mark.parametrize("defect", ["broken-file", "never-ends", "no-choice-on-offer"])
def test_a_case_that_cannot_be_solved_is_named_with_file_line_and_rule(defect):
    with pytest.raises(ContentError) as raised:
        calibration.populations([str(DEFECTS / "sound"), str(DEFECTS / defect)], seeds=1)
    error = raised.value
    assert error.path == DEFECTS / defect / "case.yaml" and error.line > 0 and error.message and error.rule


def test_difficulty_rises_as_fewer_pass(found):
    def measured(novice, competent):
        crowd = found[0].crowds["expert"]
        crowds = {
            **found[0].crowds, "novice": crowd._replace(passed=novice), "competent": crowd._replace(passed=competent),
        }  # fmt: skip
        return calibration.difficulty(calibration.Population("one", crowds, {}, []))

    assert [measured(*shares) for shares in ((0.9, 1), (0.3, 0.9), (0.1, 0.7), (0.1, 0.5), (0, 0.5))] == [1, 2, 3, 4, 5]


def test_the_declared_difficulty_is_at_most_one_from_the_measured(found):
    declared = {one.case: read_case(one.case).document.data["difficulty"] for one in found}
    measured = {one.case: calibration.difficulty(one) for one in found}
    assert {
        case: (declared[case], measured[case]) for case in declared if abs(declared[case] - measured[case]) > 1
    } == {}
