"""The instructor's desk, asked without a browser: what it shows, what it does, and what it refuses."""

import asyncio
import csv
import html
import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tornado import web

from trustkit.server.desk import Desk, Job

DEMO = ["Amara Okoye", "Diego Ramos", "Fang Yu", "Hassan Nasser", "Lin Xiao", "Sofia Lindqvist"]


def press(visitor, action: str, assignment: str = "first-complaint", **more):
    form = {"action": action, "assignment": assignment, "_xsrf": visitor.cookies["_xsrf"], **more}
    return visitor.post("/trustkit/desk/do", data=form, allow_redirects=False)


def wait_until_done(visitor) -> str:
    """Wait for the running step and return what the desk then shows."""
    for _ in range(600):
        now = visitor.get("/trustkit/desk/now").json()
        if not now["running"]:
            return html.unescape(now["html"])
        time.sleep(0.2)
    raise AssertionError("the step did not end")


def test_the_desk_says_which_hat_is_on_and_how_to_take_it_off(trainee):
    page = html.unescape(trainee.get("/trustkit/desk").text)
    assert "You are wearing the instructor's hat." in page and "Back to the trainee's hat" in page


def test_the_desk_shows_everybody_with_scores_and_a_result_in_words(trainee):
    page = html.unescape(trainee.get("/trustkit/desk").text)
    for name in DEMO:
        assert f"<bdi>{name}</bdi>" in page
    for word in ("✓ Passed", "✕ Not yet", "✎ To be marked by hand", "10 of 10", "as a file", "in JupyterLab"):
        assert word in page


def test_the_desk_speaks_chinese_too(trainee):
    page = trainee.get("/trustkit/desk?lang=zh").text
    assert "你现在是培训师身份。" in page and "收取" in page and "待人工批改" in page
    trainee.get("/trustkit/desk?lang=en")


def test_all_scores_can_be_taken_away_as_a_table(trainee):
    answer = trainee.get("/trustkit/desk/scores.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert set(DEMO) <= {row["name"] for row in rows}


def test_the_class_report_opens_from_the_desk_with_its_tables_and_without_names_where_asked(trainee):
    page = trainee.get("/trustkit/desk/report.html")
    assert page.headers["Content-Type"].startswith("text/html")
    assert all(name in page.text for name in DEMO)
    assert "Amara Okoye" in trainee.get("/trustkit/desk/report.trainees.csv").text
    hidden = trainee.get("/trustkit/desk/report-without-names.html").text
    assert "Names are hidden" in hidden and not any(name in hidden for name in DEMO)
    assert trainee.get("/trustkit/desk/report-of-another.html").status_code == 404


def test_a_button_works_only_from_our_own_page(trainee, stranger):
    for visitor, forged in ((trainee, {"_xsrf": ""}), (trainee, {"_xsrf": "2|0|0|1"})):
        assert press(visitor, "collect", **forged).status_code == 403
    form = {"action": "collect", "assignment": ""}
    assert stranger.post("/trustkit/desk/do", data=form, allow_redirects=False).status_code == 403


@pytest.mark.parametrize("action", ["", "nope", "export", "status; rm -rf /"])
def test_there_is_no_other_step(trainee, action):
    answer = press(trainee, action)
    assert answer.status_code == 400 and "There is no such step." in answer.text


def test_a_step_tells_how_it_went_and_a_second_one_has_to_wait(trainee):
    trainee.get("/trustkit/desk")
    answer = press(trainee, "autograde")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/trustkit/desk")
    second = press(trainee, "collect")
    assert second.status_code == 409 and "Autograde is still running." in second.text
    shown = wait_until_done(trainee)
    assert "✓</span> Autograde is done." in shown
    assert "unchanged since it was graded" in shown


def test_a_step_that_fails_says_why_in_a_sentence(trainee):
    trainee.get("/trustkit/desk")
    press(trainee, "release", "no-such-assignment")
    shown = wait_until_done(trainee)
    assert "Release met a problem." in shown
    assert "There is no assignment `no-such-assignment`." in shown and "Traceback" not in shown


def test_an_assignment_named_like_an_option_is_no_option(trainee):
    trainee.get("/trustkit/desk")
    press(trainee, "release", "--help")
    assert "Release met a problem." in wait_until_done(trainee)


def status_of(desk: Desk) -> dict:
    """Ask for the status in a thread: a browser test before this one leaves an event loop running in ours."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, desk.status()).result()


def test_without_a_class_the_desk_offers_to_make_one(tmp_path):
    status = status_of(Desk(tmp_path / "class", tmp_path / "trainee"))
    assert status["exists"] is False


def test_a_gradebook_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "class.json").write_text('{"lang": "en"', encoding="utf-8")
    with pytest.raises(web.HTTPError) as error:
        status_of(Desk(tmp_path, tmp_path / "trainee"))
    assert error.value.log_message


@pytest.mark.parametrize("code, state", [(None, "running"), (0, "done"), (1, "problem"), (-15, "stopped_midway")])
def test_every_end_of_a_step_has_its_words(code, state):
    from trustkit.server.pages import words

    job = Job("release")
    job.code = code
    assert job.state == state
    assert {words(language)[state] for language in ("en", "zh")} and job.action in words("zh")
