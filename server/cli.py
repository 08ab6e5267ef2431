"""The command `hahmo`: serve, demo, export, backup, check, migrate, top, worker.

What people read is in their language; what a program reads (exit status: 0 = well, 1 = it did not
work, 2 = wrong use) is the same everywhere.
"""

import argparse
import asyncio
import locale
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from server import demo, logs
from server.access.key import KeyUnusable
from server.addresses import EVERYWHERE, machine_addresses, offer, web_origin
from server.config import Config, ConfigError, origin, redis_place, whole_number
from server.errors import ServiceError, WorkshopGone
from server.exports import FORMATS
from server.exports.whole import WHOLE_FORMATS
from server.i18n import DEFAULT, LANGUAGES, t
from server.maintenance import Finding, back_up, check_store, export_whole, export_workshop
from server.migration import Refused, migrate, place_of
from server.serving import listen, serve, work
from server.store import StoreCorrupted, StoreUnavailable, StoreUnfit
from server.store.opened import holds_store
from server.top.screen import watch
from server.web.responses import phrased
from server.web.routes import STATIC

__all__ = ["main"]

WHICH = "its join code, its address, or the id in its address, after /w/"

Command = Callable[[argparse.Namespace, Config, str], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    parsed = parser().parse_args(arguments)
    language = terminal_language()
    logs.set_up()
    try:
        if parsed.command == "demo":
            parsed.language = parsed.language or language
            parsed.port = parsed.port or whole_number(os.environ, "PORT", default=0, most=65535)
            return demo.run(parsed)
        config = Config.from_env(os.environ)
        command: Command = parsed.run
        return command(parsed, config, language)
    except (ConfigError, Refused) as error:
        return fail(phrased(error.phrase, language))
    except StoreUnfit as error:
        return fail(phrased(error.phrase, language))
    except (StoreUnavailable, StoreCorrupted) as error:
        return fail(t(language, "cli.failed", reason=error.problem))
    except WorkshopGone:
        return fail(t(language, "cli.no_workshop", workshop=parsed.workshop))
    except ServiceError as error:
        return fail(t(language, f"error.{error.slug}.detail", **error.values))
    except (KeyUnusable, OSError) as error:
        return fail(t(language, "cli.failed", reason=str(error)))
    except KeyboardInterrupt:
        return 1


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="hahmo",
        description="A self-hosted, real-time whiteboard for guided team workshops.",
        epilog="Settings come from the environment; docs/operations.md lists them.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serving = commands.add_parser("serve", help="serve workshops")
    serving.add_argument("--fd", type=int, help="listen on this open socket, not on PORT")
    serving.set_defaults(run=run_serve)
    demo.add_arguments(commands.add_parser("demo", help="a workshop with simulated people"))
    exporting = commands.add_parser("export", help="write a workshop's boards into files")
    exporting.add_argument("workshop", metavar="WORKSHOP", help=WHICH)
    formats = sorted({*FORMATS, *WHOLE_FORMATS})
    exporting.add_argument("--format", choices=formats, default="pdf")
    exporting.add_argument(
        "--whole", action="store_true", help="one file of all boards: " + ", ".join(WHOLE_FORMATS)
    )
    exporting.add_argument("--board", metavar="KEY", help="only this board, such as phenomena")
    exporting.add_argument("--language", choices=LANGUAGES, help="of the documents")
    exporting.add_argument("--to", type=Path, default=Path(), metavar="FOLDER")
    exporting.set_defaults(run=run_export)
    saving = commands.add_parser("backup", help="copy the data folder, also while a server runs")
    saving.add_argument("folder", type=Path, metavar="FOLDER", help="a new one")
    saving.set_defaults(run=run_backup)
    checking = commands.add_parser("check", help="open every board of the store and verify it")
    checking.set_defaults(run=run_check)
    moving = commands.add_parser("migrate", help="move all of a store into another one")
    place = "a data folder, or the address of a Redis; without it, the store that is set"
    moving.add_argument("--from", dest="source", metavar="PLACE", help=place)
    moving.add_argument("--to", dest="target", metavar="PLACE", help=place)
    moving.set_defaults(run=run_migrate)
    watching = commands.add_parser("top", help="what servers do now, every other second")
    watching.add_argument(
        "urls", nargs="*", metavar="URL", help="of servers; else of this machine's"
    )
    watching.add_argument("--seconds", type=float, default=2.0, help="between two tables")
    watching.add_argument("--once", action="store_true", help="one table, and no more")
    watching.set_defaults(run=run_top)
    working = commands.add_parser("worker", help="compaction and clean-up beside web processes")
    working.set_defaults(run=run_worker)
    return top


def run_serve(arguments: argparse.Namespace, config: Config, language: str) -> int:
    """`hahmo serve`: until it is ended."""
    try:
        listener = listen(config) if arguments.fd is None else socket.socket(fileno=arguments.fd)
    except OSError as error:
        where = f"{config.host}:{config.port}"
        return fail(t(language, "cli.address_taken", where=where, reason=error.strerror or ""))
    with listener:
        port = listener.getsockname()[1]
        serve(config, listener, on_ready=lambda: introduce(config, port, language))
    say(t(language, "cli.stopped"))
    return 0


def introduce(config: Config, port: int, language: str) -> None:
    """Say where it is, and what to do next."""
    is_open = config.host in EVERYWHERE
    local = web_origin("127.0.0.1" if is_open else config.host, port)
    offered = offer(config, local, machine_addresses() if is_open else ())
    say("")
    say(t(language, "cli.ready", address=config.public_url or local))
    if is_open and config.public_url is None and not offered.only_here:
        say(t(language, "cli.others", addresses="  ".join(offered.origins)))
    say(t(language, "cli.next"))
    if offered.only_here:
        say(t(language, "cli.no_network" if is_open else "cli.only_here"))
    if not (STATIC / ".vite" / "manifest.json").exists():
        say(t(language, "page.client_missing"))
    if config.redis_url is None:
        say(t(language, "cli.data", folder=str(config.data)))
    else:
        place = redis_place(config.redis_url)
        say(t(language, "cli.data_redis", where=place, durability=config.durability))
    say("")


def run_worker(_: argparse.Namespace, config: Config, language: str) -> int:
    """`hahmo worker`: on Redis, what servers need not do; the embedded store's does it itself.

    There it waits until it is ended: honcho and foreman stop everything when one process of a
    Procfile ends, and that would be the server.
    """
    url = config.redis_url
    if url is not None:
        work(config, lambda: say(t(language, "cli.working", where=redis_place(url))))
        say(t(language, "cli.stopped"))
        return 0
    ends = (signal.SIGTERM, signal.SIGINT)
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before it is said, so that none is missed
    say(t(language, "cli.no_worker"))
    signal.sigwait(ends)
    return 0


def run_export(arguments: argparse.Namespace, config: Config, language: str) -> int:
    """`hahmo export`: one file per board, or one of all."""
    which, to = arguments.workshop, {"language": arguments.language, "folder": arguments.to}
    if arguments.whole or arguments.format not in FORMATS:
        made = export_whole(config, which, arguments.format, **to)
    else:
        made = export_workshop(config, which, arguments.format, key=arguments.board, **to)
    files = asyncio.run(made)
    if not files:
        return fail(t(language, "cli.no_board", board=arguments.board or ""))
    for file in files:
        say(str(file))
    return 0


def run_backup(arguments: argparse.Namespace, config: Config, language: str) -> int:
    """`hahmo backup`: a data folder like ours, as one of the commits left it."""
    folder: Path = arguments.folder
    if config.redis_url is not None:
        return fail(t(language, "cli.backup_redis"))
    if holds_store(folder):
        return fail(t(language, "cli.backup_exists", folder=str(folder)))
    back_up(config, folder)
    say(t(language, "cli.backed_up", folder=str(folder)))
    return 0


def run_check(_: argparse.Namespace, config: Config, language: str) -> int:
    """`hahmo check`: 0 if every board opens and fits its record."""

    def tell(finding: Finding) -> None:
        print(t(language, f"cli.check_{finding.kind}", item=finding.item, reason=finding.reason))

    result = asyncio.run(check_store(config, tell))
    say(t(language, "cli.checked", n=result.boards))
    say(t(language, "cli.findings", n=result.findings))
    return 1 if result.findings else 0


def run_migrate(arguments: argparse.Namespace, config: Config, language: str) -> int:
    """`hahmo migrate`: 0 once everything is there, and the same."""

    def tell(done: int, boards: int) -> None:
        if done == boards or done % 100 == 0:
            say(t(language, "cli.migrating", done=done, boards=boards))

    source = place_of(config, arguments.source, "--from")
    target = place_of(config, arguments.target, "--to")
    moved = asyncio.run(migrate(source, target, config, tell))
    counts = {"workshops": moved.workshops, "boards": moved.boards, "records": moved.records}
    say(t(language, "cli.migrated", **counts, written=moved.written))
    return 0


def run_top(arguments: argparse.Namespace, config: Config, language: str) -> int:
    """`hahmo top`: until Ctrl-C, which is its ordinary end."""
    urls = arguments.urls or [f"http://127.0.0.1:{config.port}"]
    for url in urls:
        origin({"URL": url}, "URL")
    how = {"seconds": max(arguments.seconds, 0.1), "once": arguments.once}
    try:
        is_there = watch(urls, language, say, clears=sys.stdout.isatty(), **how)
    except KeyboardInterrupt:
        return 0
    return 0 if is_there else 1


def terminal_language() -> str:
    """The language of this terminal if it is one of ours, else Finnish."""
    spoken = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)),
        locale.getlocale()[0] or "",
    )
    return spoken[:2] if spoken[:2] in LANGUAGES else DEFAULT


def say(text: str) -> None:
    """A line for whoever started us, at once."""
    print(text, flush=True)


def fail(text: str) -> int:
    """Say why it did not work; the exit status."""
    print(text, file=sys.stderr, flush=True)
    return 1
