"""The start page and the book, as the course serves them."""

import html
import http.client
import socket

import psutil
import pytest

PAGES = [
    "/course/", "/course/en/index.html", "/course/zh/index.html", "/course/en/_static/course.css", "/trustkit/desk",
    "/trustkit/desk/now", "/trustkit/desk/scores.csv", "/trustkit/static/bar.css", "/trustkit/api/attempts",
]  # fmt: skip


def test_the_printed_address_signs_in_for_the_whole_visit(trainee):
    assert "Two doors" in trainee.get("/course/").text
    assert trainee.get("/course/en/index.html").ok


@pytest.mark.parametrize("page", PAGES)
def test_nobody_gets_in_without_the_token(stranger, page):
    answer = stranger.get(page, allow_redirects=False)
    assert answer.status_code in (302, 403)
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/login")


def test_the_course_listens_on_the_loopback_interface_only(course):
    process = psutil.Process(course.process.pid)
    listening = [
        connection.laddr
        for one in [process, *process.children(recursive=True)]
        for connection in one.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert course.port in [address.port for address in listening]
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_a_request_under_another_host_name_is_refused(course):
    connection = http.client.HTTPConnection("127.0.0.1", course.port, timeout=20)
    connection.request("GET", f"/course/?token={course.token}", headers={"Host": "evil.example:80"})
    assert connection.getresponse().status == 403


def test_the_start_page_has_two_doors_and_says_which_hat_is_on(trainee):
    english = html.unescape(trainee.get("/course/?lang=en").text)
    assert "I am learning" in english and "I am teaching" in english
    assert "You are wearing the trainee's hat." in english
    assert 'href="/course/en/index.html"' in english and 'href="/trustkit/desk"' in english
    assert "/lab/tree/trainee/notebooks/en/complaint-room.ipynb" in english
    assert "/lab/tree/trainee/first-complaint/first-complaint.ipynb" in english


def test_the_start_page_remembers_the_language(trainee):
    assert "我来学习" in trainee.get("/course/?lang=zh").text
    again = trainee.get("/course/").text
    assert "我来学习" in again and 'lang="zh-CN"' in again
    assert "/lab/tree/trainee/notebooks/zh/" in again


@pytest.mark.parametrize("language, desk", [("en", "Instructor's desk"), ("zh", "培训师工作台")])
def test_a_page_of_the_book_knows_where_attempts_go_and_leads_to_the_other_places(trainee, language, desk):
    page = trainee.get(f"/course/{language}/index.html")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.text.count('<meta name="trustkit-api" content="/trustkit/api">') == 1
    bar = page.text.split('<nav class="tk-bar"', 1)[1].split("</nav>", 1)[0]
    assert desk.replace("'", "&#39;") in bar
    for address in ("/course/", "/lab", "/trustkit/desk", f"/course/{language}/index.html"):
        assert f'href="{address}"' in bar
    assert "_xsrf" in trainee.cookies


@pytest.mark.parametrize("path, kind", [
    ("/course/en/_static/course.css", "text/css; charset=utf-8"),
    ("/course/en/_static/trustkit-player.js", "application/javascript; charset=utf-8"),
    ("/course/en/_static/logo.svg", "image/svg+xml"),
])  # fmt: skip
def test_files_of_the_book_have_their_content_types(trainee, path, kind):
    answer = trainee.get(path)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_folder_of_the_book_opens_its_index_page(trainee):
    titles = [trainee.get(path).text.split("<title>")[1] for path in ("/course/en/", "/course/en/index.html")]
    assert titles[0][:60] == titles[1][:60]
    assert trainee.get("/course/en", allow_redirects=False).headers["Location"] == "/course/en/"


def test_a_page_that_did_not_change_is_not_sent_again(trainee):
    mark = trainee.get("/course/en/index.html").headers["ETag"]
    again = trainee.get("/course/en/index.html", headers={"If-None-Match": mark})
    assert again.status_code == 304 and not again.content


@pytest.mark.parametrize("path", [
    "/course/../../../pyproject.toml", "/course/%2e%2e/%2e%2e/pyproject.toml", "/course/..%2f..%2fpyproject.toml",
    "/course/en/%2e%2e/%2e%2e/%2e%2e/pyproject.toml", "/course//etc/passwd", "/trustkit/static/../words.yaml",
    "/trustkit/static/%2e%2e/words.yaml",
])  # fmt: skip
def test_no_path_leads_out_of_the_book(course, trainee, path):
    connection = http.client.HTTPConnection("127.0.0.1", course.port, timeout=20)
    cookies = "; ".join(f"{name}={value}" for name, value in trainee.cookies.items())
    connection.request("GET", path, headers={"Cookie": cookies})
    answer = connection.getresponse()
    assert answer.status in (403, 404)
    assert b"[project]" not in answer.read()


def test_a_page_that_is_not_there_says_so_and_shows_the_way_back(trainee):
    answer = trainee.get("/course/en/no-such-lesson.html")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text and 'href="/course/"' in answer.text
    assert "没有这个页面" in trainee.get("/course/zh/no-such-lesson.html").text


def test_no_page_may_load_anything_from_another_host(trainee):
    for page in ("/course/", "/course/en/index.html", "/trustkit/desk", "/lab", "/formgrader/manage_assignments"):
        policy = trainee.get(page).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self' data: blob:;")
        assert "http:" not in policy and "https:" not in policy and "*" not in policy


def test_the_port_is_refused_in_one_sentence_while_the_course_runs(course):
    from trustkit.environment import Problem, check_port

    with pytest.raises(Problem) as refused:
        check_port(course.port)
    assert str(course.port) in str(refused.value) and f"PORT={course.port + 1}" in str(refused.value)
    with socket.create_connection(("127.0.0.1", course.port)):
        pass
