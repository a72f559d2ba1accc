"""The lab in the browser: JupyterLite beside the pages, with Python and the course in it, on the same host.

A folder `lab/` is published once for a site. It holds:

    <language>/index.html       what runs there
    <language>/notebooks/       opens a notebook: `?path=<language>/<name>.ipynb`
    files/<language>/           the notebooks that run there
    jupyter/<language>/         the others, to be opened in Jupyter
    static/pyodide/             Python and every package it loads (see `lab_python`)
    NOTICE.txt                  whose work it is

Beside it, `lab.json` of the site says which notebooks there are, so that pages can lead to them. The lab asks for
nothing outside its folder. What a server sends with it stands in `serving` (`LAB_HEADERS`).
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from trustkit import environment
from trustkit.course import assignment_ids
from trustkit.publish.lab_python import (
    ALWAYS,
    COURSE_HOME,
    ENTRY,
    EXTENSIONS,
    LabError,
    distribution_lock,
    lab_wheels,
    provides,
    unpack_builders,
    write_python,
)
from trustkit.sphinxext.fingerprint import digest_of

FOLDER = "lab"
LIST = "lab.json"
"""The file of a site that says what is in its lab; `{}` where there is none."""
Release = Callable[[str, Sequence[str], Path, Path], None]
"""Writes the released form of assignments: language, ids, folder, course folder."""

_KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
_OURS = {"trustkit", "autograder"}
_NEEDS_DATA = re.compile(r"\bload_dataset\b|\btrustkit\.data\b|\bautograder\.data_checks\b")
_NOT_NEEDED = ("doc", "index.html", "jupyter-lite.ipynb", "notebooks", "package.json", "service-worker.js",
               "jupyterlite.schema.v0.json", "build/service-worker.js", "bootstrap.js", "rspack.config.js",
               "rspack.config.analyze.js", "rspack.config.watch.js", "manifest.webmanifest")  # fmt: skip
_NAMES = {"en": ("The browser lab", "Notebooks that run in this browser"),
          "zh": ("浏览器实验室", "可以在浏览器里运行的笔记本")}  # fmt: skip

NOTICE = f"""\
This folder holds JupyterLite 0.8.6 and its Pyodide kernel (BSD 3-Clause License, https://github.com/jupyterlite), built
with parts of JupyterLab, ipywidgets and anywidget; build/third-party-licenses.json lists what they contain.

static/pyodide holds Pyodide {environment.PAGE_PYTHON_VERSION}, unchanged but for the file endings (Mozilla Public
License 2.0, https://github.com/pyodide/pyodide), with CPython and its standard library (PSF License 2), and Python
packages, each with its own licence inside its wheel.
"""


def publish_lab(
    site: Path,
    root: Path,
    languages: Sequence[str],
    release: Release,
    distribution: Path | None = None,
    *,
    say: Callable[[str], object] = print,
) -> None:
    """Make the folder `lab` of a published site.

    Args:
        site: the published folder.
        root: the course folder.
        languages: the editions that were published.
        release: makes the notebooks of assignments; the lab itself knows nothing of solutions.
        distribution: a full Pyodide distribution, for notebooks that use pandas.
        say: takes progress lines.

    Raises:
        LabError: the lab cannot be made; the site is left as it was.
    """
    if not environment.has_page_python():
        raise LabError("Python for the pages is not here, and the lab needs it: run `make setup` with a network.")
    lock = distribution_lock(distribution) if distribution else None
    wheels = lab_wheels(say)
    work = root / "_build" / "lab"
    work.mkdir(parents=True, exist_ok=True)
    found = _notebooks(work, root, languages, release, say)
    known = provides(lock) if lock else {}
    runs, needs = {}, {}
    for name, path in found.items():
        needs[name] = imports_of(json.loads(path.read_text(encoding="utf-8")))
        runs[name] = needs[name] <= set(known)
    with tempfile.TemporaryDirectory(dir=work) as made:
        lite = Path(made)
        for name, path in found.items():
            target = lite / ("files" if runs[name] else "jupyter") / f"{name}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_for_browser(path.read_bytes()) if runs[name] else path.read_bytes())
        out = _build(lite, wheels)
        wanted = {known[one] for name in found if runs[name] for one in needs[name]}
        at_start = write_python(out / "static/pyodide", root, wheels, distribution, wanted)
        _arrange(out, languages, at_start, [name for name in found if runs[name]])
        if (lite / "jupyter").is_dir():
            shutil.move(lite / "jupyter", out / "jupyter")
        part = site / f".{FOLDER}.part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(out, part)
    shutil.rmtree(site / FOLDER, ignore_errors=True)
    part.rename(site / FOLDER)
    write_list(site, {name: _address(name, runs[name]) for name in found})
    size = sum(path.stat().st_size for path in (site / FOLDER).rglob("*") if path.is_file())
    here = sorted({name.split("/")[1] for name in found if runs[name]})
    others = sorted({name.split("/")[1] for name in found} - set(here))
    say(f"The browser lab is ready, {size / 1e6:.0f} MB. It runs: {', '.join(here)}.")
    if others:
        why = (
            "the distribution lacks packages that they use" if distribution
            else "they use pandas and other packages that only a full Pyodide distribution has (--pyodide FOLDER)"
        )  # fmt: skip
        say(f"Pages offer these as notebooks for Jupyter, since {why}: {', '.join(others)}.")


def remove_lab(site: Path) -> None:
    """Take the lab out of a site that is published without one."""
    shutil.rmtree(site / FOLDER, ignore_errors=True)
    write_list(site, {})


def write_list(site: Path, addresses: Mapping[str, Mapping[str, str]]) -> None:
    """Write which notebooks a site's lab has: by language and name, `open` in the browser or `download` for Jupyter."""
    path, text = site / LIST, json.dumps(addresses, indent=1, sort_keys=True) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def imports_of(notebook: Mapping[str, Any]) -> set[str]:
    """Return the packages beyond our own and the standard library that a notebook needs, by the names it imports."""
    found: set[str] = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        text = "".join(cell["source"])
        if _NEEDS_DATA.search(text):
            found |= set(ALWAYS)
        rows = ("pass" if row.lstrip().startswith(("%", "!")) else row for row in text.split("\n"))
        for node in ast.walk(ast.parse("\n".join(rows))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - _OURS - sys.stdlib_module_names


def _for_browser(notebook: bytes) -> bytes:
    """Return a notebook that names the browser's kernel, so that nobody is asked for one; grading names its own."""
    content = json.loads(notebook)
    content["metadata"]["kernelspec"] = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _address(name: str, runs: bool) -> dict[str, str]:
    language = name.split("/")[0]
    if runs:
        return {"open": f"{FOLDER}/{language}/notebooks/index.html?path={name}.ipynb"}
    return {"download": f"{FOLDER}/jupyter/{name}.ipynb"}


def _notebooks(
    work: Path, root: Path, languages: Sequence[str], release: Release, say: Callable[[str], object]
) -> dict[str, Path]:
    """Return the notebooks of the lab by language and name, such as "en/module-01": the course's, and assignments."""
    from trustkit.workspace import notebook_bytes, titles_of

    found = {}
    sources = [path for name in ("exercises/source", "exercises/slips", "autograder")
               for path in (root / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts]  # fmt: skip
    ids, now = assignment_ids(root), digest_of(sources, root)
    for language in languages:
        released, own = work / "released" / language, work / "notebooks" / language
        stamp = released / "made-from.txt"
        if not stamp.is_file() or stamp.read_text(encoding="ascii") != now:
            say(f"Releasing {len(ids)} assignments for the lab, {language} …")
            shutil.rmtree(released, ignore_errors=True)
            released.mkdir(parents=True)
            if ids:
                release(language, ids, released, root)
            stamp.write_text(now, encoding="ascii")
        found |= {f"{language}/{name}": released / name / f"{name}.ipynb" for name in ids}
        own.mkdir(parents=True, exist_ok=True)
        for source in sorted((root / "notebooks" / language).glob("*.md")):
            path = own / f"{source.stem}.ipynb"
            path.write_bytes(notebook_bytes(source, f"{language}/{path.name}", titles_of(root, language)))
            found[f"{language}/{source.stem}"] = path
    return dict(sorted(found.items()))


def _build(lite: Path, wheels: Mapping[str, Path]) -> Path:
    """Build JupyterLite from the folder `lite`, in a process of its own; return what was built."""
    builders, out = unpack_builders(wheels, lite / "builders"), lite / "out"
    (lite / "files").mkdir(exist_ok=True)
    settings = {
        "apps": ["notebooks"],
        "contents": ["files"],
        # This environment's own extensions are those of the trainers' and trainees' JupyterLab.
        "ignore_sys_prefix": True,
        "federated_extensions": [str(wheels[name]) for name in EXTENSIONS],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(out),
        "cache_dir": str(lite / "cache"),
    }
    (lite / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": settings}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build"], cwd=lite, capture_output=True, text=True,
        # A name of a module in the working folder must not hide one of the builder's.
        env={**os.environ, "PYTHONPATH": str(builders), "PYTHONSAFEPATH": "1", "JUPYTER_NO_CONFIG": "1"},
    )  # fmt: skip
    if done.returncode or not (out / "notebooks/index.html").is_file():
        last = (done.stdout + done.stderr).strip().splitlines()[-5:]
        raise LabError("JupyterLite could not be built:\n  " + "\n  ".join(last))
    return out


def _arrange(out: Path, languages: Sequence[str], at_start: Sequence[str], names: Sequence[str]) -> None:
    """Turn what JupyterLite built into the folder that is published: one opener a language, no script in a page."""
    page = (out / "notebooks/index.html").read_text(encoding="utf-8")
    config = json.loads((out / "notebooks/jupyter-lite.json").read_text(encoding="utf-8"))
    version = re.search(r"config-utils\.js\?_=(\w+)", page)[1]
    # One folder deeper than JupyterLite has it.
    page = _without_code(page, version).replace('="../build', '="../../build').replace('-root=".."', '-root="../.."')
    told = config["jupyter-config-data"]
    told |= {key: f"../{value}" for key, value in told.items() if value.startswith("../")}
    for language in languages:
        folder = out / language / "notebooks"
        folder.mkdir(parents=True)
        shutil.copyfile(out / "notebooks/favicon.ico", folder / "favicon.ico")
        (folder / "index.html").write_text(page, encoding="utf-8")
        told["appUrl"] = f"/{language}/notebooks"
        _write_json(folder / "jupyter-lite.json", config)
        (folder.parent / "index.html").write_text(_list_page([language], "", names), encoding="utf-8")
        surroundings = {"HOME": "/home/pyodide", "TRUSTKIT_HOME": COURSE_HOME, "TRUSTKIT_LANG": language}
        kernel = {"loadPyodideOptions": {"packages": list(at_start), "env": surroundings}}
        own = {"jupyter-lite-schema-version": 0, "jupyter-config-data": {"litePluginSettings": {_KERNEL: kernel}}}
        _write_json(folder.parent / "jupyter-lite.json", own)
        for place in (folder, folder.parent):
            # Asked for on the way to any notebook; what is not there would be a fault in a browser's log.
            _write_json(place / "jupyter-lite.ipynb", _EMPTY_SETTINGS)
    whole = json.loads((out / "jupyter-lite.json").read_text(encoding="utf-8"))
    data = whole["jupyter-config-data"]
    data |= {
        "appName": "Trustkit",
        "appUrl": f"./{languages[0]}/notebooks",
        "faviconUrl": f"./{languages[0]}/notebooks/favicon.ico",
        # Only a secure context has one, and what a page does must not depend on that.
        "disabledExtensions": [
            "@jupyterlite/application-extension:service-worker-manager",
            # These lead to a list of files and to JupyterLab, which are not published.
            "@jupyterlite/notebook-application-extension:logo",
            "@jupyter-notebook/application-extension:pages",
        ],
    }
    kernel = data.setdefault("litePluginSettings", {}).setdefault(_KERNEL, {})
    kernel |= {"pyodideUrl": f"./static/pyodide/{ENTRY}", "disablePyPIFallback": True}
    for name in _NOT_NEEDED:
        path = out / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    signs = out / "static/favicons"
    signs.mkdir()
    for name in ("notebook", "busy-1", "busy-2", "busy-3"):
        shutil.copyfile(out / languages[0] / "notebooks/favicon.ico", signs / f"favicon-{name}.ico")
    _write_json(out / "jupyter-lite.json", whole)
    _write_json(out / "jupyter-lite.ipynb", _EMPTY_SETTINGS)
    (out / "open.js").write_text(_OPEN.format(version=version), encoding="utf-8")
    (out / "index.html").write_text(_list_page(languages, "{}/", names), encoding="utf-8")
    (out / "NOTICE.txt").write_text(NOTICE, encoding="utf-8")


_EMPTY_SETTINGS = {"cells": [], "metadata": {"jupyter-lite": {}}, "nbformat": 4, "nbformat_minor": 5}
_OPEN = 'import "./config-utils.js?_={version}";\n'


def _without_code(page: str, version: str) -> str:
    """Return JupyterLite's page with its one script in a file, and without what the site does not have."""
    page, count = re.subn(
        r"<script>\s*\(async function.*?</script>", f'<script type="module" src="../../open.js?_={version}"></script>',
        page, flags=re.S,
    )  # fmt: skip
    if count != 1:
        raise LabError("JupyterLite's page is not as expected. Another version needs a change in lab.py.")
    return re.sub(r'<link rel="manifest"[^>]*>', '<link rel="icon" href="favicon.ico">', page)


def _list_page(languages: Sequence[str], place: str, names: Sequence[str]) -> str:
    """Return a page that lists notebooks; `place` leads from it to the folder of a language."""
    parts = []
    for language in languages:
        title, about = _NAMES[language]
        where = place.format(language)
        shown = [name.split("/")[1] for name in names if name.startswith(f"{language}/")]
        items = "".join(
            f'<li><a href="{where}notebooks/index.html?path={language}/{escape(name)}.ipynb">{escape(name)}</a></li>\n'
            for name in shown
        )
        tag = "zh-Hans" if language == "zh" else language
        parts.append(f'<section lang="{tag}">\n<h1>{title}</h1>\n<p>{about}</p>\n<ul>\n{items}</ul>\n</section>\n')
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex, nofollow, noarchive">\n<meta name="color-scheme" content="light dark">\n'
        '<title>Browser lab · 浏览器实验室</title>\n<link rel="icon" href="data:,">\n'
        # Each notebook's page reads this on its way.
        '<script id="jupyter-config-data" type="application/json">{}</script>\n</head>\n'
        f"<body>\n<main>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
