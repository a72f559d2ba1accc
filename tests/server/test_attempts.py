"""Attempts that a page of the book posts to the running course."""

import json

import pytest

API = "/trustkit/api/attempts"


def post(visitor, record, **headers):
    body = record if isinstance(record, bytes) else json.dumps(record).encode()
    return visitor.post(API, data=body, headers={"Content-Type": "application/json", **headers})


def test_an_attempt_is_kept_with_the_assignment_that_asks_for_it(course, trainee, best_attempt):
    answer = post(trainee, best_attempt, **trainee.xsrf)
    assert answer.status_code == 201
    name = f"fridge-failed-twice-{best_attempt['id']}.json"
    assert answer.json()["path"] == f"first-complaint/attempts/{name}"
    kept = course.trainee / "first-complaint" / "attempts" / name
    assert json.loads(kept.read_text(encoding="utf-8")) == best_attempt


def test_an_attempt_no_assignment_asks_for_is_kept_in_the_trainees_own_folder(course, trainee, drill_attempt):
    answer = post(trainee, drill_attempt, **trainee.xsrf)
    assert answer.json()["saved"] == [f"attempts/trust-or-not-{drill_attempt['id']}.json"]
    assert (course.trainee / answer.json()["path"]).is_file()


def test_posting_the_same_attempt_twice_keeps_one_file(course, trainee, best_attempt):
    paths = {post(trainee, best_attempt, **trainee.xsrf).json()["path"] for _ in range(2)}
    assert len(paths) == 1
    folder = course.trainee / "first-complaint" / "attempts"
    assert len(list(folder.glob(f"*{best_attempt['id']}*"))) == 1


def test_another_attempt_under_the_same_id_overwrites_nothing(course, trainee, best_attempt):
    first = post(trainee, best_attempt, **trainee.xsrf).json()["path"]
    before = (course.trainee / first).read_bytes()
    second = post(trainee, {**best_attempt, "learner": "somebody-else"}, **trainee.xsrf).json()["path"]
    assert second != first and (course.trainee / first).read_bytes() == before


def test_a_post_from_elsewhere_is_refused(course, trainee, best_attempt):
    for headers in ({}, {"X-XSRFToken": "2|00000000|00000000000000000000000000000000|1"}):
        assert post(trainee, best_attempt, **headers).status_code == 403
    assert not list(course.trainee.rglob(f"*{best_attempt['id']}*"))


def test_a_post_without_signing_in_is_refused(course, stranger, best_attempt):
    assert post(stranger, best_attempt).status_code == 403
    assert not list(course.trainee.rglob(f"*{best_attempt['id']}*"))


def test_a_program_may_post_with_the_token_instead(course, stranger, best_attempt):
    assert post(stranger, best_attempt, Authorization=f"token {course.token}").status_code == 201


@pytest.mark.parametrize("change, code", [
    ({"activity": "no-such-case"}, "unknown-activity"),
    ({"content": "0123456789abcdef"}, "unknown-content"),
    ({"finished_at": None}, "unfinished"),
    ({"schema": 2}, "wrong-version"),
    ({"kind": "exam"}, "wrong-format"),
    ({"activity": "../../first-complaint"}, "wrong-format"),
    ({"id": "../../../../tmp/x"}, "wrong-format"),
])  # fmt: skip
def test_a_refused_attempt_comes_with_its_reason_and_is_not_kept(course, trainee, best_attempt, change, code):
    answer = post(trainee, {**best_attempt, **change}, **trainee.xsrf)
    assert answer.status_code == 422
    assert answer.json()["error"] == code
    assert answer.json()["message"].endswith(".")
    assert not list(course.trainee.rglob(f"*{best_attempt['id']}*"))


def test_a_score_that_the_steps_do_not_give_is_refused(trainee, best_attempt):
    best_attempt["result"]["conduct"] = 100
    answer = post(trainee, best_attempt, **trainee.xsrf)
    assert (answer.status_code, answer.json()["error"]) == (422, "claimed-result")
    assert "conduct" in answer.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"text"', b"[" * 100_000])
def test_what_is_no_attempt_is_refused_in_words(trainee, body):
    answer = post(trainee, body, **trainee.xsrf)
    assert answer.status_code == 422
    assert answer.json()["error"] in ("not-json", "wrong-format")


def test_far_too_much_is_refused(trainee, best_attempt):
    best_attempt["learner"] = "x" * 1_500_000
    answer = post(trainee, best_attempt, **trainee.xsrf)
    assert (answer.status_code, answer.json()["error"]) == (413, "too-large")


def test_the_trainees_attempts_can_be_listed(trainee, best_attempt, drill_attempt):
    for record in (best_attempt, drill_attempt):
        post(trainee, record, **trainee.xsrf)
    listed = trainee.get(API).json()["attempts"]
    assert best_attempt in listed and drill_attempt in listed
    assert len({record["id"] for record in listed}) == len(listed)
    only = trainee.get(f"{API}?activity=trust-or-not").json()["attempts"]
    assert drill_attempt in only and {record["activity"] for record in only} == {"trust-or-not"}
