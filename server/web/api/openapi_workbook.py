"""A workbook as `GET …/workbook` answers it, as OpenAPI describes it."""

from server.web.api.openapi_shapes import MINUTES, TEXT, TRUTH, WHOLE, Json, answered, many, ref

__all__ = ["WORKBOOK_SCHEMAS"]

STRINGS = many(TEXT)
LOCALISED = ref("Localised")
QUESTION = answered(id=TEXT, text=LOCALISED)
TOPIC = answered(id=TEXT, title=LOCALISED)


def where_told(shape: Json, **properties: Json) -> Json:
    """An answered object with these fields as well, where the workbook has them."""
    return {**shape, "properties": {**shape["properties"], **properties}}


HIDDEN = {**TRUTH, "description": "true where it is left out of this workshop"}

WORKBOOK_SCHEMAS: Json = {
    "Localised": {
        "type": "object",
        "description": "A text in each language of the workbook",
        "properties": {"fi": TEXT, "sv": TEXT, "en": TEXT},
        "minProperties": 1,
    },
    "Workbook": answered(
        id=TEXT,
        version=WHOLE,
        languages=STRINGS,
        title=LOCALISED,
        stages=many(ref("WorkbookStage")),
        boards=many(ref("WorkbookBoard")),
    ),
    "WorkbookStage": where_told(
        answered(
            id=TEXT,
            title=LOCALISED,
            intro=LOCALISED,
            minutes={**MINUTES, "description": "from, to"},
            boards={**STRINGS, "description": "keys"},
        ),
        hidden=HIDDEN,
    ),
    "WorkbookBoard": where_told(
        answered(
            key=TEXT,
            kind=TEXT,
            stage=TEXT,
            title=LOCALISED,
            intro=LOCALISED,
            minutes=MINUTES,
            principles=many(LOCALISED),
        ),
        zones=many(ref("WorkbookZone")),
        columns=many(ref("WorkbookZone")),
        rows={**many(ref("WorkbookRow")), "description": "their zones are `<row>/<column>`"},
        pages=many(answered(page=WHOLE, rows=STRINGS)),
        questions=many(QUESTION),
        themes=many(TOPIC),
        scale=ref("WorkbookScale"),
        forms=many(ref("WorkbookForm")),
        fields=many(ref("WorkbookField")),
        beside={**STRINGS, "description": "boards to keep in sight while working on this one"},
        hidden=HIDDEN,
    ),
    "WorkbookZone": answered(
        id=TEXT, title=LOCALISED, prompt=LOCALISED, tint={**WHOLE, "description": "0 to 3"}
    ),
    "WorkbookRow": answered(id=TEXT, page=WHOLE, title=LOCALISED, questions=many(LOCALISED)),
    "WorkbookScale": answered(steps=many(LOCALISED), cant_say=LOCALISED, comment=LOCALISED),
    "WorkbookForm": answered(
        id=TEXT,
        audience={"enum": ["team", "self"]},
        title=LOCALISED,
        intro=LOCALISED,
        statements=many(answered(id=TEXT, theme=TEXT, text=LOCALISED)),
    ),
    "WorkbookField": answered(
        id=TEXT,
        type={"enum": ["text", "dates"], "description": "a shared text, or a start and an end"},
        later={**TRUTH, "description": "filled in when the experiment is over"},
        title=LOCALISED,
        prompt=LOCALISED,
    ),
}
