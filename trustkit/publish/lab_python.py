"""Python for the lab in the browser: its packages, the course as one of them, and what a full distribution adds.

Everything that a kernel loads lies in one folder of the site, and the lock in it names nothing else, so that no kernel
asks another host. Packages come as their authors published them, known by their checksums (`lab-wheels.txt`).
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import trustkit
from trustkit import environment
from trustkit.cases.compile import compiled
from trustkit.cases.kept import place_of
from trustkit.cases.reader import read_case
from trustkit.course import case_folder, case_ids, company_folder

WHEELS = Path(__file__).with_name("lab-wheels.txt")
BUILDERS = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "doit", "pkginfo")
"""The wheels that build the lab; all others go into the browser."""
EXTENSIONS = ("jupyterlite_pyodide_kernel", "jupyterlab_widgets", "anywidget")
"""The wheels that extend the notebook's page."""
ALWAYS = ("numpy", "pandas")
"""What every kernel loads where there is a full distribution: `load_dataset` needs both before a cell names them."""

COURSE_HOME = "/lib/python3.14/site-packages/trustkit_course"
"""Where a kernel finds the course's content, as `TRUSTKIT_HOME`."""

_START = """\
// The entry to Pyodide: it takes the files as every server sends them, `.mjs` named `.js`, `.wasm` of any type.

import createPyodideModule from "./pyodide.asm.js";
import { loadPyodide as load } from "./pyodide.js";

export async function loadPyodide(options) {
  const outside = self.fetch;
  self.fetch = async (address, wishes) => {
    const answer = await outside.call(self, address, wishes);
    if (!String(address?.url ?? address).endsWith(".wasm") || !answer.ok) return answer;
    return new Response(answer.body, { headers: { "Content-Type": "application/wasm" } });
  };
  try {
    return await load({ ...options, createPyodideModule });
  } finally {
    self.fetch = outside;
  }
}
"""
ENTRY = "start.js"

_PURE = ("__init__.py", "attempts", "blocks.py", "cases", "checkers", "content.py", "course.py", "data",
         "drills", "panel.py", "player", "policies.py", "simulators", "translation.py", "trust", "widgets",
         "workspace.py")  # fmt: skip
_MARKING = ("__init__.py", "role_play.py")
_MARKING_DATA = ("data_checks.py", "slips.py", "running/__init__.py", "running/client.py", "running/channel.py")
_NOT_FOR_TRAINEES = ("planted.md",)
_CODE = (".py", ".toml", ".yaml", ".json", ".js", ".css")


class LabError(Exception):
    """The lab cannot be made; the message says why and what to do."""


# ---------------------------------------------------------------- packages from the registry


def lab_wheels(say: Callable[[str], object]) -> dict[str, Path]:
    """Return the wheels of `lab-wheels.txt` by their names; fetched once, beside the course's own packages.

    Raises:
        LabError: the registry cannot be reached, or sent something else.
    """
    digest = hashlib.sha256(WHEELS.read_bytes()).hexdigest()[:12]
    place = Path(environment.PAGE_PYTHON_FOLDER).parent
    folder = place / f"lab-{digest}"
    if not folder.is_dir():
        say("Fetching the lab for the browser (22 MB) …")
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place) as made:
            _fetch(Path(made, "wheels"))
            try:
                # In one move: what stands there is always whole.
                Path(made, "wheels").replace(folder)
            except OSError:
                if not folder.is_dir():
                    raise
        for old in place.glob("lab-*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
    return {path.name.split("-")[0]: path for path in sorted(folder.glob("*.whl"))}


def _fetch(folder: Path) -> None:
    # Where packages come from is the user's own pip configuration, as for `make setup`.
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check",
         "--retries", "1", "--require-hashes", "--no-deps", "--only-binary=:all:", "--python-version", "3.14",
         "--implementation", "py", "--abi", "none", "--platform", "any", "--dest", str(folder), "-r", str(WHEELS)],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        said = done.stdout + done.stderr
        if environment.NO_NETWORK.search(said):
            raise LabError(
                "The lab needs packages that are not here yet, and the package registry could not be reached. "
                "Publish with a network connection once, or leave the lab out."
            )
        lines = [line.strip() for line in said.splitlines() if line.startswith("ERROR:")]
        first = lines[0].removeprefix("ERROR:").strip() if lines else "pip stopped without saying why"
        raise LabError(f"The packages of the lab could not be fetched: {first}")


def unpack_builders(wheels: Mapping[str, Path], folder: Path) -> Path:
    """Lay the packages that build the lab into a folder, to be imported from there; return it."""
    if not folder.is_dir():
        for name in BUILDERS:
            with zipfile.ZipFile(wheels[name]) as wheel:
                wheel.extractall(folder)
    return folder


# ---------------------------------------------------------------- packages made here


def packed(files: Iterable[tuple[str, bytes]], name: str, version: str) -> bytes:
    """Return files as a wheel for any Python; the same files give the same bytes.

    Args:
        files: path inside the wheel, and content.
        name: the package's name as a wheel writes it, such as "trustkit".
        version: its version.
    """
    about = f"{name}-{version}.dist-info"
    tags = "Wheel-Version: 1.0\nGenerator: trustkit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    described = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        made = {f"{about}/METADATA": described.encode(), f"{about}/WHEEL": tags.encode(), f"{about}/RECORD": b""}
        for path, content in sorted({**made, **dict(files)}.items()):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, content)
    return target.getvalue()


def course_wheel(root: Path, *, data: bool) -> bytes:
    """Return the course as a package for the browser: what its notebooks import, and the content they show.

    There is no way to a file of the site from a kernel on plain http, so content lies in the package: cases without
    those that are exams, drills, and with `data` the datasets.

    Args:
        root: the course folder.
        data: whether numpy and pandas will be there.
    """
    return packed(_course_files(root, data), "trustkit", importlib.metadata.version("trustkit"))


def _course_files(root: Path, data: bool) -> Iterator[tuple[str, bytes]]:
    package = Path(trustkit.__file__).parent
    marking = package.with_name("autograder")
    for home, names in ((package, _PURE), (marking, (*_MARKING, *(_MARKING_DATA if data else ())))):
        for name in names:
            for path in _below(home / name, _CODE):
                yield f"{home.name}/{path.relative_to(home).as_posix()}", path.read_bytes()
    wanted = [root / "exercises/drills", *(root / name for name in ("exercises/slips", "datasets") if data)]
    for folder in wanted:
        for path in _below(folder, (".yaml", ".csv", ".py", ".md")):
            if path.name not in _NOT_FOR_TRAINEES:
                yield f"trustkit_course/{path.relative_to(root).as_posix()}", path.read_bytes()
    # The two folders by which a course is known.
    yield "trustkit_course/book/here.txt", b"The book is on the pages.\n"
    company = company_folder(root)
    values = {"book/policies.yaml": root / "book/policies.yaml"}
    if company:
        values["company/company.yaml"] = company / "company.yaml"
    for place, path in values.items():
        if path.is_file():
            yield f"trustkit_course/{place}", path.read_bytes()
    for name in case_ids(root):
        source = read_case(case_folder(name, root))
        if source.document.data.get("exam"):
            continue
        for path in _below(source.document.path.parent, (".yaml",)):
            own = company and path.is_relative_to(company)
            place = f"company/{path.relative_to(company)}" if own else path.relative_to(root)
            yield f"trustkit_course/{place}", path.read_bytes()
        for variant in source.variants:
            # Solving a case takes a browser many seconds; what was worked out here goes along.
            structure = compiled(source.document.path, variant)
            kept = place_of("bounds", structure["hash"], Path("trustkit_course"))
            yield kept.as_posix(), json.dumps(structure["bounds"]).encode()


def _below(path: Path, endings: tuple[str, ...]) -> list[Path]:
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return [file for file in found if file.suffix in endings and "__pycache__" not in file.parts]


def yaml_wheel() -> tuple[str, bytes]:
    """Return the name and content of a wheel of PyYAML without its compiled part, as it is installed here."""
    installed = importlib.metadata.distribution("PyYAML")
    files = [
        (str(path), Path(installed.locate_file(path)).read_bytes())
        for path in installed.files or ()
        if path.suffix == ".py" or path.name == "LICENSE"
    ]
    name = f"pyyaml-{installed.version}-py3-none-any.whl"
    return name, packed(files, "pyyaml", installed.version)


# ---------------------------------------------------------------- a full distribution


def distribution_lock(folder: Path, trusted: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the lock of a full Pyodide distribution that fits this course.

    Args:
        folder: the unpacked distribution, the folder with `pyodide-lock.json` in it.
        trusted: the lock that the runtime's own package brought, whose checksum is pinned (default: read from it).

    Raises:
        LabError: it is not one, is another version, or lacks numpy or pandas; the message says what to do.
    """
    version = environment.PAGE_PYTHON_VERSION
    get = f"Unpack pyodide-{version}.tar.bz2 of https://github.com/pyodide/pyodide/releases, and name its folder."
    path = folder / "pyodide-lock.json"
    if not folder.is_dir():
        raise LabError(f"{folder}: there is no such folder. {get}")
    if not path.is_file():
        inside = folder / "pyodide" / path.name
        hint = f" Did you mean {inside.parent}?" if inside.is_file() else ""
        raise LabError(f"{folder}: this is no Pyodide distribution, it has no pyodide-lock.json.{hint} {get}")
    trusted = trusted or runtime_lock()
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
        packages, info = lock["packages"], lock["info"]
        theirs = {name: (one["file_name"], one["sha256"]) for name, one in packages.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LabError(f"{path}: this is not the lock of a Pyodide distribution. {get}") from None
    if info != trusted["info"]:
        raise LabError(
            f"{folder}: this is a Pyodide for Python {info.get('python', '?')} ({info.get('abi_version', '?')}), and "
            f"the course runs Pyodide {version}, for Python {trusted['info']['python']}. {get}"
        )
    for name in ALWAYS:
        if name not in packages or not (folder / packages[name]["file_name"]).is_file():
            raise LabError(f"{folder}: this distribution has no {name}; it may be the small one, “pyodide-core”. {get}")
    for name, one in theirs.items():
        known = trusted["packages"].get(name)
        if known and (known["file_name"], known["sha256"]) != one:
            raise LabError(f"{path}: its {name} is not the one that Pyodide {version} was published with. {get}")
    return lock


def runtime_lock() -> dict[str, Any]:
    """Return the lock that came with the runtime: every package of the full distribution, with its checksum."""
    path = Path(environment.PAGE_PYTHON_FOLDER, "pyodide-lock.json")
    return json.loads(path.read_text(encoding="utf-8"))


def with_dependencies(lock: Mapping[str, Any], wanted: Iterable[str]) -> list[str]:
    """Return the packages of a lock that `wanted` need, themselves included, sorted."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found and name in lock["packages"]:
            found.add(name)
            waiting += lock["packages"][name]["depends"]
    return sorted(found)


def provides(lock: Mapping[str, Any]) -> dict[str, str]:
    """Return which package of a lock brings each top-level name."""
    return {name: package for package, one in lock["packages"].items() for name in one["imports"]}


# ---------------------------------------------------------------- the folder


def write_python(
    target: Path,
    root: Path,
    wheels: Mapping[str, Path],
    distribution: Path | None = None,
    wanted: Iterable[str] = (),
    *,
    trusted: Mapping[str, Any] | None = None,
) -> list[str]:
    """Make the folder `target` hold Python for the lab; return the packages that a kernel loads at its start.

    Args:
        target: the folder of the runtime, `static/pyodide` of the lab.
        root: the course folder.
        wheels: what `lab_wheels` returned.
        distribution: a full distribution, checked by `distribution_lock`.
        wanted: packages that notebooks import from it; numpy and pandas come in any case.
        trusted: as for `distribution_lock`.

    Raises:
        LabError: a file of the distribution is missing or damaged.
    """
    runtime = Path(environment.PAGE_PYTHON_FOLDER)
    target.mkdir(parents=True, exist_ok=True)
    for name in environment.PAGE_PYTHON_FILES:
        if name != "pyodide-lock.json":
            shutil.copyfile(runtime / name, target / name.replace(".mjs", ".js"))
    (target / ENTRY).write_text(_START, encoding="utf-8")
    packages: dict[str, dict[str, Any]] = {}
    for name, content in _own(root, wheels, data=distribution is not None):
        (target / name).write_bytes(content)
        entry = _entry(name, content)
        packages[entry["name"]] = entry
    at_start = list(packages)
    if distribution is not None:
        lock = distribution_lock(distribution, trusted)
        # Ours are loaded in any case; where the distribution has the same package, one of them is enough.
        needed = [name for name in with_dependencies(lock, (*ALWAYS, *wanted)) if name not in packages]
        for name in needed:
            one = lock["packages"][name]
            content = _checked(distribution / one["file_name"], one["sha256"])
            (target / one["file_name"]).write_bytes(content)
            packages[name] = one
        at_start += [name for name in with_dependencies(lock, ALWAYS) if name in needed]
    lock = {"info": (trusted or runtime_lock())["info"], "packages": packages}
    (target / "pyodide-lock.json").write_text(json.dumps(lock, indent=1) + "\n", encoding="utf-8")
    return at_start


def _own(root: Path, wheels: Mapping[str, Path], *, data: bool) -> Iterator[tuple[str, bytes]]:
    for name, path in wheels.items():
        if name not in BUILDERS:
            yield path.name, path.read_bytes()
    with zipfile.ZipFile(wheels["jupyterlite_pyodide_kernel"]) as kernel:
        # Stand-ins of the kernel's author for packages that make no sense in a browser.
        for inside in kernel.namelist():
            name = inside.split("/")[-1]
            if "/static/pypi/" in inside and name.endswith(".whl") and not name.startswith("widgetsnbextension-3"):
                yield name, kernel.read(inside)
    yield yaml_wheel()
    course = course_wheel(root, data=data)
    # By its content, so that no browser takes an old one for it.
    digest = hashlib.sha256(course).hexdigest()[:12]
    version = importlib.metadata.version("trustkit")
    yield f"trustkit-{version}+{digest}-py3-none-any.whl", course


def _entry(file: str, content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        tops = {path.split("/")[0].removesuffix(".py") for path in wheel.namelist() if path.endswith(".py")}
    name, version = file.split("-")[:2]
    return {
        "name": re.sub(r"[-_.]+", "-", name).lower(),
        "version": version,
        "file_name": file,
        "install_dir": "site",
        "sha256": hashlib.sha256(content).hexdigest(),
        "package_type": "package",
        "imports": sorted(top for top in tops if "." not in top),
        # All of them are loaded at the start of a kernel, so that none has to call for another.
        "depends": [],
        "unvendored_tests": False,
    }


def _checked(path: Path, sha256: str) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise LabError(f"{path}: the distribution's lock names this file. Unpack the distribution again.") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise LabError(f"{path}: this file is not what the distribution's lock says. Unpack the distribution again.")
    return content
