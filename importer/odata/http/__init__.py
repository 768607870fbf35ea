"""Bytes to and from one service. The only door for httpx. `writing` is not exported: only the executor imports it."""

from importer.odata.http.authentication import Bearer, NoLogin
from importer.odata.http.collecting import Question, read_whole
from importer.odata.http.connection import Connection, Counts, Response, Unanswered
from importer.odata.http.reading import Reader, ReadFailed

__all__ = [
    "Bearer",
    "Connection",
    "Counts",
    "NoLogin",
    "Question",
    "ReadFailed",
    "Reader",
    "Response",
    "Unanswered",
    "read_whole",
]
