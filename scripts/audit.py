"""Ask for known weaknesses of everything that is locked, and say what could not be asked.

Status 0: all was asked and nothing is known; 1: something is known; 2: not all could be asked.
Both services are on the network: npm's registry, and the advisories that pip-audit reads.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 120  # that one service may take
LOCKS = ("run", "dev", "build", "uv")


@dataclass(frozen=True)
class Finding:
    """What came of asking one service. `known`: weaknesses; None: it could not be asked."""

    what: str
    known: list[str] | None
    why: str = ""

    def sentence(self) -> str:
        """For people."""
        if self.known is None:
            return f"{self.what}: could not be asked. {self.why}"
        if not self.known:
            return f"{self.what}: no weakness is known."
        return f"{self.what}: {len(self.known)} known.\n  " + "\n  ".join(self.known)


def run(command: list[str], folder: Path) -> tuple[str, str]:
    """What a command writes, and what it complains of."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


def ask_npm() -> Finding:
    """The client's packages, as they are locked."""
    told, said = run(["npm", "audit", "--package-lock-only", "--json"], ROOT / "client")
    return npm_finding(told, said)


def npm_finding(told: str, said: str) -> Finding:
    """What `npm audit --json` answered: weaknesses by package, or an error."""
    try:
        by_package = json.loads(told)["vulnerabilities"]
        known = [f"{name} ({each['severity']})" for name, each in sorted(by_package.items())]
    except (ValueError, KeyError, TypeError):
        return Finding("npm packages", None, refusal(told) or last_line(said))
    return Finding("npm packages", known)


def refusal(told: str) -> str:
    """The sentence in which npm says why it has no answer."""
    try:
        message: str = json.loads(told)["message"]
    except (ValueError, KeyError, TypeError):
        return ""
    return message


def ask_pip_audit(lock: str) -> Finding:
    """One lock file of Python packages. pip-audit is not locked itself: whoever has it, uses it."""
    what = f"Python packages of requirements/{lock}.txt"
    tool = shutil.which("pip-audit")
    if tool is None:
        return Finding(what, None, "pip-audit is not installed: pipx install pip-audit")
    options = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    told, said = run([tool, *options, "-r", f"requirements/{lock}.txt"], ROOT)
    return python_finding(what, told, said)


def python_finding(what: str, told: str, said: str) -> Finding:
    """What `pip-audit --format json` answered."""
    try:
        known = [
            f"{package['name']} {package['version']}: {each['id']}"
            for package in json.loads(told)["dependencies"]
            for each in package.get("vulns", ())
        ]
    except (ValueError, KeyError, TypeError):
        return Finding(what, None, last_line(said))
    return Finding(what, known)


def last_line(said: str) -> str:
    """The end of a complaint, which says most."""
    return next((line for line in reversed(said.splitlines()) if line.strip()), "No answer came.")


def status(findings: list[Finding]) -> int:
    """The exit status; what is known weighs more than what was not asked."""
    if any(each.known for each in findings):
        return 1
    return 2 if any(each.known is None for each in findings) else 0


def main() -> int:
    """Ask everything."""
    findings = [ask_npm(), *(ask_pip_audit(lock) for lock in LOCKS)]
    for each in findings:
        print(each.sentence())
    return status(findings)


if __name__ == "__main__":
    sys.exit(main())
