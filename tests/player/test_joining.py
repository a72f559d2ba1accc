"""The modules are joined into one script and one module, and nothing odd slips through."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import trustkit.player as player

HOST = """
import widget from "./widget.js";
const bundle = JSON.parse(document.querySelector("#bundle").textContent);
const kept = { bundle, attempts: [], current: {} };
window.saves = 0;
window.kept = kept;
const model = {
  get: (name) => kept[name],
  set: (name, value) => { kept[name] = value; },
  save_changes: () => { window.saves += 1; },
  on: () => {},
};
window.close = widget.render({ model, el: document.querySelector("#cell") });
"""


def test_the_classic_script_has_no_import_no_export_and_cannot_end_its_element():
    text = player.script()
    assert not re.search(r"^\s*(import|export)\b", text, re.MULTILINE)
    assert "</script" not in text


def test_the_module_has_one_default_export_and_no_import():
    text = player.module()
    assert re.findall(r"^export .*", text, re.MULTILINE) == ["export default { render };"]
    assert not re.search(r"^\s*import\b", text, re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(player, "_FOLDER", tmp_path)
    player._joined.cache_clear()
    yield tmp_path
    player._joined.cache_clear()


@pytest.mark.parametrize(
    "line",
    [
        'import * as all from "./b.js";',
        'import { a as b } from "https://example.org/b.js";',
        'import b from "./b.js";',
        'export { a } from "./b.js";',
        "export default a;",
        '  import("./b.js");',
    ],
)
def test_an_import_form_that_is_not_understood_is_refused(folder: Path, line: str):
    (folder / "b.js").write_text("export const a = 1;\n")
    (folder / "page.js").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"page\.js: cannot join"):
        player.script()


def test_one_name_in_two_modules_is_refused(folder: Path):
    (folder / "b.js").write_text("export function twice() {}\n")
    (folder / "page.js").write_text('import { twice } from "./b.js";\nfunction twice() {}\n')
    with pytest.raises(ValueError, match=r"`twice` is also a name in b\.js"):
        player.script()


def test_an_import_over_several_lines_is_joined(folder: Path):
    (folder / "b.js").write_text("export const one = 1;\nexport const two = 2;\n")
    (folder / "page.js").write_text('import {\n  one,\n  two,\n} from "./b.js";\nconsole.log(one, two);\n')
    assert "const one = 1;\nconst two = 2;\n" in player.script()


def test_the_module_plays_as_a_widget_and_its_model_sees_every_step(chromium, site, small_case):
    data = json.dumps(small_case).replace("<", "\\u003c")
    site.pages["/notebook.html"] = (
        '<!doctype html><html lang="en"><head><title>n</title><link rel="stylesheet" href="player.css"></head><body>'
        f'<script type="application/json" id="bundle">{data}</script>'
        '<div id="cell"></div><script type="module" src="/host.js"></script></body></html>'
    )
    site.pages["/host.js"] = HOST
    page = chromium.new_page()
    page.goto(f"{site.address}/notebook.html")
    page.locator(".tk-start").click()
    page.locator(".tk-choice").first.click()
    assert page.evaluate("kept.current.steps.length") == 1
    while page.locator(".tk-choice").count():
        page.locator(".tk-choice").first.click()
    expect(page.locator(".tk-saved")).to_have_text("Saved in this notebook.")
    assert page.evaluate("kept.attempts.length") == 1
    assert page.evaluate("kept.attempts[0].host") == "jupyter"
    assert page.evaluate("kept.current") == {}
    assert page.evaluate("saves") >= 4
    assert page.evaluate("typeof window.close") == "function"
    page.close()


def test_no_module_asks_another_host():
    for path in Path(player.__file__).parent.glob("*.[jc]s*"):
        addresses = re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8"))
        # These are names that look like addresses: of SVG, and of the verbs and categories of xAPI.
        names = ("http://www.w3.org/2000/svg", "http://adlnet.gov/expapi/", "https://w3id.org/xapi/cmi5/")
        assert [one for one in addresses if not one.startswith(names)] == [], path.name
