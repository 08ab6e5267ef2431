"""Counters and gauges in Prometheus' text format: enough for an operator, without a library.

Source: Prometheus docs, exposition formats, text format 0.0.4.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Read = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Measured:
    """A number that is read when it is asked for. `kind`: counter (only grows) or gauge."""

    help: str
    kind: str
    read: Read


@dataclass(slots=True)
class Metrics:
    """All numbers of one process. Names carry their unit and never a person's data."""

    _read: dict[str, Measured] = field(default_factory=dict)
    _answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    _refusals: Counter[str] = field(default_factory=Counter)

    def counter(self, name: str, help: str, read: Read) -> None:
        """Show a number that only grows, such as a room's count of commits."""
        self._read[name] = Measured(help, "counter", read)

    def gauge(self, name: str, help: str, read: Read) -> None:
        """Show a number that rises and falls, such as open connections."""
        self._read[name] = Measured(help, "gauge", read)

    def answered(self, method: str, status: int) -> None:
        """Count one HTTP answer."""
        self._answers[method, status] += 1

    def refused(self, slug: str) -> None:
        """Count one error by its stable code."""
        self._refusals[slug] += 1

    def text(self) -> str:
        """Everything, as Prometheus reads it."""
        answers = {
            f'method="{method}",status="{status}"': count
            for (method, status), count in sorted(self._answers.items())
        }
        refusals = {f'code="{slug}"': count for slug, count in sorted(self._refusals.items())}
        parts = [
            lines("hahmo_http_answers_total", "HTTP answers.", "counter", answers),
            lines("hahmo_refusals_total", "Errors by their stable code.", "counter", refusals),
            *(
                lines(name, measured.help, measured.kind, {"": measured.read()})
                for name, measured in sorted(self._read.items())
            ),
        ]
        return "".join(parts)


def lines(name: str, help: str, kind: str, values: Mapping[str, float]) -> str:
    """One metric with its help, its type, and a line per set of labels."""
    head = f"# HELP {name} {help}\n# TYPE {name} {kind}\n"
    rows = (f"{name}{{{labels}}} {value:g}\n" for labels, value in values.items() if labels)
    plain = (f"{name} {value:.17g}\n" for labels, value in values.items() if not labels)
    return head + "".join(rows) + "".join(plain)


def uptime() -> Read:
    """Seconds since this was called."""
    start = time.monotonic()
    return lambda: time.monotonic() - start
