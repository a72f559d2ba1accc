"""The facts of a certificate and their code: any change of a fact or of the key gives another code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustkit.certificate.facts import (
    FACTS,
    NameRefused,
    code_of,
    embedded,
    extracted,
    is_code_of,
    person,
    read_code,
)

KEY, OTHER = b"k" * 32, b"o" * 32
texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
some_facts = st.fixed_dictionaries(dict.fromkeys(FACTS, texts))


@given(some_facts, st.sampled_from(FACTS), texts)
def test_a_code_belongs_to_its_facts_and_key_alone(facts, name, text):
    code = code_of(facts, KEY)
    assert is_code_of(code, facts, KEY) and not is_code_of(code, facts, OTHER)
    if text != facts[name]:
        assert not is_code_of(code, {**facts, name: text}, KEY)


@pytest.mark.parametrize("name", FACTS)
def test_each_fact_counts(name):
    facts = dict.fromkeys(FACTS, "a")
    assert not is_code_of(code_of(facts, KEY), {**facts, name: "b"}, KEY)


@given(some_facts)
def test_facts_that_are_moved_from_one_place_to_the_next_have_another_code(facts):
    moved = {**facts, "name": facts["name"] + facts["track"], "track": ""}
    assert moved == facts or code_of(moved, KEY) != code_of(facts, KEY)


@given(some_facts, st.sampled_from(["{}", " {} ", "{}."]))
def test_a_code_is_read_however_it_is_typed(facts, form):
    code = code_of(facts, KEY)
    alike = code.replace("0", "o").replace("1", "l").lower()
    for typed in (code, code.replace("-", ""), code.replace("-", " "), code.replace("-", "–"), alike):
        assert read_code(form.format(typed)) == code


@pytest.mark.parametrize("odd", ["", "A", "7XK2M-4QH9T-B0ZDA", "7XK2M-4QH9T-B0ZDA-55RWU", "li-na.pdf", "ÄXK2M" * 4])
def test_what_is_no_code_is_not_read_as_one(odd):
    assert read_code(odd) is None


@given(some_facts, st.binary(max_size=60), st.binary(max_size=60))
def test_facts_are_found_in_a_file_as_they_were_put_in(facts, before, after):
    code = code_of(facts, KEY)
    content = before + b"\n" + embedded(facts, code).encode("ascii") + b")\n" + after
    assert extracted(content) == (facts, code)


@given(some_facts, st.data())
def test_one_byte_changed_is_never_taken_for_genuine(facts, data):
    code = code_of(facts, KEY)
    content = bytearray(embedded(facts, code).encode("ascii"))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    found = extracted(bytes(content))
    assert found is None or not is_code_of(found[1], found[0], KEY) or found == (facts, code)


@given(st.binary(max_size=200))
def test_any_file_can_be_looked_into(content):
    assert extracted(content) is None
    assert extracted(b"trustkit-certificate-1:" + content) is None


@pytest.mark.parametrize(
    "name", ["Li Na", "李娜", "Nguyễn Thị Hoa", "O’Brien-Łukasz", "Ольга", "D'Angelo Jr.", "M. José"]
)
def test_names_of_people_stand_as_they_are(name):
    assert person(f"  {name} ", "A name") == name


@pytest.mark.parametrize(
    "name", ["", "   ", "=cmd|' /C calc'", "@x", "7 of 9", "A" * 81, "Li\u202eNa", "a<b>", 'Li "Na"', "a;b", "a\\b"]
)
def test_what_is_no_name_is_refused_with_a_sentence(name):
    with pytest.raises(NameRefused, match="A name "):
        person(name, "A name")
