"""Takes the attempts that a book page posts, and keeps them with the work that will be handed in."""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado import web

from trustkit import workspace
from trustkit.attempts.record import AttemptRefused, check, read_attempts, write_attempt
from trustkit.attempts.replay import replay

MOST_BYTES = 1_000_000
"""One attempt has a few kilobytes; nothing that a page posts honestly comes near this."""


class AttemptsHandler(APIHandler):
    """The trainee's finished attempts; Jupyter's sign-in and its cross-site protection guard them."""

    @web.authenticated
    def post(self) -> None:
        """Check one attempt by replaying it, and write it to each folder it is to be handed in from."""
        try:
            record = self._record()
            replay(record)
        except AttemptRefused as refused:
            self._answer(413 if refused.code == "too-large" else 422, error=refused.code, message=refused.message)
            return
        places = self.settings["trustkit_places"]
        folders = workspace.attempt_folders(places["workspace"], record["activity"])
        try:
            paths = [write_attempt(folder, record) for folder in folders]
        except OSError as error:
            message = f"The attempt could not be saved: {error.strerror}. Export it as a file instead."
            self._answer(507, error="not-saved", message=message)
            return
        saved = [path.relative_to(places["workspace"]).as_posix() for path in paths]
        self._answer(201, path=saved[0], saved=saved)

    @web.authenticated
    def get(self) -> None:
        """Answer with the trainee's attempts, each one once; `?activity=` narrows them down."""
        home = self.settings["trustkit_places"]["workspace"]
        wanted = self.get_query_argument("activity", "")
        folders = [home / "attempts", *(found.folder / "attempts" for found in workspace.assignments(home))]
        records = {
            record["id"]: record
            for folder in folders
            for record in read_attempts(folder)[0]
            if wanted in ("", record["activity"])
        }
        self._answer(200, attempts=sorted(records.values(), key=lambda record: record["started_at"]))

    def _record(self) -> dict:
        if len(self.request.body) > MOST_BYTES:
            raise AttemptRefused("too-large", "This is far too large to be an attempt, so nothing was saved.")
        try:
            record = json.loads(self.request.body.decode("utf-8"))
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            raise AttemptRefused("not-json", "What was sent is not JSON, so nothing was saved.") from None
        return check(record)

    def _answer(self, status: int, **content: Any) -> None:
        self.set_status(status)
        self.finish(json.dumps(content, ensure_ascii=False))
