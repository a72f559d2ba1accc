"""The server that stands for a company's: a sub-path, the strict policy, and types as an old server knows them."""

import urllib.error
import urllib.request

import pytest

from trustkit.publish.serving import HEADERS, POLICY, served


@pytest.fixture
def address(tmp_path):
    for name in ("index.html", "worker.mjs", "course.js"):
        (tmp_path / name).write_text(name)
    (tmp_path.parent / "secret.txt").write_text("not to be served")
    with served(tmp_path, "/deep/down/") as address:
        yield address


def test_every_answer_carries_the_policy_also_that_nothing_is_there(address):
    for name in ("index.html", "nowhere.html"):
        try:
            answer = urllib.request.urlopen(address + name)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            assert {key: answer.headers[key] for key in HEADERS} == HEADERS


def test_only_the_sub_path_answers_and_nothing_above_the_folder(address):
    for path in (address.replace("/deep/down/", "/"), f"{address}../secret.txt", f"{address}%2e%2e/secret.txt"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(path)


def test_an_ending_that_old_servers_do_not_know_is_bytes(address):
    types = {
        name: urllib.request.urlopen(address + name).headers["Content-Type"] for name in ("worker.mjs", "course.js")
    }
    assert types == {"worker.mjs": "application/octet-stream", "course.js": "text/javascript"}


def test_the_policy_allows_nothing_from_outside_and_nothing_that_stands_in_a_page():
    assert "default-src 'none'" in POLICY
    for loose in ("unsafe-inline", "'unsafe-eval'", "http:", "https:", "*", "blob:"):
        assert loose not in POLICY
