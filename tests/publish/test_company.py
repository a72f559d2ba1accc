"""A company's overlay on the published site: its name, its colours, its values and its case, in a real browser."""

import base64
import shutil
from pathlib import Path

import pytest

from trustkit.attempts.record import new_record, now
from trustkit.attempts.replay import replay
from trustkit.cases.compile import compiled
from trustkit.cases.play import Play
from trustkit.cases.solve import solution_of
from trustkit.course import COMPANY
from trustkit.publish.build import BuildFailed, build_book
from trustkit.publish.serving import served
from trustkit.publish.site import publish_site

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "lantern-home"

OVERLAY = """name: {en: Acme & Sons, zh: 顶点公司}
logo: {light: logo.svg, dark: logo-dark.svg}
favicon: logo.svg
colours:
  light: {primary: "#9a2f1d", link: "#8f4a00"}
  dark: {primary: "#f2a07e", link: "#f0b765"}
contact: {text: {en: Ask Kim., zh: 请找小金。}, mail: kim@acme.example}
legal: {en: For staff <only>., zh: 仅供员工。}
policies: {goodwill-agent: 450}
rules:
  HOUSE-1:
    title: {en: Our small losses, zh: 本公司的小额损失}
    date: 2026-02-03
    text: {en: "Up to {{goodwill-agent}} yuan are paid **at once**.", zh: "{{goodwill-agent}}元以内**当场**赔付。"}
  ACME-2:
    title: {en: Night calls, zh: 夜间来电}
    date: 2026-02-03
    text: {en: Whoever calls at night is called back., zh: 夜里来电的，都要回电。}
"""


def company_course(root, small_book):
    """A small course whose company has put everything over it that can be put over it."""
    small_book(root)
    shutil.copy(ROOT / "book" / "policies.yaml", root / "book")
    for language, words in (("en", "An agent pays {{goodwill-agent}} yuan"), ("zh", "客服可付{{goodwill-agent}}元")):
        page = root / "book" / language / "index.md"
        text = page.read_text(encoding="utf-8") + f"\n{{rule}}`{words}|HOUSE-1`.\n"
        page.write_text(text, encoding="utf-8")
        rules = root / "book" / language / "rules.md"
        rules.write_text(rules.read_text(encoding="utf-8") + "\n```{company-cards}\n```\n", encoding="utf-8")
        title = "Case room" if language == "en" else "案例室"
        room = f"(case-room)=\n# {title}\n\n```{{case-room}}\n```\n"
        (root / "book" / language / "case-room.md").write_text(room, encoding="utf-8")
    toc = root / "_toc.yml"
    desk = "      - file: notebooks/en/desk\n"
    text = toc.read_text(encoding="utf-8").replace(desk, f"{desk}      - file: book/en/case-room\n")
    toc.write_text(text, encoding="utf-8")
    company = root / "company"
    company.mkdir()
    (company / "company.yaml").write_text(OVERLAY, encoding="utf-8")
    for picture in ("logo.svg", "logo-dark.svg"):
        shutil.copy(SAMPLE / picture, company)
    own = shutil.copytree(ROOT / "tests/cases/small/late-parcel", company / "cases" / "own-parcel")
    case = own / "case.yaml"
    text = case.read_text(encoding="utf-8").replace("id: late-parcel", "id: own-parcel\nrules: [ACME-2]")
    case.write_text(text.replace("title: The late parcel", "title: The parcel of Acme"), encoding="utf-8")
    chinese = own / "zh.yaml"
    chinese.write_text(chinese.read_text(encoding="utf-8").split("english:")[0], encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def used():
    """The way to say for the length of these tests that `company/` of a course is used."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(COMPANY)
        yield patch


@pytest.fixture(scope="module")
def company_site(tmp_path_factory, small_book, used):
    root = company_course(tmp_path_factory.mktemp("company") / "course", small_book)
    used.setenv("TRUSTKIT_HOME", str(root))
    from trustkit.translation import stamp_activity

    stamp_activity("own-parcel")
    return publish_site(root=root, say=lambda _: None)


def text(site, page):
    return (site / page).read_text(encoding="utf-8")


def test_pages_carry_name_contact_and_legal_notice_in_their_language(company_site):
    english, chinese = text(company_site, "en/index.html"), text(company_site, "zh/index.html")
    assert "Acme &amp; Sons" in english and "Ask Kim." in english and "For staff &lt;only&gt;." in english
    assert "顶点公司" in chinese and "请找小金。" in chinese and 'href="mailto:kim@acme.example"' in chinese


def test_the_first_page_carries_the_brand(company_site):
    page = text(company_site, "index.html")
    assert "Acme &amp; Sons" in page and "顶点公司" in page and "For staff &lt;only&gt;." in page
    for file in ("en/_static/brand/logo-light.svg", "en/_static/brand/logo-dark.svg", "en/_static/brand/company.css"):
        assert file in page and (company_site / file).is_file()
    logo = base64.b64encode((company_site / "en/_static/brand/logo-light.svg").read_bytes()).decode()
    assert logo in text(company_site, "404.html")


def test_values_and_cards_of_the_company_stand_where_lessons_speak_of_them(company_site):
    assert "An agent pays 450 yuan" in text(company_site, "en/index.html")
    assert "客服可付450元" in text(company_site, "zh/index.html")
    rules = text(company_site, "en/rules.html")
    assert "Up to 450 yuan are paid <strong>at once</strong>" in rules and "Losses up to" not in rules
    assert 'id="rule-acme-2"' in rules and "夜间来电" in text(company_site, "zh/rules.html")


def test_a_case_of_the_company_is_in_the_room_and_leads_to_its_card(company_site):
    assert 'href="case-room/own-parcel.html"' in text(company_site, "en/case-room.html")
    page = text(company_site, "en/case-room/own-parcel.html")
    assert "rules.html#rule-acme-2" in page and "Night calls" in page


def test_an_attempt_at_a_case_of_the_company_is_graded(company_site):
    structure = compiled("own-parcel")
    play, choices = Play(structure), solution_of(structure).best_path().choices
    record = new_record("case", "own-parcel", structure["hash"], learner="kim", host="page", lang="en")
    for position, choice in zip(play.walk(list(choices)), choices):
        scene = structure["scenes"][position.scene]["id"]
        record["steps"].append({"at": 20 * len(record["steps"]), "scene": scene, "choice": choice})
    assert replay({**record, "finished_at": now()}).scores["outcome"] > 90


def test_search_engines_stay_out_until_the_company_lets_them_in(company_site):
    assert "noindex" in text(company_site, "en/index.html") and "Disallow: /\n" in text(company_site, "robots.txt")


def test_colours_and_logo_follow_light_and_dark_under_the_strict_policy(company_site, chromium):
    with served(company_site) as address:
        for scheme, colour, logo in (
            ("light", "rgb(143, 74, 0)", "logo-light"),
            ("dark", "rgb(240, 183, 101)", "logo-dark"),
        ):
            context = chromium.new_context(color_scheme=scheme)
            page, wrong = context.new_page(), []
            page.on("console", lambda message, wrong=wrong: message.type == "error" and wrong.append(message.text))
            page.goto(f"{address}en/index.html")
            link = page.locator(".bd-article a[href*='1-1-first']").first
            assert link.evaluate("link => getComputedStyle(link).color") == colour
            shown = page.locator(".navbar-brand img:visible").evaluate_all("all => all.map(one => one.src)")
            assert len(shown) == 1 and logo in shown[0]
            page.goto(address)
            assert page.locator("header img").evaluate("image => image.complete && image.naturalWidth > 0")
            assert wrong == []
            context.close()


def test_another_overlay_changes_the_site_and_a_faulty_one_leaves_it_as_it_was(company_site, used):
    root = company_site.parents[1]
    overlay = root / "company" / "company.yaml"
    before = text(company_site, "en/index.html")
    overlay.write_text(OVERLAY.replace("goodwill-agent: 450", "goodwil-agent: 450"), encoding="utf-8")
    with pytest.raises(BuildFailed, match=r"company/company.yaml:9: there is no policy value `goodwil-agent`"):
        build_book(root=root, say=lambda _: None)
    assert text(company_site, "en/index.html") == before
    overlay.write_text(
        OVERLAY.replace("goodwill-agent: 450", "goodwill-agent: 700") + "search-engines: allowed\n", "utf-8"
    )
    publish_site(root=root, say=lambda _: None)
    assert "An agent pays 700 yuan" in text(company_site, "en/index.html")
    assert "noindex" not in text(company_site, "en/index.html") + text(company_site, "index.html")
    assert text(company_site, "robots.txt") == "User-agent: *\nDisallow:\n"
    used.setenv(COMPANY, "")
    (root / "book/en/rules.md").touch()
    publish_site(root=root, say=lambda _: None)
    assert "An agent pays 300 yuan" in text(company_site, "en/index.html")
    assert "Acme" not in text(company_site, "en/index.html") + text(company_site, "index.html")
    assert not (company_site / "en/case-room/own-parcel.html").exists()
    assert not (company_site / "en/_static/brand").exists()
    used.delenv(COMPANY)
