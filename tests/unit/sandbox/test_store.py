"""What is stored stays, in one order, found by key and by value."""

import pytest

from importer.sandbox import Store
from importer.sandbox.store import Entity

GUIDS = [f"8503a5c1-0000-4000-8000-00000000000{n}" for n in range(5)]


@pytest.fixture
def store(plain_pack):
    made = Store(plain_pack.model)
    yield made
    made.close()


def put(store, number, kind="T.Thing", operation="create", **values):
    entity = Entity(kind, {"id": GUIDS[number], **values})
    store.put("Things", GUIDS[number], entity, operation)
    return entity


def test_families(store):
    """Types below one root share their keys; a set shows its own type and those derived from it."""
    thing, other = put(store, 1), put(store, 2, "T.Other")

    assert store.get("T.Base", GUIDS[2]) == other
    assert store.get("T.Thing", GUIDS[2]) is None
    assert store.taken("T.Thing", GUIDS[2])
    assert (store.all("T.Base"), store.all("T.Thing")) == ([thing, other], [thing])


def test_order_of_keys(store):
    """Pages by key are complete and in order, also when entities come and go between them."""
    put(store, 3), put(store, 1), put(store, 2, "T.Other")
    assert [entity.values["id"] for entity in store.after("T.Base", None)] == [GUIDS[1], GUIDS[2], GUIDS[3]]
    put(store, 0), put(store, 4), store.remove("Things", "T.Thing", GUIDS[3])

    assert [entity.values["id"] for entity in store.after("T.Thing", GUIDS[0])] == [GUIDS[1], GUIDS[4]]


def test_order_of_numbers(store):
    """Whole numbers are ordered by value."""
    for number in (10, 9, -1):
        store.put("Numbers", str(number), Entity("T.Numbered", {"no": number}), "create")

    assert [entity.values["no"] for entity in store.after("T.Numbered", -1)] == [9, 10]


def test_values(store):
    """An index follows every change."""
    put(store, 1, name="Ёж"), put(store, 2, name="ёж"), put(store, 3, name=None, tags=["a"])

    assert [entity.values["id"] for entity in store.having("T.Thing", "name", ["ёж"])] == [GUIDS[2]]
    assert len(store.having("T.Thing", "name", ["ёж"], folded=True)) == 2
    assert len(store.having("T.Thing", "name", ["ёж", "Ёж", "ёж", "x"])) == 2
    put(store, 2, operation="update", name="x")
    store.remove("Things", "T.Thing", GUIDS[1])
    assert store.having("T.Thing", "name", ["ёж"], folded=True) == []
    assert [entity.values["id"] for entity in store.having("T.Base", "name", ["x", None])] == [
        GUIDS[2],
        GUIDS[3],
    ]
    assert store.having("T.Other", "name", ["x"]) == []
    assert len(store.having("T.Thing", "tags", [None])) == 1


def test_the_witness(store):
    """Committed writes are told in order."""
    put(store, 1), put(store, 1, operation="update"), store.remove("Things", "T.Thing", GUIDS[1])

    assert [(entry["n"], entry["op"], entry["set"], entry["id"]) for entry in store.journal] == [
        (1, "create", "Things", GUIDS[1]),
        (2, "update", "Things", GUIDS[1]),
        (3, "delete", "Things", GUIDS[1]),
    ]
    assert store.counter == 4
    assert store.journal[0]["at"].endswith("Z")


def test_kept(plain_pack, tmp_path):
    """A store in a file is the same after it is opened again: entities, versions, journal."""
    path = tmp_path / "store.sqlite"
    first = Store(plain_pack.model, path)
    put(first, 1, name="Ё")
    first.put("Things", GUIDS[1], Entity("T.Thing", {"id": GUIDS[1]}, 2), "update")
    first.close()
    second = Store(plain_pack.model, path)

    assert second.get("T.Thing", GUIDS[1]) == Entity("T.Thing", {"id": GUIDS[1]}, 2)
    assert (second.journal, second.is_new, second.counter) == (first.journal, False, 3)
    second.close()


def test_a_seed_is_whole_or_not_there(plain_pack, tmp_path):
    """A store whose seeding was broken off is still new."""
    path = tmp_path / "store.sqlite"
    first = Store(plain_pack.model, path)
    planting = first.planting()
    planting.__enter__()
    first.plant(GUIDS[1], Entity("T.Thing", {"id": GUIDS[1]}))
    first.close()
    second = Store(plain_pack.model, path)

    assert second.is_new
    second.close()


def test_unusable(plain_pack, timetta_pack, tmp_path):
    """A file that is no store, is another service's, or is in use, is an error that says so."""
    (tmp_path / "bad.sqlite").write_text("something else, and long enough to be looked at")
    with pytest.raises(ValueError, match="not a database"):
        Store(plain_pack.model, tmp_path / "bad.sqlite")
    first = Store(plain_pack.model, tmp_path / "store.sqlite")
    put(first, 1)
    with pytest.raises(ValueError, match="locked"):
        Store(plain_pack.model, tmp_path / "store.sqlite")
    first.close()
    with pytest.raises(ValueError, match=r"T\.Thing"):
        Store(timetta_pack.model, tmp_path / "store.sqlite")
