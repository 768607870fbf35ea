"""Many operations in one request: OData JSON batches (OData JSON Format §19), independent operations only."""

from importer.odata.batch.json_format import BatchAnswers, BatchUnreadable, read_json_batch, write_json_batch
from importer.odata.batch.operations import Answer, Operation
from importer.odata.batch.sizing import halved, packed

__all__ = [
    "Answer",
    "BatchAnswers",
    "BatchUnreadable",
    "Operation",
    "halved",
    "packed",
    "read_json_batch",
    "write_json_batch",
]
