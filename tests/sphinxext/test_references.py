"""The file of references."""

import pytest

from trustkit.course import course_root
from trustkit.sphinxext.references import GROUPS, ReferencesError, read_references, references_path

SOUND = """@article{R1,
  group = {lessons},
  author = {De Matos, C. A. and van Oest, R. and Rossi, C.},
  year = {2007},
  title = {A {Meta}-analysis of 3*4},
  journal = {Journal},
  volume = {10},
  number = {1},
  pages = {60--77},
  doi = {10.1/x},
  short = {De Matos 2007},
  checked = {abstract},
  checked_zh = {摘要},
}
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "references.bib"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_the_course_has_sound_references_in_every_group():
    found = read_references(references_path(course_root()))
    assert {reference.group for reference in found} == set(GROUPS)
    assert {"R1", "R13", "R40", "M11"} <= {reference.key for reference in found}


def test_what_was_not_read_says_so_in_both_languages():
    for reference in read_references(references_path(course_root())):
        if reference.group == "unread":
            assert reference.checked["en"].startswith("not read"), reference.key
            assert reference.checked["zh"].startswith("未读"), reference.key


def test_a_reference_is_written_as_readers_expect_it(written):
    (reference,) = read_references(written(SOUND))
    assert reference.text["en"] == (
        r"De Matos, C. A., van Oest, R., and Rossi, C. (2007). A Meta-analysis of 3\*4. "
        "*Journal* 10(1), 60–77, doi 10.1/x."
    )
    assert reference.text["zh"] == reference.text["en"]
    assert reference.short == {"en": "De Matos 2007", "zh": "De Matos 2007"}
    assert reference.checked == {"en": "abstract", "zh": "摘要"}
    assert reference.line == 1


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (SOUND.replace("  group = {lessons},\n", ""), ":1:", "R1 has no `group`"),
        (SOUND.replace("{lessons}", "{books}"), ":1:", "use lessons, model, unread"),
        (SOUND.replace("  checked_zh = {摘要},\n", ""), ":1:", "R1 has no `checked_zh`"),
        (SOUND.replace("{lessons}", "{unread}"), ":1:", "R1 was not read. Say in a `note`"),
        (SOUND.replace("year =", "note = {A word.},\n  year ="), ":1:", "no `note_zh`"),
        (SOUND.replace("year =", "entryset = {R1.1},\n  year ="), ":1:", "names the entry R1.1"),
        (SOUND + SOUND, ":15:", "stands in line 1 already"),
        (SOUND.replace("R1", "R_1"), ":1:", "letters, digits, dots and hyphens"),
        (SOUND.replace("{2007},", "{2007"), ":", ""),
        (SOUND.replace("= {lessons}", "lessons"), ":2:", "this is no BibTeX"),
        ("".join(line for line in SOUND.splitlines(True) if "author" not in line and "title" not in line
                 and "journal" not in line and "doi" not in line), ":1:", "R1 has no text"),
        (SOUND.encode("utf-16"), "", "not in UTF-8"),
    ],
    ids=["no group", "other group", "no Chinese", "unread and no note", "note in one language", "part missing", "twice",
         "key", "brace", "equals sign", "empty", "not utf-8"],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(written, text, place, said):
    path = written(text)
    with pytest.raises(ReferencesError) as error:
        read_references(path)
    assert str(error.value).startswith(f"{path}{place}")
    assert said in str(error.value)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(ReferencesError, match="does not exist"):
        read_references(tmp_path / "references.bib")
