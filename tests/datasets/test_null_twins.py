"""Promises of the null twins: nothing is there, and one of twelve segments looks like a find all the same."""

import numpy as np
import pytest
from scipy.stats import ttest_ind
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from trustkit.data import generate_dataset, load_dataset, other_data

TABLES = [
    *(lambda seed=seed: generate_dataset("null-twins", seed) for seed in (20250817, 1, 2, 3)),
    *(lambda seed=seed: other_data("null-twins", seed) for seed in (7, 11, 20260422)),
    *(lambda twin=twin: other_data("null-twins", 5, twin=twin) for twin in (2_000, 2_001)),
]


@pytest.fixture(scope="module", params=TABLES, ids=range(len(TABLES)))
def tickets(request):
    return request.param()


def p_value(tickets):
    count = tickets.groupby("arm", observed=True)["resolved"].agg(["sum", "size"]).astype(float)
    return proportions_ztest(count["sum"].to_numpy(), count["size"].to_numpy())[1]


def test_the_arms_are_alike_in_solved_tickets_and_in_trust(tickets):
    assert p_value(tickets) > 0.2
    answered = tickets.dropna(subset="trust_3d").astype({"trust_3d": float})
    a, b = (answered.loc[answered["arm"] == arm, "trust_3d"] for arm in "AB")
    assert ttest_ind(a, b).pvalue > 0.2


def test_exactly_one_segment_looks_like_a_find_and_no_correction_lets_it_through(tickets):
    p = np.sort([p_value(rows) for _, rows in tickets.groupby("segment", observed=True)])
    assert len(p) == 12
    assert 0.01 < p[0] < 0.045
    assert p[1] > 0.06
    for method in ("holm", "bonferroni", "fdr_bh"):
        assert not multipletests(p, method=method)[0].any()


def test_the_arms_are_equally_large(tickets):
    assert tickets["arm"].value_counts().tolist() == [2_000, 2_000]


def test_the_file_is_clean_apart_from_unanswered_questions():
    table = load_dataset("null-twins")
    assert len(table) == 4_000
    assert not table.duplicated("ticket_id").any()
    assert table["trust_3d"].isna().mean() == pytest.approx(0.45, abs=0.03)
    assert table.drop(columns="trust_3d").notna().all(None)


def test_hidden_data_have_another_rate_and_another_segment_looks_like_a_find():
    shipped = load_dataset("null-twins")["resolved"].mean()
    for seed in (7, 11, 20260422):
        assert abs(other_data("null-twins", seed)["resolved"].mean() - shipped) > 0.03


def test_each_twin_is_another_test():
    assert not generate_dataset("null-twins", 1).equals(generate_dataset("null-twins", 1, twin=1))


def test_a_rate_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="out of range"):
        generate_dataset("null-twins", 1, rate=0.99)
