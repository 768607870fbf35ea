"""A plan knows whether what it was made from is still the same."""

import hashlib

import pytest

from importer.plan import FilePrint, Origin, hash_file
from importer.plan.origin import changed_files


def test_fingerprint(tmp_path):
    """A file is known by its bytes and its absolute path; people see the name they gave."""
    path = tmp_path / "книга.xlsx"
    path.write_bytes(b"abc")

    assert hash_file(path, "книга.xlsx") == FilePrint(
        str(path), "книга.xlsx", hashlib.sha256(b"abc").hexdigest()
    )
    assert hash_file(path).shown == str(path)
    with pytest.raises(OSError, match="nowhere"):
        hash_file(tmp_path / "nowhere")


def test_changed_files(tmp_path):
    """Changed, missing or become a folder: the files are named as people named them."""
    prints = []
    for name in ("recipe.yaml", "same.csv", "changed.csv", "gone.csv", "folder.csv"):
        (tmp_path / name).write_text(name)
        prints.append(hash_file(tmp_path / name, name))
    recipe, *files = prints
    origin = Origin(
        importer="1",
        recipe=recipe,
        files=tuple(files),
        service="s",
        url="u",
        metadata="m",
        used={},
        created="c",
        today="t",
    )
    assert changed_files(origin) == ()

    (tmp_path / "changed.csv").write_text("other")
    (tmp_path / "gone.csv").unlink()
    (tmp_path / "folder.csv").unlink()
    (tmp_path / "folder.csv").mkdir()

    assert changed_files(origin) == ("changed.csv", "gone.csv", "folder.csv")
