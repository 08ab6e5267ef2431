"""The calls of surveys, as OpenAPI describes them."""

from server.web.api.openapi_shapes import answers, call, ref, takes

__all__ = ["SURVEYS"]

SURVEYS = {
    "/api/workshops/{workshop}/answers": {
        "post": call(
            "Answer the open round of a form, once; nobody is told who answered what",
            {"204": {"description": "It is counted"}},
            parameters="workshop",
            **takes(ref("SurveyAnswer")),
        ),
    },
    "/api/workshops/{workshop}/results": {
        "get": call(
            "Rounds by form, oldest first: results when closed, from five answers up",
            answers(200, "Rounds", {"type": "array", "items": ref("SurveyRound")}),
            parameters="workshop form round",
        ),
    },
    "/api/workshops/{workshop}/rounds": {
        "post": call(
            "Open a round of a form (facilitator)",
            answers(201, "The round", ref("SurveyRound")),
            parameters="workshop",
            **takes(ref("NewRound")),
        ),
    },
    "/api/workshops/{workshop}/rounds/asked": {
        "get": call(
            "Whom a round would ask that is opened now (facilitator)",
            answers(200, "People", ref("Asked")),
            parameters="workshop",
        ),
        "post": call(
            "Change whom the open round asks (facilitator)",
            answers(200, "The round", ref("SurveyRound")),
            parameters="workshop",
            **takes(ref("AskMore")),
        ),
    },
    "/api/workshops/{workshop}/rounds/close": {
        "post": call(
            "Close the open round of a form for good, and tell its results (facilitator)",
            answers(200, "The round", ref("SurveyRound")),
            parameters="workshop",
            **takes(ref("SurveyForm")),
        ),
    },
}
