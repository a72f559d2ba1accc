"""The printed course: links that stay alive, fonts that travel along, and answers that the trainer alone has."""

import io
import os
import re
import shutil
import subprocess
import sys
from copy import deepcopy

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from trustkit.drills.bundle import drill_bundle
from trustkit.publish import browser
from trustkit.publish.browser import NoBrowser
from trustkit.publish.pdf import fonts_not_embedded, print_course, words_of
from trustkit.publish.questions import answers, questions
from trustkit.publish.stamp import Stamp

from .conftest import ADDRESS

STAMP = Stamp("1.2.3", "2026-11-23", "0123abcd")


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def links_of(reader: PdfReader) -> list:
    return [one.get_object() for page in reader.pages for one in page.get("/Annots", [])]


@pytest.fixture(scope="module", params=["en", "zh"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def course(published, language):
    return PdfReader(published.site / f"pdf/{language}/course.pdf")


def test_every_font_is_in_the_file(course):
    assert fonts_not_embedded(course) == []


def test_a_font_that_is_not_in_the_file_would_be_found():
    sheet = io.BytesIO()
    canvas = Canvas(sheet)
    canvas.drawString(100, 100, "x")
    canvas.save()
    assert fonts_not_embedded(PdfReader(sheet)) == ["Helvetica"]


def test_the_outline_has_the_pages_and_below_them_their_headings(course, language):
    titles = [item["/Title"] for item in course.outline if not isinstance(item, list)]
    lesson = {"en": "1.1 The first lesson", "zh": "1.1"}[language]
    assert any(title.startswith(lesson[:3]) for title in titles), titles
    assert any(isinstance(item, list) for item in course.outline)


def test_the_contents_lead_to_the_page_with_the_number_they_name(course):
    front = [label for label in course.page_labels if not label.isdigit()]
    assert course.page_labels[len(front)] == "1"
    links = [
        (one["/Dest"][0].get_object(), sheet)
        for sheet in course.pages[: len(front)]
        for one in (reference.get_object() for reference in sheet.get("/Annots", []))
    ]
    numbers = [int(course.page_labels[course.get_page_number(target)]) for target, _ in links]
    assert numbers == sorted(numbers) and len(numbers) == 7
    told = text_of_pages(course, len(front))
    assert all(re.search(rf"\b{number}\b", told) for number in numbers)


def text_of_pages(reader: PdfReader, count: int) -> str:
    return " ".join(page.extract_text() for page in reader.pages[:count])


def test_links_between_pages_stay_in_the_file_and_links_outside_lead_outside(course):
    named = course.named_destinations
    addresses, inside = set(), 0
    for link in links_of(course):
        if "/A" in link:
            addresses.add(link["/A"]["/URI"])
        else:
            inside += 1
            assert not isinstance(link["/Dest"], str) or link["/Dest"] in named
    assert "https://www.iso.org/standard/71580.html" in addresses
    assert inside > 10
    assert not [one for one in addresses if re.search(r"127\.0\.0\.1|localhost|file:|\.invalid", one)]


def test_a_module_alone_leads_to_the_site_for_what_is_not_in_it(published, language):
    module = PdfReader(published.site / f"pdf/{language}/01-lesson.pdf")
    addresses = {link["/A"]["/URI"] for link in links_of(module) if "/A" in link}
    assert any(one.startswith(f"{ADDRESS}{language}/rules.html") for one in addresses), addresses


def test_the_title_page_says_version_and_date_and_nothing_moves_or_can_be_pressed(course, language):
    assert "0.1.0" in course.pages[0].extract_text() and "2026-11-23" in course.pages[0].extract_text()
    assert course.metadata.title and course.root_object["/Lang"] == {"en": "en", "zh": "zh-CN"}[language]
    assert "/AcroForm" not in course.root_object


def test_a_case_is_told_and_a_drill_asks_without_its_answers(published):
    told = text_of(PdfReader(published.site / "pdf/en/course.pdf"))
    assert words_of("en")["case"] in told and "What it did" in told
    drill = drill_bundle(published.root / "exercises/drills/trust-or-not")
    assert re.sub(r"\s+", " ", drill["items"][0]["text"])[:40] in told
    reasons = [reason for item in drill["items"] for reason in item["feedback"].values()]
    assert not [reason for reason in reasons if re.sub(r"\s+", " ", reason) in told]
    key = PdfReader(published.root / "_build/pdf/trainers/answers-en.pdf")
    assert drill["items"][0]["feedback"][drill["items"][0]["key"]][:30] in text_of(key)
    assert not list(published.site.rglob("answers-*"))


def test_no_question_on_paper_gives_its_answer_away_by_its_place():
    bundle = drill_bundle("test-a")
    turned = deepcopy(bundle)
    for item in turned["items"]:
        for group in ("answers", "parts", "right"):
            if group in item:
                item[group].reverse()
    assert turned != bundle
    assert questions(turned, words_of("en")) == questions(bundle, words_of("en"))


def test_the_key_has_an_answer_to_every_question():
    bundle = drill_bundle("test-a")
    assert answers(bundle, words_of("en")).count("<li>") == len(bundle["items"])


def test_of_an_exam_only_what_is_known_before_is_printed():
    from trustkit.cases.bundle import case_bundle
    from trustkit.publish.transcript import transcript

    bundle = case_bundle("one-difficult-week")
    kept_back = transcript(bundle, words_of("en"), told=False)
    assert bundle["variants"][0]["text"]["customer"]["name"] in kept_back
    assert 'class="said' not in kept_back and "said" in transcript(bundle, words_of("en"))


def test_without_a_browser_one_sentence_says_what_to_do(published, tmp_path, monkeypatch):
    monkeypatch.setattr(browser, "find_chromium", lambda: None)
    with pytest.raises(NoBrowser, match="PDF is printed with Chromium, and there is none here"):
        print_course(published.root, {"en": published.site / "en"}, tmp_path, STAMP)


def test_without_a_chinese_font_the_package_is_named_and_no_empty_boxes_are_printed(published, tmp_path):
    fonts = shutil.copytree("/usr/share/fonts/truetype/dejavu", tmp_path / "fonts")
    settings = tmp_path / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path}/c</cachedir></fontconfig>")
    code = (
        "from pathlib import Path; from trustkit.publish.pdf import *; from trustkit.publish.stamp import Stamp\n"
        f"print_course(Path({str(published.root)!r}), {{'zh': Path({str(published.site / 'zh')!r})}}, "
        f"Path({str(tmp_path / 'out')!r}), Stamp('1', '', '0'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          env={**os.environ, "FONTCONFIG_FILE": str(settings),
                               "TRUSTKIT_HOME": str(published.root)})  # fmt: skip
    assert "Debian: apt install fonts-noto-cjk" in done.stderr
    assert not list((tmp_path / "out").rglob("*.pdf"))
