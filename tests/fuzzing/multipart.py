"""Answers to multipart batches from services that were made up: read, or refused as unreadable, and nothing else."""

from importer.odata.batch import BatchUnreadable, Format, Operation, read_batch

_OPERATIONS = [
    Operation(
        str(number), "POST", "Users", {}, f'{{"id":"6ba7b810-9dad-11d1-80b4-00c04fd4000{number}"}}'.encode()
    )
    for number in range(1, 5)
]


def one(data: bytes) -> None:
    """The first line is the content type, the rest the body; every operation has one fate."""
    kind, _, body = data.partition(b"\n")
    try:
        found = read_batch(Format.MULTIPART, kind.decode("latin-1"), body, _OPERATIONS)
    except BatchUnreadable:
        return
    fates = sorted((*found.answers, *found.missing, *found.doubled))
    assert fates == ["1", "2", "3", "4"], fates
    for answer in found.answers.values():
        assert 100 <= answer.status <= 599
        assert all(name == name.lower() for name in answer.headers)
        assert len(answer.body) <= len(body)
