"""Answers to JSON batches from services that were made up: read, or refused as unreadable, and nothing else."""

from importer.odata.batch import BatchUnreadable, read_json_batch

_ASKED = ("1", "2", "3")


def one(data: bytes) -> None:
    """Every operation has one fate."""
    try:
        found = read_json_batch(data, _ASKED)
    except BatchUnreadable:
        return
    fates = sorted((*found.answers, *found.missing, *found.doubled))
    assert fates == ["1", "2", "3"], fates
    for answer in found.answers.values():
        assert 100 <= answer.status <= 599
        assert all(name == name.lower() for name in answer.headers)
