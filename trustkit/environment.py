"""Makes the course's own Python environment in `.venv`, then hands over to the command that needs it.

This is the one script that runs before anything is installed, so it uses nothing but the standard library
and no syntax that an old Python could not read: an old Python must get as far as the sentence that says so.

    python3 -m trustkit.environment setup
    python3 -m trustkit.environment start
    python3 -m trustkit.environment test [pytest's own options]
"""

import base64
import glob
import hashlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "trustkit-stamp")
LOG = os.path.join(VENV, "trustkit-install.log")
OLDEST = (3, 11)
DEFAULT_PORT = 8890

# Python for the pages: simulators and text checkers run in the browser with it. Mozilla Public License 2.0, used
# unchanged; it holds CPython with its standard library (PSF License 2).
PAGE_PYTHON = "pyodide"
PAGE_PYTHON_VERSION = "314.0.6"
PAGE_PYTHON_INTEGRITY = "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ=="
"""SHA-512 of the package, base64, as its registry publishes it: another file is not used."""
PAGE_PYTHON_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
NPM_PACKAGES = os.path.join(VENV, "share", "trustkit")
"""Beside the Python packages, so that `make clean` leaves it."""
PAGE_PYTHON_FOLDER = os.path.join(NPM_PACKAGES, f"{PAGE_PYTHON}-{PAGE_PYTHON_VERSION}")
USUAL_REGISTRY = "https://registry.npmjs.org/"
"""Where npm itself looks when its configuration names no other place."""

POSTGRES_HOMES = "/usr/lib/postgresql"
"""Where Debian installs the versions of PostgreSQL."""
NGINX_FOLDER = os.path.join(VENV, "share", "nginx")
"""Where Debian's nginx is unpacked for the tests."""
NGINX = os.path.join(NGINX_FOLDER, "usr", "sbin", "nginx")

NO_NETWORK = re.compile(
    "name resolution|NameResolutionError|Failed to establish a new connection|Network is unreachable|"
    "ConnectTimeout|Read timed out|Connection refused|Could not fetch URL|ProxyError|Max retries exceeded|"
    "Connection broken|getaddrinfo failed",
    re.IGNORECASE,
)


class Problem(Exception):
    """Something a person has to put right; the message is the sentence that says what."""


def say(words):
    """Print one progress line at once, also into a pipe."""
    print(words, flush=True)


class Waiting:
    """Shows what is going on and for how long: one changing line on a terminal, a line now and then elsewhere.

    Set `words` whenever there is something new to say; use it with `with`.
    """

    def __init__(self, words):
        self.words = words
        self._live = sys.stdout.isatty()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()
        if self._live:
            sys.stdout.write("\r\033[K")
            sys.stdout.flush()

    def _tick(self):
        started = time.time()
        while not self._ended.wait(0.5 if self._live else 15):
            text = f"  … {self.words}, {time.time() - started:.0f} s"
            if self._live:
                sys.stdout.write("\r\033[K" + text[: shutil.get_terminal_size().columns - 1])
                sys.stdout.flush()
            else:
                say(text)


def need_python(arguments):
    """Go on with a Python that is new enough: this one, or else one on the PATH, which takes over here.

    Raises:
        Problem: there is none.
    """
    if sys.version_info >= OLDEST:
        return
    for minor in (13, 12, 11, 14):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, "-m", "trustkit.environment", *arguments])
    raise Problem(
        f"The course needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and this is Python {sys.version_info[0]}."
        f"{sys.version_info[1]}. Install a newer one from python.org or your package manager, then run the "
        "same command with PYTHON=python3.12 (or whichever you installed)."
    )


def make_environment():
    """Create `.venv` and install what requirements.txt pins, unless that is already done.

    Raises:
        Problem: the venv module is missing, the package registry cannot be reached, or pip failed.
    """
    wanted = _fingerprint()
    if _done(wanted):
        return
    started = time.time()
    if not os.path.exists(PYTHON) or not _runs(PYTHON):
        say("Creating the course's own Python environment in .venv …")
        _create()
    say("Installing the packages the course needs; the first time this takes a few minutes …")
    requirements = [
        "-r", os.path.join(ROOT, "requirements.txt"), "-c", os.path.join(ROOT, "constraints.txt"),
    ]  # fmt: skip
    with open(LOG, "w", encoding="utf-8") as log:
        _pip(requirements, log, total=_pins())
        _pip(["--no-deps", "--no-build-isolation", "-e", ROOT], log, total=1)
    with open(STAMP, "w", encoding="utf-8") as stamp:
        stamp.write(wanted)
    say(f"Installed in {time.time() - started:.0f} s.")


def bring_page_python():
    """Fetch Python for the pages once; without it the course works, and simulators run in JupyterLab only."""
    if has_page_python():
        return
    say("Fetching Python for the pages (6 MB) …")
    try:
        bring_npm_package(
            PAGE_PYTHON, PAGE_PYTHON_VERSION, PAGE_PYTHON_INTEGRITY, PAGE_PYTHON_FILES, PAGE_PYTHON_FOLDER
        )  # fmt: skip
    except Problem as problem:
        say(
            f"{problem} All else works; simulators and text checkers run in JupyterLab only, until `make setup` finds "
            "it."
        )


def bring_npm_package(name, version, integrity, files=(), folder=None):
    """Return the folder with a package of the npm registry, which is fetched and checked where it is not here yet.

    The tests look for barriers and play packages for learning platforms with what stands there.

    Args:
        name, version: of the package.
        integrity: SHA-512 of it, base64, as its registry publishes it: another file is not used.
        files: what of it is wanted; all where nothing is named.
        folder: where to; beside the other packages where nothing is named.

    Raises:
        Problem: it cannot be fetched, or is another one.
    """
    folder = folder or os.path.join(NPM_PACKAGES, f"{name}-{version}")
    if os.path.isdir(folder) and all(os.path.isfile(os.path.join(folder, file)) for file in files):
        return folder
    try:
        with tempfile.TemporaryDirectory() as place, Waiting(f"fetching {name}"):
            archive = _packed_by_npm(place, name, version) or _packed_by_hand(place, name, version)
            _unpack(archive, integrity, files, folder)
    except (Problem, OSError, tarfile.TarError, ValueError) as problem:
        why = str(problem).rstrip(".") or type(problem).__name__
        raise Problem(f"The package {name} {version} could not be fetched ({why}).") from None
    return folder


def has_page_python():
    """Return whether Python for the pages is here, whole and in the wanted version."""
    return all(os.path.isfile(os.path.join(PAGE_PYTHON_FOLDER, name)) for name in PAGE_PYTHON_FILES)


def check_port(port):
    """Refuse a port that something else listens on, before anything slow is done.

    Raises:
        Problem: the port is in use or may not be used.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Problem(
                f"Port {port} may only be used by the administrator. "
                f"Choose one above 1023: make start PORT={DEFAULT_PORT}"
            ) from None
        except OSError:
            raise Problem(
                f"Port {port} is already in use, perhaps by a course that is still running. "
                f"Stop that one with Ctrl-C, or choose another port: make start PORT={port + 1}"
            ) from None


def wanted_port():
    """Return the port named by the environment variable PORT, else the default.

    Raises:
        Problem: PORT is not a port number.
    """
    named = os.environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not (named.isdigit() and 0 < int(named) < 65536):
        raise Problem(f"PORT must be a number from 1 to 65535, not {named!r}.")
    return int(named)


def find_chromium():
    """Return the path of an installed Chromium or Chrome, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    return None


def need_chromium():
    """Install Debian's Chromium for the browser tests when no Chromium is there.

    Raises:
        Problem: it is missing and cannot be installed without a person.
    """
    _install("chromium", "Chromium", "The browser tests", find_chromium)


def find_postgres():
    """Return the path of an installed PostgreSQL server, or None. Debian keeps it off the PATH."""
    homes = sorted(glob.glob(os.path.join(POSTGRES_HOMES, "*", "bin")), reverse=True)
    for name in [shutil.which("postgres"), *(os.path.join(home, "postgres") for home in homes)]:
        if name and os.access(os.path.join(os.path.dirname(os.path.realpath(name)), "initdb"), os.X_OK):
            return name
    return None


def want_postgres():
    """Install Debian's PostgreSQL for the tests of the gradebook; without it they are skipped, and the rest runs."""
    try:
        _install("postgresql", "PostgreSQL", "The tests of a gradebook on a database server", find_postgres)
    except Problem as problem:
        say(f"{problem} Until then these tests are skipped.")


def find_nginx():
    """Return the path of an nginx: an installed one, else the one that `want_nginx` fetched, else None."""
    for name in (shutil.which("nginx"), "/usr/sbin/nginx", NGINX):
        if name and os.access(name, os.X_OK):
            return name
    return None


def want_nginx():
    """Fetch Debian's nginx for the tests of `deploy/`; without it they are skipped, and the rest runs.

    Its package is unpacked into the environment and not installed, which would start a web server on this machine.
    """
    if find_nginx():
        return
    try:
        with tempfile.TemporaryDirectory() as folder, Waiting("fetching nginx, which only tests use"):
            for command in (["download", "-qq", "nginx"], ["update", "-qq"], ["download", "-qq", "nginx"]):
                done = subprocess.run(["apt-get", *command], cwd=folder, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True)  # fmt: skip
                packages = glob.glob(os.path.join(folder, "nginx_*.deb"))
                if packages:
                    break
            if not packages:
                raise OSError((done.stdout.strip().splitlines() or ["apt-get said nothing"])[-1].rstrip("."))
            subprocess.run(["dpkg-deb", "-x", packages[0], NGINX_FOLDER], check=True)
    except (OSError, subprocess.SubprocessError) as problem:
        say(f"nginx could not be fetched ({problem}). Until it is there, the tests of deploy/ are skipped.")


def _install(package, name, who, find):
    if find():
        return
    by_hand = f"Install it by hand (Debian: sudo apt-get install {package}) and run the same command again."
    apt = shutil.which("apt-get")
    if not apt:
        raise Problem(f"{who} need {name}, and there is no apt-get to install it. {by_hand}")
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        prefix = ["sudo", "-n"]
    else:
        raise Problem(f"{who} need {name}; installing it needs administrator rights. {by_hand}")
    say(f"Installing {name}, which only tests use …")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        result = subprocess.run(
            [*prefix, apt, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
    if result.returncode or not find():
        last = (result.stdout.strip().splitlines() or ["apt-get said nothing"])[-1]
        raise Problem("{} could not be installed: {}. {}".format(name, last.rstrip("."), by_hand))


def main(arguments):
    """Run one of `setup`, `start` and `test`, and return the exit code."""
    what, rest = (arguments[0] if arguments else "setup"), arguments[1:]
    try:
        os.chdir(ROOT)
        need_python(arguments)
        if what == "start":
            check_port(wanted_port())
        make_environment()
        bring_page_python()
        if what == "setup":
            say("The environment in .venv is ready.")
            return 0
        if what == "start":
            return _hand_over(["-m", "trustkit", "start", *rest])
        if what == "test":
            need_chromium()
            want_postgres()
            want_nginx()
            return _hand_over(["-m", "pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "loadscope", *rest])
        raise Problem(f"Nothing here is called {what!r}: use setup, start or test.")
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130


def _fingerprint():
    digest = hashlib.sha256()
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    # An environment that was moved or copied with its folder still points at the old place.
    digest.update(ROOT.encode())
    return digest.hexdigest()


def _done(wanted):
    try:
        with open(STAMP, encoding="utf-8") as stamp:
            return stamp.read() == wanted and _runs(PYTHON)
    except OSError:
        return False


def _runs(python):
    try:
        code = f"import sys; sys.exit(sys.version_info < {OLDEST!r} or sys.prefix != {VENV!r})"
        return subprocess.call([python, "-c", code], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _create():
    if subprocess.call([sys.executable, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL):
        raise Problem(
            "This Python has no venv module, which the course needs for its own environment. "
            "On Debian or Ubuntu: sudo apt-get install python3-venv. Then run the same command again."
        )
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    if made.returncode:
        last = (made.stdout.strip().splitlines() or ["it said nothing"])[-1]
        raise Problem(f"The Python environment could not be created in {VENV}: {last}")


def _pins():
    names = []
    for file in ("requirements.txt", "constraints.txt"):
        with open(os.path.join(ROOT, file), encoding="utf-8") as lines:
            names += [line for line in lines if re.match(r"[A-Za-z]", line)]
    return len(names)


def _pip(arguments, log, total):
    # Where packages come from is the user's own pip configuration: no index address is ever named here.
    command = [
        PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off",
        "--retries", "2", *arguments,
    ]  # fmt: skip
    pip = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, cwd=ROOT,
    )  # fmt: skip
    lines = []
    try:
        with Waiting("looking up packages") as waiting:
            for line in pip.stdout:
                log.write(line)
                lines.append(line)
                if line.startswith(("Collecting ", "Requirement already satisfied:")):
                    seen = sum(1 for earlier in lines if earlier.startswith(("Collecting ", "Requirement ")))
                    waiting.words = f"looking up packages ({min(seen, total)} of about {total})"
                elif line.startswith("Installing collected packages"):
                    waiting.words = f"unpacking {total} packages"
    except KeyboardInterrupt:
        pip.terminate()
        raise
    if pip.wait():
        raise Problem(_reason(lines))


def _packed_by_npm(folder, package, version):
    # npm knows every setting a company may have made: its mirror, proxy, certificates and sign-in.
    npm = shutil.which("npm")
    if not npm:
        return None
    wanted = f"{package}@{version}"
    command = [npm, "pack", wanted, "--pack-destination", folder, "--ignore-scripts", "--fetch-retries=1"]
    try:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    except subprocess.SubprocessError:
        return None
    found = [os.path.join(folder, file) for file in os.listdir(folder) if file.endswith(".tgz")]
    return found[0] if done.returncode == 0 and found else None


def _packed_by_hand(folder, package, version):
    # Where there is no npm, its settings still say where packages come from.
    registry = _npm_setting("registry") or USUAL_REGISTRY
    address = f"{registry.rstrip('/')}/{package}/-/{package}-{version}.tgz"
    trusted = ssl.create_default_context()
    for file in (_npm_setting("cafile"), os.environ.get("NODE_EXTRA_CA_CERTS")):
        if file and os.path.isfile(file):
            trusted.load_verify_locations(file)
    path = os.path.join(folder, "package.tgz")
    with urllib.request.urlopen(address, timeout=20, context=trusted) as source, open(path, "wb") as target:
        shutil.copyfileobj(source, target)
    return path


def _npm_setting(name):
    for key in (f"NPM_CONFIG_{name.upper()}", f"npm_config_{name}"):
        if os.environ.get(key):
            return os.environ[key]
    named = os.environ.get("NPM_CONFIG_USERCONFIG")
    for path in (os.path.join(ROOT, ".npmrc"), named or os.path.join(os.path.expanduser("~"), ".npmrc")):
        try:
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    found = re.match(r"\s*" + name + r"\s*=\s*(\S+)\s*$", line)
                    if found:
                        return os.path.expandvars(found.group(1).strip("\"'"))
        except OSError:
            continue
    return None


def _unpack(archive, integrity, files, folder):
    with open(archive, "rb") as file:
        found = base64.b64encode(hashlib.sha512(file.read()).digest()).decode()
    if found != integrity:
        raise Problem("the package that was sent is not the one this course was tested with")
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    part = tempfile.mkdtemp(dir=os.path.dirname(folder))
    try:
        with tarfile.open(archive, "r:gz") as package:
            inside = [member.name for member in package if member.isfile() and ".." not in member.name.split("/")]
            for member in [f"package/{name}" for name in files] or inside:
                target = os.path.join(part, *member.split("/")[1:])
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "wb") as file:
                    shutil.copyfileobj(package.extractfile(member), file)
        os.chmod(part, 0o755)
        # In one move: what stands there is always whole.
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _reason(lines):
    text = "".join(lines)
    if NO_NETWORK.search(text):
        return (
            "The package registry could not be reached. Check the network connection; behind a company "
            "mirror, tell pip about it once (pip config set global.index-url ADDRESS). "
            "Then run the same command again."
        )
    errors = [line.strip() for line in lines if line.startswith("ERROR:")]
    first = errors[0][len("ERROR:") :].strip() if errors else "pip stopped without saying why"
    return f"Installing the packages failed: {first} The whole story is in {LOG}"


def _hand_over(command):
    sys.stdout.flush()
    environment = dict(os.environ, PATH=os.path.join(VENV, "bin") + os.pathsep + os.environ.get("PATH", ""))
    os.execve(PYTHON, [PYTHON, *command], environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
