"""A mapping says what it means, and its mistakes are named by line."""

import json
from pathlib import Path

import pytest

from trustkit.data import DatasetError
from trustkit.data.company.mapping import BUILT_IN, SCHEMA, find_mapping, plain, read_mapping, recognise

FILES = Path(__file__).parent
GOOD = (FILES / "shop.yaml").read_text(encoding="utf-8")


def test_headers_are_one_whatever_their_capitals_spaces_and_signs():
    assert len({plain(name) for name in ("Sub-product", "Sub product", "sub_product", "SubProduct")}) == 1


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_built_in_readers_are_mappings_of_the_published_form(name):
    mapping = find_mapping(name)
    assert mapping.rules["complaint_id"] and mapping.recognised_by
    assert json.loads(SCHEMA.read_text(encoding="utf-8"))["title"]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("cfpb-2012", "cfpb"),
        ("cfpb-2016", "cfpb"),
        ("cfpb-2024", "cfpb"),
        ("zendesk", "zendesk"),
        ("freshdesk", "freshdesk"),
        ("freshdesk-capitals", "freshdesk"),
    ],
)
def test_an_export_is_recognised_by_its_header(file, kind):
    header = (FILES / f"{file}.csv").read_text(encoding="utf-8").split("\n")[0].split(",")
    assert recognise(header) == [kind]


def test_a_mapping_takes_over_what_it_does_not_say_from_the_one_it_is_like(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text("like: zendesk\ncolumns:\n  sat_post: 'CSAT [list]'\n  industry: Organization\n", encoding="utf-8")
    ours, base = read_mapping(path), find_mapping("zendesk")
    assert ours.rules["sat_post"][0].sources == ("CSAT [list]",)
    assert ours.rules["severity"] == base.rules["severity"] and ours.open == base.open


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  team: Gruppe", "  teem: Gruppe", 11, "there is no column `teem` in the table. It has: complaint_id,"),
        ("  complaint_id: Nr\n", "", 6, "`columns` lacks `complaint_id`"),
        ("zone: Europe/Berlin", "zone: Europe/Berlinn", 3, "there is no time zone `Europe/Berlinn`"),
        ('"%d.%m.%Y"]', '"%Q"]', 4, "`%Q` is neither `iso` nor a form"),
        ("hoch: 3", "hoch: 9", 13, "`9` is no value of `severity`, which is a whole number from 1 to 4"),
        ("unit: hours", "unit: weeks", 14, "must be one of seconds, minutes, hours, days"),
        ("{from: Dringlichkeit,", "{form: Dringlichkeit,", 13, "lacks `from`"),
        ("  team: Gruppe", "  team: {from: Gruppe, unit: hours}", 11, "`unit` cannot stand at `team`"),
        ("  team: Gruppe", "  team: {from: Gruppe, above: 0}", 11, "only a flag (0 or 1) is read with `above`"),
        ("only: {Art:", "onyl: {Art:", 19, "has `onyl`, which nothing reads"),
        ("columns:", "columns: [", 8, "this is not valid YAML"),
        ("title:", "like: outlook\ntitle:", 2, "must be one of cfpb, zendesk, freshdesk"),
    ],
)
def test_a_mistake_in_a_mapping_is_named_with_its_line(tmp_path, old, new, line, words):
    assert old in GOOD
    path = tmp_path / "ours.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        read_mapping(path)
    assert words in caught.value.message
    assert caught.value.path == path and caught.value.line == line


def test_a_mapping_that_is_not_there_is_named(tmp_path):
    for named, words in (
        (str(tmp_path / "none.yaml"), "does not exist"),
        ("outlook", "Built in: cfpb, zendesk, fresh"),
    ):
        with pytest.raises(DatasetError) as caught:
            find_mapping(named)
        assert words in caught.value.message
