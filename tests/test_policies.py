"""Policy values: how they are said, that no text quotes one it could refer to, and that no attempt hangs on them."""

import re
from pathlib import Path

import pytest

from trustkit.cases.compile import compiled
from trustkit.cases.lint import examine
from trustkit.cases.reader import policy_values, read_case, text_of, texts
from trustkit.content import ContentError
from trustkit.course import COMPANY, case_ids
from trustkit.policies import REFERENCE, Policy, fill, read_policies, say, unknown_in

ROOT = Path(__file__).parents[1]
DAYS = Policy("x", "count", 5, {"en": ("working day", "working days"), "zh": ("个工作日", "个工作日")}, {}, ())
MONEY = Policy("x", "money", 1000, {}, {}, ())
TIME = Policy("x", "time", 1020, {}, {}, ())
NAME = Policy("x", "name", {"en": "desk", "zh": "组"}, {}, {}, ())


@pytest.mark.parametrize(
    ("policy", "value", "manner", "english", "chinese"),
    [
        (DAYS, 1, {}, "1 working day", "1个工作日"),
        (DAYS, 2, {"in_words": True}, "two working days", "两个工作日"),
        (DAYS, 21, {"in_words": True, "unit": False}, "twenty-one", "二十一"),
        (MONEY, 1500, {}, "1,500", "1500"),
        (MONEY, 1005, {"in_words": True}, "one thousand and five", "一千零五"),
        (MONEY, 350, {"in_words": True}, "three hundred and fifty", "三百五十"),
        (TIME, 1050, {}, "17:30", "17:30"),
        (TIME, 1050, {"in_words": True}, "half past five in the afternoon", "下午五点半"),
        (TIME, 840, {"in_words": True, "unit": False}, "two", "两点"),
        (NAME, {"en": "planning desk", "zh": "排单组"}, {}, "planning desk", "排单组"),
    ],
)
def test_a_value_is_said_as_a_sentence_says_it(policy, value, manner, english, chinese):
    assert (say(policy, value, "en", **manner), say(policy, value, "zh", **manner)) == (english, chinese)


def quoted(policy: Policy) -> re.Pattern:
    """Return a pattern for the default of a value as a text would say it without referring to it."""
    said = {
        say(policy, policy.default, language, unit=True, in_words=words)
        for language in ("en", "zh")
        for words in (False, True)
    }
    around = {True: (r"(?<![\d,.])", r"(?![\d,]\d|\w)"), False: (rf"(?<![{NUMERALS}第同])", rf"(?![{NUMERALS}])")}
    parts = [re.escape(text).join(around[text.isascii()]) for text in said]
    return re.compile("|".join(parts), re.IGNORECASE)


NUMERALS = "零一二三四五六七八九十百千"
STORY = (
    # An amount that is paid, not the limit; `policies` of the case says with which limits it holds.
    "Three hundred I can pay out", "A thousand, today", "三百块我自己就能批", "三百块我今天就能给您", "一千，今天就办",
    # The hour at which something happens.
    "twenty to five in the afternoon", "快到下午五点",
    "放一百个心",
)  # fmt: skip
"""What looks like a value and is none."""


def passages():
    """Every text that speaks of the house policy: its cards, what leans on them, the cases that rest on them."""
    for page in sorted((ROOT / "book").rglob("*.md")):
        inside = False
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            inside = line.startswith("```{rule-card} LH-") or (inside and line != "```")
            if (inside and not line.startswith(":")) or "|LH-" in line:
                yield f"{page.relative_to(ROOT)}:{number}", line
    for id_ in case_ids(ROOT):
        source = read_case(ROOT / "cases" / id_)
        if any(card.startswith("LH-") for card in source.document.data.get("rules", [])):
            for document in (source.document, source.chinese):
                yield from ((f"cases/{id_} {key}", text) for key, text in texts(document.data))


def test_no_card_lesson_or_case_quotes_a_value_that_it_could_refer_to():
    found = []
    for place, text in passages():
        plain = REFERENCE.sub("", text)
        for story in STORY:
            plain = plain.replace(story, "")
        found += [
            f"{place}: “{match[0]}” is the default of {policy.id}"
            for policy in read_policies(ROOT).values()
            for match in quoted(policy).finditer(plain)
        ]
    assert found == []


def test_every_reference_of_a_page_names_a_value_and_both_editions_refer_to_the_same():
    known, differing = read_policies(ROOT), []
    for page in sorted((ROOT / "book" / "en").rglob("*.md")):
        text, twin = page.read_text(encoding="utf-8"), ROOT / "book" / "zh" / page.relative_to(ROOT / "book" / "en")
        assert unknown_in(text, known) == [], page
        if twin.is_file():
            names = [
                {match[1] for match in REFERENCE.finditer(one)} for one in (text, twin.read_text(encoding="utf-8"))
            ]
            if names[0] != names[1]:
                differing.append((page.name, names[0] ^ names[1]))
    assert differing == []


def test_what_keeps_the_default_of_a_value_exists():
    folders = {
        "drill": "exercises/drills/{}",
        "assignment": "exercises/source/{}",
        "case": "cases/{}",
        "simulator": "trustkit/simulators/{}.py",
    }
    for policy in read_policies(ROOT).values():
        for keeper in policy.keeps:
            kind, _, name = keeper.partition(" ")
            if kind == "picture":
                assert list((ROOT / "book").rglob(f"{name}.svg")), keeper
            else:
                name = name.replace("-", "_") if kind == "simulator" else name
                assert (ROOT / folders[kind].format(name)).exists(), keeper


def company(folder: Path, policies: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "company.yaml").write_text(f"name: {{en: A, zh: 甲}}\npolicies: {policies}\n", encoding="utf-8")
    return folder


def test_a_company_s_values_change_what_a_case_says_and_never_what_it_is_worth(tmp_path, monkeypatch):
    before = {variant: compiled("fridge-failed-twice", variant)["hash"] for variant in ("base", "third-call")}
    monkeypatch.setenv(COMPANY, str(company(tmp_path / "co", "{goodwill-agent: 500, dispatch-by: '17:30'}")))
    compiled.__globals__["_compiled"].cache_clear()
    source = read_case("fridge-failed-twice")
    assert {variant: compiled("fridge-failed-twice", variant)["hash"] for variant in before} == before
    brief = {language: text_of(source, language=language)["brief"] for language in ("en", "zh")}
    assert "half past five" in brief["en"] and "up to 500 yuan" in brief["en"]
    assert "下午五点半" in brief["zh"] and "500元" in brief["zh"]
    asked = text_of(source, "third-call")["scenes"]["after-visit"]["choices"]["full-loss"]["say"]
    assert "Above five hundred I need" in asked


def test_a_story_that_does_not_hold_with_a_value_is_told_with_the_course_s_own(tmp_path, monkeypatch):
    monkeypatch.setenv(COMPANY, str(company(tmp_path / "co", "{goodwill-agent: 100, dispatch-by: '16:00'}")))
    source = read_case("fridge-failed-twice")
    assert policy_values(source)["goodwill-agent"] == 300
    assert "up to 300 yuan" in text_of(source)["brief"] and "by five" in text_of(source)["brief"]


def test_lint_judges_offers_by_the_company_s_limit(tmp_path, monkeypatch):
    case = tmp_path / "offer-by-policy"
    case.mkdir()
    crafted = (ROOT / "tests/cases/defects/crafted/case.yaml").read_text(encoding="utf-8")
    text = crafted.replace("id: crafted", "id: offer-by-policy").replace("most_offer: 60", "most_offer: goodwill-agent")
    (case / "case.yaml").write_text(text, encoding="utf-8")

    def found():
        return {one.rule for one in examine(case).findings}

    assert "offer-against-card" not in found()
    monkeypatch.setenv(COMPANY, str(company(tmp_path / "co", "{goodwill-agent: 50}")))
    assert "offer-against-card" in found()


def test_a_text_that_names_no_value_is_reported_with_its_line(tmp_path):
    case = tmp_path / "crafted"
    case.mkdir()
    crafted = (ROOT / "tests/cases/defects/crafted/case.yaml").read_text(encoding="utf-8")
    (case / "case.yaml").write_text(
        crafted.replace("in the wrong size.\n", "for {{godwill}} yuan.\n", 1), encoding="utf-8"
    )
    with pytest.raises(ContentError, match=r"case.yaml:10: there is no policy value `godwill`"):
        text_of(read_case(case))


def test_a_value_that_is_filled_in_leaves_the_rest_of_a_text_alone():
    assert fill("{{laundry}} {name} {{ laundry }}", "en", {"laundry": 1200}, {"laundry": MONEY}) == "1,200 {name} 1,200"
