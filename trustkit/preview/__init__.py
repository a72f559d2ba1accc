"""The preview of a case that is being written: plays it in the browser and follows every save of its files."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import yaml
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets

from trustkit import player
from trustkit.cases.bundle import case_bundle
from trustkit.cases.compile import compiled
from trustkit.cases.lint import lint_case
from trustkit.cases.reader import BASE, read_case
from trustkit.cases.solve import solution_of
from trustkit.cases.way import way_to
from trustkit.content import ContentError

HERE = Path(__file__).parent
LOOK_EVERY = 0.25
"""Seconds between two looks at the files: short enough to feel immediate, long enough to cost nothing."""
IN_TRANSLATION = frozenset({"no-chinese", "missing-text", "stale-text", "extra-text", "placeholder"})
"""Rules that say nothing about the English edition; they stay out of its preview."""


class PreviewRefused(Exception):
    """A preview that cannot begin as asked for; the message says why."""


class Preview:
    """What the preview page shows just now.

    Args:
        case: a case's id, its folder or its case.yaml.
        language: "en" or "zh".
        variant: the variant to be played first.
        scene: the scene to begin at; the brief where it is None.

    Raises:
        PreviewRefused: the case as it stands has no such variant or scene, or no way leads to the scene.
        UnknownCase: there is no such case.
    """

    def __init__(self, case: str | Path, language: str = "en", variant: str = BASE, scene: str | None = None):
        self.case, self.language, self.variant, self.scene = case, language, variant, scene
        self.number = self._saves = 0
        self.now: dict = {}
        self._waiting: set[asyncio.Event] = set()
        self._refuse_what_is_not_there()
        # From now on the file itself is meant, also while an editor is putting a new one in its place.
        self.case = self._path

    def played(self) -> tuple[dict | None, list[str]]:
        """Return the case as the player wants it (None where it cannot be played) and the choices to begin with."""
        try:
            bundle = case_bundle(self.case, self.language)
            # The variant asked for is the one that an attempt begins with.
            bundle["variants"].sort(key=lambda variant: variant["id"] != self.variant)
            return bundle, list(self._way() or ())
        except ContentError:
            return None, []

    def findings(self) -> list[dict]:
        """Return what lint finds, in the form in which the page shows it."""
        return [
            one.as_dict() for one in lint_case(self.case) if self.language != "en" or one.rule not in IN_TRANSLATION
        ]

    def files(self) -> tuple:
        """Return a stamp that changes with each save of a file of the case."""
        found = []
        for path in sorted(self._folder.iterdir()):
            try:
                state = path.stat()
            except FileNotFoundError:
                # Editors save by moving files; the next look sees the new one.
                continue
            found.append((path.name, state.st_mtime_ns, state.st_size))
        return tuple(found)

    async def renew(self) -> None:
        """Look again and tell every open page: the case at once, and what lint finds as soon as it has looked."""
        self._saves += 1
        saved = self._saves
        bundle, choices = await _aside(self.played)
        if saved == self._saves:
            self._show(bundle=bundle, choices=choices, saved=saved, findings=None)
        findings = await _aside(self.findings)
        # What was found in a file that has been saved again meanwhile is of no use to anybody.
        if saved == self._saves:
            self._show(findings=findings)

    def _show(self, **changed: Any) -> None:
        self.number += 1
        self.now = {**self.now, **changed, "number": self.number}
        for event in self._waiting:
            event.set()

    async def watch(self) -> None:
        """Look again after each save, for ever."""
        seen = None
        async with asyncio.TaskGroup() as looks:
            while True:
                now = self.files()
                if now != seen:
                    seen = now
                    looks.create_task(self.renew())
                await asyncio.sleep(LOOK_EVERY)

    async def change_after(self, number: int) -> int:
        """Return the number of the present state as soon as it is another one than `number`."""
        while self.number == number:
            event = asyncio.Event()
            self._waiting.add(event)
            try:
                await event.wait()
            finally:
                self._waiting.discard(event)
        return self.number

    @property
    def _folder(self) -> Path:
        return self._path.parent

    def _refuse_what_is_not_there(self) -> None:
        try:
            source = read_case(self.case)
        except ContentError as error:
            # A file that cannot be read yet is what a preview is for, as long as it is there.
            self._path = error.path
            if not error.path.exists():
                raise
            return
        self._path = source.document.path
        if self.variant not in source.variants:
            raise PreviewRefused(f"There is no variant `{self.variant}`. Known are: {', '.join(source.variants)}.")
        if self.scene is None:
            return
        scenes = source.document.data["scenes"]
        if self.scene not in scenes:
            raise PreviewRefused(f"There is no scene `{self.scene}`. Known are: {', '.join(scenes)}.")
        try:
            way = self._way()
        except ContentError:
            return
        if way is None:
            raise PreviewRefused(
                f"No way through the variant `{self.variant}` reaches the scene `{self.scene}`. Let a choice lead to "
                "it, loosen the conditions on the way, or begin at another scene."
            )
        if not scenes[self.scene].get("choices"):
            raise PreviewRefused(
                f"The scene `{self.scene}` closes the conversation, so there is nothing to choose in it. Begin at the "
                "scene before it."
            )

    def _way(self) -> tuple[str, ...] | None:
        if self.scene is None:
            return ()
        return way_to(solution_of(compiled(self.case, self.variant)), self.scene)


def serve(preview: Preview, port: int = 0, *, browser: bool = True, say: Callable[[str], None] = print) -> int:
    """Serve a preview on this machine until Ctrl-C; return the exit code.

    Args:
        port: 0 lets the system choose a free one.
        browser: whether to open the page.

    Raises:
        PreviewRefused: the port is taken.
    """
    try:
        asyncio.run(_serve(preview, port, browser, say))
    except KeyboardInterrupt:
        say("\nThe preview has ended.")
    return 0


async def _serve(preview: Preview, port: int, browser: bool, say: Callable[[str], None]) -> None:
    try:
        sockets = bind_sockets(port, "127.0.0.1")
    except OSError as error:
        raise PreviewRefused(
            f"Port {port} cannot be used ({error.strerror}). Choose another one with --port, or leave --port out."
        ) from None
    HTTPServer(_application(preview)).add_sockets(sockets)
    address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"
    say(f"The preview is at {address}")
    say("It follows every save. Press Ctrl-C to end it.")
    if browser:
        webbrowser.open(address)
    await preview.watch()


async def _aside(work: Callable[[], Any]) -> Any:
    """Do work in a thread that nobody waits for when the preview ends, however long it takes."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def tell(result: Any, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error:
            done.set_exception(error)
        else:
            done.set_result(result)

    def run() -> None:
        try:
            result, error = work(), None
        except Exception as raised:
            result, error = None, raised
        # The preview may have ended meanwhile.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, result, error)

    threading.Thread(target=run, daemon=True).start()
    return await done


def _application(preview: Preview) -> web.Application:
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        (HERE / "page.html").read_text(encoding="utf-8")
    )
    words = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))[preview.language]
    style = player.style() + (HERE / "preview.css").read_text(encoding="utf-8")
    texts = {
        "/": ("text/html", page.render(lang=preview.language, case=preview._folder.name, words=words)),
        "/preview.js": ("text/javascript", player.preview_script()),
        "/preview.css": ("text/css", style),
    }
    here = {"preview": preview}
    return web.Application(
        [
            ("/now", _Now, here),
            ("/changes", _Changes, here),
            *((path, _Text, {"kind": kind, "text": text}) for path, (kind, text) in texts.items()),
        ],
        log_function=lambda handler: None,
    )


class _Text(web.RequestHandler):
    def initialize(self, kind: str, text: str) -> None:
        self.kind, self.text = kind, text

    def get(self) -> None:
        self.set_header("Content-Type", f"{self.kind}; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(self.text)


class _Now(web.RequestHandler):
    """What the page shows."""

    def initialize(self, preview: Preview) -> None:
        self.preview = preview

    async def get(self) -> None:
        await self.preview.change_after(0)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(self.preview.now, ensure_ascii=False))


class _Changes(web.RequestHandler):
    """Tells an open page each time there is something new to see."""

    def initialize(self, preview: Preview) -> None:
        self.preview = preview

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        number = 0
        try:
            await self.flush()
            while True:
                number = await self.preview.change_after(number)
                self.write(f"data: {number}\n\n")
                await self.flush()
        except (StreamClosedError, asyncio.CancelledError):
            # The page was closed, or the preview ends.
            return
