"""A drill file is read with all its explanations, or refused with its line."""

import shutil
from pathlib import Path

import pytest

from trustkit.content import ContentError, digest
from trustkit.course import course_root, drill_ids
from trustkit.drills.bundle import drill_bundle
from trustkit.drills.reader import UnknownDrill, read_drill, texts
from trustkit.translation import KEY, drift


@pytest.fixture
def drill(tmp_path):
    source = course_root() / "exercises" / "drills" / "trust-or-not"
    return Path(shutil.copytree(source, tmp_path / "trust-or-not")) / "drill.yaml"


KINDS = Path(__file__).parent / "kinds" / "all-kinds"


@pytest.fixture
def kinds(tmp_path):
    """A drill with one item of each kind, to be broken."""
    return Path(shutil.copytree(KINDS, tmp_path / "all-kinds")) / "drill.yaml"


@pytest.mark.parametrize("id_", drill_ids())
def test_a_drill_that_is_translated_is_translated_as_a_whole(id_):
    source = read_drill(id_)
    if source.chinese is None:
        assert drill_bundle(id_, "zh")["text_lang"] == "en"
        return
    assert drift(texts(source.document.data), texts(source.chinese.data), source.chinese.data[KEY]) == []


@pytest.mark.parametrize("id_", drill_ids())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_answer_of_every_item_is_explained(id_, language):
    bundle = drill_bundle(id_, language)
    for item in bundle["items"]:
        if item["kind"] in ("choose", "multi-choose"):
            offered = {one["id"] for one in item.get("answers", bundle["categories"])}
            assert set(item["feedback"]) == offered
        assert item["feedback"] and all(item["feedback"].values())


def test_the_first_drill_has_twelve_items_that_use_every_category_alike():
    items = read_drill("trust-or-not").document.data["items"]
    keys = [item["key"] for item in items.values()]
    assert len(keys) == 12
    assert {keys.count(key) for key in keys} == {3}


def test_both_languages_have_one_hash():
    assert drill_bundle("trust-or-not", "en")["hash"] == drill_bundle("trust-or-not", "zh")["hash"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("key: trust\n", "key: truth\n", 1), "`truth` is not a category"),
        (lambda text: text.replace("pass: 8", "pass: 13"), "only 12 items"),
        (lambda text: text.replace("pass: 8\n", ""), "lacks `pass` (right items needed)"),
        (lambda text: text.replace("id: trust-or-not", "id: trust"), "the folder is"),
    ],
)
def test_a_fault_is_named_with_its_line(drill, change, says):
    before = drill.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    drill.write_text(after, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_drill(drill)
    assert says in caught.value.message
    assert caught.value.line >= 1


def test_a_missing_explanation_is_named(drill):
    lines = drill.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.strip().startswith("reputation:") and i > 20)
    end = at + 1
    while end < len(lines) and lines[end].startswith(" " * (len(lines[at]) - len(lines[at].lstrip()) + 1)):
        end += 1
    drill.write_text("\n".join(lines[:at] + lines[end:]), encoding="utf-8")
    with pytest.raises(ContentError, match="lacks feedback for the answer `reputation`"):
        read_drill(drill)


def test_an_unknown_drill_lists_those_that_exist():
    with pytest.raises(UnknownDrill, match="trust-or-not"):
        read_drill("no-such-drill")


def test_a_drill_of_the_first_kind_keeps_the_hash_it_always_had():
    data = read_drill("trust-or-not").document.data
    items = {id_: [item["key"], item.get("red_line", False)] for id_, item in data["items"].items()}
    content = {"drill": "trust-or-not", "pass": data["pass"], "categories": list(data["categories"]), "items": items}
    assert read_drill("trust-or-not").hash == digest(content)


def replaced(old, new=""):
    return lambda text: text.replace(old, new, 1)


def on_kappa(text):
    return text.replace("pass: 6", "pass_kappa: 600")


RATE_ITEMS = "".join(
    f"  more-{n}: {{kind: rate, text: T, key: {n % 3}, feedback: {{key: K{', lower: L' * (n % 3 > 0)}"
    f"{', higher: H' * (n % 3 < 2)}}}}}\n"
    for n in range(7)
)


@pytest.mark.parametrize(
    ("change", "line_with", "says"),
    [
        (replaced("    kind: match", "    kind: pair-up"), "kind: pair-up", "must be one of choose, multi-choose"),
        (replaced("key: friday", "key: monday"), "key: monday", "`monday` is not an answer of this item"),
        (replaced("key: [name-it, repair]", "key: [name-it, sorry]"), "key: [name-it, sorry]", "`sorry` is not"),
        (replaced("key: [name-it, repair]", "key: []"), "key: []", "items.several.key"),
        (replaced("key: [name-it, repair]", "key: name-it"), "key: name-it", "must be a list"),
        (replaced("      excuse: It asks the customer to think of you.\n"), "feedback:", "for the answer `excuse`"),
        (replaced("      excuse: It", "      excuses: It"), "feedback:", "lacks feedback for the answer `excuse`"),
        (replaced(", customer: pays}", "}"), "key: {agent", "no key for `customer`"),
        (replaced("customer: pays}", "customer: waits}"), "customer: waits", "does not stand under `right`"),
        (replaced("{agent: answers,", "{agents: answers, agent: answers,"), "agents:", "does not stand under `left`"),
        (replaced("      agent: The agent is the first to hear it.\n"), "feedback:", "for the entry `agent`"),
        (replaced("key: [listen, check, offer, confirm]", "key: [listen, check, offer]"), "key: [listen", "`confirm`"),
        (replaced("[[check, listen, offer, confirm]]", "[[check, listen, offer, end]]"), "also:", "look at `end`"),
        (replaced("      check: What was said is compared with what is known.\n"), "feedback:", "for the part `check`"),
        (replaced("[[call|", "[[|"), "passage:", "is not of the form [[id|words]]"),
        (replaced("before noon]]", "before noon"), "passage:", "near `[[call|I call"),
        (replaced("[[maybe|", "[[date|"), "passage:", "`date` stands twice"),
        (replaced("key: [date, call]", "key: [date, ring]"), "key: [date, ring]", "`ring` is no bracket"),
        (replaced("key: [date, call]", "key: [date, call, hello, maybe]"), "passage:", "every bracket is to be marked"),
        (replaced("      hello: A greeting binds nobody.\n"), "feedback:", "feedback for the bracket `hello`"),
        (replaced("    key: 1\n", "    key: 3\n"), "key: 3", "`3` is not on the scale: 0, 1, 2"),
        (replaced("    key: 1\n", "    key: 1\n    within: 2\n"), "within: 2", "every mark on the scale"),
        (replaced("    key: 1\n", "    key: 2\n"), "higher: Nobody", "the key is the highest mark"),
        (replaced("      lower: There is a next step in it, if a weak one.\n"), "feedback:", "a mark that is lower"),
        (replaced("|\n      Agent: We are", "|\n      [[a|Agent]]: We are"), "passage:", "nothing to mark"),
        (replaced("pass: 6\npass_f1: 600\n"), "", "lacks `pass`"),
        (replaced("pass: 6\n", "pass: 8\n"), "pass: 8", "only 7 items"),
        (replaced("pass: 6\n", "pass: 6\npass_kappa: 600\n"), "pass_kappa", "at least 8 rate items; there are 1"),
        (replaced("categories: {promise: A promise, wish: A wish}\n"), "shared:", "and the drill has no `categories`"),
        (replaced("minutes: 5\n", "minutes: 5\npath: true\n"), "pairs:", "item `pairs` names no `lesson`"),
        (replaced("minutes: 5\n", "minutes: 5\nform: A\n"), "form: A", "`form` and `twin` belong together"),
        (replaced("minutes: 5\n", "minutes: 5\nform: A\ntwin: all-kinds\n"), "twin:", "not its own twin"),
        (replaced("    key: 1\n", "    key: 1\n    answers: {a: A}\n"), "rating:", "`answers`, which nothing reads"),
        (lambda text: text[: text.index("  rating:")], "scale:", "no item uses this `scale`"),
        (lambda text: text[: text.index("  find:")].replace('scale: {"0"', 'x: {"0"'), "", "`x`, which nothing reads"),
        (
            lambda text: text[: text.index("  find:")].replace("scale: {", "#").replace("pass: 6\n", ""),
            "pass_f1", "no item has the kind mark",
        ),
        (
            lambda text: on_kappa(text) + RATE_ITEMS.replace("rate,", "rate, scale: {0: A, 1: B, 2: C, 3: D},", 1),
            "pass_kappa", "one scale for all",
        ),
        (
            lambda text: on_kappa(text) + "".join(
                f"  more-{n}: {{kind: rate, text: T, key: 1, feedback: {{key: K, lower: L, higher: H}}}}\n"
                for n in range(7)
            ),
            "pass_kappa", "the same key",
        ),
    ],
)  # fmt: skip
def test_a_fault_in_any_kind_is_named_with_its_line(kinds, change, line_with, says):
    before = kinds.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    kinds.write_text(after, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_drill(kinds)
    assert says in caught.value.message
    assert line_with in after.splitlines()[caught.value.line - 1]


def test_eight_ratings_on_one_scale_may_decide(kinds):
    text = on_kappa(kinds.read_text(encoding="utf-8"))
    kinds.write_text(text + RATE_ITEMS, encoding="utf-8")
    assert read_drill(kinds).document.data["pass_kappa"] == 600


def test_a_chinese_passage_has_the_same_brackets(kinds):
    assert read_drill(kinds).chinese
    chinese = kinds.with_name("zh.yaml")
    text = chinese.read_text(encoding="utf-8")
    chinese.write_text(text.replace("[[call|我中午之前给您打电话]]", "我中午之前给您打电话"), encoding="utf-8")
    with pytest.raises(ContentError, match="look at `call`") as caught:
        read_drill(kinds)
    assert caught.value.path == chinese
    assert "passage" in chinese.read_text(encoding="utf-8").splitlines()[caught.value.line - 1]
    chinese.write_text(text.replace("[[call|", "[[call"), encoding="utf-8")
    with pytest.raises(ContentError, match="is not of the form"):
        read_drill(kinds)


def test_every_text_of_every_kind_has_a_key_for_its_translation():
    found = dict(texts(read_drill(KINDS).document.data))
    assert {
        "title", "intro", "categories.wish", "scale.2", "items.shared.text", "items.own-answers.answers.soon",
        "items.several.feedback.excuse", "items.pairs.left.lead", "items.pairs.right.nothing",
        "items.pairs.feedback.lead", "items.sequence.parts.check", "items.find.passage", "items.find.feedback.hello",
        "items.rating.passage", "items.rating.feedback.key", "items.rating.feedback.higher",
    } <= set(found)  # fmt: skip
    assert all(isinstance(text, str) and text for text in found.values())


@pytest.mark.parametrize(
    "change",
    [
        replaced("key: [date, call]", "key: [date]"),
        replaced("also: [[check, listen, offer, confirm]]", "also: [[check, offer, listen, confirm]]"),
        replaced("    key: 1\n", "    key: 1\n    within: 1\n"),
        replaced("pass_f1: 600", "pass_f1: 700"),
        replaced("lead: decides", "lead: nothing"),
        replaced("red_line: true", "red_line: false"),
    ],
)
def test_what_changes_the_marks_changes_the_hash(kinds, change):
    before = read_drill(kinds).hash
    kinds.write_text(change(kinds.read_text(encoding="utf-8")), encoding="utf-8")
    assert read_drill(kinds).hash != before


def test_words_alone_do_not_change_the_hash(kinds):
    before = read_drill(kinds).hash
    text = kinds.read_text(encoding="utf-8")
    kinds.write_text(text.replace("Pays the bill", "Pays").replace("It should be fine", "Fine"), encoding="utf-8")
    assert read_drill(kinds).hash == before
