"""`trustkit map` and `trustkit preview`: the map of a case, and its page that follows every save."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from trustkit.cases.compile import compiled
from trustkit.cases.reader import read_case, text_of
from trustkit.cases.solve import solution_of
from trustkit.cases.way import way_to
from trustkit.cli import main
from trustkit.preview import IN_TRANSLATION

ROOT = Path(__file__).parents[2]
CASE = "fridge-failed-twice"
SMALL = Path(__file__).parents[1] / "cases" / "small" / "late-parcel"
DEFECTS = Path(__file__).parents[1] / "cases" / "defects"
WAIT = 30_000


def test_the_map_is_printed_or_written_where_one_wants_it(tmp_path, capsys):
    assert main(["map", str(SMALL)]) == 0
    printed = capsys.readouterr().out
    assert ElementTree.fromstring(printed).tag.endswith("svg")
    assert main(["map", str(SMALL), "--out", str(tmp_path / "map.svg")]) == 0
    assert (tmp_path / "map.svg").read_text(encoding="utf-8") == printed
    assert "gives the answers away" in capsys.readouterr().out


@pytest.mark.parametrize("arguments, sentence", [
    (["map", "nope"], "There is no case `nope`."),
    (["map", str(SMALL), "--variant", "nope"], "There is no variant `nope`. Known are: base"),
    (["map", str(DEFECTS / "undefined-scene")], "case.yaml:56: there is no scene `goodby`."),
    (["map", str(SMALL), "--out", "/nowhere/map.svg"], "/nowhere/map.svg: No such file or directory."),
    (["preview", "nope"], "There is no case `nope`."),
    (["preview", str(SMALL), "--variant", "nope"], "There is no variant `nope`. Known are: base"),
    (["preview", str(SMALL), "--from", "nope"], "There is no scene `nope`. Known are: "),
    (["preview", CASE, "--from", "goodbye"], "The scene `goodbye` closes the conversation"),
])  # fmt: skip
def test_a_slip_is_answered_with_a_sentence_and_exit_code_1(arguments, sentence, capsys):
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert sentence in said.err and not said.out and len(said.err.splitlines()) == 1


# A preview that is not refused would be served for ever.
@pytest.mark.timeout(60)
def test_a_scene_that_no_way_reaches_is_said_so(tmp_path, capsys):
    folder = tmp_path / "late-parcel"
    shutil.copytree(SMALL, folder)
    (folder / "zh.yaml").unlink(missing_ok=True)
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    choice = "on: {say: On., behaviours: {act: 1}, feedback: On., to: alone}"
    alone = f"scenes:\n  alone:\n    customer: Nobody comes here.\n    choices:\n      {choice}\n"
    first = next(iter(compiled(SMALL)["scenes"]))["id"]
    (folder / "case.yaml").write_text(text.replace("scenes:\n", f"start: {first}\n" + alone, 1), encoding="utf-8")
    assert main(["preview", str(folder), "--from", "alone"]) == 1
    assert "No way through the variant `base` reaches the scene `alone`." in capsys.readouterr().err


def test_the_way_to_a_scene_is_that_of_somebody_who_does_well():
    solution = solution_of(compiled(CASE))
    best = solution.best_path().choices
    assert way_to(solution, "call") == ()
    assert way_to(solution, "slot") == best[: len(way_to(solution, "slot"))]
    # Nobody who does well is left waiting; the way there is still one without a red line.
    waited = solution.play.walk(list(way_to(solution, "waited")))[-1]
    assert solution.play.structure["scenes"][waited.scene]["id"] == "waited" and waited.red_lines == 0
    assert way_to(solution, "nowhere") is None


def test_the_rules_of_translation_are_rules_of_lint():
    from trustkit.cases.lint import RULES

    assert set(RULES) >= IN_TRANSLATION


class Opened:
    """A preview of a copy of the fridge case, started as a person starts it."""

    def __init__(self, folder, *arguments):
        shutil.copytree(ROOT / "cases" / CASE, folder / CASE)
        self.file = folder / CASE / "case.yaml"
        self.sound = self.file.read_text(encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "trustkit", "preview", str(folder / CASE), "--no-browser", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
        )  # fmt: skip
        self.address = self.process.stdout.readline().split()[-1]

    def change(self, old, new):
        assert old in self.sound
        self.file.write_text(self.sound.replace(old, new), encoding="utf-8")

    def end(self):
        self.process.send_signal(signal.SIGINT)
        said = self.process.communicate(timeout=20)[0]
        return self.process.returncode, said


@pytest.fixture
def preview(tmp_path, chromium):
    begun = []

    def begin(*arguments):
        opened = Opened(tmp_path, *arguments)
        begun.append(opened)
        opened.context = chromium.new_context()
        opened.page = opened.context.new_page()
        opened.page.set_default_timeout(WAIT)
        opened.page.goto(opened.address)
        return opened

    yield begin
    for opened in begun:
        opened.context.close()
        if opened.process.poll() is None:
            opened.end()


def test_the_page_follows_every_save_and_stays_in_the_conversation(preview):
    opened = preview()
    page = opened.page
    page.click(".tk-start")
    page.click("[data-choice=ask-inside]")
    assert "he has his insulin" not in page.inner_text(".tk-log")
    opened.change("my husband has his insulin in there", "my husband keeps his insulin in there")
    page.wait_for_function("document.querySelector('.tk-log')?.innerText.includes('keeps his insulin')")
    assert page.locator("[data-choice=cold-place]").is_visible()
    assert page.locator(".tk-agent").count() == 1


def test_a_broken_file_is_shown_with_file_line_and_cure_and_the_next_save_brings_the_case_back(preview):
    opened = preview()
    page = opened.page
    page.click(".tk-start")
    page.click("[data-choice=read-record]")
    opened.change("to: safe-first", "to: safe-fist")
    page.wait_for_selector(".preview-error")
    said = page.inner_text("#findings")
    assert f"{opened.file}:" in said and "undefined-scene" in said
    assert "there is no scene `safe-fist`. Did you mean `safe-first`" in said and "cannot be played" in said
    assert page.locator(".tk-player").count() == 0
    opened.change("\nscenes:\n", "\nscenes: [\n")
    page.wait_for_function("document.querySelector('#findings').innerText.includes('not valid YAML')")
    opened.file.write_text(opened.sound, encoding="utf-8")
    page.wait_for_selector("[data-choice=ask-heat]")
    page.wait_for_function("!document.querySelector('.preview-error, .preview-stopped')")
    page.click("[data-choice=ask-heat]")


def test_a_scene_can_be_begun_at_with_what_is_known_on_the_best_path(preview):
    opened = preview("--from", "two-days-later")
    page = opened.page
    page.wait_for_selector("[data-choice=your-word]")
    said = [line.inner_text() for line in page.locator(".tk-agent .tk-said").all()]
    assert len(said) == len(way_to(solution_of(compiled(CASE)), "two-days-later"))
    page.click("[data-choice=your-word]")
    page.wait_for_selector(".tk-verdict, .tk-after")


def test_the_variant_and_the_language_asked_for_are_played(preview):
    opened = preview("--variant", "july-heat", "--lang", "zh")
    page = opened.page
    page.click(".tk-start")
    assert page.get_attribute(".tk-player", "lang") == "zh"
    said = {name: text_of(read_case(CASE), name, "zh")["scenes"]["call"]["lines"] for name in ("base", "july-heat")}
    assert said["base"] != said["july-heat"]
    assert page.inner_text(".tk-customer .tk-said").strip() in said["july-heat"]


def test_nothing_that_is_played_is_kept(preview):
    opened = preview()
    page = opened.page
    page.click(".tk-start")
    page.click("[data-choice=ask-inside]")
    page.locator(".tk-low-pressure").check()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.reload()
    page.wait_for_selector(".tk-start")


def test_the_page_asks_nobody_else_and_makes_no_mistake(preview):
    opened = preview()
    asked, said = [], []
    opened.page.on("request", lambda request: asked.append(request.url))
    opened.page.on("console", lambda message: said.append(message.text))
    opened.page.on("pageerror", lambda error: said.append(str(error)))
    opened.page.reload()
    opened.page.click(".tk-start")
    opened.page.click("[data-choice=ask-inside]")
    assert asked and all(url.startswith((opened.address, "data:")) for url in asked) and said == []


def test_ctrl_c_ends_it_cleanly_and_the_page_says_so(preview):
    opened = preview()
    opened.page.wait_for_selector(".tk-start")
    code, said = opened.end()
    assert code == 0 and "The preview has ended." in said and "Traceback" not in said
    opened.page.wait_for_selector("#ended:not([hidden])")


def test_a_port_that_is_taken_is_told_in_a_sentence(preview):
    opened = preview()
    port = opened.address.rstrip("/").rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "trustkit", "preview", str(SMALL), "--no-browser", "--port", port],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1 and f"Port {port} cannot be used" in done.stderr and "Traceback" not in done.stderr
