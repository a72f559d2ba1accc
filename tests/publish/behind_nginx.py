"""Runs nginx with our settings as a container would, and tells on standard output what it answers and what pages ask.

    unshare --net --mount python behind_nginx.py NGINX CONF SITE PAGES…

It runs in a network of its own without a way out. Nginx runs as an ordinary user with a root it cannot write to.
"""

import gzip
import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from trustkit.publish.crawl import crawl_at

ADDRESS = "http://127.0.0.1:8080/"
NOBODY = "65534"
ASKED = ("trust/", "trust/index.html", "trust/en/index.html", "trust/version.json", "trust/nowhere/at/all", "alive",
         "trust/en/_static/course.css", "trust/en/_static/course.css?v=0123abcd", "trust/python/worker.js",
         "trust/probe.wasm", "trust/probe.mjs", "trust/probe.whl", "trust/_static/page/0123456789ab.css")  # fmt: skip
RUN = f"""
mount --make-rprivate /
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -o remount,ro,bind / && mount -o remount,ro /srv || exit 3
exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --no-new-privs --bounding-set=-all \
  "$1" -c /srv/nginx.conf -g "daemon off;"
"""


def run(*command: str) -> None:
    """Run a command that must not fail."""
    subprocess.run(command, check=True)


def ask(name: str) -> dict:
    """Return status and headers, and whether it is our page for what is not there."""
    request = urllib.request.Request(ADDRESS + name, headers={"Accept-Encoding": "gzip"})
    try:
        answer = urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        text = answer.read()
    if answer.headers["Content-Encoding"] == "gzip":
        text = gzip.decompress(text)
    return {
        "status": answer.status,
        "ours": "找不到这个页面" in text.decode("utf-8", "replace"),
        "headers": {key.lower(): value for key, value in answer.headers.items()},
    }


def main(nginx: str, conf: str, site: str, *pages: str) -> None:
    """Lay out the container's files, run nginx, ask it, and print what came as JSON."""
    run("mount", "--make-rprivate", "/")
    run("ip", "link", "set", "lo", "up")
    run("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", "/srv")
    home = Path("/srv/www/trust")
    (home / "_static/page").mkdir(parents=True)
    Path("/srv/errors").mkdir()
    shutil.copytree(site, home, dirs_exist_ok=True)
    for probe in ("probe.wasm", "probe.mjs", "probe.whl", "_static/page/0123456789ab.css"):
        (home / probe).write_bytes(b"/* */")
    shutil.copy(home / "404.html", "/srv/errors")
    shutil.copy(conf, "/srv/nginx.conf")
    shutil.copy(nginx, "/srv/nginx")
    process = subprocess.Popen(["unshare", "--mount", "sh", "-c", RUN, "sh", "/srv/nginx"])
    try:
        for _ in range(100):
            time.sleep(0.1)
            assert process.poll() is None, f"nginx ended with {process.returncode}"
            if _alive():
                break
        answers = {name: ask(name) for name in ASKED}
        mounts = Path(f"/proc/{process.pid}/mounts").read_text(encoding="utf-8").splitlines()
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        crawled = crawl_at(f"{ADDRESS}trust/", pages)
    finally:
        process.terminate()
        process.wait(timeout=10)
    print(json.dumps({
        "answers": answers, "pages": crawled.pages, "requests": crawled.requests,
        "stumbles": [str(one) for one in crawled.stumbles],
        "way_out": bool(_routes()),
        "writable": [place for _, place, kind, options, *_ in map(str.split, mounts)
                     if kind not in ("proc", "sysfs", "devtmpfs", "devpts", "cgroup2", "mqueue")
                     and place in ("/", "/srv", "/tmp") and options.split(",")[0] == "rw"],
        "uid": next(line.split()[1] for line in status.splitlines() if line.startswith("Uid:")),
        "capabilities": next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:")),
    }))  # fmt: skip


def _alive() -> bool:
    try:
        return ask("alive")["status"] == 200
    except OSError:
        return False


def _routes() -> str:
    return subprocess.run(["ip", "route"], capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main(*sys.argv[1:])
