"""Run every check and test, whatever fails on the way, and say the sum in the last line.

A static check counts as one. The last line is "N passed, M failed", and the exit status is 0 only
if M is 0. Reports are kept in build/test-results.

A test with processes of its own (browsers, servers) that fails is run once more, alone: a machine
that is shared can hold them up for longer than any wait. It counts as it ends then, and whatever
needed that is named as unsteady. Random tests have one seed a run, so a second look sees the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "test-results"

PYTHON = [sys.executable, "-m"]
PYTEST = [*PYTHON, "pytest", "--color=auto"]
BROWSERS, FAULTS = "tests/e2e", "tests/faults"
TWO_AT_A_TIME = ["-n", "2", "--dist", "loadfile"]
MOST_UNSTEADY = 3  # more that fail at once have a cause


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )


def no_report(path: Path) -> Counts:
    return Counts()


def failed_tests(path: Path) -> list[str]:
    """Names of the tests that failed, as pytest's `-k` knows them, by a JUnit report."""
    return [
        f"{case.get('classname')}::{case.get('name')}"
        for case in ElementTree.parse(path).getroot().iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    ]


def pytest_counts(path: Path) -> Counts:
    """What a JUnit report says; a test that errors counts as failed."""
    suites = ElementTree.parse(path).getroot().iter("testsuite")
    total = Counts()
    for suite in suites:
        number = {
            name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")
        }
        failed = number["failures"] + number["errors"]
        passed = max(0, number["tests"] - failed - number["skipped"])
        total += Counts(passed, failed, number["skipped"])
    return total


def vitest_counts(path: Path) -> Counts:
    """What Vitest's JSON report says."""
    report = json.loads(path.read_text(encoding="utf-8"))
    return Counts(
        report["numPassedTests"],
        report["numFailedTests"],
        report.get("numPendingTests", 0) + report.get("numTodoTests", 0),
    )


@dataclass(frozen=True)
class Step:
    """One command; `read` takes its counts from `report`, and without one it counts as one."""

    name: str
    command: Sequence[str]
    folder: Path = ROOT
    report: Path | None = None
    read: Callable[[Path], Counts] = no_report
    again: Sequence[str] | None = None
    """Runs those that failed once more, into the same report."""


@dataclass(frozen=True)
class Outcome:
    counts: Counts
    unsteady: tuple[str, ...] = ()
    """Tests that failed and, run alone, did not."""


def checks() -> list[Step]:
    return [
        Step("client build", [sys.executable, "scripts/build_client.py"]),
        Step("ruff format", [*PYTHON, "ruff", "format", "--check", "."]),
        Step("ruff check", [*PYTHON, "ruff", "check", "."]),
        Step("mypy", [*PYTHON, "mypy"]),
        Step("api types", [sys.executable, "scripts/api_types.py", "--check"]),
        Step("client check", ["npm", "run", "--silent", "check"], ROOT / "client"),
    ]


def tests() -> list[Step]:
    vitest = RESULTS / "vitest.json"
    return [
        Step(
            "vitest",
            [
                "npx",
                "vitest",
                "run",
                "--reporter=default",
                "--reporter=json",
                f"--outputFile.json={vitest}",
            ],
            ROOT / "client",
            vitest,
            vitest_counts,
        ),
        twice("pytest", TWO_AT_A_TIME, [f"--ignore={BROWSERS}", f"--ignore={FAULTS}"]),
        twice("pytest e2e", TWO_AT_A_TIME, [BROWSERS]),  # as browsers mostly wait
        twice("pytest faults", [], [FAULTS]),  # they measure time and kill servers: both cores
    ]


def pytest(name: str, options: Sequence[str]) -> Step:
    report = RESULTS / f"{name.replace(' ', '-')}.xml"
    return Step(name, [*PYTEST, f"--junitxml={report}", *options], ROOT, report, pytest_counts)


def twice(name: str, how: Sequence[str], which: Sequence[str]) -> Step:
    """A step of which what fails is run once more, alone."""
    again = pytest(name, ["--last-failed", "--last-failed-no-failures=none", *which])
    return replace(pytest(name, [*how, *which]), again=again.command)


def run(step: Step) -> Outcome:
    """What came of it; a step that fails has at least one failure, whatever its report says."""
    print(f"\n--- {step.name}", flush=True)
    first = attempt(step, step.command)
    if not step.again or not step.report or not 1 <= first.failed <= MOST_UNSTEADY:
        return Outcome(first)
    names = failed_tests(step.report) if step.report.exists() else []
    if len(names) != first.failed:
        return Outcome(first)
    print(f"\n--- {step.name}, once more: {', '.join(names)}", flush=True)
    second = attempt(step, step.again)
    if second.passed + second.failed != first.failed:
        return Outcome(first)
    steady = Counts(first.passed, skipped=first.skipped)
    return Outcome(steady + second, () if second.failed else tuple(names))


def attempt(step: Step, command: Sequence[str]) -> Counts:
    if step.report:
        step.report.unlink(missing_ok=True)
    status = subprocess.run(
        command, cwd=step.folder, stdin=subprocess.DEVNULL, check=False
    ).returncode
    counts = counted(step, status)
    return counts if counts.failed or not status else counts + Counts(failed=1)


def counted(step: Step, status: int) -> Counts:
    if step.report is None:
        return Counts(failed=1) if status else Counts(passed=1)
    if not step.report.exists():
        return Counts(failed=1)
    return step.read(step.report)


def hold_seed() -> str:
    """The seed of this run's random tests (tests/support/seed.py), thrown unless one is given."""
    return os.environ.setdefault("HAHMO_TEST_SEED", str(random.SystemRandom().randrange(2**32)))


def line(step: Step, outcome: Outcome, seconds: float) -> str:
    counts = outcome.counts
    verdict = "FAIL" if counts.failed else "ok  "
    parts = [f"{counts.passed} passed"]
    parts += [f"{counts.failed} failed"] * bool(counts.failed)
    parts += [f"{counts.skipped} skipped"] * bool(counts.skipped)
    parts += [f"unsteady: {name}" for name in outcome.unsteady]
    return f"{verdict}  {step.name:<24} {seconds:6.1f} s  {', '.join(parts)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", action="store_true", help="only the static checks")
    steps = checks() if parser.parse_args().checks else checks() + tests()
    RESULTS.mkdir(parents=True, exist_ok=True)
    print(f"HAHMO_TEST_SEED={hold_seed()}", flush=True)
    total = Counts()
    lines = []
    for step in steps:
        began = time.monotonic()
        outcome = run(step)
        total += outcome.counts
        lines.append(line(step, outcome, time.monotonic() - began))
    print("\n" + "\n".join(lines) + "\n")
    print(f"{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
