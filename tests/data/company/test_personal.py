"""People are taken out of what is read, in English and in Chinese, and labels stay what they are."""

import pytest

from trustkit.data.company.personal import Masks, Pseudonyms


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("Dear Mr Baker, thank you", "Dear Mr [name], thank you"),
        ("Hi Anna, where is it?", "Hi [name], where is it?"),
        ("My name is Paula Reyes and I waited", "My name is [name] and I waited"),
        ("I am Olga Petrov. Nothing came", "I am [name]. Nothing came"),
        ("Nothing came.\nRegards,\nOlga Petrov", "Nothing came.\nRegards,\n[name]"),
        ("call me on 138 0013 8000 or +44 20 7946 0018", "call me on [phone] or [phone]"),
        ("write to paula.reyes@example.com", "write to [mail]"),
        ("my card 4539 1488 0343 6467 was charged", "my card [card] was charged"),
        ("account GB82 WEST 1234 5698 7654 32", "account [account]"),
        ("order 123456789 of 2024-01-05", "order [number] of 2024-01-05"),
        ("I live at 12 Baker Street", "I live at [address]"),
        ("我叫王小明，冰箱坏了", "我叫[name]，冰箱坏了"),
        ("王先生没有来", "[name]先生没有来"),
        ("欧阳女士接的电话", "[name]女士接的电话"),
        ("这位先生没有来", "这位先生没有来"),
        ("我的电话是13800138000，请回电", "我的电话是[phone]，请回电"),
        ("身份证11010519491231002X", "身份证[id]"),
        ("住在中山路12号", "住在[address]"),
    ],
)
def test_a_text_loses_what_tells_of_a_person(said, masked):
    assert Masks().text(said) == masked


@pytest.mark.parametrize(
    ("said", "names", "masked"),
    [
        ("It was Tomas who came, tomas novak!", ["Tomas Novak"], "It was [name] who came, [name]!"),
        ("Will said it will come in May", ["Will May"], "[name] said it will come in [name]"),
        ("小明打过电话，王小明很急", ["王小明"], "[name]打过电话，[name]很急"),
        ("Jo wrote again", ["jo.smith@example.org"], "[name] wrote again"),
    ],
)
def test_a_text_loses_the_names_of_its_own_row(said, names, masked):
    assert Masks().text(said, names) == masked


@pytest.mark.parametrize("label", ["L7 washer", "Article 123456789", "Dr Pepper", "Plan 2024-01-05", "售后组"])
def test_a_label_stays_what_it_is(label):
    masks = Masks()
    assert masks.value(label) == label and not masks.counts


def test_a_label_loses_a_mail_address_and_a_telephone():
    masks = Masks()
    assert masks.value("Team of anna@example.com, 13800138000") == "Team of [mail], [phone]"
    assert masks.counts == {"mail": 1, "phone": 1}


def test_the_same_person_has_the_same_pseudonym_and_another_key_gives_another():
    one, other = Pseudonyms(b"a" * 32), Pseudonyms()
    assert one.of("customer_id", "Anna  Berg") == one.of("customer_id", "anna berg")
    assert one.of("customer_id", "Anna Berg") != one.of("agent_id", "Anna Berg")[:2] + one.of("customer_id", "B")[2:]
    assert one.of("customer_id", "Anna Berg") != other.of("customer_id", "Anna Berg")
    assert one.of("agent_id", "1").startswith("A-") and len(one.of("agent_id", "1")) == 15
