"""Runs Typst in child processes: few at a time, with limits, a deadline, and no access to ours.

A child gets its job on stdin, an environment without our settings, and limits on memory and
processor time. Whatever happens to it, the event loop goes on and the caller gets ExportFailed.
"""

import asyncio
import json
import logging
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.exports.errors import ExportFailed
from server.exports.turns import Turns
from server.exports.typst.child import FONTS, REFUSED

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("child.py")
ENVIRONMENT = {  # all that a child gets; few threads, so that address space means memory
    "MALLOC_ARENA_MAX": "2",
    "RAYON_NUM_THREADS": "2",
}
UNSHOWABLE = re.compile(r'(?:the text|codepoint) `"(.+?)"`', re.DOTALL)
QUOTED = re.compile("`.*?`", re.DOTALL)  # what somebody wrote; it does not belong into logs
UNNAMED = ""
MAX_COMPLAINT = 2000  # characters of Typst's words that are logged
ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)", re.DOTALL)


class Refused(Exception):
    """Typst cannot set `text` although each of its characters is in glyphs.txt.

    UNNAMED when it does not say which text. `reason`: Typst's words without the text, for the log.
    """

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(reason)
        self.text = text
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What documents may cost."""

    at_once: int = 2  # children of this server
    memory: int = 3 * 2**29  # bytes of address space of a child: 1.5 GiB
    processor_seconds: int = 20  # of a child
    waiting: int = 32  # documents in the making or waiting for their turn
    waiting_of_one: int = 8  # of them of one workshop
    seconds: float = 30.0  # from the request to the document, waiting for a turn included


@dataclass
class Typesetting:
    """Hands out turns: `limits.at_once` per server, one per workshop."""

    limits: Limits = field(default_factory=Limits)
    child: Path = CHILD

    def __post_init__(self) -> None:
        self._turns = Turns(
            at_once=self.limits.at_once,
            waiting=self.limits.waiting,
            waiting_of_one=self.limits.waiting_of_one,
            seconds=self.limits.seconds,
            failed=ExportFailed,
        )

    async def run(
        self, workshop: str, template: str, format: str, inputs: Mapping[str, Any], at: int
    ) -> bytes:
        """The finished document. `at`: its date, s since the epoch.

        Raises Refused when a text has to change first, ExportFailed for anything else.
        """
        job = await asyncio.to_thread(job_of, template, format, inputs, at, self.limits)
        return await self.run_job(workshop, job)

    async def run_job(self, workshop: str, job: bytes) -> bytes:
        """The same for a job that is made already (`job_of`)."""
        async with self._turns.turn(workshop):
            return await self._typeset(job)

    async def _typeset(self, job: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(self.child),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=ENVIRONMENT,
            cwd="/",
        )
        try:
            document, complaint = await process.communicate(job)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return judge(process.returncode, document, complaint.decode("utf-8", "replace"))


def job_of(
    template: str,
    format: str,
    inputs: Mapping[str, Any],
    at: int,
    limits: Limits,
    *,
    ppi: float | None = None,
) -> bytes:
    """What a child reads. `ppi`: pixels per inch of a picture."""
    job = {
        "template": template,
        "format": format,
        "inputs": inputs,
        "timestamp": at,
        "ppi": ppi,
        "memory": limits.memory,
        "seconds": limits.processor_seconds,
    }
    return json.dumps(job).encode("ascii")


def judge(status: int | None, document: bytes, complaint: str) -> bytes:
    """The document of a child that ended well. Raises Refused or ExportFailed (logged)."""
    if status == 0 and document:
        return document
    if not any(FONTS.glob("*.ttf")):
        complaint = f"no fonts in {FONTS}: run node scripts/fonts.mjs"
    elif status == REFUSED:
        found = UNSHOWABLE.search(complaint)
        text = ESCAPE.sub(unescape, found[1]) if found else UNNAMED
        raise Refused(text, unquoted(complaint))
    log.error("typesetting ended with status %s: %s", status, unquoted(complaint))
    raise ExportFailed(f"typesetting ended with status {status}")


def unquoted(complaint: str) -> str:
    """For the log: without what it quotes."""
    return QUOTED.sub("…", complaint.strip())[-MAX_COMPLAINT:]


def unescape(found: re.Match[str]) -> str:
    """One escape of a text in Typst's messages (Rust's own notation)."""
    return chr(int(found[1], 16)) if found[1] else {"n": "\n", "t": "\t"}.get(found[2], found[2])
