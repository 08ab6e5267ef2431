"""Every part of uvicorn and websockets that is used and is no documented interface, by its name.

After an upgrade this fails first, and says what is gone or new. What must hold then is told by
tests/server/sync/transport/test_endpoint.py and tests/attacks/resources/test_connections.py.
"""

import ast
import importlib
import inspect
import textwrap

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.server import ServerProtocol

from server.doorway import DoorProtocol
from server.serving import Server
from server.sync.transport.takeover import HandoffProtocol

# What our subclass takes from uvicorn's class, be it to call, to read, to set or to replace.
TAKEN: dict[type, tuple[type, str]] = {
    HandoffProtocol: (
        WebSocketsSansIOProtocol,
        """app client close_sent close_timeout close_timer conn connection_lost connection_made
        connections curr_msg_data_type data_received disconnected frames handle_connect handle_ping
        handshake_initiated logger loop pause_writing queue read_paused receive request response
        resume_writing run_asgi schedule_ping scheme scope send send_500_response
        send_keepalive_ping send_receive_event_to_app server shutdown stop_keepalive transport
        writable""",
    ),
    DoorProtocol: (
        HttpToolsProtocol,
        """_should_upgrade _unset_keepalive_if_required _unsupported_upgrade_warning app_state
        client config connection_lost connection_made connections cycle data_received flow
        handle_websocket_upgrade headers loop on_body on_header on_headers_complete on_message_begin
        on_message_complete on_response_complete parser pause_writing pipeline resume_writing
        scheme scope server server_state shutdown transport url""",
    ),
    Server: (uvicorn.Server, "force_exit handle_exit should_exit shutdown started startup"),
}
CONNECTION = {"data_to_send", "send_close"}  # of websockets' own parser, HandoffProtocol.conn
MODULES = {
    "uvicorn.middleware.proxy_headers": {"_TrustedHosts"},
    "uvicorn.protocols.http.httptools_impl": {"STATUS_LINE"},
    "uvicorn.protocols.utils": {"ClientDisconnected"},
    "websockets.utils": {"apply_mask"},
}


def tree_of(kind: type) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(kind)))


def members(tree: ast.AST, owner: str = "self") -> set[str]:
    """Names behind `owner.` and `super().`."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name)) if name == owner:
                found.add(node.attr)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
                found.add(node.attr)
    return found


def own_names(kind: type) -> set[str]:
    """What a class's own body brings, and what its methods give an instance under a `_`."""
    brought = set(vars(kind)) | set(kind.__annotations__)
    return brought | {name for name in members(tree_of(kind)) if name.startswith("_")}


def offered(kind: type) -> set[str]:
    """What a class of uvicorn has: its attributes, and those that its methods set."""
    found = set(dir(kind))
    for base in kind.__mro__[:-1]:
        if base.__module__.startswith("uvicorn"):
            for node in ast.walk(tree_of(base)):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                    found.add(node.attr)
    return found


def taken(kind: type, parent: type) -> set[str]:
    """What our class uses of its parent: names that it does not bring itself, or replaces."""
    has = offered(parent)
    used = {name for name in members(tree_of(kind)) if not name.startswith("__")}
    replaced = {name for name in vars(kind) if name in has and not name.startswith("__")}
    private = {name for name in used if name.startswith("_") and name in has}
    return (used - own_names(kind)) | replaced | private


@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_taken_from_uvicorn_stands_here(kind: type) -> None:
    parent, names = TAKEN[kind]
    assert taken(kind, parent) == set(names.split())


@pytest.mark.parametrize("kind", TAKEN)
def test_uvicorn_has_what_is_taken_from_it(kind: type) -> None:
    parent, names = TAKEN[kind]
    assert set(names.split()) - offered(parent) == set()


def test_websockets_has_what_is_taken_from_it() -> None:
    tree = tree_of(HandoffProtocol)
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "conn"
    }
    assert used == CONNECTION
    assert set(dir(ServerProtocol)) >= CONNECTION


@pytest.mark.parametrize("module", MODULES)
def test_modules_have_what_is_imported_from_them(module: str) -> None:
    assert set(dir(importlib.import_module(module))) >= MODULES[module]
