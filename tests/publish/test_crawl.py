"""The crawl finds what an intranet would stumble over, each planted here once, and finds nothing on our own pages."""

import pytest

from trustkit.publish import browser
from trustkit.publish.browser import NoBrowser
from trustkit.publish.crawl import crawl, pages_of

from .conftest import apart

PLANTED = {
    "outside.html": ("other host", "http://outside.invalid/font.css",
                     '<link rel="stylesheet" href="http://outside.invalid/font.css">'),
    "inline.html": ("policy", "script-src", "<script>document.title = 'inline'</script>"),
    "styled.html": ("policy", "style-src", '<p style="color: red">red</p>'),
    "missing.html": ("missing", "nowhere.png", '<img src="nowhere.png" alt="">'),
    "failing.html": ("script", "nothing of that name", '<script src="failing.js"></script>'),
    "later.html": ("missing", "opened.json",
                   '<details><summary>open</summary></details><script src="later.js"></script>'),
    "logging.html": ("script", "it went wrong", '<script src="logging.js"></script>'),
}  # fmt: skip
SCRIPTS = {
    "failing.js": 'throw new Error("nothing of that name")',
    "later.js": 'document.querySelector("summary").addEventListener("click", () => fetch("opened.json"))',
    "logging.js": 'console.error("it went wrong")',
}
KINDS_OF_PAGE = (
    "index.html",
    "en/index.html",
    "zh/06-complaints/6-1-complaint-process.html",
    "en/01-what-trust-is/1-3-trust-bank.html",
    "zh/case-room.html",
    "en/case-room/fridge-failed-twice.html",
    "zh/retrieval.html",
    "en/passport.html",
    "en/search.html",
    "zh/glossary.html",
    "en/notebooks/trust-drill.html",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    (folder / "deep").mkdir()
    for name, (_, _, fault) in PLANTED.items():
        (folder / name).write_text(f"<!DOCTYPE html><title>x</title><link rel=icon href=data:,>{fault}")
    (folder / "deep/sound.html").write_text("<!DOCTYPE html><title>x</title><link rel=icon href=data:,><p>sound")
    for name, code in SCRIPTS.items():
        (folder / name).write_text(code)
    watched = []
    return folder, apart(crawl, folder, watch=lambda done, of: watched.append((done, of))), watched


@pytest.mark.parametrize("page", PLANTED)
def test_what_is_planted_in_a_page_is_found_on_it(found, page):
    kind, what, _ = PLANTED[page]
    assert kind in {one.kind for one in found[1].stumbles if one.page == page and what in one.what}
    # What the policy keeps from being asked elsewhere is told as both.
    assert {one.kind for one in found[1].stumbles if one.page == page} <= {kind, "policy"}


def test_a_sound_page_is_left_alone_and_every_page_was_opened(found):
    folder, crawled, watched = found
    assert pages_of(folder) == sorted([*PLANTED, "deep/sound.html"])
    assert crawled.pages == len(PLANTED) + 1
    assert watched[-1] == (crawled.pages, crawled.pages)
    assert "deep/sound.html" not in {one.page for one in crawled.stumbles}


def test_a_stumble_reads_as_a_sentence(found):
    told = {str(one) for one in found[1].stumbles}
    assert "missing.html: asks for what is not there: nowhere.png" in told
    assert "outside.html: asks another host: http://outside.invalid/font.css" in told


def test_a_page_of_every_kind_asks_nobody_else_and_obeys_the_policy(site):
    crawled = apart(crawl, site, KINDS_OF_PAGE)
    assert [str(one) for one in crawled.stumbles] == []
    assert crawled.requests > 10 * len(KINDS_OF_PAGE)


def test_without_a_browser_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(browser, "find_chromium", lambda: None)
    with pytest.raises(NoBrowser, match=r"opens the pages with Chromium, and there is none here\. Debian: apt install"):
        crawl(tmp_path)
