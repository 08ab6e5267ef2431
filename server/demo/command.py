"""`hahmo demo`: the options, what is printed, and how it ends."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import locale
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from server.demo.api import ApiError, Unreachable
from server.demo.embedded import AddressTaken, Embedded, ServerEnded, embedded_server
from server.demo.story import Story
from server.i18n import DEFAULT, LANGUAGES, t

__all__ = ["add_arguments", "run"]

MOST_PEOPLE = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `hahmo demo`."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--url", help="use the server at this address instead of an own one")
    where.add_argument("--port", type=int, help="port of the own server (PORT, or 8000 if free)")
    parser.add_argument("--data", type=Path, help="keep the own server's data in this folder")
    parser.add_argument("--people", type=people, default=12, help="how many take part (12)")
    parser.add_argument("--language", choices=LANGUAGES, help="what they write in (yours, or fi)")
    parser.add_argument("--seconds", type=float, help="end after so long (when you press Ctrl-C)")


def people(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST_PEOPLE:
        raise argparse.ArgumentTypeError(f"expected 1 to {MOST_PEOPLE}, got {count}")
    return count


def run(arguments: argparse.Namespace) -> int:
    """Run the demo until it is ended; the exit status."""
    language = arguments.language or language_of_this_machine()
    try:
        asyncio.run(demonstrate(arguments, language))
    except AddressTaken as error:
        said = t(language, "cli.address_taken", where=error.where, reason=error.reason)
        print(said, file=sys.stderr)
        return 1
    except (ApiError, Unreachable, ServerEnded, TimeoutError) as error:
        print(t(language, "demo.failed", reason=str(error) or "time-out"), file=sys.stderr)
        return 1
    print("\n" + t(language, "demo.goodbye"))
    return 0


async def demonstrate(arguments: argparse.Namespace, language: str) -> None:
    """Open the workshop, tell where it is, and let people work until something ends it."""
    async with server_to_use(arguments) as (address, server):
        story = Story(
            server=address,
            language=language,
            people=arguments.people,
            create_key=os.environ.get("HAHMO_CREATE_KEY") or None,
        )
        await story.open()
        introduce(story)
        await until_ended(story, server, seconds=arguments.seconds)


@contextlib.asynccontextmanager
async def server_to_use(
    arguments: argparse.Namespace,
) -> AsyncIterator[tuple[str, Embedded | None]]:
    """Address of the server, and the server if it is our own."""
    if arguments.url:
        yield arguments.url.rstrip("/"), None
    else:
        async with embedded_server(data=arguments.data, port=arguments.port) as server:
            yield server.address, server


def introduce(story: Story) -> None:
    """Print the links, the facilitator's first."""
    workshop, language = story.workshop, story.language
    print(
        "\n".join(
            (
                "",
                t(language, "demo.ready", n=story.people),
                "",
                f"  {t(language, 'demo.facilitator')}",
                f"  {workshop['facilitator_url']}",
                "",
                f"  {t(language, 'demo.participant', code=workshop['join_code'])}",
                f"  {workshop['join_url']}",
                "",
                t(language, "demo.stop"),
            )
        ),
        flush=True,
    )


async def until_ended(story: Story, server: Embedded | None, *, seconds: float | None) -> None:
    """Run until Ctrl-C, SIGTERM, the time is up, or the story or the server ends by itself."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    tasks = {asyncio.create_task(story.run()), asyncio.create_task(stop.wait())}
    if server is not None:
        tasks.add(asyncio.create_task(raise_when_ended(server)))
    done, running = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for task in done:
        task.result()  # raises what ended it


async def raise_when_ended(server: Embedded) -> None:
    raise await server.ended()


def language_of_this_machine() -> str:
    """The language of the terminal if it is one of ours, else Finnish."""
    spoken = (locale.getlocale()[0] or os.environ.get("LANG", ""))[:2].lower()
    return spoken if spoken in LANGUAGES else DEFAULT
