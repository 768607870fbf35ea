"""Thousands of crashes and losses, played against services in memory: nothing twice, nothing lost."""

import random

import pytest
from executor_world import Killed, World, change, department, key_of, run, user, write_plan

from importer.problems import ServiceError

OLD = {f"old {n}": key_of(f"old {n}") for n in range(4)}


def plan_of(folder, random_):
    """A plan of departments in two waves, users below them, and updates of what was there."""
    count = random_.randint(3, 14)
    actions = [department(n, f"D{n}", code=f"c{n}") for n in range(1, count)]
    actions += [
        department(count + n, f"S{n}", wave=2, parent=random_.randint(1, count - 1)) for n in range(4)
    ]
    actions += [user(count + 10 + n, f"U{n}", count + n, wave=3) for n in range(4)]
    actions += [
        change(count + 20 + n, key, "before", "after", wave=random_.randint(1, 3))
        for n, key in enumerate(OLD.values())
    ]
    return write_plan(folder, sorted(actions, key=lambda action: (action.wave, action.id))), actions


def world_of(random_):
    world = World(
        keys=random_.choice(["kept", "kept", "replaced"]),
        batch=random_.choice(["json", "json", "none"]),
        parts=random_.choice([100, 5]),
        minimal=random_.random() < 0.3,
        mute=random_.random() < 0.3,
        etags=random_.random() < 0.3,
    )
    world.store["Departments"] = {
        key: {"id": key, "name": name, "code": "before"} for name, key in OLD.items()
    }
    for number in range(1, 60):
        chance = random_.random()
        if chance < 0.12:
            world.drop[number] = random_.choice(["before", "after", "late", "half", "cut", "refused"])
        elif chance < 0.2:
            world.kill[number] = random_.choice(["before", "after"])
        elif chance < 0.25:
            world.status[number] = random_.choice(
                [
                    (503, {"retry-after": "1"}, b""),
                    (429, {}, b""),
                    (413, {}, b""),
                    (502, {}, b"bad"),
                    (500, {}, b""),
                ]
            )
    return world


def play(folder, seed):
    random_ = random.Random(seed)
    path, actions = plan_of(folder, random_)
    world = world_of(random_)
    for _ in range(40):
        try:
            applied = run(
                path, world, batch_size=random_.choice([1, 3, 100]), concurrency=random_.choice([1, 2])
            )
        except (Killed, ServiceError):
            continue
        if applied.exit_code == 0:
            return world, actions, applied
    raise AssertionError(f"never done: {applied}")


@pytest.mark.parametrize("block", range(2))
def test_nothing_twice_nothing_lost(tmp_path, block):
    """Whatever dies or gets lost at whichever moment, applied again and again the plan ends as if nothing had happened."""
    for seed in range(block * 25, block * 25 + 25):
        folder = tmp_path / str(seed)
        folder.mkdir()
        world, actions, applied = play(folder, seed)
        world.pause(0)
        planned = sorted(
            action.title for action in actions if action.set == "Departments" and action.verb == "create"
        )
        assert world.names() == sorted([*planned, *OLD]), seed
        assert world.names("Users") == ["U0", "U1", "U2", "U3"], seed
        assert all(world.store["Departments"][key]["code"] == "after" for key in OLD.values())
        by_key = world.store["Departments"]
        assert all(
            by_key[item["departmentId"]]["name"].startswith("S") for item in world.store["Users"].values()
        )
        assert (applied.created, applied.updated) == (len(actions) - 4, 4)
