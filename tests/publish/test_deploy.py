"""What stands in `deploy/` is strict, and a real nginx behind it serves the course without a way out."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

from trustkit.publish.serving import HEADERS, LAB_POLICY, POLICY

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CONF = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
PAGES = ("index.html", "en/01-lesson/1-1-first.html", "zh/notebooks/desk.html", "en/search.html")
FOR_A_YEAR = "public, max-age=31536000, immutable"


def test_the_policy_and_the_other_headers_have_one_source():
    told = dict(re.findall(r'add_header ([\w-]+) "([^"]+)" always;', CONF))
    assert told | {"Content-Security-Policy": POLICY} == HEADERS
    assert "add_header Content-Security-Policy $policy always;" in CONF
    policies = re.search(r"map \$uri \$policy \{(.*?)\n  \}", CONF, re.S)[1]
    assert re.findall(r'(\S+) "([^"]+)";', policies) == [("default", POLICY), ('"~^/[^/]+/lab/"', LAB_POLICY)]
    for language in ("en", "zh"):
        page = (ROOT / f"book/{language}/trainers/publish.md").read_text(encoding="utf-8")
        assert page.count(POLICY) == 3, "the settings for nginx, Apache and IIS"
        assert page.count(LAB_POLICY) == 1


def test_the_container_is_an_ordinary_user_with_nothing_to_write_to():
    course = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["course"]
    assert course["read_only"] is True and course["cap_drop"] == ["ALL"]
    assert course["security_opt"] == ["no-new-privileges:true"]
    assert [place.split(":")[0] for place in course["tmpfs"]] == ["/tmp"]
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert course["user"] == re.search(r"^USER (\S+)$", image, re.M)[1] != "0:0"
    assert "HEALTHCHECK" in image and re.search(r"^EXPOSE (\d+)$", image, re.M)[1] in course["ports"][0]


def test_the_builder_gets_the_pages_and_the_settings_and_nothing_else():
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if not line.startswith("#")]
    copied = re.findall(r"^COPY (\S+)", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert named[0] == "*"
    assert all(any(source.startswith(line[1:]) for line in named[1:]) for source in copied)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_settings_to_copy_are_sound(nginx, language, tmp_path):
    page = (ROOT / f"book/{language}/trainers/publish.md").read_text(encoding="utf-8")
    named = {kind: re.search(rf"```{kind}\n(.*?)```", page, re.S)[1] for kind in ("nginx", "xml")}
    conf = tmp_path / "nginx.conf"
    conf.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; "
        f"client_body_temp_path {tmp_path}/b; proxy_temp_path {tmp_path}/p; fastcgi_temp_path {tmp_path}/f; "
        f"uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s; "
        f"server {{ listen 127.0.0.1:8081; {named['nginx']} }} }}"
    )
    done = subprocess.run([nginx, "-t", "-c", str(conf)], capture_output=True, text=True)
    assert done.returncode == 0 and "[warn]" not in done.stderr, done.stderr
    headers = ElementTree.fromstring(named["xml"].encode()).iterfind(".//customHeaders/add")
    assert {one.get("name"): one.get("value") for one in headers} == HEADERS


@pytest.fixture(scope="module")
def behind(published, nginx):
    """What nginx answered, as an ordinary user on a read-only root, in a network without a way out."""
    walls = ["unshare", "--net", "--mount"]
    if os.geteuid() or subprocess.run([*walls, "true"], capture_output=True).returncode:
        pytest.skip("a network without a way out needs root and namespaces, which are not to be had here")
    done = subprocess.run(
        [*walls, sys.executable, str(Path(__file__).with_name("behind_nginx.py")), nginx, str(DEPLOY / "nginx.conf"),
         str(published.site), *PAGES],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_pages_behind_nginx_work_on_a_machine_with_no_way_out(behind):
    assert behind["way_out"] is False
    assert behind["stumbles"] == []
    assert behind["pages"] == len(PAGES) and behind["requests"] > 20


def test_nginx_is_nobody_may_do_nothing_and_can_write_to_its_tmp_alone(behind):
    assert behind["uid"] == "65534" and int(behind["capabilities"], 16) == 0
    assert behind["writable"] == ["/tmp"]


def test_every_answer_carries_the_headers_also_that_nothing_is_there(behind):
    for name, answer in behind["answers"].items():
        told = {key: answer["headers"].get(key.lower()) for key in HEADERS}
        assert told == HEADERS, name


def test_what_is_not_there_is_answered_with_our_page(behind):
    for name, answer in behind["answers"].items():
        assert (answer["status"], answer["ours"]) == ((404, True) if "nowhere" in name else (200, False)), name


def test_types_are_those_that_browsers_insist_on(behind):
    types = {name: answer["headers"]["content-type"].split(";")[0] for name, answer in behind["answers"].items()}
    assert types["trust/probe.wasm"] == "application/wasm"
    assert types["trust/probe.mjs"] == types["trust/python/worker.js"] == "text/javascript"
    assert types["trust/probe.whl"] == "application/octet-stream"
    assert types["trust/nowhere/at/all"] == types["trust/"] == "text/html"


def test_what_has_a_checksum_in_its_address_is_kept_and_all_else_is_asked_for_again(behind):
    kept = {name for name, answer in behind["answers"].items() if answer["headers"]["cache-control"] == FOR_A_YEAR}
    assert kept == {"trust/en/_static/course.css?v=0123abcd", "trust/_static/page/0123456789ab.css"}
    assert {answer["headers"]["cache-control"] for answer in behind["answers"].values()} == {"no-cache", FOR_A_YEAR}


def test_text_travels_packed(behind):
    assert behind["answers"]["trust/en/index.html"]["headers"]["content-encoding"] == "gzip"
