"""Many operations in one request: OData batches, JSON (OData JSON §19) and multipart (OData §11.7), independent operations only.

`write_batch` and `read_batch` are pure; who sends the bytes is no matter of this package.
"""

from importer.odata.batch.formats import ANOTHER_FORM, Format, Written, length, read_batch, write_batch
from importer.odata.batch.json_format import read_json_batch, write_json_batch
from importer.odata.batch.operations import Answer, BatchAnswers, BatchUnreadable, Operation
from importer.odata.batch.sizing import packed

__all__ = [
    "ANOTHER_FORM",
    "Answer",
    "BatchAnswers",
    "BatchUnreadable",
    "Format",
    "Operation",
    "Written",
    "length",
    "packed",
    "read_batch",
    "read_json_batch",
    "write_batch",
    "write_json_batch",
]
