"""What the build of one edition reports."""

from trustkit.publish.edition import problems_in


def test_path_line_and_message_are_taken_apart():
    report = "/s/a.md:12: WARNING: something is wrong [myst.x]\n/s/b.md: ERROR: all of it\nWARNING: no place\n"
    assert problems_in(report) == [
        {"path": "/s/a.md", "line": 12, "message": "something is wrong [myst.x]"},
        {"path": "/s/b.md", "line": 0, "message": "all of it"},
        {"path": "", "line": 0, "message": "no place"},
    ]


def test_further_lines_belong_to_the_message_before_them():
    assert problems_in("/s/a.md:1: ERROR: first\n\n  second\n")[0]["message"] == "first\n    second"


def test_the_same_warning_said_twice_counts_once():
    assert len(problems_in("/s/a.md:1: WARNING: x\n/s/a.md:1: WARNING: x\n")) == 1
