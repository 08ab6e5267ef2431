"""Every address there is."""

from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from server.web import pages, sign_in
from server.web.api import boards, doors, operations, removals, snapshots, surveys, workshops
from server.web.api.breakouts import calls as breakouts
from server.web.api.exports import calls as exports
from server.web.api.imports.calls import import_notes, import_workshop
from server.web.api.scripts import calls as scripts
from server.web.assets import Files
from server.web.notices import notice_routes
from server.web.once import once
from server.web.websocket import sync
from server.workshops.imports.bringing import NOTES_BYTES
from server.workshops.imports.imports import IMPORT_BYTES

__all__ = ["PUBLIC", "STATIC", "routes"]

STATIC = Path(__file__).parent.parent / "static"  # the built client; absent until it is built
PUBLIC = Path(__file__).parent / "public"


def routes(static: Path) -> list[BaseRoute]:
    """Pages, calls, files and the socket, in this order."""
    return [
        Route("/", pages.start),
        Route("/j/{code}", pages.join),
        Route("/w/{workshop}", pages.workshop),
        Route("/w/{workshop}/wall", pages.wall),
        *notice_routes(),
        Route("/sign-in", sign_in.go),
        Route("/sign-in/back", sign_in.back),
        Route("/api/facilitator", sign_in.mine),
        Route(
            "/api/facilitator/sign-out",
            once(sign_in.sign_out, lasting=False),  # it is of no workshop
            methods=["POST"],
        ),
        Route("/api/facilitator/workshops/{workshop}", once(sign_in.open_mine), methods=["POST"]),
        Route("/api/workshops", once(workshops.create), methods=["POST"]),
        Route(
            "/api/workshops/import",
            once(import_workshop, most=IMPORT_BYTES),
            methods=["POST"],
        ),
        Route("/api/join", once(workshops.join), methods=["POST"]),
        Route("/api/waiting", doors.look, methods=["POST"]),
        Route("/api/waiting/leave", doors.stop_waiting, methods=["POST"]),
        Route("/api/workshops/{workshop}/waiting", doors.show_waiting),
        Route("/api/workshops/{workshop}/waiting", once(doors.answer_waiting), methods=["POST"]),
        Route(
            "/api/workshops/{workshop}/passphrase",
            once(doors.set_passphrase, lasting=False),
            methods=["POST"],
        ),
        Route("/api/return", once(workshops.come_back), methods=["POST"]),
        Route("/api/session", workshops.session, methods=["POST"]),
        Route("/api/workshops/{workshop}", workshops.show),
        Route("/api/workshops/{workshop}", once(workshops.patch), methods=["PATCH"]),
        Route("/api/workshops/{workshop}", workshops.delete, methods=["DELETE"]),
        Route("/api/workshops/{workshop}/workbook", workshops.workbook),
        Route("/api/workshops/{workshop}/workbook.toml", workshops.workbook_file),
        Route(
            "/api/workshops/{workshop}/sign-out",
            once(workshops.sign_out_everywhere),
            methods=["POST"],
        ),
        Route(
            "/api/workshops/{workshop}/join-code",
            once(workshops.change_code),
            methods=["POST"],
        ),
        Route("/api/workshops/{workshop}/scripts", scripts.show),
        Route(
            "/api/workshops/{workshop}/scripts",
            once(scripts.write, lasting=False),
            methods=["PATCH"],
        ),
        Route("/api/workshops/{workshop}/people", doors.show_people),
        Route(
            "/api/workshops/{workshop}/people/remove",
            once(doors.remove_people),
            methods=["POST"],
        ),
        Route(
            "/api/workshops/{workshop}/people/{person}",
            workshops.remove_person,
            methods=["DELETE"],
        ),
        Route(
            "/api/workshops/{workshop}/people/{person}",
            once(doors.change_person),
            methods=["PATCH"],
        ),
        Route(
            "/api/workshops/{workshop}/people/{person}/signals",
            once(doors.show_signals),
            methods=["PATCH"],
        ),
        Route(
            "/api/workshops/{workshop}/signals/clear", once(doors.clear_signals), methods=["POST"]
        ),
        Route("/api/workshops/{workshop}/people/{person}/data", workshops.person_data),
        Route("/api/workshops/{workshop}/leave", once(workshops.leave), methods=["POST"]),
        Route("/api/workshops/{workshop}/next", once(workshops.next_round), methods=["POST"]),
        Route("/api/workshops/{workshop}/copy", once(workshops.repeat), methods=["POST"]),
        Route("/api/workshops/{workshop}/deletions", removals.show),
        Route(
            "/api/workshops/{workshop}/deletions/restore",
            once(removals.restore),
            methods=["POST"],
        ),
        Route("/api/workshops/{workshop}/previous/change", workshops.previous_change),
        Route("/api/workshops/{workshop}/addresses", workshops.addresses),
        Route("/api/workshops/{workshop}/qr.svg", workshops.qr),
        Route("/api/workshops/{workshop}/export.{format}", exports.export_whole),
        Route("/api/workshops/{workshop}/breakouts", once(boards.open_breakout), methods=["POST"]),
        Route(
            "/api/workshops/{workshop}/answers",
            # No trace of it may last (rule SV3).
            once(surveys.answer_form, lasting=False),
            methods=["POST"],
        ),
        Route("/api/workshops/{workshop}/results", surveys.show_results),
        Route("/api/workshops/{workshop}/rounds", once(surveys.open_round), methods=["POST"]),
        Route("/api/workshops/{workshop}/rounds/asked", surveys.show_asked),
        Route(
            "/api/workshops/{workshop}/rounds/asked",
            once(surveys.ask_more),
            methods=["POST"],
        ),
        Route(
            "/api/workshops/{workshop}/rounds/close",
            once(surveys.close_round),
            methods=["POST"],
        ),
        Route("/api/breakouts/{breakout}", once(boards.move_people), methods=["PATCH"]),
        Route("/api/breakouts/{breakout}/merge", once(boards.merge_breakout), methods=["POST"]),
        Route("/api/breakouts/{breakout}/close", once(boards.close_breakout), methods=["POST"]),
        Route("/api/breakouts/{breakout}/gathered", breakouts.gathered),
        Route("/api/breakouts/{breakout}/preview", breakouts.preview),
        Route("/api/breakouts/{breakout}/choose", once(breakouts.choose_group), methods=["POST"]),
        Route("/api/breakouts/{breakout}/help", once(breakouts.ask_for_help), methods=["POST"]),
        Route("/api/breakouts/{breakout}/message", once(breakouts.tell_groups), methods=["POST"]),
        Route("/api/breakouts/{breakout}/reopen", once(breakouts.reopen), methods=["POST"]),
        Route("/api/breakouts/{breakout}/recall", once(breakouts.recall), methods=["POST"]),
        Route("/api/boards/{board}", boards.show_board),
        Route("/api/boards/{board}/edits", boards.bring_edits, methods=["POST"]),
        Route("/api/boards/{board}/import", once(import_notes, most=NOTES_BYTES), methods=["POST"]),
        Route("/api/boards/{board}/export.{format}", exports.export),
        Route("/api/boards/{board}/snapshots", snapshots.show_all),
        Route("/api/boards/{board}/snapshots", once(snapshots.take), methods=["POST"]),
        Route("/api/boards/{board}/changes/{person}", snapshots.done),
        Route("/api/boards/{board}/restore", once(snapshots.put_back), methods=["POST"]),
        Route("/api/boards/{board}/moments", snapshots.moments),
        Route("/api/boards/{board}/moments/{moment}", snapshots.moment),
        Route("/api/snapshots/{snapshot}", snapshots.show),
        Route("/api/snapshots/{snapshot}/picture.svg", snapshots.picture),
        Route("/api/snapshots/{snapshot}", snapshots.delete, methods=["DELETE"]),
        Route("/api/snapshots/{snapshot}/copy", once(snapshots.copy_snapshot), methods=["POST"]),
        Route("/api/snapshots/{snapshot}/restore", once(snapshots.restore), methods=["POST"]),
        Route("/api/workshops/{workshop}/exports", exports.show_all),
        Route(
            "/api/workshops/{workshop}/exports",
            once(exports.ask, lasting=False),  # nor does what was asked for
            methods=["POST"],
        ),
        Route("/api/workshops/{workshop}/exports/about", exports.look),
        Route("/api/workshops/{workshop}/exports/first-page.png", exports.first_page),
        Route("/api/exports/{export}", exports.show),
        Route("/api/exports/{export}", exports.drop, methods=["DELETE"]),
        Route("/api/exports/{export}/file", exports.fetch),
        Route("/api/export.schema.json", operations.export_schema),
        Route("/api/openapi.json", operations.openapi),
        Route("/api/now", operations.now),
        Route("/healthz", operations.healthz),
        Route("/readyz", operations.readyz),
        Route("/metrics", operations.metrics),
        WebSocketRoute("/sync/{board}", sync),
        Mount("/static", Files(directory=static, check_dir=False)),
        Mount("/public", StaticFiles(directory=PUBLIC)),
    ]
