"""Where a store begins."""

import json

import pytest

from importer.problems import ServiceError
from importer.sandbox import plain_service

A = "8503a5c1-0000-4000-8000-0000000000aa"


def test_seed_files(plain_pack, tmp_path):
    """A new store begins with `<Set>.json`, a list or an answer as it was saved; an old one does not."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "Things.json").write_text(json.dumps({"value": [{"id": A, "name": "a", "@odata.etag": "x"}]}))
    (folder / "Bases.json").write_text(
        json.dumps([{"id": A[:-1] + "b", "@odata.type": "#T.Other", "size": 5}])
    )
    first = plain_pack.store(folder)
    assert {entity.type: entity.values["name"] for entity in first.all("T.Base")} == {
        "T.Thing": "a",
        "T.Other": None,
    }
    assert first.journal == []
    first.close()
    (folder / "Things.json").unlink()
    second = plain_pack.store(folder)

    assert len(second.all("T.Base")) == 2
    second.close()


@pytest.mark.parametrize(
    "text",
    ["{", "5", "[5]", '{"value": {}}', '[{"id": "x"}]', '[{"@odata.type": "#T.Other"}]', "[" * 100_000],
)
def test_wrong_seed_files(plain_pack, tmp_path, text):
    """A wrong seed file is an error that names it, and leaves nothing behind."""
    (tmp_path / "Things.json").write_text(text)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"Things\.json"):
            plain_pack.store(tmp_path)


def test_an_unknown_property_in_a_seed(plain_pack, tmp_path):
    """A property that the type does not have is said, with the nearest that it has; it is not left out in silence."""
    (tmp_path / "Things.json").write_text(json.dumps([{"id": A, "nam": "a"}]))

    with pytest.raises(ValueError, match=r'Things\.json: "nam" is no property of T\.Thing; nearest: "name"'):
        plain_pack.store(tmp_path)


def test_no_metadata():
    """A document that is none is a problem of the service's."""
    with pytest.raises(ServiceError):
        plain_service(b"<html/>", "page.html")
