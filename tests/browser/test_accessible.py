"""Nobody is kept out: axe-core finds no barrier on any kind of page, and the course is done with a keyboard alone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from trustkit.cases.compile import compiled
from trustkit.cases.solve import solution_of
from trustkit.environment import bring_npm_package
from trustkit.publish.serving import served

AXE = (
    "axe-core",
    "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CASE = "en/case-room/the-vanished-review.html"
LESSON = "en/01-what-trust-is/1-1-customer-trust.html"
SIMULATOR = "en/01-what-trust-is/1-3-trust-bank.html"

PAGES = (
    "index.html", "en/index.html", "zh/index.html", "en/01-what-trust-is/index.html", LESSON,
    "zh/06-complaints/6-1-complaint-process.html", "zh/04-journey-and-blueprint/4-1-five-stages.html", "en/paths.html",
    "en/case-room.html", CASE, "en/retrieval.html", "en/passport.html", "en/placement.html",
    "en/notebooks/complaint-room.html", "en/how-it-is-scored.html", "en/rules.html", "zh/glossary.html",
    "en/datasets.html", "en/evidence.html", "en/claims.html", "en/case-maps.html", "en/lint-rules.html",
    "en/for-trainers.html", "en/search.html?q=trust",
)  # fmt: skip
"""One page of each kind, as it is opened."""


def begin_case(page: Page) -> None:
    page.locator(".tk-start").first.click()
    page.locator(".tk-choice").first.click()
    expect(page.locator(".tk-choice, .tk-own-words-skip, .tk-debrief").first).to_be_visible()


def end_case(page: Page) -> None:
    page.locator(".tk-start").first.click()
    while page.locator(".tk-debrief").count() == 0:
        lines = page.locator(".tk-customer").count()
        if page.locator(".tk-own-words-skip").count():
            page.locator(".tk-own-words-skip").click()
        page.locator(".tk-choice").first.click()
        page.wait_for_function(
            "lines => document.querySelectorAll('.tk-customer').length > lines"
            " || document.querySelector('.tk-debrief')",
            arg=lines,
        )
    page.evaluate("document.querySelectorAll('.tk-player details').forEach((one) => { one.open = true; })")


def begin_drill(page: Page) -> None:
    drill = page.locator(".tk-drill").first
    drill.locator(".tk-start").click()
    drill.locator(".tk-answer").first.click()
    expect(drill.locator(".tk-explanation").first).not_to_be_empty()


def begin_panel(page: Page) -> None:
    panel = page.locator("[data-trustkit-panel]")
    panel.locator("button").first.click()
    expect(panel.locator(".tk-form")).to_be_visible(timeout=60_000)


def open_search(page: Page) -> None:
    page.locator(".search-button__button:visible, .search-button-field:visible").first.click()
    expect(page.locator("dialog[open] input")).to_be_visible()


def open_menu(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".primary-toggle").click()
    expect(page.locator("dialog[open] nav.bd-links")).to_be_visible()


STATES = {
    "a case is open mid-way": (CASE, begin_case),
    "a case has ended": (CASE, end_case),
    "a drill is open": (LESSON, begin_drill),
    "a simulator runs": (SIMULATOR, begin_panel),
    "the search is open": (LESSON, open_search),
    "the menu of a phone is open": (LESSON, open_menu),
}


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The published course on a server with a strict policy."""
    with served(site) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def reader(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A page of somebody whose device is light or dark, who wants no motion and never sees a script error."""
    scheme = request.param
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    wrong = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert not wrong, wrong


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """Says what axe-core finds on a page: rule, element, what is wrong."""
    source = Path(bring_npm_package(*AXE), "axe.min.js").read_text(encoding="utf-8")

    def find(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate(
            "tags => axe.run(document, {resultTypes: ['violations'], runOnly: tags})", RULES
        )["violations"]  # fmt: skip
        return [
            f"{one['id']}: {node['target']}: {node['failureSummary'].splitlines()[-1].strip()}"
            for one in found
            for node in one["nodes"]
        ]

    return find


def test_no_kind_of_page_has_a_barrier_in_the_light_or_in_the_dark(reader, address, barriers):
    found = {}
    for name in PAGES:
        reader.goto(address + name, wait_until="networkidle" if "search" in name else "load")
        if wrong := barriers(reader):
            found[name] = wrong
    assert found == {}


def test_no_page_scrolls_sideways_on_the_narrowest_phone_or_at_four_times_its_size(chromium, address):
    # 320 px is also what remains of a screen of 1280 at 400 %.
    page = chromium.new_page(viewport={"width": 320, "height": 640})
    wide = {}
    for name in PAGES:
        page.goto(address + name)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
            wide[name] = width
    page.close()
    assert wide == {}


@pytest.mark.parametrize("state", STATES)
def test_there_is_no_barrier_while(reader, address, barriers, state):
    page, bring_about = STATES[state]
    reader.goto(address + page)
    bring_about(reader)
    assert barriers(reader) == []


FOCUS = """selector => {
  const at = document.activeElement;
  if (!at || at === document.body) return { there: false, seen: true, what: "" };
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  const seen = (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  return { there: at.matches(selector), seen, what: at.outerHTML.slice(0, 160) };
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the keyboard is at what a selector names; on the way each place must be seen."""
    for _ in range(400):
        focus = page.evaluate(FOCUS, selector)
        assert focus["seen"], f"nobody sees where the keyboard is: {focus['what']}"
        if focus["there"]:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not get to {selector}")


def follow(page: Page, selector: str) -> None:
    """Go to a link with Tab, and press Enter."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("reader", ["light"], indirect=True)
def test_with_tab_and_enter_alone_somebody_gets_from_the_first_page_through_a_case_to_the_passport(reader, address):
    case = "fridge-failed-twice"
    player = f".tk-player[data-activity='{case}']"
    reader.goto(f"{address}index.html")
    follow(reader, "a[hreflang='en']")
    follow(reader, ".tk-hero-words a")
    tab_to(reader, f"{player} .tk-start")
    reader.keyboard.press("Enter")
    for choice in solution_of(compiled(case)).best_path().choices:
        expect(reader.locator(f"{player} :is(.tk-choice, .tk-own-words-skip)").first).to_be_visible()
        if reader.locator(f"{player} .tk-own-words-skip").count():
            tab_to(reader, f"{player} .tk-own-words-skip")
            reader.keyboard.press("Enter")
        tab_to(reader, f"{player} .tk-choice[data-choice='{choice}']")
        reader.keyboard.press("Enter")
    expect(reader.locator(f"{player} .tk-debrief")).to_be_visible()
    follow(reader, "nav.bd-links a[href$='passport.html']")
    expect(reader.locator(f".tk-passport-played [data-case='{case}']")).to_be_visible()
    tab_to(reader, ".tk-passport .tk-export")
    with reader.expect_download() as taken:
        reader.keyboard.press("Enter")
    assert taken.value.suggested_filename == "trustkit-attempts.json"


def shades() -> dict[str, dict[str, tuple[int, ...]]]:
    """The colours that the style sheet of the course declares, for the light and for the dark."""
    sheet = Path(__file__).parents[2].joinpath("book/_static/course.css").read_text(encoding="utf-8")
    found = {}
    for scheme in ("light", "dark"):
        block = re.search(rf'^html\[data-theme="{scheme}"\] \{{(.*?)^\}}', sheet, re.MULTILINE | re.DOTALL)[1]
        found[scheme] = {
            name: tuple(int(shade[at : at + 2], 16) for at in (0, 2, 4))
            for name, shade in re.findall(r"--(?:pst-color|course)-([a-z-]+): #([0-9a-f]{6});", block)
        }
    return found


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The contrast of two colours as WCAG 2.2 defines it, from 1 to 21."""

    def light(colour: tuple[int, ...]) -> float:
        parts = (part / 255 for part in colour)
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_controls_stand_out_from_every_ground_they_are_on(scheme):
    shade = shades()[scheme]
    grounds = ("background", "on-background", "surface", "warm-tint", "primary-bg")
    text = ("text-base", "text-muted", "primary", "warm", "good", "bad", "anger", "satisfaction", "inline-code")
    assert {
        (ink, ground): round(contrast(shade[ink], shade[ground]), 1)
        for least, inks in ((4.5, text), (3, ("edge", "focus")))
        for ink in inks
        for ground in grounds
        if contrast(shade[ink], shade[ground]) < least
    } == {}
    assert contrast(shade["primary-text"], shade["primary"]) >= 4.5
