"""Laying out the sources of an edition."""

import os

import pytest
import yaml

from trustkit.publish.stage import (
    StageError,
    edition_config,
    edition_toc,
    merged,
    published_path,
    source_path,
    stage,
    with_published_links,
)


@pytest.fixture
def root(tmp_path, small_book):
    return small_book(tmp_path / "course")


@pytest.mark.parametrize(
    ("source", "published"),
    [
        ("book/zh/01-lesson/1-1-first.md", "01-lesson/1-1-first.md"),
        ("notebooks/zh/desk.md", "notebooks/desk.md"),
        ("book/_static/course.css", "book/_static/course.css"),
    ],
)
def test_addresses_do_not_repeat_the_language_and_lead_back_to_the_source(root, source, published):
    assert published_path(source, "zh") == published
    assert source_path(published, "zh", root) == source


def test_a_page_without_chinese_text_stands_in_the_chinese_edition_in_english(root, tmp_path):
    (root / "book/zh/01-lesson/1-1-first.md").unlink()
    (root / "book/en/01-lesson/picture.svg").write_text("<svg/>", encoding="utf-8")
    stage(root, "zh", tmp_path / "zh")
    page = (tmp_path / "zh/01-lesson/1-1-first.md").read_text(encoding="utf-8")
    assert page.splitlines()[:8] == (root / "book/en/01-lesson/1-1-first.md").read_text("utf-8").splitlines()[:8]
    assert "(../notebooks/desk.md)" in page
    assert (tmp_path / "zh/01-lesson/picture.svg").exists()
    config = yaml.safe_load((tmp_path / "zh/_config.yml").read_text(encoding="utf-8"))
    assert config["sphinx"]["config"]["trustkit_untranslated"] == ["01-lesson/1-1-first"]
    assert source_path("01-lesson/1-1-first.md", "zh", root) == "book/en/01-lesson/1-1-first.md"


def test_what_trainers_alone_may_see_is_no_part_of_an_edition(root, tmp_path):
    (root / "book/en/trainers").mkdir()
    (root / "book/en/trainers/key.md").write_text("# The key\n", encoding="utf-8")
    stage(root, "en", tmp_path / "en")
    assert not (tmp_path / "en/trainers").exists()


def test_the_other_edition_is_no_part_of_this_one():
    assert published_path("book/zh/index.md", "en") is None


@pytest.mark.parametrize(
    ("source", "text", "published"),
    [
        ("book/en/a/b.md", "[x](../../../notebooks/en/desk.md#top)", "[x](../notebooks/desk.md#top)"),
        ("notebooks/en/desk.md", "{doc}`../../book/en/a/b`", "{doc}`../a/b`"),
        ("book/en/index.md", "[x](../../notebooks/en/desk.md)", "[x](notebooks/desk.md)"),
        ("book/en/index.md", "[x](../zh/index.md) and book/en", "[x](../zh/index.md) and book/en"),
    ],
)
def test_links_between_book_and_notebooks_are_those_of_the_edition(source, text, published):
    assert with_published_links(text, source, "en") == published


def test_settings_merge_mappings_and_replace_the_rest():
    base = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merged(base, {"a": {"c": [3]}}, {"d": 2}) == {"a": {"b": 1, "c": [3]}, "d": 2}
    assert base == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def test_each_edition_has_its_title_its_language_and_the_switch(root):
    config = edition_config(root, "zh")
    assert config["title"] == "小课本"
    assert config["sphinx"]["config"]["language"] == "zh_CN"
    assert config["sphinx"]["config"]["trustkit_editions"] == ["en", "zh"]
    assert "captions" not in config


def test_the_contents_have_published_paths_and_captions_in_the_language(root):
    toc = edition_toc(root, "zh")
    assert toc["root"] == "index"
    assert [part["caption"] for part in toc["parts"]] == ["课程", "常备手边"]
    assert toc["parts"][0]["chapters"][2] == {"file": "notebooks/desk"}


def test_a_caption_without_a_translation_is_refused(root):
    path = root / "_toc.yml"
    path.write_text(path.read_text().replace("Keep at hand", "Keep close"))
    with pytest.raises(StageError, match=r"book/zh/_config\.yml.*“Keep close”"):
        edition_toc(root, "zh")


def test_a_page_of_the_contents_that_does_not_exist_is_refused(root):
    (root / "book/zh/rules.md").unlink()
    (root / "book/en/rules.md").unlink()
    with pytest.raises(StageError, match=r"book/zh/rules\.md does not exist"):
        edition_toc(root, "zh")


def test_only_what_changed_is_written_and_what_vanished_is_removed(root, tmp_path):
    target = tmp_path / "stage"
    target.mkdir()
    stage(root, "en", target)
    pages = {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()}
    os.utime(root / "book/en/index.md")
    (root / "book/en/rules.md").write_text("(rules)=\n# Other rules\n", encoding="utf-8")
    (root / "book/en/picture.svg").write_text("<svg/>")
    stage(root, "en", target)
    changed = [path.name for path, time in pages.items() if path.stat().st_mtime_ns != time]
    assert changed == ["rules.md"]
    assert (target / "picture.svg").exists()
    (root / "book/en/picture.svg").unlink()
    stage(root, "en", target)
    assert not (target / "picture.svg").exists()


def test_attempts_and_notebooks_that_a_trainee_left_behind_are_not_published(root, tmp_path):
    (root / "notebooks/en/attempts").mkdir()
    (root / "notebooks/en/attempts/mine.json").write_text("{}")
    (root / "notebooks/en/Untitled.ipynb").write_text("{}")
    target = tmp_path / "stage"
    target.mkdir()
    stage(root, "en", target)
    assert sorted(path.name for path in (target / "notebooks").iterdir()) == ["desk.md"]


def test_byte_order_marks_and_windows_line_ends_are_welcome_in_a_page(root, tmp_path):
    page = root / "book/en/index.md"
    page.write_bytes(b"\xef\xbb\xbf" + page.read_bytes().replace(b"\n", b"\r\n"))
    target = tmp_path / "stage"
    target.mkdir()
    stage(root, "en", target)
    assert (target / "index.md").read_bytes().startswith(b"(home)=\n# A small book\n")


def test_a_page_in_another_encoding_is_refused_with_its_line(root, tmp_path):
    (root / "book/zh/index.md").write_bytes("(home)=\n# 小课本\n".encode("gb18030"))
    with pytest.raises(StageError, match=r"book/zh/index\.md:2: .*UTF-8"):
        stage(root, "zh", tmp_path / "stage")


def test_settings_that_are_not_yaml_are_refused(root, tmp_path):
    (root / "_config.yml").write_text("title: [", encoding="utf-8")
    with pytest.raises(StageError, match=r"_config\.yml: this is not valid YAML"):
        stage(root, "en", tmp_path / "stage")


def test_what_is_staged_is_what_jupyter_book_reads(root, tmp_path):
    target = tmp_path / "stage"
    target.mkdir()
    stage(root, "en", target)
    assert yaml.safe_load((target / "_toc.yml").read_text())["format"] == "jb-book"
    assert (target / yaml.safe_load((target / "_config.yml").read_text())["logo"]).is_file()
