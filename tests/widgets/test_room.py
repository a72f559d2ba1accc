"""The case room in a notebook: all cases in a list, the chosen one below it."""

import json
import shutil
from pathlib import Path

import pytest

import trustkit
from trustkit.widgets import CannotShow, CaseRoom, RolePlay

SMALL = Path(__file__).parents[1] / "cases" / "small" / "late-parcel"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """A course of one case in both languages and one in English only."""
    (tmp_path / "book").mkdir()
    shutil.copytree(SMALL, tmp_path / "cases" / "late-parcel")
    second = Path(shutil.copytree(SMALL, tmp_path / "cases" / "early-parcel"))
    (second / "zh.yaml").unlink()
    file = second / "case.yaml"
    text = file.read_text(encoding="utf-8").replace("id: late-parcel", "id: early-parcel")
    file.write_text(text.replace("title: The late parcel", "title: The early parcel"), encoding="utf-8")
    monkeypatch.setenv("TRUSTKIT_HOME", str(tmp_path))
    monkeypatch.delenv("TRUSTKIT_LANG", raising=False)
    monkeypatch.delenv("TRUSTKIT_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_cases_stand_in_the_list_and_nothing_is_played_yet():
    room = trustkit.CaseRoom("en")
    assert [id_ for _, id_ in room.cases.options] == ["", "early-parcel", "late-parcel"]
    assert "Parcels and delivery: The late parcel (Sam Ortega, difficulty 1 of 5" in room.cases.options[2][0]
    assert room.play is None


def test_the_chosen_case_is_played_below_the_list_in_the_rooms_language():
    room = CaseRoom("zh")
    room.cases.value = "late-parcel"
    assert isinstance(room.play, RolePlay)
    assert (room.play.bundle["id"], room.play.bundle["lang"]) == ("late-parcel", "zh")
    room.cases.value = "early-parcel"
    assert (room.play.bundle["id"], room.play.bundle["text_lang"]) == ("early-parcel", "en")
    room.cases.value = ""
    assert room.play is None


def test_a_case_that_cannot_be_read_does_not_keep_the_others_away(home):
    (home / "cases" / "early-parcel" / "case.yaml").write_text("id: [", encoding="utf-8")
    assert [id_ for _, id_ in CaseRoom("en").cases.options] == ["", "late-parcel"]


def test_a_case_that_broke_after_the_list_was_made_is_answered_with_a_line(home):
    room = CaseRoom("en")
    file = home / "cases" / "early-parcel" / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("to: look", "to: loook", 1), encoding="utf-8")
    room.cases.value = "early-parcel"
    assert room.play is None and "loook" in room.children[1].value


def test_where_no_widget_can_be_shown_a_sentence_says_where_the_room_is():
    data = CaseRoom("en")._repr_mimebundle_()
    assert data["text/plain"].startswith("Case room: choose one of 2 cases") and json.dumps(data)


def test_an_unknown_language_is_answered_with_the_languages_there_are():
    with pytest.raises(CannotShow, match="en, zh"):
        CaseRoom("fr")
