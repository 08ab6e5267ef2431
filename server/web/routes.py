"""Every address there is."""

from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from server.web import (
    assessment_calls,
    board_calls,
    door_calls,
    operations,
    pages,
    removal_calls,
    sign_in,
    workshop_calls,
)
from server.web.assets import Files
from server.web.notices import notice_routes
from server.web.once import once
from server.web.sync import sync

__all__ = ["PUBLIC", "STATIC", "routes"]

STATIC = Path(__file__).parent.parent / "static"  # the built client; absent until it is built
PUBLIC = Path(__file__).parent / "public"


def routes(static: Path) -> list[BaseRoute]:
    """Pages, calls, files and the socket, in this order."""
    return [
        Route("/", pages.start),
        Route("/j/{code}", pages.join),
        Route("/w/{workshop}", pages.workshop),
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
        Route("/api/workshops", once(workshop_calls.create), methods=["POST"]),
        Route("/api/join", once(workshop_calls.join), methods=["POST"]),
        Route("/api/waiting", door_calls.look, methods=["POST"]),
        Route("/api/waiting/leave", door_calls.stop_waiting, methods=["POST"]),
        Route("/api/workshops/{workshop}/waiting", door_calls.show_waiting),
        Route(
            "/api/workshops/{workshop}/waiting", once(door_calls.answer_waiting), methods=["POST"]
        ),
        Route(
            "/api/workshops/{workshop}/passphrase",
            once(door_calls.set_passphrase, lasting=False),
            methods=["POST"],
        ),
        Route("/api/return", once(workshop_calls.come_back), methods=["POST"]),
        Route("/api/session", workshop_calls.session, methods=["POST"]),
        Route("/api/workshops/{workshop}", workshop_calls.show),
        Route("/api/workshops/{workshop}", once(workshop_calls.patch), methods=["PATCH"]),
        Route("/api/workshops/{workshop}", workshop_calls.delete, methods=["DELETE"]),
        Route("/api/workshops/{workshop}/workbook", workshop_calls.workbook),
        Route(
            "/api/workshops/{workshop}/sign-out",
            once(workshop_calls.sign_out_everywhere),
            methods=["POST"],
        ),
        Route(
            "/api/workshops/{workshop}/join-code",
            once(workshop_calls.change_code),
            methods=["POST"],
        ),
        Route(
            "/api/workshops/{workshop}/people/{person}",
            workshop_calls.remove_person,
            methods=["DELETE"],
        ),
        Route("/api/workshops/{workshop}/people/{person}/data", workshop_calls.person_data),
        Route("/api/workshops/{workshop}/leave", once(workshop_calls.leave), methods=["POST"]),
        Route("/api/workshops/{workshop}/next", once(workshop_calls.next_round), methods=["POST"]),
        Route("/api/workshops/{workshop}/deletions", removal_calls.show),
        Route(
            "/api/workshops/{workshop}/deletions/restore",
            once(removal_calls.restore),
            methods=["POST"],
        ),
        Route("/api/workshops/{workshop}/previous/change", workshop_calls.previous_change),
        Route("/api/workshops/{workshop}/addresses", workshop_calls.addresses),
        Route("/api/workshops/{workshop}/qr.svg", workshop_calls.qr),
        Route(
            "/api/workshops/{workshop}/breakouts", once(board_calls.open_breakout), methods=["POST"]
        ),
        Route(
            "/api/workshops/{workshop}/answers",
            # No trace of it may last (rule SV3).
            once(assessment_calls.answer_form, lasting=False),
            methods=["POST"],
        ),
        Route("/api/workshops/{workshop}/results", assessment_calls.show_results),
        Route(
            "/api/workshops/{workshop}/rounds", once(assessment_calls.open_round), methods=["POST"]
        ),
        Route("/api/workshops/{workshop}/rounds/asked", assessment_calls.show_asked),
        Route(
            "/api/workshops/{workshop}/rounds/asked",
            once(assessment_calls.ask_more),
            methods=["POST"],
        ),
        Route(
            "/api/workshops/{workshop}/rounds/close",
            once(assessment_calls.close_round),
            methods=["POST"],
        ),
        Route("/api/breakouts/{breakout}", once(board_calls.move_people), methods=["PATCH"]),
        Route(
            "/api/breakouts/{breakout}/merge", once(board_calls.merge_breakout), methods=["POST"]
        ),
        Route(
            "/api/breakouts/{breakout}/close", once(board_calls.close_breakout), methods=["POST"]
        ),
        Route("/api/boards/{board}", board_calls.show_board),
        Route("/api/boards/{board}/edits", board_calls.bring_edits, methods=["POST"]),
        Route("/api/boards/{board}/export.{format}", board_calls.export),
        Route("/api/boards/{board}/snapshots", board_calls.show_snapshots),
        Route("/api/snapshots/{snapshot}", board_calls.show_snapshot),
        Route("/api/openapi.json", operations.openapi),
        Route("/api/now", operations.now),
        Route("/healthz", operations.healthz),
        Route("/readyz", operations.readyz),
        Route("/metrics", operations.metrics),
        WebSocketRoute("/sync/{board}", sync),
        Mount("/static", Files(directory=static, check_dir=False)),
        Mount("/public", StaticFiles(directory=PUBLIC)),
    ]
