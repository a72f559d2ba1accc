"""Sessions that ask the running course: signed in by its address, and not signed in at all."""

import pytest
import requests

from trustkit.attempts.record import new_record, now
from trustkit.attempts.replay import replay
from trustkit.drills.reader import read_drill


class Visitor(requests.Session):
    """A browser in short: it keeps cookies, and knows the address of the course."""

    def __init__(self, base: str):
        super().__init__()
        self.base = base

    def request(self, method, url, **more):
        return super().request(method, self.base + url if url.startswith("/") else url, timeout=60, **more)

    @property
    def xsrf(self) -> dict[str, str]:
        """The header that shows a request to come from our own page."""
        return {"X-XSRFToken": self.cookies["_xsrf"]}


@pytest.fixture
def trainee(course) -> Visitor:
    """Somebody who opened the address that was printed."""
    visitor = Visitor(course.base)
    assert visitor.get(f"/course/?token={course.token}").ok
    return visitor


@pytest.fixture
def stranger(course) -> Visitor:
    """Somebody on the same machine who does not know the token."""
    return Visitor(course.base)


@pytest.fixture
def drill_attempt() -> dict:
    """A finished drill with every answer right."""
    drill = read_drill("trust-or-not")
    record = new_record("drill", drill.id, drill.hash, lang="en", learner="p-1234", host="page")
    items = drill.document.data["items"]
    record["steps"] = [{"at": 9 * at, "item": id_, "answer": items[id_]["key"]} for at, id_ in enumerate(items)]
    record["finished_at"] = now()
    return {**record, "result": replay(record).scores}
