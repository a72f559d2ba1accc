"""What `trustkit publish` lays beside the pages, and what it tells."""

import json
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from trustkit.publish.crawl import crawl, pages_of
from trustkit.publish.serving import POLICY
from trustkit.publish.site import NoAddress, checked_address, not_found_page, sitemap, stamped
from trustkit.publish.stamp import Stamp, kit_version, stamp_of

from .conftest import ADDRESS, apart, publish

ROOT = Path(__file__).parents[2]

LOGO = "data:image/svg+xml;base64,PHN2Zy8+"


def test_each_page_says_its_version_and_the_file_says_the_same(published):
    told = json.loads((published.site / "version.json").read_text(encoding="utf-8"))
    assert told["kit"] == kit_version()
    assert told["date"] == "2026-11-23"
    line = f"Trustkit {told['kit']} · 2026-11-23 · {told['edition']}"
    for language in ("en", "zh"):
        for page in (published.site / language).rglob("*.html"):
            if "_static" not in page.parts:
                assert line in page.read_text(encoding="utf-8"), page


def test_pages_link_to_the_pdf_of_the_course_and_of_their_own_module(published):
    site = published.site
    lesson = (site / "zh/01-lesson/1-1-first.html").read_text(encoding="utf-8")
    assert 'href="../../pdf/zh/course.pdf"' in lesson and 'href="../../pdf/zh/01-lesson.pdf"' in lesson
    home = (site / "en/index.html").read_text(encoding="utf-8")
    assert 'href="../pdf/en/course.pdf"' in home and "01-lesson.pdf" not in home
    assert (site / "pdf/zh/01-lesson.pdf").is_file()


def test_a_site_without_pdf_links_to_none_and_keeps_no_old_one(published, tmp_path):
    root = shutil.copytree(published.root, tmp_path / "course")
    done = publish(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (root / "_build/site/pdf").exists()
    assert not (root / "_build/site/sitemap.xml").exists()
    assert ".pdf" not in (root / "_build/site/en/01-lesson/1-1-first.html").read_text(encoding="utf-8")


def test_publishing_again_touches_nothing(published):
    def times():
        return {path: path.stat().st_mtime_ns for path in published.site.rglob("*") if path.is_file()}

    before = times()
    done = publish(published.root, "--pdf", "--address", ADDRESS)
    assert done.returncode == 0, done.stderr
    assert "Printing" not in done.stdout
    assert times() == before


def test_the_command_tells_what_was_made_and_what_to_do_next(published):
    pages = len(list(published.site.rglob("*.html")))
    assert pages >= 15
    for told in (
        f"{pages} pages and 4 PDFs", "copy the folder to your web server", ADDRESS, POLICY, "Publish the course",
        "requests, 0 of them to other hosts.", "course.zip",
    ):  # fmt: skip
        assert told in published.said


def test_the_sitemap_names_every_page_at_its_address(published):
    names = [
        entry.text for entry in ElementTree.parse(published.site / "sitemap.xml").iter() if entry.tag.endswith("}loc")
    ]
    assert names == [ADDRESS + page for page in pages_of(published.site) if page != "404.html"]


def test_a_sitemap_escapes_what_an_address_cannot_hold():
    assert "<loc>https://a.example/x/a%20b%26.html</loc>" in sitemap(["a b&.html"], "https://a.example/x/", "")


@pytest.mark.parametrize("address", ["https://intranet.example/trust", "https://intranet.example/trust/"])
def test_an_address_ends_with_one_slash(address):
    assert checked_address(address) == "https://intranet.example/trust/"


@pytest.mark.parametrize("address", ["intranet/trust", "ftp://a/b", "https://", "https://a/?x=1", "https://a/#x"])
def test_what_is_no_address_is_refused_with_an_example(address):
    with pytest.raises(NoAddress, match=r"https://intranet\.example/trust/"):
        checked_address(address)


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_the_page_for_wrong_addresses_asks_for_nothing_by_a_relative_path(address):
    page = not_found_page(LOGO, ("en", "zh"), address)
    asked = [part.split('"')[0] for name in ("href=", "src=") for part in page.split(f'{name}"')[1:]]
    assert all(one.startswith(("/trust/", "data:")) for one in asked)
    assert ("/trust/zh/index.html" in asked) == bool(address)
    assert "<script" not in page and "style=" not in page


def test_the_page_for_wrong_addresses_obeys_the_policy_where_the_address_is_known_and_where_not(published, tmp_path):
    assert apart(crawl, published.site, ["404.html"], under="/trust/").stumbles == ()
    plain = not_found_page(LOGO, ("en", "zh"), "")
    (tmp_path / "404.html").write_text(plain, encoding="utf-8")
    assert apart(crawl, tmp_path, ["404.html"]).stumbles == ()


def test_a_page_without_a_place_for_the_version_stays_as_it_is():
    assert stamped("en/x.html", b"<p>x</p>", Stamp("1", "", "0"), set()) == b"<p>x</p>"


def test_the_date_is_that_of_the_sources_and_not_of_the_clock(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert stamp_of(tmp_path, ("book",), "0123456789").date == ""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert str(stamp_of(tmp_path, ("book",), "0123456789")).endswith("1970-01-01 · 01234567")


def test_make_help_names_what_publish_can_do():
    told = (ROOT / "Makefile").read_text(encoding="utf-8").split("publish: setup ##")[1].splitlines()[0]
    for option in ("--check", "--pdf", "--zip"):
        assert option in told
