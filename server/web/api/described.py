"""A frozen value as JSON Schema, read off its class, so that nothing has to be said twice."""

import dataclasses
import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

__all__ = ["described"]

Json = dict[str, Any]
PLAIN: dict[type, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
}


def described(kind: Any, named: Mapping[type, str] | None = None) -> Json:
    """The shape of what `dataclasses.asdict` makes of a frozen value, as an answer has it.

    `named`: classes that the description holds under names of their own. Keywords of JSON Schema
    stand in the class itself, `Annotated[int, ("minimum", 1)]`. Raises TypeError for a type that
    answers do not have.
    """
    names = named or {}
    if kind in names:
        return {"$ref": f"#/components/schemas/{names[kind]}"}
    if kind in PLAIN:
        return dict(PLAIN[kind])
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        fields = {name: described(hint, names) for name, hint in hints.items()}
        return {"type": "object", "properties": fields, "required": list(fields)}
    return parametrised(kind, names)


def parametrised(kind: Any, named: Mapping[type, str]) -> Json:
    """The shape of a type that is made of others."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return {**described(parts[0], named), **dict(kind.__metadata__)}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [described(part, named) for part in parts]}
    if origin is tuple and parts[1:] == (...,):
        return {"type": "array", "items": described(parts[0], named)}
    if origin is Mapping:
        values = True if parts[1] is Any else described(parts[1], named)
        return {"type": "object", "additionalProperties": values}
    raise TypeError(f"no shape for {kind}")
