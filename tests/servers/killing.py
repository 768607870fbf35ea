"""Kill `apply` again and again, then let it finish; look at what the service holds.

As a campaign: `python -m tests.servers.killing sandbox|cap|aspnetcore ROUNDS [SEED]`.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from importer.sandbox import load_service, running
from importer.service import open_service
from tests.building import CAP, STAFF, TIMETTA, Project, make_project, make_workbook, python, staff
from tests.servers import starting

PEOPLE = 240
ROOT = Path(__file__).parents[2]
Server = Callable[[], AbstractContextManager[str]]


@contextmanager
def sandbox() -> Iterator[str]:
    """An empty sandbox in this process; only `apply` is killed."""
    with running(load_service("timetta")) as found:
        yield found.url


SERVERS: dict[str, tuple[Server, dict[str, str], dict[str, Any]]] = {
    "sandbox": (sandbox, TIMETTA, {"dialect": "timetta"}),
    "cap": (starting.cap, CAP, {}),
    "aspnetcore": (starting.aspnetcore, TIMETTA, {}),
}


def prepare(
    folder: Path, url: str, names: dict[str, str], *, seed: int = 5, people: int = PEOPLE, **settings: Any
) -> Project:
    """Write a project with a workbook of `people`, and plan it."""
    project = make_project(folder, url, batch_size=20, **settings)
    make_workbook(project.path("book.xlsx"), **staff(seed, people))
    project.path("recipe.yaml").write_text(STAFF.format(**names), "utf-8")
    planned = project.plan()
    assert planned.exit == 0, planned.out + planned.err
    return project


def apply_process(project: Project) -> subprocess.Popen[bytes]:
    """Start `importer apply` as a process of its own."""
    command = [
        python(),
        "-m",
        "importer",
        "apply",
        str(project.path("the.plan")),
        "--yes",
        "--json",
        "--project",
        str(project.folder),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def kill_often(project: Project, dice: random.Random, kills: int) -> int:
    """Kill `apply` (-9) at most `kills` times at random moments, then let it finish; return how often it was killed."""
    killed = 0
    for _ in range(kills):
        process = apply_process(project)
        try:
            process.communicate(timeout=dice.uniform(0.35, 1.6))
            if process.returncode == 0:
                return killed
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
    process = apply_process(project)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out.decode() + err.decode()
    return killed


def state(url: str, names: dict[str, str]) -> Counter[tuple[object, ...]]:
    """Return what the service holds, references by the names of their targets, keys left out."""
    service = open_service("service", url)
    parent, chief, hired, rate = (names[word] for word in ("parent", "chief", "hired", "rate"))
    departments = {
        e.key["id"]: e.values
        for e in service.entities.read_all("Departments", ["name", "code", f"{parent}Id"])
    }
    users = {
        e.key["id"]: e.values
        for e in service.entities.read_all(
            "Users", ["name", "email", "departmentId", f"{chief}Id", hired, rate]
        )
    }
    service.close()
    found: Counter[tuple[object, ...]] = Counter()
    for item in departments.values():
        found[
            "department", item["name"], item["code"], departments.get(item[f"{parent}Id"], {}).get("name")
        ] += 1
    for item in users.values():
        chief_name = users.get(item[f"{chief}Id"], {}).get("name")
        found[
            "user",
            item["name"],
            item["email"],
            departments[item["departmentId"]]["name"],
            chief_name,
            item[hired],
            item[rate],
        ] += 1
    return found


def undisturbed(name: str, folder: Path, *, people: int = PEOPLE) -> Counter[tuple[object, ...]]:
    """Return what the service holds after one run that nobody disturbed."""
    server, names, settings = SERVERS[name]
    with server() as url:
        project = prepare(folder, url, names, people=people, **settings)
        assert project.apply().exit == 0
        return state(url, names)


def round_of(
    name: str, folder: Path, dice: random.Random, *, kills: int, people: int = PEOPLE
) -> tuple[int, Counter[tuple[object, ...]]]:
    """Play one round on a fresh service; return (kills, what it holds)."""
    server, names, settings = SERVERS[name]
    with server() as url:
        project = prepare(folder, url, names, people=people, **settings)
        killed = kill_often(project, dice, kills)
        again = project.plan()
        assert again.document["writes"] == 0, again.out
        return killed, state(url, names)


def main() -> None:
    """Run a campaign and print what came of it."""
    name, rounds = sys.argv[1], int(sys.argv[2])
    dice = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    with tempfile.TemporaryDirectory() as folder:
        expected = undisturbed(name, _made(folder, "undisturbed"))
        killed, number = 0, 0
        while killed < rounds:
            number += 1
            count, found = round_of(
                name, _made(folder, f"round{number}"), dice, kills=min(6, rounds - killed)
            )
            killed += count
            assert found == expected, (
                f"round {number}: {found - expected} too many, {expected - found} missing"
            )
            print(json.dumps({"round": number, "kills": killed, "entities": sum(found.values())}), flush=True)


def _made(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


if __name__ == "__main__":
    main()
