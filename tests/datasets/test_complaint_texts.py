"""Promises of the complaint texts: what is planted is there in every seed, and nothing else."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f_oneway
from scipy.stats.contingency import association
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score
from sklearn.pipeline import make_pipeline

from trustkit.data import generate_dataset, load_dataset, other_data

NAME = "complaint-texts"
SEEDS = (20250707, 1, 2)
HIDDEN = (1, 5, 20_260_422)


@pytest.fixture(scope="module")
def tables():
    """The shipped kind and the hidden kind of texts, by kind and seed."""
    shipped = {("shipped", seed): generate_dataset(NAME, seed) for seed in SEEDS}
    return shipped | {("hidden", seed): other_data(NAME, seed) for seed in HIDDEN}


@pytest.fixture(scope="module")
def readings(tables):
    """What the baseline, learned from the shipped file, reads in texts of other seeds."""
    train, found = load_dataset(NAME), []
    for lang in ("en", "zh"):
        own = train[train["lang"] == lang]
        good, usual = (model.fit(own["text"], own["label_sentiment"].astype(str)) for model in (tuned(lang), plain()))
        for (kind, seed), table in tables.items():
            if (kind, seed) != ("shipped", SEEDS[0]):
                new = table[table["lang"] == lang]
                found.append((lang, new, good.predict(new["text"]), usual.predict(new["text"])))
    return found


def tuned(lang: str):
    count = (
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        if lang == "zh"
        else TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    )
    return make_pipeline(count, LogisticRegression(C=10, class_weight="balanced", max_iter=300, tol=1e-3))


def plain():
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


def macro_f1(table, named) -> float:
    return f1_score(table["label_sentiment"].astype(str), named, average="macro", zero_division=0)


def agents(table: pd.DataFrame) -> tuple[float, float]:
    """Return p of the analysis of variance of sentiment by agent, and how far the means lie apart."""
    score = table["label_sentiment"].astype(str).map({"negative": -1, "neutral": 0, "positive": 1})
    by_agent = score.groupby(table["agent_id"])
    return f_oneway(*[one for _, one in by_agent]).pvalue, float(by_agent.mean().max() - by_agent.mean().min())


def test_half_of_the_texts_are_english_and_no_text_comes_twice(tables):
    for table in tables.values():
        assert table["lang"].value_counts().to_dict() == {"en": 600, "zh": 600}
        assert table["text"].is_unique
        assert (table["agent_id"].value_counts() == 20).all()


def test_each_kind_of_text_has_its_share_in_both_languages(tables):
    for table in tables.values():
        for _, own in table.groupby("lang", observed=True):
            severe = (own["politeness"] == 4) & (own["urgency"] >= 3)
            flags = own[["sarcasm", "negation", "mixed_language", "regional_words"]].astype(int)
            assert flags.sum().tolist() == [48, 60, 42, 42]
            assert severe.sum() == 72
            assert (flags.sum(axis=1) + severe <= 1).all()
            assert (own["label_sentiment"][own["sarcasm"] == 1] == "negative").all()


def test_no_slot_and_no_mark_of_the_parts_is_left_in_a_text(tables):
    for table in tables.values():
        for text in table["text"]:
            assert not re.search(r"[{}|\[\]]|\s\s", text), text
            assert text == text.strip()


def test_chinese_texts_are_chinese_and_english_texts_are_english(tables):
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for table in tables.values():
        share = table["text"].map(lambda text: len(chinese.findall(text)) / len(text))
        assert share[table["lang"] == "zh"].min() > 0.4
        assert share[(table["lang"] == "en") & (table["mixed_language"] == 0)].max() == 0


def test_the_words_of_lost_trust_stand_in_the_text_letter_by_letter(tables):
    for table in tables.values():
        spans = table.dropna(subset=["trust_loss_span"])
        assert 0.08 < len(spans) / len(table) < 0.22
        assert all(span in text for span, text in zip(spans["trust_loss_span"], spans["text"]))
        assert set(spans["label_sentiment"]) == {"negative"}


def test_the_baseline_reads_most_texts_of_another_seed_in_both_languages(readings):
    reached = np.array([macro_f1(table, named) for _, table, named, _ in readings])
    assert 0.80 <= reached.mean() <= 0.89
    assert reached.min() >= 0.80
    assert reached.max() <= 0.92


def test_the_usual_settings_mostly_stay_below_the_target_and_one_answer_for_all_always_does(readings):
    assert np.mean([macro_f1(table, usual) for _, table, _, usual in readings]) < 0.80
    for _, table, named, usual in readings:
        assert macro_f1(table, usual) < macro_f1(table, named)
        assert macro_f1(table, ["negative"] * len(table)) < 0.25


def test_sarcasm_is_misread_visibly_more_often(readings):
    for lang in ("en", "zh"):
        right, sarcastic = (
            np.concatenate([pick(table, named) for own, table, named, _ in readings if own == lang])
            for pick in (
                lambda table, named: table["label_sentiment"].astype(str).to_numpy() == named,
                lambda table, named: (table["sarcasm"] == 1).to_numpy(dtype=bool),
            )
        )
        assert right[sarcastic].mean() < right[~sarcastic].mean() - 0.12


def test_urgency_is_not_emotion(tables):
    for (kind, _), table in tables.items():
        calm = (table["label_sentiment"][table["urgency"] == 4] != "negative").mean()
        low, high = (0.42, 0.66) if kind == "shipped" else (0.25, 0.80)
        assert low < calm < high
        assert association(pd.crosstab(table["label_sentiment"].astype(str), table["urgency"])) < 0.35


def test_the_largest_the_angriest_and_the_most_urgent_topic_are_three_topics(tables):
    for (kind, _), table in tables.items():
        topic = table["label_topic"].astype(str)
        found = (
            topic.mode()[0],
            (table["label_sentiment"] == "negative").groupby(topic).mean().idxmax(),
            (table["urgency"] == 4).astype(float).groupby(topic).mean().idxmax(),
        )
        assert len(set(found)) == 3
        if kind == "shipped":
            assert found == ("delivery", "staff", "fault")
        else:
            assert not set(found) & {"delivery", "staff", "fault"}


def test_two_readers_agree_well_and_not_perfectly(tables):
    for table in tables.values():
        both = table[["coder_a_sentiment", "coder_b_sentiment"]].dropna().astype(str)
        assert 0.94 < len(both) / len(table) < 0.98
        assert 0.65 < cohen_kappa_score(both["coder_a_sentiment"], both["coder_b_sentiment"]) < 0.85


def test_the_mood_of_twenty_texts_says_nothing_about_an_agent_and_looks_as_if_it_did(tables):
    for table in tables.values():
        p, apart = agents(table)
        assert p > 0.001
        assert apart > 0.5


@pytest.mark.parametrize("seed", HIDDEN)
def test_agents_differ_only_where_they_are_given_other_texts(seed):
    there, _ = agents(other_data(NAME, seed, agent_effect=1.5))
    nothing, apart = agents(other_data(NAME, seed, agent_effect=0.0, agent_luck=0.5))
    assert there < 1e-9
    assert nothing > 0.3
    assert apart > 0.3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rows": 230}, "multiple of 40"),
        ({"negative": 0.9}, "0.3 to 0.6"),
        ({"urgent_topic": "weather"}, "no topic weather"),
        ({"urgent_topic": "staff"}, "three topics"),
        ({"calm_but_urgent": 9}, "between 0.2 and 4"),
        ({"agent_effect": -1}, "0 to 5"),
        ({"agent_luck": 2}, "a share"),
    ],
)
def test_options_out_of_range_are_refused_in_words(options, said):
    with pytest.raises(ValueError, match=said):
        generate_dataset(NAME, 1, **options)
