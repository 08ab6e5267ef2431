"""The words that calls are described in: shapes, what is taken and what is answered."""

from typing import Any

__all__ = [
    "DAY",
    "EMPTY",
    "ID",
    "Json",
    "LANGUAGE",
    "MINUTES",
    "NAME",
    "ROLE",
    "ROUND_STATE",
    "TEXT",
    "TIME",
    "TRUTH",
    "WHOLE",
    "answered",
    "answers",
    "call",
    "content",
    "many",
    "maybe",
    "pair",
    "parameter",
    "ref",
    "taken",
    "takes",
]

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
TRUTH: Json = {"type": "boolean"}
ID: Json = {"type": "string", "pattern": "^[a-z2-7]{20}$"}
DAY: Json = {"type": "string", "format": "date"}
TIME: Json = {"type": "integer", "description": "ms since 1970"}
ROLE: Json = {"enum": ["facilitator", "participant", "observer"]}
ROUND_STATE: Json = {"enum": ["open", "closed"]}
LANGUAGE: Json = {"enum": ["fi", "sv", "en"]}
MINUTES: Json = {"type": "array", "items": WHOLE, "minItems": 2, "maxItems": 2}
NAME: Json = {"type": "string", "minLength": 1, "maxLength": 60}
EMPTY: Json = {"type": "object", "maxProperties": 0}
PROBLEM: Json = {"$ref": "#/components/responses/Problem"}


def ref(name: str) -> Json:
    """A reference to a schema of schemas.py and its likes."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(shape: Json) -> Json:
    """This, or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def many(shape: Json) -> Json:
    """A list of this."""
    return {"type": "array", "items": shape}


def pair(shape: Json) -> Json:
    """Two of this."""
    return {"type": "array", "prefixItems": [shape, shape], "minItems": 2, "maxItems": 2}


def answered(**properties: Json) -> Json:
    """An object that the server sends: every field is always there."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def taken(required: str = "", **properties: Json) -> Json:
    """An object that the server takes: fields it does not know are refused."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def parameter(name: str, shape: Json, text: str, place: str = "path") -> Json:
    """A parameter of the address."""
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": text,
        "schema": shape,
    }


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
