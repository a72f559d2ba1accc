"""Every simulator and checker keeps the contract: pure, seeded, in both languages, safe with any answer."""

import ast
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

import trustkit
from trustkit import blocks, checkers, simulators
from trustkit.panel import KINDS, content_hash, panel_answer, panel_answer_json, panel_bundle
from trustkit.publish.page_python import pure_files

ALL = [(kind, id_) for kind, package in KINDS.items() for id_ in sorted(package.MODULES)]
PACKAGE = Path(trustkit.__file__).parent
SAMPLE = {"en": "I am sorry. I will call you by 6 pm tomorrow.", "zh": "很抱歉。我会在明天下午六点前给您打电话。"}


def some_answer(form: dict, draw: random.Random, language: str) -> dict:
    """Return an answer that fits a form, drawn at random."""
    answer = {}
    for one in form["fields"]:
        options = [id_ for id_, _ in one.get("options", ())]
        if one["field"] == "number":
            steps = round((one["high"] - one["low"]) / one["step"])
            value = one["low"] + draw.randint(0, steps) * one["step"]
        elif one["field"] == "choose":
            value = draw.choice(options)
        elif one["field"] == "several":
            value = [id_ for id_ in options if draw.random() < 0.5]
        elif one["field"] == "order":
            value = draw.sample(options, len(options))
        else:
            value = SAMPLE[language]
        answer[one["id"]] = value
    return answer


def a_run(kind: str, id_: str, seed: int, language: str, most: int = 12) -> list[dict]:
    """Return the steps of a run with answers drawn at random."""
    draw, steps = random.Random(seed), []
    for _ in range(most):
        form = blocks.open_form(panel_answer(kind, id_, steps, language, seed)["blocks"])
        if form is None:
            break
        steps.append({"form": form["id"], "values": some_answer(form, draw, language)})
    return steps


@pytest.mark.parametrize(("kind", "id_"), ALL)
def test_a_module_says_what_it_is_in_both_languages(kind, id_):
    module = KINDS[kind].load(id_)
    assert id_ == module.ID and 1 <= module.MINUTES <= 60
    for language in ("en", "zh"):
        bundle = panel_bundle(kind, id_, language)
        assert bundle["title"] and bundle["about"] and re.fullmatch(r"[0-9a-f]{16}", bundle["hash"])
        assert bool(re.search("[\u4e00-\u9fff]", bundle["title"])) == (language == "zh")


@pytest.mark.parametrize(("kind", "id_"), ALL)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_any_run_goes_through_in_both_languages_and_is_the_same_twice(kind, id_, language):
    for seed in range(5):
        steps = a_run(kind, id_, seed, language)
        said = panel_answer(kind, id_, steps, language, seed, new=len(steps))
        assert "problem" not in said, said
        assert json.loads(json.dumps(said)) == panel_answer(kind, id_, steps, language, seed)
        assert sum(block["block"] == "form" for block in said["blocks"]) <= 1
        shapes = [
            [block["block"] for block in panel_answer(kind, id_, steps, one, seed)["blocks"]] for one in ("en", "zh")
        ]
        assert shapes[0] == shapes[1]


@pytest.mark.parametrize(("kind", "id_"), ALL)
def test_no_chinese_is_left_in_the_english_page(kind, id_):
    shown = json.dumps(panel_answer(kind, id_, a_run(kind, id_, 1, "en"), "en", 1), ensure_ascii=False)
    assert not re.search("[\u4e00-\u9fff]", shown)


@pytest.mark.parametrize("id_", sorted(simulators.MODULES))
def test_a_run_is_judged_at_every_step_and_once_it_counts_it_counts(id_):
    module, steps = simulators.load(id_), a_run("simulator", id_, 2, "en")
    finished = [module.judge([step["values"] for step in steps[:count]], 2).finished for count in range(len(steps) + 1)]
    assert finished == sorted(finished) and finished[-1]


@pytest.mark.parametrize("path", list(pure_files()), ids=lambda path: path.name)
def test_what_the_page_runs_is_standard_library_without_files_or_clocks(path):
    if path.suffix != ".py":
        return
    barred = {"time", "datetime", "os", "pathlib", "subprocess", "socket", "urllib", "threading"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module]
        for name in names:
            top = name.split(".")[0]
            assert (top in sys.stdlib_module_names and top not in barred) or top == "trustkit", name


def test_importing_it_brings_nothing_that_the_page_does_not_have():
    code = (
        "import sys; from trustkit import panel; [p.load(i) for p in panel.KINDS.values() for i in p.MODULES]; "
        "print(sorted(n for n in sys.modules if n.split('.')[0] in ('yaml', 'pandas', 'numpy', 'anywidget')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


@pytest.mark.parametrize(
    ("package", "error", "known"),
    [(simulators, simulators.UnknownSimulator, "trust-bank"), (checkers, checkers.UnknownChecker, "reply")],
)
def test_an_unknown_id_is_refused_with_the_ids_there_are(package, error, known):
    with pytest.raises(error, match=known):
        package.load("nothing-like-it")


def test_an_answer_to_a_form_that_is_not_open_is_refused():
    said = panel_answer("simulator", "trust-bank", [{"form": "levers", "values": {"end": 50}}])
    assert said["problem"].startswith("This answer belongs to another question")


def test_an_answer_that_does_not_fit_is_refused_with_a_sentence():
    said = panel_answer("simulator", "trust-bank", [{"form": "story-1", "values": {"end": 101}}], "zh")
    assert "0 到 100" in said["problem"]


def test_the_worker_gets_the_same_as_json_and_a_fault_as_a_sentence():
    asked = {"kind": "simulator", "id": "trust-bank", "lang": "en", "seed": 3, "steps": []}
    assert json.loads(panel_answer_json(json.dumps(asked))) == panel_answer("simulator", "trust-bank", [], "en", 3)
    assert "UnknownSimulator" in json.loads(panel_answer_json(json.dumps({**asked, "id": "no"})))["fault"]


def test_the_version_changes_with_the_word_lists_too(monkeypatch, tmp_path):
    before = content_hash("checker", "reply")
    for name in ("reply.py", "reply.toml"):
        (tmp_path / name).write_bytes((PACKAGE / "checkers" / name).read_bytes())
    monkeypatch.setattr("trustkit.panel.files", lambda _: tmp_path)
    assert content_hash("checker", "reply") == before
    with open(tmp_path / "reply.toml", "a", encoding="utf-8") as file:
        file.write("\n# one more word\n")
    assert content_hash("checker", "reply") != before
