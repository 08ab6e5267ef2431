"""The calls of coming in, coming back and going, as OpenAPI describes them."""

from server.web.api.openapi_shapes import (
    EMPTY,
    ID,
    NAME,
    ROLE,
    TEXT,
    TIME,
    answered,
    answers,
    call,
    many,
    maybe,
    ref,
    taken,
    takes,
)
from server.workshops.doors.signals import SIGNALS
from server.workshops.signs import DID

__all__ = ["DOORS", "DOOR_SCHEMAS"]

DOOR_SCHEMAS = {
    "Join": taken(
        "code name",
        code=TEXT,
        name=NAME,
        role={"enum": ["participant", "observer"], "default": "participant"},
        passphrase={**TEXT, "description": "where the workshop has one"},
    ),
    "Return": taken("code", code=TEXT),
    "Joined": answered(workshop=ID, person=ID, token=TEXT, return_code=TEXT),
    "Keys": {
        **answered(token=TEXT, return_code=TEXT, facilitator_url=TEXT),
        "required": ["return_code", "token"],
    },
    "Knocked": answered(
        waiting={"type": "string", "description": "your token from when you are let in"},
        return_code={"type": "string"},
    ),
    "Looks": taken("waiting", waiting={"type": "string", "maxLength": 200}),
    "Looked": answered(
        state={"enum": ["waiting", "in", "away"]}, workshop=maybe(ID), person=maybe(ID)
    ),
    "Waiting": answered(id=ID, name=NAME, role=ROLE, at=TIME),
    "Passphrase": taken(
        "passphrase",
        passphrase=maybe({"type": "string", "minLength": 6, "maxLength": 100}),
    ),
    "PassphraseSet": answered(passphrase={"type": "boolean"}),
    "PersonHere": answered(
        id=ID,
        name=NAME,
        role=ROLE,
        joined=TIME,
        here={"type": "boolean", "description": "connected now"},
        did={
            "enum": list(DID),
            "description": "wrote on a board; else was connected for two minutes in all, as far as "
            "the running server knows; else nothing",
        },
    ),
    "ChangePerson": taken("", name=NAME, role=ROLE),
    "PersonChanged": answered(id=ID, name=NAME, role=ROLE),
    "Signals": taken("", hand={"type": "boolean"}, ready={"type": "boolean"}),
    "SignalsShown": answered(id=ID, hand=maybe(TIME), ready=maybe(TIME)),
    "ClearSignals": taken("signal", signal={"enum": list(SIGNALS)}),
    "SignalsCleared": answered(cleared={"type": "integer", "minimum": 0}),
    "RemovePeople": taken("people", people=many(ID)),
    "Removed": answered(removed=many(ID)),
    "Answered": taken("", let_in=many(ID), turn_away=many(ID)),
}

DOORS = {
    "/api/join": {
        "post": call(
            "Join with a code",
            {
                **answers(201, "Your ways in", ref("Joined")),
                **answers(202, "Where a facilitator lets people in: wait", ref("Knocked")),
            },
            public=True,
            **takes(ref("Join")),
        ),
    },
    "/api/waiting": {
        "post": call(
            "Ask whether you are let in; a browser is then signed in",
            answers(200, "How it stands", ref("Looked")),
            public=True,
            **takes(ref("Looks")),
        ),
    },
    "/api/waiting/leave": {
        "post": call(
            "Wait no longer",
            {"204": {"description": "Nobody asks for you any more"}},
            public=True,
            **takes(ref("Looks")),
        ),
    },
    "/api/workshops/{workshop}/waiting": {
        "get": call(
            "Who waits to be let in (facilitator)",
            answers(200, "By arrival", {"type": "array", "items": ref("Waiting")}),
            parameters="workshop",
        ),
        "post": call(
            "Let some in, turn others away (facilitator)",
            answers(200, "Who waits now", {"type": "array", "items": ref("Waiting")}),
            parameters="workshop",
            **takes(ref("Answered")),
        ),
    },
    "/api/workshops/{workshop}/people": {
        "get": call(
            "Who came when, and has done what since (facilitator)",
            answers(200, "By arrival", {"type": "array", "items": ref("PersonHere")}),
            parameters="workshop",
        ),
    },
    "/api/workshops/{workshop}/people/remove": {
        "post": call(
            "Remove many participants and observers at once (facilitator); notes stay",
            answers(200, "Who went; those who were gone before are not among them", ref("Removed")),
            parameters="workshop",
            **takes(ref("RemovePeople")),
        ),
    },
    "/api/workshops/{workshop}/people/{person}/signals": {
        "patch": call(
            "Raise a hand or say that one is ready, or take it back (they themselves; a "
            "facilitator takes back anybody's)",
            answers(200, "Since when they show it", ref("SignalsShown")),
            parameters="workshop person",
            **takes(ref("Signals")),
        ),
    },
    "/api/workshops/{workshop}/signals/clear": {
        "post": call(
            "Take back what all show of one kind, as before the next question (facilitator)",
            answers(200, "Of how many", ref("SignalsCleared")),
            parameters="workshop",
            **takes(ref("ClearSignals")),
        ),
    },
    "/api/workshops/{workshop}/passphrase": {
        "post": call(
            "Ask newcomers for a passphrase beside the code, or (null) for none (facilitator)",
            answers(200, "Whether they are asked", ref("PassphraseSet")),
            parameters="workshop",
            **takes(ref("Passphrase")),
        ),
    },
    "/api/return": {
        "post": call(
            "Come back as the same person with a return code",
            answers(201, "Your ways in", ref("Joined")),
            public=True,
            **takes(ref("Return")),
        ),
    },
    "/api/session": {
        "post": call(
            "Exchange a token for a browser's cookie",
            answers(200, "Who you are", ref("Session")),
            public=True,
            **takes(ref("Token")),
        ),
    },
    "/api/workshops/{workshop}/sign-out": {
        "post": call(
            "Sign out everywhere: whatever let you in before opens nothing any more",
            answers(200, "Your ways in from now on", ref("Keys")),
            parameters="workshop",
            **takes(EMPTY, required=False),
        ),
    },
    "/api/workshops/{workshop}/leave": {
        "post": call(
            "Let this device's token open nothing any more, and its browser forget it",
            {"204": {"description": "Left; the person stays, and comes back by their code"}},
            parameters="workshop",
            public=True,
            **takes(EMPTY, required=False),
        ),
    },
    "/api/workshops/{workshop}/join-code": {
        "post": call(
            "Change the join code; the one before leads nowhere (facilitator)",
            answers(200, "The new code", ref("JoinCode")),
            parameters="workshop",
            **takes(EMPTY, required=False),
        ),
    },
}
