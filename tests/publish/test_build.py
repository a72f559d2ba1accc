"""Building the book: what it yields, what stops it, and how little it does the second time."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from trustkit.publish.build import UNFINISHED, BuildFailed, build_book

BROKEN = Path(__file__).with_name("broken-book")

SAID = {
    "unknown-case": (5, "there is no case `nobody`. The cases are: late-parcel"),
    "unknown-drill": (3, "there is no drill `nothing`. The drills are: trust-or-not"),
    "bare-percentage": (4, "the figure “12%” has no label"),
    "unknown-reference": (3, "there is no reference `R99`"),
    "unknown-rule": (3, "there is no rule card `HOUSE-9`"),
    "unknown-term": (3, "happiness"),
    "broken-link": (3, "nowhere.md"),
    "broken-label": (3, "nowhere"),
    "missing-picture": (3, "nowhere.png"),
    "unknown-directive": (3, "quiz"),
}


def quiet(line: str) -> None:
    """Take a progress line and do nothing with it."""


@pytest.fixture
def book(small_site):
    """The small course, already built, to be changed; at the place where it was built, as Sphinx wants it."""
    root = small_site.with_name("course")
    shutil.rmtree(root)
    return shutil.copytree(small_site, root)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def written(site: Path) -> dict[str, int]:
    return {str(path.relative_to(site)): path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}


def test_both_editions_have_the_same_pages_at_the_same_addresses(small_site):
    site = small_site / "_build/site"
    pages = {
        language: {str(page.relative_to(site / language)) for page in (site / language).rglob("*.html")}
        for language in ("en", "zh")
    }
    assert pages["en"] == pages["zh"]
    assert {"index.html", "01-lesson/1-1-first.html", "notebooks/desk.html", "search.html"} <= pages["en"]


def test_the_first_page_offers_the_editions_and_needs_no_script(small_site):
    page = (small_site / "_build/site/index.html").read_text(encoding="utf-8")
    assert 'href="en/index.html"' in page
    assert 'href="zh/index.html"' in page
    assert "<script" not in page
    assert "refresh" not in page


def test_no_source_is_published(small_site):
    names = [path.name for path in (small_site / "_build/site").rglob("*")]
    assert "_sources" not in names
    assert not [name for name in names if name.endswith((".md", ".ipynb", ".yaml", ".map", ".buildinfo"))]


def test_every_page_loads_the_same_sheet_and_script_and_nothing_of_the_theme_lies_beside_them(small_site):
    for language in ("en", "zh"):
        edition = small_site / "_build/site" / language
        frames = {path.name for path in (edition / "_static").glob("frame.*")}
        assert {name.split(".")[-1] for name in frames} == {"js", "css"} and len(frames) == 2
        for page in edition.rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            assert all(f"_static/{name}" in text for name in frames), page
            assert set(re.findall(r'<script[^>]* src="[^"]*_static/([a-z-]+)[./]', text)) <= {
                "page", "frame", "code", "folds", "tabs", "trustkit-player", "trustkit-room", "trustkit-progress",
                "trustkit-lab", "trustkit-panel", "trustkit-passport",
            }, page  # fmt: skip
        left = {path.name for path in (edition / "_static").iterdir()}
        assert left.isdisjoint({"scripts", "styles", "vendor", "locales", "doctools.js", "searchtools.js"})
        assert not (edition / "searchindex.js").exists()


def test_the_font_of_icons_has_those_that_the_pages_show_and_no_others(small_site):
    from fontTools.ttLib import TTFont

    static = small_site / "_build/site/en/_static"
    (sheet,) = static.glob("frame.*.css")
    (font,) = static.glob("fa-solid-900.*.woff")
    assert f'url("{font.name}")' in sheet.read_text(encoding="utf-8")
    icons = set(TTFont(font).getBestCmap())
    assert {0xF002, 0xF0C9, 0xF185, 0xF186} <= icons and len(icons) < 80
    assert sum(path.stat().st_size for path in static.glob("*.woff")) < 20_000


def test_no_page_names_another_host_for_a_script_a_style_or_a_font(small_site):
    for page in (small_site / "_build/site").rglob("*.html"):
        text = page.read_text(encoding="utf-8")

        for host in ("cdn.jsdelivr", "cdnjs", "unpkg", "googleapis", "mathjax"):
            assert host not in text.lower(), (page, host)


def test_a_notebook_shows_the_player_where_its_cell_shows_a_role_play(small_site):
    for language in ("en", "zh"):
        page = (small_site / f"_build/site/{language}/notebooks/desk.html").read_text(encoding="utf-8")
        assert 'data-trustkit="#case-late-parcel-data"' in page
        assert f'"lang":"{language}"' in page
        assert "widget-view" not in page
        assert "widget-state" not in page


def test_links_between_book_and_notebooks_work_in_both_directions(small_site):
    site = small_site / "_build/site/zh"
    assert 'href="../notebooks/desk.html"' in (site / "01-lesson/1-1-first.html").read_text(encoding="utf-8")
    assert 'href="../01-lesson/1-1-first.html"' in (site / "notebooks/desk.html").read_text(encoding="utf-8")


def test_a_build_without_a_change_builds_and_touches_nothing(book):
    before, said = written(book / "_build/site"), []
    build_book(root=book, say=said.append)
    assert said == ["The book has not changed."]
    assert written(book / "_build/site") == before


def test_a_changed_page_is_the_only_lesson_read_again(book):
    change(book / "book/en/index.md", "Two lessons", "Two short lessons")
    said = []
    site = build_book(root=book, say=said.append)
    assert "English edition: 1 page to read" in said
    assert not [line for line in said if "Chinese" in line and "to read" in line]
    assert "Two short lessons" in (site / "en/index.html").read_text(encoding="utf-8")


def test_changed_styles_and_data_reach_the_site_though_no_page_changed(book):
    site = book / "_build/site"
    before = (site / "en/index.html").read_text(encoding="utf-8")
    assert "<pre>3\n" in (site / "en/notebooks/desk.html").read_text(encoding="utf-8").replace("<span></span>", "")
    (book / "book/_static/course.css").write_text(":root { --changed: 1; color: var(--changed) }\n")
    with open(book / "datasets/calls/calls.csv", "a") as file:
        file.write("3\n4\n")
    build_book(root=book, say=quiet)
    (sheet,) = (site / "en/_static").glob("frame.*.css")
    assert "--changed:" in sheet.read_text(encoding="utf-8")
    # Pages name the style with a checksum, so that no browser shows the old one.
    assert (site / "en/index.html").read_text(encoding="utf-8") != before
    assert "<pre>5\n" in (site / "en/notebooks/desk.html").read_text(encoding="utf-8").replace("<span></span>", "")


def test_a_page_taken_out_of_the_book_leaves_the_site(book):
    change(book / "_toc.yml", "      - file: book/en/01-lesson/1-2-second\n", "")
    for language in ("en", "zh"):
        (book / f"book/{language}/01-lesson/1-2-second.md").unlink()
    change(book / "book/en/01-lesson/1-1-first.md", "Then read {ref}`lesson-1-2` or go", "Go")
    change(book / "book/zh/01-lesson/1-1-first.md", "然后读{ref}`lesson-1-2`，或者去", "去")
    site = build_book(root=book, say=quiet)
    assert not (site / "en/01-lesson/1-2-second.html").exists()
    assert (site / "en/01-lesson/1-1-first.html").exists()


def test_after_a_build_that_was_broken_off_the_next_one_looks_at_all_again(book):
    (book / "_build/editions/en" / UNFINISHED).touch()
    (book / "_build/book.json").unlink()
    said = []
    build_book(root=book, say=said.append)
    # Sphinx would take what it wrote half for whole: pictures of a page, for example, are copied with the page.
    assert "English edition: 7 pages to read" in said
    assert not [line for line in said if "Chinese" in line and "to read" in line]
    assert not (book / "_build/editions/en" / UNFINISHED).exists()


def test_a_lost_page_of_the_site_is_put_back(book):
    (book / "_build/site/zh/index.html").unlink()
    assert (build_book(root=book, say=quiet) / "zh/index.html").exists()


def test_one_edition_alone_has_no_language_switch(book, tmp_path):
    site = build_book(("en",), tmp_path / "site", root=book, say=quiet)
    assert "tk-languages" not in (site / "en/index.html").read_text(encoding="utf-8")
    assert not (site / "zh").exists()
    assert "zh/index.html" not in (site / "index.html").read_text(encoding="utf-8")


def test_an_edition_that_does_not_exist_is_refused(small_site):
    with pytest.raises(ValueError, match="no edition fr"):
        build_book(("en", "fr"), root=small_site)


def test_every_problem_of_a_broken_book_is_reported_at_once_and_the_site_stays_as_it_was(book):
    toc = yaml.safe_load((book / "_toc.yml").read_text())
    for page in BROKEN.glob("*.md"):
        shutil.copy(page, book / "book/en")
        toc["parts"][1]["chapters"].append({"file": f"book/en/{page.stem}"})
    (book / "_toc.yml").write_text(yaml.safe_dump(toc))
    before = written(book / "_build/site")
    with pytest.raises(BuildFailed) as error:
        build_book(("en",), root=book, say=quiet)
    assert written(book / "_build/site") == before
    for name, (line, said) in SAID.items():
        found = [problem for problem in error.value.problems if problem.path == f"book/en/{name}.md"]
        assert [problem.line for problem in found] == [line] * len(found), (name, error.value.problems)
        assert any(said in problem.message for problem in found), (name, found)
    assert {page.stem for page in BROKEN.glob("*.md")} == set(SAID)
    # Failing once does not make the same book pass the second time.
    with pytest.raises(BuildFailed):
        build_book(("en",), root=book, say=quiet)


def test_a_cell_that_fails_stops_the_build_and_is_named(book):
    change(book / "notebooks/en/desk.md", "from trustkit import RolePlay\n", "1 / 0\n")
    with pytest.raises(BuildFailed) as error:
        build_book(("en",), root=book, say=quiet)
    (problem,) = error.value.problems
    assert (problem.path, problem.line) == ("notebooks/en/desk.md", 17)
    assert problem.message.startswith("this cell failed: ZeroDivisionError: division by zero\n    1 / 0")


def test_a_cell_that_warns_on_standard_error_stops_the_build(book):
    change(book / "notebooks/en/desk.md", 'RolePlay("late-parcel")', 'import sys; print("careful", file=sys.stderr)')
    with pytest.raises(BuildFailed, match=r"notebooks/en/desk\.md"):
        build_book(("en",), root=book, say=quiet)


def test_editions_that_differ_are_not_built(book):
    change(book / "book/zh/rules.md", "(rules)=\n", "")
    with pytest.raises(BuildFailed, match=r"book/zh/rules\.md:1: the label rules of book/en/rules\.md:1 is missing"):
        build_book(root=book, say=quiet)


def test_a_page_without_chinese_text_says_so_in_the_chinese_edition_and_its_terms_lead_to_the_glossary(book):
    page = book / "book/en/01-lesson/1-3-third.md"
    page.write_text(
        "(lesson-1-3)=\n# 1.3 Third\n\nA {term}`promise`, {claim}`9%`, and {ref}`lesson-1-3`.\n", encoding="utf-8"
    )
    change(
        book / "_toc.yml",
        "book/en/01-lesson/1-2-second",
        "book/en/01-lesson/1-3-third\n      - file: book/en/01-lesson/1-2-second",
    )
    site = build_book(root=book, say=quiet)
    chinese = (site / "zh/01-lesson/1-3-third.html").read_text(encoding="utf-8")
    assert '<p class="tk-not-translated">本页还没有中文版' in chinese
    assert '<div lang="en">' in chinese and "glossary.html#term-promise" in chinese
    assert "claim under test" in chinese
    assert "tk-not-translated" not in (site / "en/01-lesson/1-3-third.html").read_text(encoding="utf-8")
    assert "tk-not-translated" not in (site / "zh/01-lesson/1-2-second.html").read_text(encoding="utf-8")


def test_the_trainers_book_has_the_pages_that_no_trainee_gets(book):
    (book / "book/en/trainers").mkdir()
    (book / "book/en/trainers/index.md").write_text("# The key\n\nSee {ref}`rules`.\n", encoding="utf-8")
    site = build_book(root=book, say=quiet)
    assert not list(site.rglob("trainers"))
    assert "The key" not in "".join(page.read_text("utf-8") for page in site.rglob("*.html"))
    trainers = build_book(("en",), root=book, trainers=True, say=quiet)
    assert trainers == book / "_build/trainers/site"
    assert "The key" in (trainers / "en/trainers/index.html").read_text(encoding="utf-8")


def test_jupyter_book_alone_builds_the_english_edition_from_the_root(book):
    code = "from jupyter_book.cli.main import main; main(['build', '.'])"
    (book / ".pytest_cache").mkdir()
    (book / ".pytest_cache/README.md").write_text("# Not a page of the book\n")
    good = subprocess.run([sys.executable, "-c", code], cwd=book, capture_output=True, text=True)
    assert good.returncode == 0, good.stdout + good.stderr
    page = (book / "_build/html/book/en/01-lesson/1-1-first.html").read_text(encoding="utf-8")
    assert "trustkit-player.js" in page
    assert "tk-languages" not in page
    assert not list((book / "_build/html/book").glob("zh*"))
    shutil.copy(BROKEN / "bare-percentage.md", book / "book/en/rules.md")
    bad = subprocess.run([sys.executable, "-c", code], cwd=book, capture_output=True, text=True)
    assert bad.returncode != 0
