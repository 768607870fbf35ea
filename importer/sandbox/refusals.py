"""How the sandbox refuses, worded as Timetta and its library word it (timetta.md §5), or as others do."""

from html import escape
from typing import Any

from importer.sandbox.replies import Reply, json_reply


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """A request is answered with an error."""

    def __init__(self, status: int, body: dict[str, Any] | None = None) -> None:
        """Keep the answer; None is an answer without a body."""
        super().__init__(status)
        self.status = status
        self.body = body


def business(message: str, code: str = "TmtValidationException") -> Refused:
    """Return a business error: HTTP 500 with a code."""
    return Refused(500, {"error": {"code": code, "message": message, "details": {}}})


def bad_query(reason: str) -> Refused:
    """Return a query error: HTTP 400 as ASP.NET Core OData words it."""
    message = f"The query specified in the URI is not valid. {reason}"
    error = {"code": "", "message": message, "details": [], "innererror": _inner(reason)}
    return Refused(400, {"error": error})


def bad_input(reason: str) -> Refused:
    """Return a body that does not fit the model: HTTP 400.

    The library hides the reason (odata-protocol.md §4); a rehearsal needs it, so that it stands in `details`.
    """
    message, details = "The input was not valid.", [{"code": "", "message": reason}]
    error = {"code": "", "message": message, "details": details, "innererror": _inner(reason)}
    return Refused(400, {"error": error})


def plain(status: int, code: str, message: str) -> Refused:
    """Return an error of another status, in OData's form."""
    return Refused(status, {"error": {"code": code, "message": message, "details": []}})


def not_found() -> Refused:
    """Return 404 without a body."""
    return Refused(404)


def no_property(name: str, type_name: str) -> Refused:
    """Return the query error for a name that the type does not have."""
    return bad_query(f"Could not find a property named '{name}' on type '{type_name}'.")


def _inner(reason: str) -> dict[str, str]:
    return {"message": reason, "type": "Microsoft.OData.ODataException", "stacktrace": "   at Sandbox"}


def reply_of(refused: Refused, form: str) -> Reply:
    """Return the answer in which a refusal is said: `Habits.error_form`."""
    if refused.body is None or form == "empty":
        return Reply(refused.status)
    error = refused.body["error"]
    if form == "text":
        return Reply(refused.status, {"content-type": "text/plain; charset=utf-8"}, error["message"].encode())
    if form == "html":
        page = f"<!DOCTYPE html><html><head><title>{refused.status}</title></head>"
        page += f"<body><h1>{refused.status}</h1><p>{escape(error['message'])}</p></body></html>"
        return Reply(refused.status, {"content-type": "text/html; charset=utf-8"}, page.encode())
    if form == "odata" and refused.status == 500:
        # What others make of a business error: a 400 that says so.
        return json_reply(400, {"error": {"code": error["code"], "message": error["message"], "details": []}})
    return json_reply(refused.status, refused.body)
