"""The figures of all servers, one in a row, drawn anew every other second."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from server.i18n import t
from server.top.figures import Figures, Look, between, read_metrics, together

__all__ = ["watch"]

PATIENCE_SECONDS = 2.0  # for one server to tell
CLEAR = "\x1b[H\x1b[2J"
COLUMNS = (
    *("server", "people", "boards", "edits", "ack_half", "ack_most", "commit", "waiting"),
    *("refused", "homes", "passing", "redis", "state"),
)
MOST_BYTES = 4 << 20  # of one answer
# No proxy of the environment stands between us and our own servers.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def watch(
    urls: Sequence[str],
    language: str,
    say: Callable[[str], None],
    *,
    seconds: float,
    once: bool,
    clears: bool,
) -> bool:
    """Until Ctrl-C, or one table; whether any server answered.

    `urls`: of servers, without path. `clears`: the terminal, before each table.
    """
    before = looks(urls)
    while True:
        began = time.monotonic()
        time.sleep(seconds)
        now = looks(urls)
        passed = time.monotonic() - began
        say((CLEAR if clears else "") + "\n".join(table(urls, before, now, passed, language)))
        if once:
            return any(now)
        before = now


def looks(urls: Sequence[str]) -> list[Look | None]:
    with ThreadPoolExecutor(max_workers=len(urls)) as threads:
        return list(threads.map(look, urls))


def look(url: str) -> Look | None:
    """None where nobody answers as a server of ours does."""
    try:
        with opener.open(f"{url.rstrip('/')}/metrics", timeout=PATIENCE_SECONDS) as answer:
            found = read_metrics(answer.read(MOST_BYTES).decode("utf-8", "replace"))
    except (OSError, ValueError):
        return None
    return found if found.values else None


def table(
    urls: Sequence[str],
    before: Sequence[Look | None],
    now: Sequence[Look | None],
    seconds: float,
    language: str,
) -> Iterator[str]:
    rows = [[t(language, f"cli.top_{column}") for column in COLUMNS]]
    for url, was, found in zip(urls, before, now, strict=True):
        figures = between(was or found, found, seconds) if found else None
        rows.append(row(url, figures, language))
    both = [(was, found) for was, found in zip(before, now, strict=True) if was and found]
    if len(urls) > 1 and both:
        olds, news = (together(list(each)) for each in zip(*both, strict=True))
        rows.append(row(t(language, "cli.top_all"), between(olds, news, seconds), language))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        first, *rest = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  ".join([cells[0].ljust(len(first)), *rest])


def row(name: str, figures: Figures | None, language: str) -> list[str]:
    if figures is None:
        return [name, *(["–"] * (len(COLUMNS) - 2)), t(language, "cli.top_silent")]
    state = "cli.top_failing" if figures.is_failing else "cli.top_well"
    return [
        name,
        *(f"{number:.0f}" for number in (figures.people, figures.boards, figures.edits)),
        *map(in_ms, (figures.ack_half, figures.ack_most, figures.commit_most)),
        f"{figures.waiting:.0f}",
        f"{figures.refused:.1f}",
        *(f"{number:.0f}" for number in (figures.homes, figures.passing)),
        in_ms(figures.redis or None),
        t(language, state),
    ]


def in_ms(seconds: float | None) -> str:
    return "–" if seconds is None else f"{1000 * seconds:.1f}"
