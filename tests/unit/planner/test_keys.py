"""Keys of our own."""

from decimal import Decimal

import pytest

from importer.planner.keys import may_choose, own_key
from importer.sandbox import plain_service
from tests.unit.planner.world import DOCUMENT

URL = "https://firm.example/odata/"


@pytest.mark.parametrize(
    ("entity_set", "may"), [("Users", True), ("Departments", True), ("Countries", False), ("Cities", False)]
)
def test_only_guids_are_proposed(entity_set: str, may: bool) -> None:
    """A single GUID that the service does not compute may be ours; texts and numbers never."""
    model = plain_service(DOCUMENT, "firm").model
    assert may_choose(model, entity_set, model.sets[entity_set].type) is may


def test_the_same_entity_has_the_same_key() -> None:
    """Spelling, order of properties and the slash of the URL do not matter; set, values and salt do."""
    key = own_key(URL, "Users", {"email": "A@x", "no": Decimal("1.0")})

    assert key == own_key(URL.upper().rstrip("/"), "Users", {"no": Decimal(1), "email": "a@X "})
    assert (
        len(
            {
                key,
                own_key(URL, "People", {"email": "a@x"}),
                own_key(URL, "Users", {"email": "b@x"}),
                own_key(URL, "Users", {"email": "A@x"}, "s"),
            }
        )
        == 4
    )
