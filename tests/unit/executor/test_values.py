"""Values between plan, wire and comparison."""

from decimal import Decimal
from uuid import UUID

from executor_world import MODEL, key_of

from importer.executor.values import (
    Difference,
    binds_of,
    described,
    differences,
    key_path,
    plain,
    typed,
    wire,
)
from importer.odata.payload import to_json

KEY = key_of("x")
SET = MODEL.sets["Departments"]


def test_decimals_stay_exact():
    """A number of the plan's JSON reaches the wire with the digits it was written with, as a number."""
    body = wire({"rate": 12345.67, "name": "A", "other": 0.1}, MODEL, "N.Department")
    assert to_json(body) == b'{"rate":12345.67,"name":"A","other":0.1}'
    assert (
        to_json(wire({"rate": "12345678901234567.89"}, MODEL, "N.Department"))
        == b'{"rate":12345678901234567.89}'
    )


def test_guids_are_lower_case():
    """GUIDs are sent in lower case, as text and in paths (odata-protocol.md rule 9)."""
    values = typed({"id": KEY.upper()}, MODEL, "N.Department")
    assert values == {"id": UUID(KEY)}
    assert key_path(SET, values, MODEL) == f"Departments({KEY})"
    assert plain(values) == {"id": KEY}


def test_binds_become_paths():
    """A bind names an entity by set and key; of a collection, each."""
    bind = {"$bind": "Departments", "key": KEY}
    body = {"parent@odata.bind": bind, "all@odata.bind": [bind], "@odata.type": "#N.X"}
    path = f"Departments({KEY})"
    assert wire(body, MODEL, "N.User") == {
        "parent@odata.bind": path,
        "all@odata.bind": [path],
        "@odata.type": "#N.X",
    }
    assert binds_of(body, MODEL) == {"parent": path}
    assert binds_of({"p@odata.bind": {"$bind": "Departments", "key": {"id": KEY}}}, MODEL) == {"p": path}


def test_what_is_no_value_of_its_type_stays():
    """A value that the type does not take is compared as it is, so that the difference shows."""
    stored = typed({"since": "29th of May", "rate": None}, MODEL, "N.Department")
    assert stored == {"since": "29th of May", "rate": None}


def test_differences_are_by_type():
    """Decimals at their scale, blank as null; a property that is missing counts as null."""
    properties = MODEL.properties_of("N.Department")
    sent = {"rate": Decimal("1.004"), "name": "", "code": "a", "since": None}
    assert differences(sent, {"rate": Decimal("1.0"), "name": None, "code": "b"}, properties) == (
        Difference("code", "a", "b"),
    )
    assert (
        described([Difference("code", "a", None), Difference("rate", Decimal(1), Decimal(2))])
        == 'code: "a" → null; rate: 1 → 2'
    )


def test_plain_keys_are_json():
    """Keys in the journal are JSON: numbers with a point as text, none as none."""
    assert plain({"n": Decimal("1.5")}) == {"n": "1.5"}
    assert plain(None) is None
