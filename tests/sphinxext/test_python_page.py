"""Simulators and checkers in pages: a card first, then Python in a real Chromium, on a plain and strict web server."""

import functools
import http.server
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from trustkit import environment
from trustkit.attempts.replay import replay
from trustkit.simulators.trust_bank import curve, stories

SIMULATOR = "# Page\n\n```{simulator} trust-bank\n```\n"
CHECKER = "# Page\n\n```{checker} reply\n```\n"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'"
)
"""As strict as the plain theme allows, which writes a few lines into its pages; what is ours needs no unsafe word."""
PHONE = {"width": 390, "height": 844}

needs_python = pytest.mark.skipif(
    not environment.has_page_python(), reason="Python for the pages is not here; `make setup` fetches it"
)


def data(html: str, anchor: str) -> dict:
    found = re.search(rf'<script type="application/json" id="{anchor}-data">(.*?)</script>', html, re.S)
    return json.loads(found[1])


# ---------------------------------------------------------------- what the build writes


def test_a_simulator_is_a_card_with_its_data_and_a_sentence_without_scripts(build):
    html = build(SIMULATOR).page()
    bundle = data(html, "simulator-trust-bank")
    assert (bundle["kind"], bundle["id"], bundle["lang"]) == ("simulator", "trust-bank", "en")
    assert bundle["title"] in re.search(r'data-trustkit-panel="#simulator-trust-bank-data">(.*?)</div>', html, re.S)[1]
    assert "<noscript>" in html and "JavaScript" in html


def test_a_checker_is_embedded_in_the_language_of_the_edition(build):
    html = build(CHECKER, language="zh_CN").page()
    assert data(html, "checker-reply")["title"] == "回复检查" and "请在浏览器中启用" in html


def test_the_panels_script_is_loaded_only_on_pages_that_show_one_and_the_player_is_not(build):
    built = build({"index": "# Home\n", "run": SIMULATOR})
    assert "trustkit-panel.js" in built.page("run") and "trustkit-player.js" not in built.page("run")
    assert "trustkit-panel.js" not in built.page("index")


@pytest.mark.parametrize(("kind", "known"), [("simulator", "trust-bank"), ("checker", "reply")])
def test_an_unknown_id_is_a_problem_of_the_build_that_names_those_there_are(build, kind, known):
    built = build(f"# Page\n\nText.\n\n```{{{kind}}} nothing\n```\n")
    assert built.status == 1
    assert any(
        problem.startswith("index.md:5: ") and f"no {kind} `nothing`" in problem and known in problem
        for problem in built.problems
    )


def test_the_same_simulator_twice_on_a_page_is_refused(build):
    assert any("twice" in problem for problem in build(SIMULATOR + "\n```{simulator} trust-bank\n```\n").problems)


def test_a_page_in_plain_text_says_where_it_can_be_run(build):
    assert "Simulator “The trust bank”" in build(SIMULATOR, builder="text").page(suffix=".txt")


@needs_python
def test_a_book_that_is_built_alone_carries_its_own_python_and_an_edition_shares_it(build, tmp_path):
    def bases(built) -> list[str]:
        return [data(built.page(page), "simulator-trust-bank")["python"]["base"] for page in ("index", "module/lesson")]

    (tmp_path / "pages" / "module").mkdir(parents=True)
    pages = {"index": SIMULATOR, "module/lesson": SIMULATOR}
    built = build(pages)
    assert bases(built) == ["_static/python/", "../_static/python/"]
    assert (built.out / "_static/python/manifest.json").is_file()
    assert bases(build(pages, trustkit_editions=["en", "zh"])) == ["../python/", "../../python/"]


def test_without_the_runtime_the_page_sends_the_reader_to_jupyterlab(build, monkeypatch, chromium, tmp_path):
    monkeypatch.setattr(environment, "PAGE_PYTHON_FOLDER", str(tmp_path / "nowhere"))
    built = build(SIMULATOR)
    assert data(built.page(), "simulator-trust-bank")["python"] is None
    assert not (built.out / "_static/python").exists()
    page = chromium.new_page()
    page.goto((built.out / "index.html").as_uri())
    expect(page.locator(".tk-not-here")).to_contain_text('Simulator("trust-bank")')
    assert page.locator(".tk-start").count() == 0
    page.close()


@needs_python
def test_from_a_file_the_page_says_that_it_cannot_run_there(build, chromium):
    page = chromium.new_page()
    page.goto((build(SIMULATOR).out / "index.html").as_uri())
    expect(page.locator(".tk-not-here")).to_contain_text("cannot run from a file")
    page.close()


# ---------------------------------------------------------------- the page with Python


class Strict(http.server.SimpleHTTPRequestHandler):
    """A plain server that knows no .wasm and sends a strict policy with everything."""

    extensions_map = {  # noqa: RUF012
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".wasm": "application/octet-stream",
    }

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Path], str]]:
    """Puts a built book below a sub-path of a server and returns its address."""
    root = tmp_path / "served"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def at(out: Path) -> str:
        (root / "some").mkdir(parents=True)
        (root / "some" / "where").symlink_to(out)
        return f"http://127.0.0.1:{server.server_port}/some/where"

    yield at
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(chromium) -> Iterator[Callable[..., Page]]:
    """Opens pages in fresh profiles; no script error, no refusal by the policy, no other host."""
    contexts, faults = [], []

    def visit(address: str, **options: object) -> Page:
        context = chromium.new_context(**{"viewport": PHONE, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(f"{error} {error.stack}"))
        page.on(
            "console", lambda message: message.type == "error" and faults.append(f"{message.text} {message.location}")
        )
        page.on(
            "request", lambda one: one.url.startswith(("http://127.0.0.1", "data:", "blob:")) or faults.append(one.url)
        )
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "Failed to load resource" not in fault] == []


def kept(page: Page, activity: str) -> dict:
    return json.loads(page.evaluate(f"() => localStorage.getItem('trustkit:v1:{activity}')"))


def focused(page: Page, selector: str) -> bool:
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


@needs_python
def test_the_trust_bank_is_played_by_keyboard_left_and_gone_on_with(build, serve, visitor, record_property):
    page = visitor(f"{serve(build(SIMULATOR).out)}/index.html")
    assert (
        page.evaluate("() => performance.getEntriesByType('resource').filter(e => e.name.includes('/python/')).length")
        == 0
    )
    expect(page.locator(".tk-card")).to_contain_text("about 13 MB")
    while not focused(page, ".tk-start"):
        page.keyboard.press("Tab")
    began = time.monotonic()
    page.keyboard.press("Enter")
    expect(page.locator(".tk-bar")).to_be_visible()
    page.locator("form[data-form=story-1]").wait_for()
    record_property("seconds from click to ready", round(time.monotonic() - began, 1))

    def predict(number: int, end: int) -> None:
        while not focused(page, f"form[data-form=story-{number}] input"):
            page.keyboard.press("Tab")
        for _ in range(abs(end - 50)):
            page.keyboard.press("ArrowRight" if end > 50 else "ArrowLeft")
        expect(page.locator(".tk-number-value")).to_have_text(f"{end} points")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

    predict(1, 52)
    page.locator("form[data-form=story-2]").wait_for()
    expect(page.locator(".tk-block-chart .tk-block-chart")).to_have_count(1)
    assert page.locator(".tk-undo").count() == 0
    predict(2, 50)
    page.locator("form[data-form=story-3]").wait_for()

    seed = kept(page, "trust-bank")["current"]["seed"]
    page.reload()
    expect(page.locator(".tk-start")).to_have_text("Go on with the simulator")
    page.locator(".tk-start").press("Enter")
    page.locator("form[data-form=story-3]").wait_for()
    expect(page.locator(".tk-resumed")).to_contain_text("Welcome back")
    ends = [round(curve(events)[-1]) for events in stories(seed).values()]
    for number in (3, 4, 5):
        predict(number, ends[number - 1])
        page.locator(f"form[data-form={f'story-{number + 1}' if number < 5 else 'levers'}]").wait_for()
    expect(page.locator(".tk-verdict")).to_contain_text("Reached")
    expect(page.locator(".tk-saved")).to_have_text("Saved in this browser.")

    (record,) = kept(page, "trust-bank")["attempts"]
    result = replay(record)
    assert result.passed and result.scores["parts"]["right"] >= 3 and record["host"] == "page"
    assert [step["values"]["end"] for step in record["steps"]] == [52, 50, *ends[2:]]

    page.locator(".tk-submit").click()
    expect(page.locator(".tk-legend li")).to_have_count(2)
    page.locator(".tk-undo").click()
    expect(page.locator(".tk-legend li")).to_have_count(0)
    assert page.locator(".tk-undo").count() == 0, "what counts stays as it was answered"
    assert kept(page, "trust-bank")["attempts"] == [record]


@needs_python
def test_a_page_on_a_phone_keeps_its_width_and_its_letters(build, serve, visitor):
    page = visitor(f"{serve(build(SIMULATOR, language='zh_CN').out)}/index.html")
    page.locator(".tk-start").click()
    for number in range(1, 6):
        page.locator(f"form[data-form=story-{number}] .tk-submit").click()
    page.locator("form[data-form=levers] .tk-submit").click()
    page.locator(".tk-legend").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.tk-block-chart svg text')].map((text) =>
            parseFloat(getComputedStyle(text).fontSize) * text.getCTM().a)"""
    )
    assert len(sizes) > 60 and min(sizes) >= 12
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.tk-block-chart svg text')].filter((text) => {
            const box = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1;
        }).map((text) => text.textContent)"""
    )
    assert outside == []
    levels = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => Number(h.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))


@needs_python
def test_two_panels_share_one_python_and_findings_lead_to_their_words(build, serve, visitor):
    page = visitor(
        f"{serve(build(SIMULATOR + CHECKER.removeprefix('# Page')).out)}/index.html",
        viewport={"width": 900, "height": 800},
    )
    page.locator("#simulator-trust-bank .tk-start").click()
    page.locator("form[data-form=story-1]").wait_for()
    page.locator("#checker-reply .tk-start").click()
    page.locator("textarea").wait_for()
    assert len(page.workers) == 1
    page.locator("textarea").fill("😀 I am sorry. You should have read it. We guarantee it.")
    page.locator("#checker-reply .tk-submit").click()
    marks = page.locator("#checker-reply mark")
    expect(marks).to_have_count(2)
    assert [mark.inner_text() for mark in marks.all()] == ["1You should have", "2guarantee"]
    page.locator(".tk-finding[data-kind=promise] button").press("Enter")
    assert focused(page, "mark") and page.evaluate("() => document.activeElement.textContent") == "2guarantee"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page, ".tk-finding[data-kind=promise]")
    assert page.locator("#checker-reply").get_by_text("no points").count() == 1
    assert kept(page, "reply")["attempts"] == [], "what somebody writes is no attempt"
    page.locator("textarea").fill("I am sorry, this is half")
    page.wait_for_timeout(700)
    page.reload()
    page.locator("#checker-reply .tk-start").click()
    page.locator("textarea").wait_for()
    expect(page.locator("textarea")).to_have_value("I am sorry, this is half")


@needs_python
def test_when_loading_fails_the_page_says_so_and_the_next_click_tries_again(build, serve, visitor):
    out = build(SIMULATOR).out
    manifest = out / "_static/python/manifest.json"
    page = visitor(f"{serve(out)}/index.html")
    page.route("**/manifest.json", lambda route: route.fulfill(status=503, body=""))
    page.locator(".tk-start").click()
    expect(page.locator(".tk-problem")).to_contain_text("manifest.json: 503")
    page.unroute("**/manifest.json")
    assert manifest.is_file()
    page.locator(".tk-start").click()
    page.locator("form[data-form=story-1]").wait_for()
