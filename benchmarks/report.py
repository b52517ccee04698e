"""What was measured as tables in Markdown, each aim beside its figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.pages import Compared
    from benchmarks.processes import Site
    from benchmarks.voting import Told

PAGE_HEADINGS = (
    "page",
    "requests/s",
    "p50 ms",
    "p95 ms",
    "CPU ms",
    "database CPU ms",
    "statements",
    "× minimal CPU",
    "aims",
)
VOTE_HEADINGS = (
    "requests",
    "how many",
    "a second",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "CPU ms",
    "database CPU ms",
    "client CPU ms",
    "aims",
)
TASK_HEADINGS = ("work", "s", "CPU s", "peak MB", "statements", "what", "aims")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def verdict(name: str, found: float, most: float, unit: str = "") -> str:
    """Met, or missed by how much."""
    aim = f"{name} ≤ {most:g}{unit}"
    if found <= most:
        return f"{aim}: met"
    return f"{aim}: missed by {found - most:.2f}{unit}"


def reached(name: str, found: float, least: float, unit: str = "") -> str:
    """Met, or missed by how much."""
    aim = f"{name} ≥ {least:g}{unit}"
    if found >= least:
        return f"{aim}: met"
    return f"{aim}: missed by {least - found:.2f}{unit}"


def vote_row(name: str, told: Told, aims: Sequence[str]) -> list[str]:
    found = told.measured
    return [
        name,
        str(found.requests),
        f"{found.rate:.0f}",
        *(f"{found.quantile(percent):.0f}" for percent in (50, 95, 99)),
        f"{found.cpu_each:.2f}",
        _or_dash(found.database_each),
        f"{told.client_cpu * 1000 / found.requests:.2f}",
        "; ".join(aims),
    ]


def page_row(found: Compared) -> list[str]:
    ours, page = found.ours, found.page
    aims = []
    if page.most_cpu is not None:
        aims.append(verdict("CPU", found.ratio, page.most_cpu, " ×"))
    if page.most_statements is not None:
        aims.append(verdict("statements", found.statements, page.most_statements))
    return [
        page.name,
        f"{ours.rate:.1f}",
        f"{ours.quantile(50):.0f}",
        f"{ours.quantile(95):.0f}",
        f"{ours.cpu_each:.1f}",
        _or_dash(ours.database_each),
        str(found.statements),
        f"{found.ratio:.2f} ({found.minimal.cpu_each:.1f})",
        "; ".join(aims) or "–",
    ]


def memory(product: Site, minimal: Site) -> str:
    return f"Largest process: {product.peak:.0f} MB; of the minimal site {minimal.peak:.0f} MB."


def task_row(name: str, used: dict[str, float | int | str], aims: Sequence[str]) -> list[str]:
    return [
        name,
        f"{used['seconds']:.2f}",
        f"{used['cpu']:.2f}",
        f"{used['peak']:.0f}",
        str(used["statements"]),
        str(used["remark"]),
        "; ".join(aims) or "–",
    ]


def _or_dash(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
