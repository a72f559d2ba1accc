"""What took long to work out is worked out once, and never trusted beyond what it rests on."""

from trustkit.cases.kept import kept


def test_an_answer_is_worked_out_once_for_each_question(empty_course):
    asked = []

    def answer():
        asked.append(1)
        return {"worst": 1}

    assert kept("bounds", "a", answer) == kept("bounds", "a", answer) == {"worst": 1}
    assert len(asked) == 1
    kept("bounds", "b", answer)
    assert len(asked) == 2


def test_half_an_answer_on_disk_is_not_believed(empty_course):
    kept("bounds", "a", lambda: [1])
    (file,) = (empty_course / "_build" / "kept" / "bounds").iterdir()
    file.write_text("[1", encoding="utf-8")
    assert kept("bounds", "a", lambda: [2]) == [2]


def test_where_nothing_can_be_written_the_answer_still_comes(empty_course):
    (empty_course / "_build").write_text("a file where a folder should be", encoding="utf-8")
    assert kept("bounds", "a", lambda: [3]) == [3]
