"""What a cmi5 platform and its record store do, with all their rules: whatever breaks one is refused and noted."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

TOKEN = "c2VjcmV0OnNlY3JldA=="
ACTOR = {"objectType": "Agent", "account": {"homePage": "https://lms.example", "name": "li-na"}}
REGISTRATION = "7c0b1b6e-4a7e-4f39-9df0-0b8f6f7f4f52"
ACTIVITY = "https://lms.example/activities/4711"
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/"
VERBS = "http://adlnet.gov/expapi/verbs/"
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.I)
DURATION = re.compile(r"P(?=.)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
STATEMENT = {"id", "actor", "verb", "object", "result", "context", "timestamp"}
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
SCORE = {"scaled", "raw", "min", "max"}
CONTEXT = {"registration", "contextActivities", "extensions", "language", "platform", "revision"}
ACTIVITIES = {"category", "grouping", "parent", "other"}
LISTS = {"choice": {"choices"}, "sequencing": {"choices"}, "likert": {"scale"}, "matching": {"source", "target"}}
DEFINED = ("initialized", "completed", "passed", "failed", "terminated")


@dataclass
class Lrs:
    """One registration of one learner.

    Attributes:
        mastery: the share of the score that the platform asks for; None for none.
        mode: "Normal", "Browse" or "Review".
        statements: what was taken, in order, of all sessions.
        state: the documents that the package keeps.
        asked: every call, as method and path.
        broken: whether nothing is taken.
        faults: each rule that something broke.
    """

    mastery: float | None = 0.75
    mode: str = "Normal"
    statements: list[dict] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: bool = False
    faults: list[str] = field(default_factory=list)
    session: int = 0
    fetched: bool = False

    def launched(self) -> dict[str, str]:
        """Begin a session; return what the address of the launch says."""
        self.session, self.fetched = self.session + 1, False
        return {"registration": REGISTRATION, "activityId": ACTIVITY, "actor": json.dumps(ACTOR)}

    def template(self) -> dict:
        return {
            "contextActivities": {"grouping": [{"objectType": "Activity", "id": "urn:trustkit:course"}]},
            "extensions": {SESSION: f"session-{self.session}"},
        }

    def verbs(self, session: int | None = None) -> list[str]:
        """The verbs of all statements, or of one session, by their short names."""
        return [
            one["verb"]["id"].removeprefix(VERBS)
            for one in self.statements
            if session is None or one["context"]["extensions"][SESSION] == f"session-{session}"
        ]

    def answer(self, method: str, path: str, query: dict, headers: dict, body: bytes) -> tuple[int, bytes, str]:
        """Answer one call as (status, body, type)."""
        self.asked.append(f"{method} {path} {query.get('stateId', query.get('profileId', ''))}".strip())
        if path == "/fetch":
            return self._fetch(method)
        headers = {key.lower(): value for key, value in headers.items()}
        if headers.get("authorization") != f"Basic {TOKEN}":
            return self._refuse(401, "no or a wrong Authorization")
        if headers.get("x-experience-api-version") != "1.0.3":
            return self._refuse(400, "no X-Experience-API-Version")
        if self.broken:
            return 503, b"", "text/plain"
        resource = path.removeprefix("/xapi/")
        if resource == "activities/state":
            return self._state(method, query, body)
        if resource == "agents/profile" and query.get("profileId") == "cmi5LearnerPreferences":
            return 404, b"", "text/plain"
        if resource == "statements" and method == "POST":
            return self._take(json.loads(body))
        return self._refuse(400, f"{method} {path}: there is no such resource")

    def _fetch(self, method: str) -> tuple[int, bytes, str]:
        if method != "POST":
            return self._refuse(405, "fetch is asked with POST")
        if self.fetched:
            return 200, b'{"error-code": "1", "error-text": "used already"}', "application/json"
        self.fetched = True
        return 200, json.dumps({"auth-token": TOKEN}).encode(), "application/json"

    def _state(self, method: str, query: dict, body: bytes) -> tuple[int, bytes, str]:
        right = query["activityId"] == ACTIVITY and query["registration"] == REGISTRATION
        if not right or json.loads(query["agent"]) != ACTOR:
            return self._refuse(400, f"the state of something else was asked for: {query}")
        if query["stateId"] == "LMS.LaunchData":
            data = {"contextTemplate": self.template(), "launchMode": self.mode, "moveOn": "CompletedAndPassed",
                    "launchMethod": "AnyWindow", "returnURL": "https://lms.example/back"}  # fmt: skip
            data |= {} if self.mastery is None else {"masteryScore": self.mastery}
            return 200, json.dumps(data).encode(), "application/json"
        if method == "PUT":
            self.state[query["stateId"]] = json.loads(body)
            return 204, b"", "text/plain"
        if query["stateId"] in self.state:
            return 200, json.dumps(self.state[query["stateId"]]).encode(), "application/json"
        return 404, b"", "text/plain"

    def _take(self, batch: list[dict]) -> tuple[int, bytes, str]:
        if not isinstance(batch, list) or not batch:
            return self._refuse(400, "nothing was sent")
        known = {one["id"]: one for one in self.statements}
        fresh = [one for one in batch if one.get("id") not in known]
        for one in fresh:
            for fault in [*statement_faults(one), *self._cmi5_faults(one)]:
                return self._refuse(400, f"{one.get('verb', {}).get('id')}: {fault}")
            self.statements.append(one)
        return 200, json.dumps([one["id"] for one in batch]).encode(), "application/json"

    def _refuse(self, status: int, fault: str) -> tuple[int, bytes, str]:
        self.faults.append(fault)
        return status, fault.encode(), "text/plain"

    def _cmi5_faults(self, one: dict) -> list[str]:
        """What cmi5 forbids of a statement, given those that came before (sections 9.3 to 9.6 of the standard)."""
        verb, before, ever = one["verb"]["id"].removeprefix(VERBS), self.verbs(self.session), self.verbs()
        context, result = one["context"], one.get("result", {})
        categories = [each["id"].removeprefix(CATEGORY) for each in context["contextActivities"].get("category", [])]
        defined = "cmi5" in categories
        found = []

        def need(holds: bool, fault: str) -> None:
            if not holds:
                found.append(fault)

        need(context.get("registration") == REGISTRATION, "another registration")
        need(context["extensions"].get(SESSION) == f"session-{self.session}", "not the session's id")
        need(
            context["contextActivities"].get("grouping") == self.template()["contextActivities"]["grouping"], "template"
        )
        need(one["actor"] == ACTOR, "another actor")
        need(bool(before) or verb == "initialized", "something before initialized")
        need("terminated" not in before, "something after terminated")
        need(defined == (verb in DEFINED), "the category cmi5 is for the verbs of cmi5")
        if not defined:
            return found
        need(one["object"]["id"] == ACTIVITY, "not about the activity of the launch")
        need(verb not in before, "twice in one session")
        need(verb not in ("completed", "passed") or verb not in ever, "twice in one registration")
        need(verb != "failed" or "passed" not in ever, "failed after passed")
        need(not {"passed", "failed"} <= {*before, verb}, "passed and failed in one session")
        need(("moveon" in categories) == (verb in ("completed", "passed", "failed")), "the category moveon")
        need(self.mode == "Normal" or verb in ("initialized", "terminated"), f"in the mode {self.mode}")
        need(verb == "initialized" or "duration" in result, "no duration")
        need(("success" in result) == (verb in ("passed", "failed")), "success")
        need(("completion" in result) == (verb == "completed"), "completion")
        need("score" not in result or verb in ("passed", "failed"), "score")
        if verb in ("passed", "failed"):
            need(result.get("success") is (verb == "passed"), "success says something else")
            need(context["extensions"].get(MASTERY) == self.mastery, "not the platform's mastery score")
            if self.mastery is not None:
                need((result["score"]["scaled"] >= self.mastery) == (verb == "passed"), "score against mastery score")
        return found


def statement_faults(one: dict) -> list[str]:
    """Return what xAPI 1.0.3 forbids of a statement (part two of the standard), as far as the course uses it."""
    found: list[str] = []

    def need(holds: bool, fault: str) -> None:
        if not holds:
            found.append(fault)

    def activity(given: dict, place: str) -> None:
        need(set(given) <= {"objectType", "id", "definition"}, f"{place}: unknown members")
        need(given.get("objectType", "Activity") == "Activity", f"{place}: objectType")
        need(bool(ADDRESS.fullmatch(given.get("id", ""))), f"{place}: id is no IRI")

    def words(given: dict, place: str) -> None:
        need(all(TAG.fullmatch(tag) and isinstance(text, str) for tag, text in given.items()), f"{place}: language map")

    need(set(one) <= STATEMENT and {"id", "actor", "verb", "object", "timestamp", "context"} <= set(one), "members")
    need(_reads(UUID, one["id"]), "id is no UUID")
    need(_reads(datetime.fromisoformat, one["timestamp"]), "timestamp")
    need(bool(ADDRESS.fullmatch(one["verb"]["id"])), "verb is no IRI")
    words(one["verb"].get("display", {}), "verb")
    activity(one["object"], "object")
    definition = one["object"].get("definition", {})
    for part in ("name", "description"):
        words(definition.get(part, {}), part)
    if "type" in definition:
        need(bool(ADDRESS.fullmatch(definition["type"])), "type is no IRI")
    kind = definition.get("interactionType")
    need(kind is None or kind in LISTS, f"interactionType {kind}")
    lists = set(definition) - {"type", "name", "description", "interactionType"}
    need(lists == LISTS.get(kind, set()), f"components of {kind}: {sorted(lists)}")
    ids = {name: [part["id"] for part in definition[name]] for name in lists}
    for name in lists:
        need(len(set(ids[name])) == len(ids[name]) > 0, f"{name}: ids")
        need(not any(re.search(r"\s|\[", id_) for id_ in ids[name]), f"{name}: an id with a space or bracket")
        for part in definition[name]:
            words(part["description"], name)
    result, context = one.get("result", {}), one["context"]
    need(set(result) <= RESULT, "members of result")
    need("duration" not in result or bool(DURATION.fullmatch(result["duration"])), "duration")
    need(all(isinstance(result.get(name, True), bool) for name in ("success", "completion")), "no boolean")
    if kind in ("choice", "likert", "sequencing"):
        answers = [part for part in result["response"].split("[,]") if part]
        need(set(answers) <= {id_ for name in lists for id_ in ids[name]}, f"response {result['response']}")
    if score := result.get("score"):
        need(set(score) <= SCORE and -1 <= score["scaled"] <= 1, "score")
        need(score["min"] <= score["raw"] <= score["max"], "raw score")
    need(set(context) <= CONTEXT and _reads(UUID, context.get("registration", "")), "context")
    need(set(context["contextActivities"]) <= ACTIVITIES, "context activities")
    for name, listed in context["contextActivities"].items():
        need(isinstance(listed, list) and bool(listed), f"{name} is no list")
        for given in listed:
            activity(given, name)
    need(all(ADDRESS.fullmatch(name) for name in context.get("extensions", {})), "extension is no IRI")
    return found


def _reads(reader: Any, text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True
