"""Writes: each is sent once and never repeated here. Only the executor imports this module (contract *one writer*)."""

from collections.abc import Sequence
from dataclasses import dataclass

from importer.odata.batch import Format, Operation, write_batch
from importer.odata.http.connection import Connection, Response

# Both spellings: some services know only the prefixed one (odata-protocol.md rule 11).
CONTINUE = "odata.continue-on-error, continue-on-error"
_BATCH_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Writer:
    """Sends operations alone or in a batch; `kind` is what a request counts as. Raises `Unanswered` when no answer comes."""

    connection: Connection

    def single(self, operation: Operation, *, kind: str = "write") -> Response:
        """Send one operation outside a batch."""
        headers = {"odata-version": "4.0", **operation.headers}
        return self.connection.send(
            operation.method, operation.url, body=operation.body, headers=headers, kind=kind
        )

    def batch(self, form: Format, operations: Sequence[Operation], *, kind: str = "write") -> Response:
        """Send independent operations in one batch, without groups or change sets (rule 5)."""
        batch = write_batch(form, operations)
        headers = {"odata-version": "4.0", "prefer": CONTINUE, **batch.headers}
        timeout = max(_BATCH_TIMEOUT, self.connection.timeout)
        return self.connection.send(
            "POST", "$batch", body=batch.body, headers=headers, kind=kind, timeout=timeout
        )
