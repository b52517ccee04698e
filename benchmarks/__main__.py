"""One command: seed, serve, measure, print. ``python -m benchmarks --help``."""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.seeding import Seeded

HERE = Path(__file__).resolve().parent
ROUNDS, EACH = 5, 30
QUICK = {"items": 120, "departments": 8, "people": 60}
"""Large enough that a list has three pages."""
QUICK_VOTE = {"departments": 4, "voters": 40}
WORKERS = 2
"""For voters: an installation has two, ``manage.py serve`` one."""
TIMES = 2
"""How often each piece of work is done, in turn with the plain one; the median counts."""


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a small hospital, to see that it runs"
    )
    parser.add_argument("--fresh", action="store_true", help="seed anew (the database of its own)")
    parser.add_argument(
        "--only", choices=["pages", "work", "sweep", "ballots"], help="measure this alone"
    )
    parser.add_argument("--sweep-items", type=int, help="open items for the sweep (1000000)")
    parser.add_argument("--import-rows", type=int, default=2000)
    parser.add_argument("--task", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped, too
    options = asked()
    _set_up(options)
    if options.task:
        from benchmarks import tasks  # noqa: PLC0415 -- after Django is set up

        print(json.dumps(tasks.run(options.task, options.import_rows)))  # noqa: T201
        return
    from benchmarks import machine  # noqa: PLC0415

    there = _seeded(options)
    _say(f"\n{machine.described()}\n")
    if options.only in (None, "pages"):
        _measure_pages(there, options)
    if options.only in (None, "work"):
        _measure_work(options)
    if options.only in (None, "sweep"):
        _measure_sweep(there, options)
    if options.only in (None, "ballots"):
        _measure_ballots(options)


def _set_up(options: argparse.Namespace) -> None:
    """A database, files and keys of its own, unless DATABASE_URL names an empty database."""
    root = os.environ.setdefault("BENCHMARK_ROOT", str(HERE.parent / "var" / "benchmark"))
    os.environ["VAR_ROOT"] = f"{root}-quick" if options.quick else root
    os.environ.update(DJANGO_SETTINGS_MODULE="benchmarks.settings", LOG_LEVEL="ERROR", DEBUG="0")
    Path(os.environ["VAR_ROOT"]).mkdir(parents=True, exist_ok=True)
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from core import embedded  # noqa: PLC0415

    if options.fresh and not settings.DATABASE_URL and not options.task:
        embedded.remove(settings.POSTGRES_HOME)
    django.setup()


def _seeded(options: argparse.Namespace) -> Seeded:
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from benchmarks import seeding  # noqa: PLC0415
    from core.static_files import collect_if_changed  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    collect_if_changed()
    there = seeding.seeded()
    if there is None:
        if not seeding.is_empty():
            raise SystemExit("This database holds something else: name an empty one, or none.")
        size = seeding.Size(**QUICK) if options.quick else seeding.Size()
        _say(f"… seeding {size.items} items, {size.departments} departments, {size.people} people")
        seeding.seed(size, timezone.localdate())
        there = seeding.seeded()
    if there is None:
        raise SystemExit("Seeding left nothing.")
    return there


def _measure_pages(there: Seeded, options: argparse.Namespace) -> None:
    from benchmarks import pages, report  # noqa: PLC0415
    from benchmarks.processes import DJANGO, SERVER, served  # noqa: PLC0415

    rounds, each = (1, 4) if options.quick else (ROUNDS, EACH)
    client, cookie = pages.session_of(there.officer)
    rows = []
    with (
        served("benchmarks.settings", SERVER) as product,
        served("benchmarks.minimal", DJANGO) as minimal,
    ):
        for page in pages.pages(there):
            if not pages.is_there(page):
                rows.append([page.name, *["–"] * 7, "not there"])
                continue
            _say(f"… {page.name}")
            found = pages.compare(page, product, minimal, client, cookie, rounds=rounds, each=each)
            rows.append(report.page_row(found))
        remembered = report.memory(product, minimal)
    _say(f"\n{report.table(report.PAGE_HEADINGS, rows)}\n\n{remembered}\n")


def _measure_work(options: argparse.Namespace) -> None:
    from benchmarks import report  # noqa: PLC0415
    from benchmarks.report import verdict  # noqa: PLC0415

    rows = []
    size = 20 if options.quick else options.import_rows
    taken = _done("import", size, options)
    rows.append(report.task_row("import", taken, [verdict("s", taken["seconds"], 20)]))
    for name, most, peak in (("export", 1.25, 150), ("report", 1.3, None)):
        ours, plain = _in_turn(name, f"plain {name}", size, options)
        aims = [verdict("CPU", ours["cpu"] / plain["cpu"], most, " × plain")]
        if peak:
            aims.append(verdict("peak", ours["peak"], peak, " MB"))
        rows += [report.task_row(name, ours, aims), report.task_row(f"plain {name}", plain, [])]
    _say(f"\n{report.table(report.TASK_HEADINGS, rows)}\n")


def _measure_sweep(there: Seeded, options: argparse.Namespace) -> None:
    from benchmarks import report  # noqa: PLC0415
    from benchmarks.multiplying import multiply  # noqa: PLC0415

    count = options.sweep_items or (500 if options.quick else 1_000_000)
    _say(f"… copying {count} open items")
    multiply(there.campaign, count)
    ours, bare = _in_turn("sweep", "bare sweep", count, options)
    ratio = ours["seconds"] / bare["seconds"]
    aim = report.verdict("s", ratio, 1.5, " × the bare statement")
    rows = [report.task_row("sweep", ours, [aim]), report.task_row("bare sweep", bare, [])]
    _say(f"\n{report.table(report.TASK_HEADINGS, rows)}\n")


def _measure_ballots(options: argparse.Namespace) -> None:
    from benchmarks import elections, report, tasks, voting  # noqa: PLC0415
    from benchmarks.processes import SERVER, served  # noqa: PLC0415
    from benchmarks.report import reached, verdict  # noqa: PLC0415

    size = elections.Size(**QUICK_VOTE) if options.quick else elections.Size()
    plan = elections.planned(elections.hospital(size))
    freeze = _done("freeze", size.voters, options)
    round_ = elections.latest()
    _say("… voters")
    voters = voting.voters(round_)
    requests = voting.requests_for_tickets(round_, voters)
    with served("benchmarks.settings", SERVER, workers=WORKERS) as product:
        _say("… tickets")
        issued = voting.ask(product, requests, keeps_connection=True)
        ballots = voting.take(round_, voters, issued)
        requests = list(voting.requests_to_cast(ballots, plan.seal_key))
        _say("… casting")
        cast = voting.ask(product, requests, keeps_connection=False)
    elections.end_the_vote(round_)
    os.environ[tasks.SHARES] = " ".join(plan.shares)
    count = _done("count", size.voters, options)
    lost = voting.lost(round_, voting.acknowledged(ballots, cast))

    def aims(told: voting.Told, rate: float) -> list[str]:
        found = told.measured
        return [
            reached("a second", found.rate, rate),
            verdict("p95", found.quantile(95), 300, " ms"),
            verdict("errors", told.errors, 0),
        ]

    rows = [
        report.vote_row("tickets, two boxes each", issued, aims(issued, 150)),
        report.vote_row("ballots", cast, [*aims(cast, 250), verdict("lost", lost, 0)]),
    ]
    _say(f"\n{report.table(report.VOTE_HEADINGS, rows)}\n")
    rows = [
        report.task_row("freeze", freeze, [verdict("s", freeze["seconds"], 60)]),
        report.task_row("count", count, [verdict("s", count["seconds"], 60)]),
    ]
    _say(f"{report.table(report.TASK_HEADINGS, rows)}\n")


def _in_turn(
    one: str, other: str, size: int, options: argparse.Namespace
) -> tuple[dict[str, Any], dict[str, Any]]:
    times = range(1 if options.quick else TIMES)
    pairs = [(_done(one, size, options), _done(other, size, options)) for _n in times]
    return _middle([ours for ours, _theirs in pairs]), _middle([theirs for _ours, theirs in pairs])


def _middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    figures = ("seconds", "cpu", "peak")
    return runs[0] | {name: statistics.median(run[name] for run in runs) for name in figures}


def _done(name: str, size: int, options: argparse.Namespace) -> dict[str, Any]:
    """In a process of its own, so that its memory is its own."""
    _say(f"… {name}")
    command = [sys.executable, "-m", "benchmarks", "--task", name, "--import-rows", str(size)]
    quick = ["--quick"] if options.quick else []
    said = subprocess.run([*command, *quick], cwd=HERE.parent, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 -- a command


if __name__ == "__main__":
    main()
