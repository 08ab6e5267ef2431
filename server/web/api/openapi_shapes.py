"""How one call is described: what it takes, what it answers."""

from typing import Any

__all__ = ["EMPTY", "TEXT", "answers", "call", "content", "schema", "takes"]

Json = dict[str, Any]

PROBLEM = {"$ref": "#/components/responses/Problem"}


def schema(name: str) -> Json:
    """A reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def content(media_type: str, body: Json) -> Json:
    """A body of one media type."""
    return {"content": {media_type: {"schema": body}}}


def takes(body: Json, required: bool = True) -> Json:
    """A JSON request body."""
    return {"requestBody": {"required": required, **content("application/json", body)}}


def call(
    summary: str, answers: Json, *, parameters: str = "", public: bool = False, **more: Any
) -> Json:
    """One operation. `parameters`: names of path parameters, separated by spaces."""
    operation: Json = {
        "summary": summary,
        "responses": {**answers, "default": PROBLEM},
        **more,
    }
    if parameters:
        names = parameters.split()
        operation["parameters"] = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    if public:
        operation["security"] = []
    return operation


def answers(status: int, text: str, body: Json, media_type: str = "application/json") -> Json:
    """The answer when all went well."""
    return {str(status): {"description": text, **content(media_type, body)}}


TEXT = {"type": "string"}
EMPTY = {"type": "object", "maxProperties": 0}
