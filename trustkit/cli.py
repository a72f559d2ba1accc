"""The command `trustkit`: everything the course can do, typed.

Each command imports what it needs when it runs, so that `trustkit --help` answers at once.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
REFUSED, STOPPED = 1, 130
SMALLEST_LIBRARY = 6
"""With fewer cases nothing can be said about the library as a whole."""
DRILL_WITHOUT_CHINESE = "drill-no-chinese"
DRILL_NOTE = "There is no zh.yaml; the drill is shown in English. Write the Chinese texts."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or found wanting, 2 mistyped, 130 stopped."""
    options = _parser().parse_args(_with_step(sys.argv[1:] if arguments is None else arguments))
    try:
        code = options.run(options)
        sys.stdout.flush()
        return code or 0
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # Whoever was reading has enough; Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UnicodeDecodeError:
        found = _not_in_utf8()
        if not found:
            raise
        print("\n".join(found), file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{error.filename or 'The file'}: {error.strerror or error}.", file=sys.stderr)
        return REFUSED
    except Exception as error:
        # Our own exceptions are messages to a person; any other one is a defect and shows where it is.
        if type(error).__module__.split(".")[0] in ("trustkit", "autograder"):
            print(error, file=sys.stderr)
            return REFUSED
        raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trustkit", description="The customer trust course: play, check, build, grade.",
    )  # fmt: skip
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    start = command("start", _start, "Open the course in the browser.")
    start.add_argument("--port", type=_port, help="port on this machine (default: PORT, else 8890)")
    start.add_argument("--no-browser", action="store_true", help="only print the address (also: OPEN=0)")
    start.add_argument("--home", type=Path, metavar="FOLDER", help="for the class and the trainee (default: _build)")
    _company_option(start)
    for name, run, about, what in (
        ("play", _play, "Play a case in the terminal.", "CASE"),
        ("drill", _drill, "Do a drill in the terminal.", "DRILL"),
    ):
        play = command(name, run, about)
        play.add_argument("activity", metavar=what)
        play.add_argument("--lang", choices=LANGUAGES, default=_language())
        play.add_argument("--seed", type=_seed, help="order in which choices are shown")
        play.add_argument("--save", type=Path, metavar="FOLDER", help="write the attempt into this folder")
        play.add_argument("--learner", help="who is playing (default: your user name)")
        if name == "play":
            play.add_argument("--variant", default="base")
    solve = command("solve", _solve, "Show the best path of a case, another that passes, a tempting one and the worst.")
    solve.add_argument("activity", metavar="CASE")
    solve.add_argument("--variant", default="base")
    new = command("new-case", _new_case, "Begin a new case with a small, sound one that you overwrite.")
    new.add_argument("slug", metavar="SLUG", help="its id and folder, such as cot-without-rail")
    new.add_argument("--industry", default="e-commerce", help="such as hotel, bank, retail (default: e-commerce)")
    new.add_argument("--channel", default="chat", help="such as phone, chat, mail, in-person (default: chat)")
    story = command("map", _map, "Draw the story map of a case, for an author or a trainer.")
    story.add_argument("activity", metavar="CASE")
    story.add_argument("--variant", default="base")
    story.add_argument("--lang", choices=LANGUAGES, default=_language())
    story.add_argument("--out", type=Path, metavar="FILE.svg", help="write the map here (default: print it)")
    preview = command("preview", _preview, "Play a case while it is being written: the page follows every save.")
    preview.add_argument("activity", metavar="CASE")
    preview.add_argument("--from", dest="scene", metavar="SCENE", help="begin at this scene")
    preview.add_argument("--variant", default="base")
    preview.add_argument("--lang", choices=LANGUAGES, default=_language())
    preview.add_argument("--port", type=_port, help="port on this machine (default: a free one)")
    preview.add_argument("--no-browser", action="store_true", help="only print the address")
    text = command("check-text", _check_text, "Show what a checker finds in a text file, by line and column.")
    text.add_argument("checker", metavar="CHECKER")
    text.add_argument("path", type=Path, metavar="FILE")
    text.add_argument("--lang", choices=LANGUAGES, default=_language(), help="language of the explanations")
    replay = command("replay", _replay, "Replay attempt files and show what they are worth.")
    replay.add_argument("paths", nargs="+", type=Path, metavar="FILE")
    lint = command("lint", _lint, "Check a case, or all of them.")
    lint.add_argument("activity", nargs="?", default="all", metavar="CASE")
    calibrate = command("calibrate", _calibrate, "Let simulated handlers play a case, or all of them.")
    calibrate.add_argument("activity", nargs="?", default="all", metavar="CASE")
    calibrate.add_argument("--seeds", type=_count, default=None, help="attempts of each handler at each variant")
    calibrate.add_argument(
        "--figure", type=Path, metavar="SVG", help="where to draw it (default: _build/calibration.svg)"
    )
    coverage = command("coverage", _coverage, "Show what the cases cover, and what not.")
    check = command("check", _check, "Check cases, drills, both editions and every figure in the book.")
    check.add_argument("--quick", action="store_true", help="leave out what needs the book to be built")
    stamp = command("translate-stamp", _stamp, "Note that the Chinese texts fit today's English.")
    stamp.add_argument("activity", metavar="CASE|DRILL")
    rehearse = command(
        "rehearse", _rehearse, "Try an assignment's solution and its authored wrong answers, in seconds."
    )
    rehearse.add_argument("assignment", metavar="ASSIGNMENT")
    rehearse.add_argument("--seeds", type=_count, default=3, metavar="N", help="how many seeds (at most 20)")
    data = command("make-data", _make_data, "Write the CSV files of a dataset with its generator.")
    data.add_argument("dataset", metavar="DATASET")
    own = command("lab-on", _lab_on, "Make a lab on your own complaints, from an export of your helpdesk.")
    own.add_argument("path", type=Path, metavar="FILE.csv", help="the export; .csv.gz is welcome")
    own.add_argument(
        "--as", dest="named", metavar="KIND", help="cfpb, zendesk, freshdesk or MAPPING.yaml (default: by its header)"
    )
    own.add_argument("--zone", help="time zone of times that name none, such as Asia/Shanghai (default: UTC)")
    own.add_argument("--with-text", action="store_true", help="take over free text, masked as far as rules can")
    own.add_argument("--lab", default="complaints", help="the lab (default: complaints)")
    own.add_argument("--out", type=Path, metavar="FOLDER", help="a new folder (default: company-data/<name>)")
    own.add_argument("--lang", choices=LANGUAGES, default=_language(), help="language of notebook and report")
    build = command("build", _build, "Build the book into _build/site.")
    build.add_argument("--lang", choices=LANGUAGES, action="append", help="only this edition")
    build.add_argument(
        "--trainers", action="store_true", help="with the pages for trainers, keys included, into _build/trainers/site"
    )
    _company_option(build)
    publish = command("publish", _publish, "Make _build/site ready to be put on any web server.")
    _format_option(publish)
    publish.add_argument("--lang", choices=LANGUAGES, action="append", help="only this edition")
    publish.add_argument("--out", type=Path, metavar="FOLDER", help="write the site here (default: _build/site)")
    publish.add_argument(
        "--check", action="store_true", help="open every page in Chromium: nothing from outside, nothing missing"
    )
    _company_option(publish)
    publish.add_argument(
        "--address", default="", metavar="URL", help="where it will stand; adds a sitemap and links home"
    )
    publish.add_argument("--pdf", action="store_true", help="print the book and each module, into the folder pdf")
    publish.add_argument("--zip", action="store_true", help="pack it all into one zip to take along, _build/course.zip")
    publish.add_argument("--lab", action="store_true", help="with notebooks that run in the browser (40 MB more)")
    publish.add_argument(
        "--pyodide", type=Path, metavar="FOLDER", help="a full Pyodide distribution, so that pandas runs in the lab too"
    )
    package = command("package", _package, "Make packages of modules and cases for a learning platform (LMS).")
    package.add_argument("what", metavar="MODULE|CASE|all", help="such as 6, fridge-failed-twice, or all of them")
    standard = package.add_mutually_exclusive_group(required=True)
    standard.add_argument("--scorm", dest="standard", choices=("1.2", "2004"), help="the version your platform takes")
    standard.add_argument("--xapi", dest="standard", action="store_const", const="cmi5", help="cmi5, for xAPI")
    package.add_argument("--lang", choices=LANGUAGES, default=_language())
    package.add_argument("--out", type=Path, metavar="FOLDER", help="write them here (default: _build/packages)")
    _format_option(package)
    collect = command("collect", _collect, "Take in hand-ins that came as files (and what lies in the exchange).")
    collect.add_argument(
        "paths", nargs="+", type=Path, metavar="FILE",
        help="attempt files, notebooks, a .zip of Moodle or Canvas, or a folder of all that",
    )  # fmt: skip
    collect.add_argument("--roster", type=Path, metavar="CSV", help="who is who, beside the roster.csv of the class")
    collect.add_argument("--student", metavar="ID", help="whose files these are, where they do not say it")
    collect.add_argument("--assignment", metavar="ID", help="what notebooks belong to, where they do not say it")
    _class_option(collect)
    certificate = command("certificate", _certificate, "Issue a certificate from a trainee's exported attempt files.")
    certificate.add_argument("paths", nargs="+", type=Path, metavar="ATTEMPTS.json", help="files, or folders of them")
    certificate.add_argument("--name", required=True, help="who it is for, as it is to be printed")
    certificate.add_argument("--track", required=True, choices=("agent", "lead", "analyst"))
    certificate.add_argument("--observed-by", default="", metavar="NAME", help="who watched the exam; always needed")
    certificate.add_argument("--reply", type=_points, metavar="POINTS", help="your mark of the written reply, of 32")
    certificate.add_argument("--student", metavar="ID", help="take reply and assignments from this student's gradebook")
    certificate.add_argument("--out", required=True, type=Path, metavar="FILE.pdf", help="the certificate to write")
    certificate.add_argument("--lang", choices=LANGUAGES, default=_language(), help="language of the certificate")
    _class_option(certificate, "--gradebook")
    report = command("report", _report, "Write one page on a class: who struggles where, and with what.")
    report.add_argument("--out", type=Path, default=Path("report.html"), metavar="FILE.html", help="the page to write")
    report.add_argument("--hide-names", action="store_true", help="numbers in place of names")
    _class_option(report)
    verify = command("verify", _verify, "Say whether a certificate is genuine, from its file or its code.")
    verify.add_argument("certificate", metavar="FILE.pdf|CODE")
    _class_option(verify)
    for scriptable in (solve, text, replay, lint, calibrate, coverage, check, collect, certificate, verify):
        _format_option(scriptable)
    _add_grade(commands)
    _add_company(commands)
    return parser


def _with_step(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the step that `trustkit grade ASSIGNMENT` leaves out."""
    given = list(arguments)
    steps = {name for name, _, _ in _grade_steps()}
    if given[:1] == ["grade"] and len(given) > 1 and given[1] not in steps and not given[1].startswith("-"):
        given.insert(1, "autograde")
    return given


def _grade_steps() -> tuple[tuple[str, Any, str], ...]:
    return (
        ("create", _grade_create, "Make the class."),
        ("demo", _grade_demo, "Make the class with authored hand-ins of different quality."),
        ("release", _grade_release, "Give assignments to the trainees."),
        ("collect", _grade_collect, "Take in what was handed in through JupyterLab."),
        ("autograde", _grade_autograde, "Grade what a machine can grade (`trustkit grade ASSIGNMENT` does the same)."),
        ("feedback", _grade_feedback, "Write and return feedback."),
        ("export", _grade_export, "Write all marks as a CSV file."),
        ("rating-sheet", _grade_rating_sheet, "Write an empty sheet for a second rater of the written replies."),
        ("second-rater", _grade_second_rater, "Take in a second rater's sheet; the report shows the agreement."),
        ("status", _grade_status, "Show who stands where."),
    )


def _add_grade(commands: Any) -> None:
    about = "Look after a class: release, collect, autograde, feedback, export, status."
    steps = commands.add_parser("grade", help=about, description=about).add_subparsers(
        title="steps", metavar="STEP", required=True
    )
    for name, run, explained in _grade_steps():
        step = steps.add_parser(name, help=explained, description=explained)
        step.set_defaults(run=run)
        _class_option(step)
        if name in ("create", "demo"):
            step.add_argument("--lang", choices=LANGUAGES, default=_language())
        if name in ("release", "autograde", "feedback"):
            step.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all of them")
        if name in ("autograde", "feedback"):
            step.add_argument("--student", help="only this student")
        if name == "autograde":
            step.add_argument("--force", action="store_true", help="grade also what has not changed")
            step.add_argument(
                "--workers", type=int, metavar="N",
                help="processes (default: one a processor, at most 4; on a cluster what keeps it busy, at most 16)",
            )  # fmt: skip
            step.add_argument(
                "--cluster", metavar="ADDRESS",
                help="run hand-ins on the machines of a dask cluster, such as tcp://head.example:8786",
            )  # fmt: skip
            step.add_argument(
                "--allow-unsandboxed", action="store_true",
                help="grade although this machine cannot protect you from what a hand-in's code may do",
            )  # fmt: skip
        if name == "export":
            step.add_argument("path", type=Path, nargs="?", default=Path("scores.csv"), metavar="CSV")
        if name in ("rating-sheet", "second-rater"):
            step.add_argument("assignment", metavar="ASSIGNMENT")
            step.add_argument("path", type=Path, metavar="CSV")
        if name in ("autograde", "feedback", "status"):
            _format_option(step)


def _add_company(commands: Any) -> None:
    about = "Put your company's name, logo, colours, values and cases over the course: new, check."
    steps = commands.add_parser("company", help=about, description=about).add_subparsers(
        title="steps", metavar="STEP", required=True
    )
    for name, run, explained in (
        ("new", _company_new, "Begin an overlay with a small, sound one that you overwrite."),
        ("check", _company_check, "Say what is wrong with an overlay; every build does it too."),
    ):
        step = steps.add_parser(name, help=explained, description=explained)
        step.set_defaults(run=run)
        step.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="default: company/ of the course")
        if name == "check":
            _format_option(step)


def _company_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--company", type=_company, metavar="FOLDER", help="your company's overlay (default: company/ of the course)"
    )


def _company(text: str) -> Path:
    """Use this overlay from now on; whatever this command starts uses it as well."""
    from trustkit.course import COMPANY

    os.environ[COMPANY] = str(Path(text).expanduser().resolve())
    return Path(text)


def _class_option(parser: argparse.ArgumentParser, *also: str) -> None:
    parser.add_argument(
        "--class", *also, dest="classroom", type=Path, metavar="FOLDER", help="the class (default: _build/class)"
    )


def _format_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _language() -> str:
    named = os.environ.get("TRUSTKIT_LANG", "")
    return named if named in LANGUAGES else "en"


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 to {2**32 - 1}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 to 10000")
    return int(text)


def _points(text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if not 0 <= points <= 32:
        raise argparse.ArgumentTypeError(f"{text} is not a number of points from 0 to 32")
    return points


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is not a port number from 1 to 65535")
    return int(text)


class Refused(Exception):
    """Something that cannot be done as typed; the message says why."""


# ---------------------------------------------------------------- playing


def _start(options: argparse.Namespace) -> int:
    from trustkit.start import start

    browser = not options.no_browser and os.environ.get("OPEN", "1") != "0"
    return start(port=options.port, browser=browser, home=options.home)


def _play(options: argparse.Namespace) -> int:
    from trustkit.cases.bundle import case_bundle
    from trustkit.terminal import play_case, tell_debrief

    _one_of("case", options.activity, _cases())
    bundle = case_bundle(options.activity, options.lang)
    _one_of("variant", options.variant, [variant["id"] for variant in bundle["variants"]])
    return _at_the_terminal(
        options,
        lambda learner, terminal: play_case(bundle, options.variant, learner, terminal, options.seed),
        lambda record, terminal: tell_debrief(bundle, record, terminal),
    )


def _drill(options: argparse.Namespace) -> int:
    from trustkit.drills.bundle import drill_bundle
    from trustkit.terminal import do_drill

    _one_of("drill", options.activity, _drills())
    bundle = drill_bundle(options.activity, options.lang)
    return _at_the_terminal(
        options, lambda learner, terminal: do_drill(bundle, learner, terminal, options.seed), lambda *_: None
    )


def _at_the_terminal(options: argparse.Namespace, activity: Any, afterwards: Any) -> int:
    from trustkit.attempts.record import write_attempt
    from trustkit.terminal import Stopped, Terminal
    from trustkit.workspace import student_id

    terminal = Terminal(options.lang)
    try:
        record = activity(options.learner or student_id(), terminal)
    except Stopped:
        print()
        terminal.say(terminal.words("stopped"))
        return STOPPED
    # Kept before its story is told, so that whoever stops reading loses nothing.
    path = write_attempt(options.save, record) if options.save else None
    afterwards(record, terminal)
    if path:
        # Not wrapped: a path is there to be copied.
        print("\n" + terminal.words("saved", path=path))
    return 0


def _solve(options: argparse.Namespace) -> int:
    from trustkit.cases.bundle import case_bundle
    from trustkit.cases.compile import compiled
    from trustkit.cases.handlers import tempting_path
    from trustkit.cases.solve import solution_of

    _one_of("case", options.activity, _cases())
    bundle = case_bundle(options.activity)
    _one_of("variant", options.variant, [variant["id"] for variant in bundle["variants"]])
    solution = solution_of(compiled(options.activity, options.variant))
    play = solution.play
    other = solution.acceptable_path()
    paths = {
        "best": solution.best_path(),
        **({"acceptable": other} if other else {}),
        "tempting": tempting_path(solution),
        "worst": solution.worst_path(),
    }
    found = {
        "case": options.activity,
        "variant": options.variant,
        "hash": play.structure["hash"],
        "positions": len(solution.positions),
        "bounds": play.structure["bounds"],
        **{
            name: {
                "choices": list(path.choices),
                "conduct": play.conduct(path.end),
                "outcome": play.outcome(path.end),
                "passed": play.passed(path.end),
            }
            for name, path in paths.items()
        },
    }
    if options.format == "json":
        return _print_json(found)
    print(f"{options.activity}, variant {options.variant}: {found['positions']} positions can be reached.")
    for name in paths:
        path = found[name]
        verdict = "passes" if path["passed"] else "does not pass"
        print(f"\nThe {name} path: conduct {path['conduct']}, outcome {path['outcome']}; it {verdict}.")
        for number, choice in enumerate(path["choices"], 1):
            print(f"  {number}. {choice}")
    if not other:
        print("\nThere is no other path that passes.")
    return 0


def _new_case(options: argparse.Namespace) -> int:
    from trustkit.newcase import new_case

    path = new_case(options.slug, options.industry, options.channel)
    print(f"{path}: a small case that can be played as it is. Overwrite it, and watch it with:")
    print(f"  trustkit preview {options.slug}")
    return 0


def _company_new(options: argparse.Namespace) -> int:
    from trustkit.company.skeleton import new_company
    from trustkit.course import course_root

    path = new_company(options.folder or course_root() / "company")
    print(f"{path}: a small overlay that can be published as it is. Overwrite it, then:")
    named = f" {options.folder}" if options.folder else ""
    print(f"  trustkit company check{named}\n  trustkit publish{' --company' if named else ''}{named}")
    return 0


def _company_check(options: argparse.Namespace) -> int:
    from trustkit.company.check import SEVERITIES, check_company
    from trustkit.course import course_root

    folder = (options.folder or course_root() / "company").resolve()
    _company(str(folder))
    found = check_company(folder)
    counts = {severity: sum(one.severity == severity for one in found) for severity in SEVERITIES}
    if options.format == "json":
        _print_json([one.as_dict() for one in found])
    else:
        for one in found:
            print(one)
        said = ", ".join(_counted(counts[severity], severity) for severity in SEVERITIES if counts[severity])
        print(said + "." if said else "All is well.")
    return REFUSED if counts["error"] else 0


def _map(options: argparse.Namespace) -> int:
    from trustkit.cases.compile import compiled
    from trustkit.cases.listing import text_language
    from trustkit.cases.reader import read_case, text_of
    from trustkit.cases.solve import solution_of
    from trustkit.cases.storymap import story_map, ways_of
    from trustkit.trust.vocabulary import vocabulary

    _case(options.activity)
    source = read_case(options.activity)
    _one_of("variant", options.variant, source.variants)
    language = text_language(source, options.lang)
    red_lines = {code: red_line.words[language].name for code, red_line in vocabulary().red_lines.items()}
    structure, text = compiled(options.activity, options.variant), text_of(source, options.variant, language)
    drawn = story_map(structure, text, ways_of(solution_of(structure)), red_lines, language).svg()
    if not options.out:
        sys.stdout.write(drawn)
        return 0
    options.out.write_text(drawn, encoding="utf-8", newline="\n")
    print(f"The story map is in {options.out}. It gives the answers away; show it after the case was played.")
    return 0


def _preview(options: argparse.Namespace) -> int:
    from trustkit.preview import Preview, serve

    _case(options.activity)
    preview = Preview(options.activity, options.lang, options.variant, options.scene)
    return serve(preview, options.port or 0, browser=not options.no_browser and os.environ.get("OPEN", "1") != "0")


def _check_text(options: argparse.Namespace) -> int:
    from trustkit import checkers

    _one_of("checker", options.checker, sorted(checkers.MODULES))
    try:
        text = options.path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{options.path}: this file is not in UTF-8. Save it again with the encoding UTF-8.") from None
    findings = checkers.load(options.checker).check(text, options.lang)
    placed = []
    for one in findings:
        # What is missing has no place; it is told of the file as a whole.
        before = text[: one["start"] or 0]
        line, column = (0, 0) if one["start"] is None else (before.count("\n") + 1, len(before.split("\n")[-1]) + 1)
        said = "" if one["start"] is None else text[one["start"] : one["end"]]
        placed.append({"path": str(options.path), "line": line, "column": column, "text": said, **one})
    if options.format == "json":
        return _print_json(placed)
    for one in sorted(placed, key=lambda one: (one["line"], one["column"])):
        place = f":{one['line']}:{one['column']}" if one["line"] else ""
        said = f" “{one['text']}”" if one["text"] else ""
        print(f"{one['path']}{place}: {one['severity']} [{one['kind']}]{said} {one['why']}")
        if one["better"]:
            print(f"  {one['better']}")
    print(f"{_counted(len(findings), 'finding')}. They are questions, not marks: a person judges the text.")
    return 0


def _replay(options: argparse.Namespace) -> int:
    from trustkit.attempts.record import AttemptRefused, read_attempts
    from trustkit.attempts.replay import replay

    rows, refused = [], []
    for path in options.paths:
        if not path.exists():
            raise Refused(f"{path}: there is no such file or folder.")
        records, unreadable = read_attempts(path)
        refused += [{"file": str(one.path), "code": one.code, "message": one.message} for one in unreadable]
        for record in records:
            try:
                result = replay(record)
            except AttemptRefused as error:
                refused.append({"file": str(path), "id": record["id"], "code": error.code, "message": error.message})
            else:
                kept = ("id", "activity", "variant", "learner", "finished_at")
                rows.append({**{key: record[key] for key in kept}, "result": result.scores})
    if options.format == "json":
        _print_json({"attempts": rows, "refused": refused})
    else:
        for row in rows:
            scores = ", ".join(f"{key} {_shown(value)}" for key, value in row["result"].items())
            print(f"{row['activity']} ({row['variant']}) by {row['learner']}: {scores}")
        for one in refused:
            print(f"{one['file']}: {one['message']}", file=sys.stderr)
        if not rows and not refused:
            print("There is no attempt file there.", file=sys.stderr)
    return REFUSED if refused or not rows else 0


# ---------------------------------------------------------------- checking and building


def _lint(options: argparse.Namespace) -> int:
    wanted = _cases() if options.activity == "all" else [options.activity]
    if options.activity != "all" and not Path(options.activity).exists():
        _one_of("case", options.activity, _cases())
    _say_that_it_takes_a_while(wanted)
    findings = _lint_findings(wanted)
    if options.format == "json":
        _print_json(findings)
    else:
        _print_findings(findings)
        print(f"{_counted(len(wanted), 'case')} checked, {_counted(len(_found(findings)), 'finding')}.")
    return REFUSED if any(finding["severity"] == "error" for finding in findings) else 0


def _lint_findings(cases: Sequence[str]) -> list[dict]:
    from trustkit.cases.lint import examine, examine_all, lint_library

    # A second process costs more than a single case.
    examinations = examine_all(cases) if len(cases) > 1 else [examine(case) for case in cases]
    findings = [finding for one in examinations for finding in one.findings]
    if len(cases) >= SMALLEST_LIBRARY:
        findings += lint_library(examinations)
    return [finding.as_dict() for finding in findings]


def _calibrate(options: argparse.Namespace) -> int:
    from trustkit.cases import calibration

    whole = options.activity == "all"
    if not whole:
        _one_of("case", options.activity, _cases())
    _say_that_it_takes_a_while(_cases() if whole else [options.activity])
    seeds = options.seeds or calibration.SEEDS
    found = calibration.populations(_cases() if whole else [options.activity], seeds=seeds)
    rows = calibration.rows(found) if whole else []
    steady = calibration.sensitivity(_cases(), seeds=seeds) if whole else {}
    wrong = [line for one in found for line in calibration.unseparated(one)]
    if options.format == "json":
        _print_json(
            {
                "cases": [
                    {
                        "case": one.case,
                        "difficulty": calibration.difficulty(one),
                        "handlers": {id_: crowd._asdict() for id_, crowd in one.crowds.items()},
                    }
                    for one in found
                ],
                "rows": [{"id": row.id, "holds": row.holds, "measured": row.measured} for row in rows],
                "sensitivity": {str(weight): held for weight, held in steady.items()},
                "unseparated": wrong,
            }
        )
    else:
        _print_populations(found)
        for row in rows:
            print(f"\n{'holds' if row.holds else 'FAILS'}  {row.claim()}\n       {row.measured}\n       [{row.source}]")
        if steady:
            print("\nWith another weight of a disappointment in treatment (per mille), these rows fail:")
            for weight, failing in steady.items():
                print(f"  {weight}: {', '.join(failing) or 'none'}")
        if whole:
            from trustkit.cases.figure import draw_calibration
            from trustkit.course import course_root

            path = options.figure or course_root() / "_build" / "calibration.svg"
            draw_calibration(found, path)
            print(f"\nDrawn: {path}")
    for line in wrong:
        print(f"Not told apart: {line}. Rewrite the case; the weights stay.", file=sys.stderr)
    return REFUSED if wrong or not all(row.holds for row in rows) or any(steady.values()) else 0


def _print_populations(found: Sequence[Any]) -> None:
    from trustkit.cases.calibration import difficulty
    from trustkit.cases.handlers import handlers
    from trustkit.cases.reader import read_case

    width = max(len(one.case) for one in found)
    print("Mean conduct/outcome and share of passing attempts; difficulty as declared and as measured.\n")
    print(" " * width + "".join(f"{handler.words['en'].name:>17}" for handler in handlers().values()) + "   difficulty")
    for one in found:
        cells = "".join(
            f"{f'{crowd.conduct:.0f}/{crowd.outcome:.0f} {crowd.passed:4.0%}':>17}" for crowd in one.crowds.values()
        )
        declared = read_case(one.case).document.data["difficulty"]
        print(f"{one.case:<{width}}{cells}   {declared} / {difficulty(one)}")


def _coverage(options: argparse.Namespace) -> int:
    from trustkit.cases.coverage import coverage

    _say_that_it_takes_a_while(_cases())
    found = coverage(_cases())
    if options.format == "json":
        return _print_json(found.as_dict())
    print(found.as_text())
    return 0


def _check(options: argparse.Namespace) -> int:
    from trustkit.certificate.offer import paths_of
    from trustkit.content import ContentError
    from trustkit.course import course_root
    from trustkit.drills.reader import read_drill
    from trustkit.lessons.check import check_lessons
    from trustkit.lessons.page import read_lessons

    quiet = options.format == "json"
    _say_that_it_takes_a_while(_cases())
    findings = _lint_findings(_cases())
    for drill in _drills():
        try:
            findings += _translation_findings(read_drill(drill))
        except ContentError as error:
            findings.append(_finding(error.path, error.line, "drill", error.message))
    findings += [_finding(one.path, one.line, one.rule, one.message) for one in check_lessons(course_root())]
    try:
        paths_of(course_root(), read_lessons(course_root())[0])
    except ContentError as error:
        findings.append(_finding(error.path, error.line, "paths", error.message))
    if options.quick:
        from trustkit.sphinxext.parity import check_parity

        findings += [_finding(one.path, one.line, "parity", one.message) for one in check_parity()]
    else:
        from trustkit.publish.build import BuildFailed, build_book

        try:
            build_book(say=(lambda _: None) if quiet else print)
        except BuildFailed as error:
            findings += [_finding(one.path, one.line, "book", one.message) for one in error.problems]
    # Two checks may stumble over the same fault.
    findings = [one for at, one in enumerate(findings) if one not in findings[:at]]
    if quiet:
        _print_json(findings)
    else:
        _print_findings(findings)
        found = _found(findings)
        print("All is well." if not found else f"{_counted(len(found), 'finding')}.")
    return REFUSED if any(finding["severity"] == "error" for finding in findings) else 0


def _translation_findings(drill: Any) -> list[dict]:
    """What the Chinese texts of a drill lack; none at all is a note, as for a case."""
    from trustkit.drills.reader import texts
    from trustkit.translation import KEY, drift

    path = drill.document.path
    if drill.chinese is None:
        return [{**_finding(path, 1, DRILL_WITHOUT_CHINESE, "the Chinese texts are missing."), "severity": "note"}]
    stamps = drill.chinese.data.get(KEY, {})
    found = drift(texts(drill.document.data), texts(drill.chinese.data), stamps)
    return [_finding(drill.chinese.path, 1, "drill", f"`{one.key}`: the Chinese text is {one.kind}.") for one in found]


def _finding(path: object, line: int, rule: str, message: str) -> dict:
    return {"path": str(path), "line": line, "rule": rule, "severity": "error", "message": message}


def _print_findings(findings: list[dict]) -> None:
    """Print each finding on a line; of notes, which ask for nothing today, one line for each rule."""
    notes: dict[str, list[str]] = {}
    for one in findings:
        if one["severity"] == "note":
            notes.setdefault(one["rule"], []).append(Path(one["path"]).parent.name)
            continue
        line = f":{one['line']}" if one["line"] else ""
        place = f"{one['path']}{line}: " if one["path"] else ""
        print(f"{place}{one['severity']} [{one['rule']}] {one['message']}")
    for rule, cases in notes.items():
        from trustkit.cases.lint import RULES

        said = f"{RULES[rule].wrong} {RULES[rule].cure}" if rule in RULES else DRILL_NOTE
        print(f"note [{rule}] {said} In: {', '.join(cases)}.")


def _found(findings: list[dict]) -> list[dict]:
    """What is to be mended: all findings but the notes."""
    return [one for one in findings if one["severity"] != "note"]


def _stamp(options: argparse.Namespace) -> int:
    from trustkit.translation import stamp_activity

    _one_of("case or drill", options.activity, [*_cases(), *_drills()])
    path, count = stamp_activity(options.activity)
    print(f"{path}: {_counted(count, 'text')} stamped.")
    return 0


def _rehearse(options: argparse.Namespace) -> int:
    from autograder.rehearse import SEEDS, rehearsal
    from autograder.source import assignment_ids, read_exercise

    _one_of("assignment", options.assignment, assignment_ids())
    failed = 0
    for right, line in rehearsal(read_exercise(options.assignment), SEEDS[: options.seeds]):
        print(("  ok  " if right else "WRONG ") + line, flush=True)
        failed += not right
    return 1 if failed else 0


def _make_data(options: argparse.Namespace) -> int:
    from trustkit.data import dataset_names, write_dataset

    _one_of("dataset", options.dataset, dataset_names())
    for path in write_dataset(options.dataset):
        print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
    return 0


def _lab_on(options: argparse.Namespace) -> int:
    from autograder.lab_on import lab_on, summary
    from trustkit.data.company.words import words_of

    def tell(rows: int) -> None:
        print(words_of(options.lang)["reading"].format(count=f"{rows:,}"), file=sys.stderr)

    made = lab_on(
        options.path,
        named=options.named,
        zone=options.zone,
        with_text=options.with_text,
        lab=options.lab,
        folder=options.out,
        language=options.lang,
        progress=tell,
    )
    print("\n".join(summary(made, options.lang)))
    return 0


def _build(options: argparse.Namespace) -> int:
    from trustkit.publish.build import build_book

    build_book(tuple(options.lang or _editions()), trainers=options.trainers)
    return 0


def _editions() -> tuple[str, ...]:
    """The editions to build where none is named: those that the company publishes, else both."""
    from trustkit.company.overlay import company_of

    company = company_of()
    return company.languages if company else LANGUAGES


def _publish(options: argparse.Namespace) -> int:
    from trustkit.publish.site import next_steps, publish_site

    quiet = options.format == "json"
    say = _no_words if quiet else print
    site = publish_site(
        tuple(options.lang or _editions()), options.out, address=options.address, pdf=options.pdf,
        lab=_lab_of(options, say), say=say,
    )  # fmt: skip
    made: dict[str, Any] = {"site": str(site)}
    if options.zip:
        made["zip"] = str(_packed(site, say))
    code = _crawled(site, options.address, made, quiet) if options.check else 0
    if quiet:
        return _print_json(made) or code
    print(*next_steps(site, options.address), sep="\n")
    return code


def _packed(site: Path, say: Any) -> Path:
    from trustkit.publish.offline import pack

    say("Packing the course …")
    target = pack(site, site.with_name("course.zip"))
    say(f"{target}: {target.stat().st_size / 1e6:.0f} MB, to be unpacked and opened without a server.")
    return target


def _crawled(site: Path, address: str, made: dict[str, Any], quiet: bool) -> int:
    """Open every page, tell what was found, and return the exit code."""
    from urllib.parse import urlsplit

    from trustkit.publish.crawl import crawl
    from trustkit.publish.serving import UNDER
    from trustkit.publish.site import checked_address

    under = urlsplit(checked_address(address)).path or UNDER

    with _Progress("page", "opened", shown=not quiet) as progress:
        found = crawl(site, under=under, watch=progress.watch)
    made |= {
        "pages": found.pages, "requests": found.requests, "stumbles": [vars(one) for one in found.stumbles],
    }  # fmt: skip
    if not quiet:
        for one in found.stumbles:
            print(one)
        outside = sum(one.kind == "other host" for one in found.stumbles)
        print(f"{found.pages} pages, {found.requests} requests, {outside} of them to other hosts.")
    return REFUSED if found.stumbles else 0


def _lab_of(options: argparse.Namespace, say: Callable[[str], object]) -> Callable[[Path], object]:
    """Return what puts the lab for the browser into a published folder, or takes it out."""
    from trustkit.publish.lab import publish_lab, remove_lab
    from trustkit.publish.lab_python import distribution_lock

    if not options.lab and not options.pyodide:
        return remove_lab
    from autograder.browser_copies import write_releases
    from trustkit.course import course_root

    if options.pyodide:
        # Before the book is built, which takes minutes.
        distribution_lock(options.pyodide)
    languages = tuple(options.lang or LANGUAGES)
    return lambda site: publish_lab(site, course_root(), languages, write_releases, options.pyodide, say=say)


def _package(options: argparse.Namespace) -> int:
    from trustkit.lms.package import package

    quiet = options.format == "json"
    say = _no_words if quiet else print
    made = package(options.standard, options.what, options.lang, options.out, say=say)
    return _print_json([vars(one) for one in made]) if quiet else 0


# ---------------------------------------------------------------- a class


def _classroom(options: argparse.Namespace) -> Any:
    from autograder.classroom import Classroom

    return Classroom(options.classroom)


def _collect(options: argparse.Namespace) -> int:
    for path in options.paths:
        if not path.exists():
            raise Refused(f"{path}: there is no such file or folder.")
    quiet = options.format == "json"
    changed, received = _classroom(options).collect(
        options.paths, options.roster, student=options.student, assignment=options.assignment,
        say=_no_words if quiet else print,
    )  # fmt: skip
    refused = [{"file": str(one.path), "code": one.code, "message": one.message} for one in received.refused]
    if quiet:
        _print_json(
            {
                "new_or_newer": changed,
                "taken": {"notebooks": len(received.notebooks), "attempts": sum(received.taken.values())},
                "known": received.known,
                "refused": refused,
                "passed_over": [{"file": str(path), "message": why} for path, why in received.passed_over],
                "roster_rows": received.rows,
            }
        )
    else:
        for one in refused:
            print(f"{one['file']}: {one['message']}", file=sys.stderr)
        if received.rows:
            print("Rows for roster.csv, to be completed:", *received.rows, sep="\n  ")
        print(received.summary)
    return REFUSED if refused else 0


def _certificate(options: argparse.Namespace) -> int:
    from datetime import date

    from trustkit.certificate.issue import CertificateRefused, Person, exam_attempt, gather, issue
    from trustkit.certificate.mastery import evidence_of, rules_of
    from trustkit.certificate.offer import offer_of
    from trustkit.course import course_root

    for path in options.paths:
        if not path.exists():
            raise Refused(f"{path}: there is no such file or folder.")
    root, folder = course_root(), _class_folder(options)
    found, offer = gather(options.paths, folder / "content"), offer_of(root)
    reply, assignments, wrong = _marks_of(options, folder, found.learners)
    for line in found.not_counted:
        print(f"Does not count: {line}", file=sys.stderr)
    if found.refused or wrong:
        raise CertificateRefused([*found.refused, *wrong])
    attempt = exam_attempt(found.results, rules_of(options.track, offer))
    code, facts = issue(
        Person(options.name, options.track, options.observed_by, options.lang),
        evidence_of(found.results, assignments, reply), attempt,
        offer, folder, options.out, root, date.today(),
    )  # fmt: skip
    if options.format == "json":
        return _print_json({"path": str(options.out), "code": code, "facts": facts})
    print(f"{options.out}: {facts['title']}, {facts['name']}, valid until {facts['valid_until']}.")
    print(f"Its code is {code}; it is on the list {folder / 'certificates.csv'}.")
    for one in (result.record for result in found.results if result.record["id"] == attempt):
        print(f"The attempt at the exam that counts as watched was finished at {one['finished_at']}. Was it that one?")
    return 0


def _marks_of(options: argparse.Namespace, folder: Path, learners: Sequence[str]) -> tuple[Any, list[str], list[str]]:
    """Return the mark of the reply, the assignments passed, and what speaks against one person behind the attempts."""
    from trustkit.certificate.mastery import Reply

    typed = None if options.reply is None else Reply(options.reply)
    if not options.student:
        several = f"The attempts come from {len(learners)} learners: {', '.join(learners)}. "
        cure = "If all are one person, map them to one student in the class's roster.csv and name that --student."
        return typed, [], [several + cure] if len(learners) > 1 else []
    from autograder.database import has_gradebook
    from autograder.gradebook import hand_ins
    from autograder.parts import CRITERION, LAB, REPLY
    from autograder.roster import read_roster

    if not has_gradebook(folder):
        raise Refused(f"{folder}: there is no gradebook here. Name the folder of the class with --class.")
    roster = read_roster(folder / "roster.csv")
    student, wrong = options.student, []
    for learner in learners:
        whose = roster.student_of(learner) or (student if learner == student else None)
        if whose != student:
            known = f"belongs to `{whose}`" if whose else "stands nowhere in roster.csv"
            wrong.append(f"The attempts of the learner `{learner}` are not known to be {student}'s: it {known}.")
    handed = [one for one in hand_ins(folder) if one.student == student]
    if not handed:
        wrong.append(f"The gradebook has no hand-in of `{student}`.")
    passed = [one.assignment for one in handed if (one.passed_part(LAB) if one.points(LAB) else one.passed)]
    marked = [one for one in handed if one.marks_of(CRITERION) and one.passed_part(REPLY) is not None]
    if marked and typed:
        wrong.append("The gradebook has a mark of the written reply; leave out --reply.")
    replies = [Reply(one.score(CRITERION), bool(one.red_line)) for one in marked]
    best = max(replies, key=lambda one: (not one.red_line, one.points), default=typed)
    return best, passed, wrong


def _verify(options: argparse.Namespace) -> int:
    from datetime import date

    from trustkit.certificate.verify import GENUINE, verify

    verdict = verify(options.certificate, _class_folder(options), date.today())
    if options.format == "json":
        _print_json({**vars(verdict), "reasons": list(verdict.reasons)})
    else:
        print("\n".join(verdict.lines))
    return 0 if verdict.status == GENUINE else REFUSED


def _class_folder(options: argparse.Namespace) -> Path:
    from trustkit.course import course_root

    return options.classroom.resolve() if options.classroom else course_root() / "_build" / "class"


def _grade_create(options: argparse.Namespace) -> int:
    classroom = _classroom(options)
    classroom.create(options.lang)
    print(f"The class is in {classroom.root}.")
    return 0


def _grade_demo(options: argparse.Namespace) -> int:
    classroom = _classroom(options)
    classroom.create(options.lang)
    classroom.add_demo()
    return 0


def _grade_release(options: argparse.Namespace) -> int:
    from autograder.source import assignment_ids

    classroom = _classroom(options)
    known = assignment_ids(classroom.course)
    for assignment in options.assignments or known:
        _one_of("assignment", assignment, known)
        classroom.release(assignment)
    return 0


def _grade_collect(options: argparse.Namespace) -> int:
    _classroom(options).collect()
    return 0


def _grade_autograde(options: argparse.Namespace) -> int:
    from autograder.running.cluster import VARIABLE as CLUSTER_VARIABLE
    from autograder.running.confined import ALLOW_VARIABLE

    if options.cluster is not None:
        os.environ[CLUSTER_VARIABLE] = options.cluster
    if options.allow_unsandboxed:
        # the grading processes read it there too
        os.environ[ALLOW_VARIABLE] = "1"

    def step(classroom: Any, assignment: str, say: Any) -> dict[str, str]:
        with _Progress("hand-in", "graded", shown=options.format == "text") as progress:
            return classroom.autograde(
                assignment, options.student, force=options.force, workers=options.workers,
                say=progress.say if say is print else say, watch=progress.watch,
            )  # fmt: skip

    try:
        return _for_each_assignment(options, step, {"graded": "graded", "unchanged": "unchanged since it was graded"})
    except KeyboardInterrupt:
        print("\nWhat has been graded is kept; the same command goes on with the rest.", file=sys.stderr, end="")
        raise


class _Progress:
    """A bar with the time that is left, on a terminal; a line now and then elsewhere."""

    def __init__(self, unit: str, done: str, *, shown: bool):
        self._unit, self._done = unit, done
        self._shown, self._bar, self._live, self._told = shown, None, sys.stderr.isatty(), 0

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def watch(self, done: int, of: int) -> None:
        if not self._shown:
            return
        if not self._live:
            if done * 10 // of > self._told or done == of:
                self._told = done * 10 // of
                print(f"  {done} of {of} {self._done}", flush=True)
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=of, unit=self._unit, leave=False, dynamic_ncols=True)
        self._bar.update(done - self._bar.n)

    def say(self, line: str) -> None:
        if self._bar is None:
            print(line, flush=True)
        else:
            self._bar.write(line)


def _grade_feedback(options: argparse.Namespace) -> int:
    return _for_each_assignment(
        options,
        lambda classroom, assignment, say: classroom.feedback(assignment, options.student, say=say),
        {"released": "given feedback", "waiting": "waiting for a person's marks"},
    )


def _for_each_assignment(options: argparse.Namespace, step: Any, good: dict[str, str]) -> int:
    classroom = _classroom(options)
    quiet = options.format == "json"
    outcomes = {}
    for assignment in options.assignments or classroom.released():
        outcomes[assignment] = step(classroom, assignment, _no_words if quiet else print)
    if quiet:
        _print_json(outcomes)
    elif not outcomes:
        raise Refused("No assignment has been released yet, so there is nothing to do.")
    for assignment, outcome in outcomes.items():
        counts = [(words, sum(1 for said in outcome.values() if said == key)) for key, words in good.items()]
        wrong = sum(1 for said in outcome.values() if said not in good)
        told = [f"{number} {words}" for words, number in counts if number]
        told += [f"{wrong} with a problem"] if wrong else []
        if not quiet:
            print(f"{assignment}: {', '.join(told) or 'nothing was handed in'}.")
    return REFUSED if any(said not in good for outcome in outcomes.values() for said in outcome.values()) else 0


def _grade_export(options: argparse.Namespace) -> int:
    path = _classroom(options).export(options.path)
    print(f"All marks are in {path}.")
    return 0


def _grade_rating_sheet(options: argparse.Namespace) -> int:
    from autograder.gradebook import hand_ins
    from autograder.report.raters import sheet

    classroom = _classroom(options)
    _one_of("released assignment", options.assignment, classroom.released())
    empty = sheet(hand_ins(classroom.root, options.assignment))
    if empty.count("\n") < 2:
        raise Refused(f"Nobody has a written reply in {options.assignment} yet. Collect and autograde first.")
    if options.path.exists():
        raise Refused(f"{options.path} is there already. Give another name, so that no marks are lost.")
    options.path.write_text(empty, encoding="utf-8-sig", newline="")
    print(f"{options.path}: {_counted(empty.count(chr(10)) - 1, 'reply').replace('replys', 'replies')}.")
    print("Let a second person fill in 0 to 4, then: trustkit grade second-rater", options.assignment, options.path)
    return 0


def _grade_second_rater(options: argparse.Namespace) -> int:
    from autograder.gradebook import hand_ins
    from autograder.parts import CRITERION
    from autograder.report.raters import keep_sheet

    classroom = _classroom(options)
    _one_of("released assignment", options.assignment, classroom.released())
    students = [one.student for one in hand_ins(classroom.root, options.assignment) if one.marks_of(CRITERION)]
    count = keep_sheet(classroom.root, options.path, options.assignment, students)
    print(f"Kept {_counted(count, 'rating')} of {options.assignment}. `trustkit report` shows the agreement.")
    return 0


def _report(options: argparse.Namespace) -> int:
    from datetime import datetime

    from autograder.report.figures import report_of
    from autograder.report.gather import gather
    from autograder.report.page import write_report

    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    facts = gather(_classroom(options), made=made)
    for path in write_report(report_of(facts, hide_names=options.hide_names), options.out, hidden=options.hide_names):
        print(path)
    return 0


def _grade_status(options: argparse.Namespace) -> int:
    status = _classroom(options).status()
    if options.format == "json":
        return _print_json(status)
    if not status["exists"]:
        raise Refused(f"There is no class in {status['root']} yet. Make one: trustkit grade create")
    for assignment in status["assignments"]:
        state = "released" if assignment["released"] else "not released"
        waiting = f", {assignment['in_exchange']} not collected yet" if assignment["in_exchange"] else ""
        print(f"{assignment['id']}: {state}{waiting}")
        for one in assignment["hand_ins"]:
            score = f"{one['score']:g} of {one['points']:g}" if one["autograded"] else "not graded"
            passed = {True: "passed", False: "not yet", None: ""}[one["passed"]]
            waits = "a person has to mark" if one["waiting"] else ""
            told = ", ".join(part for part in (score, waits, passed, one["note"]) if part)
            print(f"  {one['student']:<16} {one['name']:<20} {told}".rstrip())
    return 0


# ---------------------------------------------------------------- small things


def _cases() -> list[str]:
    from trustkit.course import case_ids

    return case_ids()


def _case(named: str) -> None:
    """Refuse what is neither the id of a case nor a folder or file of one."""
    if not Path(named).exists():
        _one_of("case", named, _cases())


def _drills() -> list[str]:
    from trustkit.course import drill_ids

    return drill_ids()


def _one_of(kind: str, named: str, known: Sequence[str]) -> None:
    if named not in known:
        near = difflib.get_close_matches(named, known, 1)
        meant = f"Did you mean `{near[0]}`? " if near else ""
        raise Refused(f"There is no {kind} `{named}`. {meant}Known are: {', '.join(known) or 'none yet'}.")


def _not_in_utf8() -> list[str]:
    """Return a sentence for each text of the course that is not in UTF-8."""
    from trustkit.course import course_root

    found = []
    for folder in ("book", "notebooks", "cases", "exercises", "datasets"):
        for path in sorted((course_root() / folder).rglob("*")):
            if path.suffix not in (".md", ".yaml", ".csv", ".bib"):
                continue
            try:
                path.read_bytes().decode("utf-8")
            except UnicodeDecodeError as error:
                line = path.read_bytes()[: error.start].count(b"\n") + 1
                found.append(f"{path}:{line}: this file is not in UTF-8. Save it again with the encoding UTF-8.")
    return found


def _say_that_it_takes_a_while(cases: Sequence[str]) -> None:
    """Tell somebody at a terminal why nothing comes for a while; what was worked out is kept for the next time."""
    if len(cases) > 1 and sys.stderr.isatty():
        print("Solving the cases; where something has changed this can take minutes …", file=sys.stderr)


def _no_words(_: str) -> None:
    """Say nothing: the reader is a program."""


def _print_json(value: object) -> int:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))
    return 0


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
