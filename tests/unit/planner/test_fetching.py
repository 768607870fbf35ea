"""How much is read of the service: odata-protocol.md §6, *Lookups by name*."""

from tests.unit.planner.world import World

USERS = "- {to: Users, match: email, fields: {email: Mail, name: Name, manager: {column: Chief, by: [code, email]}}}"


def read(world: World) -> int:
    """Requests answered so far."""
    return sum(world.running.served.values())


def test_of_a_large_set_only_what_is_asked_for(world: World) -> None:
    """A few rows against thousands of entities cost a few questions, unless a value is not found exactly; both find the same."""
    world.seed("Users", *({"email": f"u{n}@x", "code": str(n), "name": f"N{n}"} for n in range(5_100)))
    exact = [["Mail", "Name", "Chief"], ["u1@x", "New", "2"], ["u3@x", "N3", "u4@x"]]
    spelled = [["Mail", "Name", "Chief"], ["U1@X", "New", "2"], ["u3@x", "N3", "u4@x"]]
    before = read(world)
    few = world.plan(USERS, exact)
    between = read(world)
    whole = world.plan(USERS, spelled)

    assert between - before < 10
    assert [action.body for action in few.writes] == [action.body for action in whole.writes]
    assert len(few.writes) == 2


def test_a_new_value_among_thousands(world: World) -> None:
    """A value that no filter finds is sought in the whole set before something is created."""
    world.seed("Users", *({"email": f"u{n}@x", "code": str(n)} for n in range(5_100)))
    made = world.plan(USERS, [["Mail", "Name", "Chief"], ["new@x", "N", "7"], ["U 8@x", "N", ""]])

    assert [action.verb.value for action in made.writes] == ["create", "create"]
    assert world.plan(USERS, [["Mail", "Name", "Chief"], ["U8@X", "N", ""]]).writes[0].verb.value == "update"


EXACT = "- {to: Users, match: email, fields: {email: {column: Mail, compare: exact}, name: Name}}"
PAIR = "- {to: Users, match: [code, email], fields: {code: {column: Code, compare: exact}, email: {column: Mail, compare: exact}, name: Name}}"


def test_an_exact_value_is_believed_not_to_be_there(world: World) -> None:
    """Under `compare: exact` the service's filter is trusted once it is proved: what it does not find is created, the set is not read."""
    world.seed("Users", *({"email": f"u{n}@x", "code": str(n)} for n in range(5_100)))
    before = read(world)
    made = world.plan(EXACT, [["Mail", "Name"], ["new@x", "N"], ["u3@x", "M"], ["U3@X", "O"]])

    assert sorted(action.verb.value for action in made.writes) == ["create", "create", "update"]
    assert read(world) - before < 10


def test_several_properties_are_asked_for_together(world: World) -> None:
    """An entity recognised by several properties is asked for by all of them."""
    world.seed("Users", *({"name": f"N{n}", "email": f"u{n % 60}@x", "code": str(n)} for n in range(5_100)))
    rows = [["Code", "Mail", "Name"], *([str(n), f"u{n % 60}@x", "M"] for n in range(30)), ["7", "u8@x", "N"]]
    before = read(world)
    made = world.plan(PAIR, rows)

    assert sorted({action.verb.value for action in made.writes}) == ["create", "update"]
    assert len(made.writes) == 31
    assert read(world) - before < 15
