"""Bytes to and from one service. The only door for httpx. `writing` is not exported: only the executor imports it."""

from importer.odata.http.authentication import Basic, Bearer, Login, NoLogin
from importer.odata.http.collecting import Question, read_whole
from importer.odata.http.connection import Connection, Counts, Response, Unanswered
from importer.odata.http.reading import Reader, ReadFailed
from importer.odata.http.token_server import Grant, TokenServer
from importer.odata.http.tokens import Memory, Session, Tokens, TokenStore

__all__ = [
    "Basic",
    "Bearer",
    "Connection",
    "Counts",
    "Grant",
    "Login",
    "Memory",
    "NoLogin",
    "Question",
    "ReadFailed",
    "Reader",
    "Response",
    "Session",
    "TokenServer",
    "TokenStore",
    "Tokens",
    "Unanswered",
    "read_whole",
]
