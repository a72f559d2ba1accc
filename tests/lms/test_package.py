"""What is in a package: a manifest by the official schemas, all that its page asks for, and nothing more."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xmlschema

from trustkit.lms.manifests import Described, cmi5_structure, scorm_manifest
from trustkit.lms.package import NothingToPack, package
from trustkit.lms.pages import Place, read_page
from trustkit.publish.crawl import crawl

from .playing import CASE

ROOT = Path(__file__).parents[2]
CMI5 = {"c": "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"}
DESCRIBED = Described("case-x", "en", 'Tea & <biscuits> for "two"', "A & B.", True, 0.75)
PAGE = """<html><head><link rel="stylesheet" href="../_static/a.css?v=1"></head><body><h1>The site</h1>
<article class="bd-article"><section><h1>6.1 Tea &amp; time<a class="headerlink" href="#x">#</a></h1>
<p><a href="6-2-b.html#how">next</a> <a class="reference" href="../glossary.html#term-x"><em>term</em></a>
<a href="../rules.html#rule-lh-2">LH-2</a> <a href="https://example.org/">out</a> <a href="#here">here</a></p>
<img src="../_images/a.svg" alt="a &lt; b">
<script type="application/json" id="d">{"kind":"case","id":"c",
"lesson_links":{"6.2":"6-2-b.html","1.1":"../01/1.html"},
"rule_links":{"LH-2":"../rules.html#rule-lh-2"},
"python":{"base":"../../python/","bytes":1},"text":"a \\u003c b"}</script>
</section></article></body></html>"""


def files_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("version", "folder", "files"),
    [
        ("1.2", "scorm12edition", ["imscp_rootv1p1p2.xsd", "adlcp_rootv1p2.xsd"]),
        ("2004", "scorm20043rdedition", ["imscp_v1p1.xsd", "adlcp_v1p3.xsd", "imsss_v1p0.xsd"]),
    ],
)
def test_a_manifest_holds_by_the_official_schema(version, folder, files, schemas):
    schema = xmlschema.XMLSchema(str(schemas / folder / files[0]), allow="local", validation="lax", build=False)
    for file in files[1:]:
        schema.add_schema(str(schemas / folder / file))
    schema.build()
    manifest = scorm_manifest(version, DESCRIBED, ["index.html", "_static/a b.css"])
    assert [str(fault) for fault in schema.iter_errors(ET.fromstring(manifest))] == []
    for right, wrong in (("identifierref", "refersto"), ("webcontent", ""), ("adlcp:scorm", "adlcp:form")):
        spoilt = (
            manifest.replace(right, wrong) if wrong else re.sub(r'<resource identifier="unit"', "<resource", manifest)
        )
        assert list(schema.iter_errors(ET.fromstring(spoilt))), right


def test_a_course_structure_has_what_cmi5_asks_for():
    root = ET.fromstring(cmi5_structure(DESCRIBED))
    unit = root.find("c:au", CMI5)
    assert [child.tag.split("}")[1] for child in root] == ["course", "au"]
    assert [child.tag.split("}")[1] for child in unit] == ["title", "description", "url"]
    assert unit.attrib["moveOn"] == "CompletedAndPassed"
    assert unit.attrib["masteryScore"] == "0.75"
    assert unit.find("c:url", CMI5).text == "index.html"
    assert unit.find("c:title/c:langstring", CMI5).text == 'Tea & <biscuits> for "two"'
    assert unit.attrib["id"] != root.find("c:course", CMI5).attrib["id"]


def test_links_lead_to_pages_and_cards_of_the_package_and_elsewhere_they_are_text():
    place = Place({"06/6-1-a.html": "6-1-a", "06/6-2-b.html": "6-2-b"}, "rules.html", {"rule-lh-2"}, {"_images/a.svg"})
    page = read_page("06/6-1-a.html", PAGE, place, with_python=False)
    assert page.title == "6.1 Tea & time"
    assert '<a href="#/6-2-b/how">next</a>' in page.html
    assert '<span class="reference"><em>term</em></span>' in page.html
    assert '<a href="#rule-lh-2">LH-2</a>' in page.html
    assert '<a href="https://example.org/" target="_blank" rel="noopener noreferrer">out</a>' in page.html
    assert '<a href="#here">here</a>' in page.html
    assert '<img src="_images/a.svg" alt="a &lt; b">' in page.html
    assert page.assets == {"_images/a.svg"}
    assert page.cards == {"rule-lh-2"}
    bundle = json.loads(re.search(r"<script[^>]*>(.*?)</script>", page.html, re.S)[1])
    assert bundle["lesson_links"] == {"6.2": "#/6-2-b"}
    assert "python" not in bundle
    assert bundle["text"] == "a < b"


@pytest.fixture(scope="module")
def packages(site, tmp_path_factory) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("packages")
    made = [
        package(standard, what, out=out, say=lambda _: None)[0] for standard, what in (("2004", "6"), ("1.2", CASE))
    ]
    return {one.id: one.path for one in made}


def test_a_package_lists_all_its_files_and_holds_no_page_or_key_beyond_them(packages):
    for path in packages.values():
        files = files_of(path)
        listed = {one.attrib["href"] for one in ET.fromstring(files["imsmanifest.xml"]).iter() if "}file" in one.tag}
        assert listed == set(files) - {"imsmanifest.xml"}
        assert [name for name in files if name.endswith(".html")] == ["index.html"]
    text = files_of(packages[f"case-{CASE}"])["index.html"].decode()
    assert "rule-lh-3" in text
    assert "6-1-complaint-process" not in text
    assert not any(name.startswith("python/") for name in files_of(packages[f"case-{CASE}"]))
    assert "python/worker.js" in files_of(packages["module-06-complaints"])


def test_the_same_course_gives_the_same_bytes(packages, site, tmp_path):
    [again] = package("1.2", CASE, out=tmp_path, say=lambda _: None)
    assert again.path.read_bytes() == packages[f"case-{CASE}"].read_bytes()
    with zipfile.ZipFile(again.path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_package_asks_no_other_host_and_obeys_the_strict_policy(packages, tmp_path):
    for name, path in packages.items():
        folder = tmp_path / name
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        with ThreadPoolExecutor() as aside:
            found = aside.submit(crawl, folder).result()
        assert found.pages == 1
        assert [str(one) for one in found.stumbles] == []


def test_what_does_not_exist_is_said_with_what_there_is(empty_course):
    with pytest.raises(NothingToPack, match="no module and no case `66`"):
        (empty_course / "book" / "en").mkdir()
        package("1.2", "66")


def test_the_exam_is_in_no_package(site, tmp_path):
    with pytest.raises(NothingToPack, match="no page of `one-difficult-week`"):
        package("1.2", "one-difficult-week", out=tmp_path, say=lambda _: None)


def test_the_command_writes_the_package_and_tells_a_program_about_it(site, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "trustkit", "package", "--xapi", CASE, "--out", str(tmp_path), "--format", "json"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    [made] = json.loads(done.stdout)
    assert Path(made["path"]).name == f"case-{CASE}-en-cmi5.zip"
    assert Path(made["path"]).stat().st_size == made["bytes"]
    assert "cmi5.xml" in files_of(Path(made["path"]))
