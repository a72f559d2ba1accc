"""Checking a company's overlay: what is wrong is said with file, line and cure, and nothing sound is refused."""

import random
import shutil
from pathlib import Path

import pytest

from trustkit.cli import main
from trustkit.company.check import check_company
from trustkit.company.colours import LEAST, contrast, course_style, least_contrast, near_colour, papers
from trustkit.company.picture import faults
from trustkit.company.skeleton import NewCompanyRefused, new_company
from trustkit.course import COMPANY

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "lantern-home"
BOTH = "{en: A, zh: 甲}"


@pytest.fixture
def overlay(tmp_path, monkeypatch):
    """Write an overlay of these lines and return what its check finds, as `line: severity message`."""
    folder = tmp_path / "company"
    new_company(folder)
    monkeypatch.setenv(COMPANY, str(folder))

    def check(*lines, named=f"name: {BOTH}"):
        (folder / "company.yaml").write_text("\n".join([named, *lines]) + "\n", encoding="utf-8")
        return [f"{one.line}: {one.severity} {one.message}" for one in check_company(folder, ROOT)]

    check.folder = folder
    return check


def test_a_new_overlay_is_sound_and_never_overwrites_one(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "ours"
    assert main(["company", "new", str(folder)]) == 0
    # What the command sets in its process ends with the test.
    monkeypatch.setenv(COMPANY, "")
    assert check_company(folder, ROOT) == []
    schema = (folder / "company.yaml").read_text(encoding="utf-8").splitlines()[0].rpartition("=")[2]
    assert (folder / schema).resolve().is_file()
    with pytest.raises(NewCompanyRefused, match="is there already"):
        new_company(folder)


def test_the_sample_company_has_no_fault(monkeypatch):
    monkeypatch.setenv(COMPANY, str(SAMPLE))
    found = check_company(SAMPLE, ROOT)
    assert {one.severity for one in found} == {"note"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["shrot: {en: A, zh: 甲}"], "2: error nothing reads the key `shrot`. Did you mean `short`?"),
        (["colours:", "  light: {primary: teal}"], "3: error `teal` is no colour"),
        (["colours:", '  light: {link: "#ff9900"}'], "3: error #ff9900 has a contrast of 1.84 to the light"),
        (["colours:", '  dark: {primary: "#333"}'], "3: error #333 has a contrast of 1.11 to the dark"),
        (["legal: {en: Ours.}"], "2: error `legal` has no Chinese text. Add `zh: …`"),
        (["logo: {light: none.svg}"], "2: error there is no file `none.svg`"),
        (["logo: {light: ../logo.svg}"], "2: error `../logo.svg` lies outside this folder"),
        (["favicon: company.yaml"], "2: error company.yaml: a picture must be an SVG or a PNG"),
        (["policies:", "  goodwil-agent: 1"], "3: error there is no policy value `goodwil-agent`. "),
        (["policies:", "  goodwill-agent: much"], '3: error `goodwill-agent` is "much", but it must be a whole'),
        (["policies:", "  dispatch-by: 17"], "3: error `dispatch-by` is 17, but it must be a time of the day in"),
        (["policies:", "  dispatch-by: 17:00"], None),
        (["policies:", '  dispatch-by: "25:00"'], "3: error `dispatch-by` is \"25:00\", but it must be a time"),
        (["policies:", "  goodwill-agent: 100"], "3: note the story of the case `fridge-failed-twice` holds"),
        (["policies:", "  missed-window: 120"], "3: note these keep the course's own `missed-window`, 100"),
        (["rules:", f"  LH-66: {{title: {BOTH}, date: 2026-01-01, text: {BOTH}}}"],
         "3: warning nobody uses a card `LH-66`"),
        (["rules:", f"  LH-6: {{title: {BOTH}, date: soon, text: {BOTH}}}"],
         "3: error `rules.LH-6.date` is `soon`"),
        (["rules:", f"  LH-6: {{title: {BOTH}, date: 2026-01-01}}"], "3: error the card `LH-6` has no `text`"),
        (["rules:", f"  LH-6: {{title: {BOTH}, date: 2026-01-01, text: {{en: '<script>', zh: 甲}}}}"],
         "3: error a card is plain text; `<s`"),
        (["rules:", f"  LH-6: {{title: {BOTH}, date: 2026-01-01, text: {{en: '{{{{laundri}}}}', zh: 甲}}}}"],
         "3: error there is no policy value `laundri`"),
        (["search-engines: maybe"], "2: error `search-engines` must be one of forbidden, allowed"),
        (["contact: {mail: us}"], "2: error `contact.mail` is `us`, but it must be an address"),
        (["languages: [fr]"], "2: error `languages.0` must be one of en, zh"),
    ],
)  # fmt: skip
def test_every_problem_is_named_with_line_fault_and_cure(overlay, lines, said):
    found = overlay(*lines)
    assert found == [] if said is None else any(one.startswith(said) for one in found), found


def test_all_problems_are_told_at_once(overlay):
    found = overlay("logo: 3", "colours: {light: {primary: x}}", "policies: {a: 1}", named="nam: x")
    assert len([one for one in found if "error" in one]) == 5


def test_an_edition_that_is_not_published_needs_no_texts(overlay):
    assert overlay("languages: [en]", named="name: {en: A}") == []


def test_the_colour_that_is_proposed_can_be_read_and_keeps_the_hue():
    chance = random.Random(7)
    for mode in ("light", "dark"):
        backgrounds = papers(course_style(ROOT), mode)
        assert len(backgrounds) >= 3
        for _ in range(200):
            colour = f"#{chance.randrange(1 << 24):06x}"
            if least_contrast(colour, backgrounds) < LEAST:
                assert least_contrast(near_colour(colour, backgrounds), backgrounds) >= LEAST
    # From the definition of WCAG 2.2: grey 118 is the lightest that is read on white.
    assert contrast("#767676", "#ffffff") >= LEAST > contrast("#777777", "#ffffff")


@pytest.mark.parametrize(
    ("inside", "line", "said"),
    [
        ("<script>alert(1)</script>", 2, "<script> has no place in a logo"),
        ('<rect onload="x()"/>', 2, "`onload` is a script"),
        ('<a href="https://example.com/"><rect/></a>', 2, "asks the address https://example.com/"),
        ('<image href="//example.com/x.png"/>', 2, "asks the address //example.com/x.png"),
        ('<a href="javascript:x()"/>', 2, "asks the address javascript:x()"),
        ('\n<style>@import "x.css";</style>', 3, "loads something from outside"),
        ('<rect style="fill:url(https://example.com/x)"/>', 2, "`style` loads something from outside"),
        ("<g>", 2, "no sound SVG"),
    ],
)
def test_a_picture_that_brings_a_script_or_asks_another_host_is_refused_with_its_line(tmp_path, inside, line, said):
    logo = tmp_path / "logo.svg"
    logo.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{inside}</svg>', encoding="utf-8")
    (found,) = faults(logo)
    assert found[0] == line and said in found[1]


def test_a_plain_picture_is_welcome(tmp_path):
    logo = tmp_path / "logo.svg"
    logo.write_text(
        '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<defs><path id="a" d="M0 0h1"/></defs><use xlink:href="#a" style="fill:url(#b)"/></svg>', encoding="utf-8"
    )  # fmt: skip
    assert faults(logo) == []
    assert faults(ROOT / "book" / "_static" / "logo.svg") == []


def test_an_own_case_is_linted_and_may_not_take_the_name_of_one_of_ours(overlay):
    cases = overlay.folder / "cases"
    shutil.copytree(ROOT / "tests/cases/defects/undefined-scene", cases / "undefined-scene")
    shutil.copytree(ROOT / "tests/cases/defects/no-chinese", cases / "no-chinese")
    shutil.copytree(ROOT / "cases/fridge-failed-twice", cases / "fridge-failed-twice")
    (cases / "empty").mkdir()
    found = overlay()
    assert any("error [undefined-scene]" in one for one in found)
    assert any("warning [no-chinese]" in one for one in found)
    assert any("error the course has a case `fridge-failed-twice` already" in one for one in found)
    assert any("error the folder `empty` holds no case.yaml" in one for one in found)


def test_an_overlay_that_is_not_there_is_said_in_one_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(COMPANY, "")
    assert main(["company", "check", str(tmp_path / "nothing")]) == 1
    assert "company.yaml:1: error this file does not exist. `trustkit company new" in capsys.readouterr().out
