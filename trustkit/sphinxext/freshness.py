"""Nothing stale: what a page or notebook depends on beyond its own text makes it be built again."""

from __future__ import annotations

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import trustkit
from trustkit.course import company_folder, course_root
from trustkit.sphinxext.declarations import course_domain
from trustkit.sphinxext.fingerprint import digest_of

RUN_AGAINST = {
    "cases": (".yaml",),
    "exercises/drills": (".yaml",),
    "datasets": (".csv", ".py"),
}
"""What the notebooks of the book run against beside the package, as folders with the endings that count."""

PACKAGE = Path(trustkit.__file__).parent
NOT_RUN = ("sphinxext", "publish")
"""The parts of the package that no notebook uses."""

STAMP = "run-against"


def files_run_against(root: Path) -> list[Path]:
    """Return the files that can change what a notebook shows."""
    found = [
        path for folder, endings in RUN_AGAINST.items() for path in (root / folder).rglob("*") if path.suffix in endings
    ]
    found += [
        path
        for path in PACKAGE.rglob("*")
        if path.suffix in (".py", ".yaml", ".json") and path.relative_to(PACKAGE).parts[0] not in NOT_RUN
    ]
    if company := company_folder(root):
        found += company.rglob("*.yaml")
    requirements = root / "requirements.txt"
    return [*found, requirements] if requirements.exists() else found


def run_notebooks_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Forget stored notebook runs when the code or data they ran against changed; return those pages.

    The store goes by the cells alone and would keep the old output.
    """
    configured = env.mystnb_config.execution_cache_path
    cache = Path(configured) if configured else Path(app.outdir).parent / ".jupyter_cache"
    root = course_root()
    now = digest_of(files_run_against(root), root)
    stamp = cache / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == now:
        return set()
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True)
    stamp.write_text(now, encoding="utf-8")
    return course_domain(env).data["notebooks"] & env.found_docs


def note_notebook(app: Sphinx, document: nodes.document) -> None:
    """Remember the pages whose cells were run."""
    env = app.env
    if env.nb_metadata.get(env.docname, {}).get("exec_data"):
        course_domain(env).data["notebooks"].add(env.docname)


def write_all_again(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Return the pages to write again because a script, a style, the set of lessons or a rule card changed.

    Sphinx copies those files only in a build that writes a page, and pages name scripts with a checksum.
    """
    static = [
        path
        for folder in app.config.html_static_path
        for path in (Path(app.confdir) / folder).rglob("*")
        if path.is_file()
    ]
    now = {
        "static": digest_of(static, Path("/")),
        "rule cards": sorted(course_domain(env).data["rule-card"].items()),
        "lessons": sorted((number, lesson.docname) for number, lesson in course_domain(env).lessons().items()),
    }
    state = course_domain(env).data["state"]
    before = {name: state.get(name) for name in now}
    state.update(now)
    if before["static"] != now["static"]:
        return set(env.found_docs)
    if before != now:
        return {*course_domain(env).activities, *course_domain(env).case_rooms}
    return set()


def own_code() -> str:
    """Return a digest of this extension's code: a change of it makes every page be read again."""
    folder = Path(__file__).parent
    return digest_of(folder.glob("*.py"), folder)


def register(app: Sphinx) -> None:
    """Hook into Sphinx's decision which pages are out of date."""
    app.add_config_value("trustkit_code", own_code(), "env", [str])
    app.connect("env-get-outdated", run_notebooks_again)
    app.connect("doctree-read", note_notebook)
    app.connect("env-updated", write_all_again)
