"""The table of terms."""

import pytest

from trustkit.course import course_root
from trustkit.sphinxext.terms import GlossaryError, glossary_path, read_glossary

HEAD = "id,en,zh,definition_en,definition_zh\n"
ALSO = "id,en,zh,definition_en,definition_zh,also_en,also_zh,linked\n"


def test_the_course_has_a_sound_table():
    assert len(read_glossary(glossary_path(course_root()))) >= 135


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (b"id,en,zh\na,b,c\n", ":1:", "definition_en, definition_zh is missing"),
        (HEAD + "trust,trust,,x,y\n", ":2:", "`zh` is empty"),
        (HEAD + "trust,trust,信任,x,y\ntrust,other,别的,x,y\n", ":3:", "stands in line 2 already"),
        (HEAD + "trust,trust,信任,x,y\nfaith,Trust,别的,x,y\n", ":3:", "stands in line 2 already"),
        (HEAD + "my trust,trust,信任,x,y\n", ":2:", "is no id"),
        (ALSO + "trust,trust,信任,x,y,,,\nclv,value,价值,x,y,CLV; Trust,,\n", ":3:", "`Trust` stands in line 2"),
        (ALSO + "trust,trust,信任,x,y,,,maybe\n", ":2:", "say en, zh or no"),
        ("id,术语".encode("gb18030"), "", "UTF-8"),
    ],
    ids=["column missing", "empty cell", "id twice", "name twice", "bad id", "other name twice", "linked", "not utf-8"],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, content, place, said):
    path = tmp_path / "glossary.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(GlossaryError) as error:
        read_glossary(path)
    assert f"{path}{place}" in str(error.value)
    assert said in str(error.value)


def test_a_byte_order_mark_and_windows_line_ends_are_welcome(tmp_path):
    path = tmp_path / "glossary.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + "trust,trust,信任,x,y\n").replace("\n", "\r\n").encode())
    assert read_glossary(path)[0].name == {"en": "trust", "zh": "信任"}


def test_a_missing_table_is_one_sentence(tmp_path):
    with pytest.raises(GlossaryError, match="does not exist"):
        read_glossary(tmp_path / "glossary.csv")


def test_a_term_has_its_other_names_and_says_where_it_is_linked(tmp_path):
    path = tmp_path / "glossary.csv"
    path.write_text(ALSO + "clv,lifetime value,终身价值,x,y,CLV; LTV,,en\ntrust,trust,信任,x,y\n", encoding="utf-8")
    value, trust = read_glossary(path)
    assert value.names("en") == ["lifetime value", "CLV", "LTV"]
    assert value.names() == ["lifetime value", "CLV", "LTV", "终身价值"]
    assert value.linked == ("en",)
    assert trust.linked == ("en", "zh")
