"""`importer schema` at the command line."""

import json
from pathlib import Path

import pytest

from importer.recipe.schema import recipe_schema
from importer.sandbox import Running, load_service, running
from tests.building import Project, make_project
from tests.house.generating import ROOT


def test_the_language(project: Project) -> None:
    """Alone it prints the schema that the project ships, and nothing else; no service is asked."""
    found = project.run("schema")

    assert (found.exit, found.out, found.err) == (0, recipe_schema(), "")
    assert found.out == (ROOT / "schemas" / "recipe-1.json").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments", [("--service",), ("--service", "service"), ("--profile", "service", "--service")]
)
def test_a_service(project: Project, sandbox: Running, arguments: tuple[str, ...]) -> None:
    """With a service it knows its sets, whichever way the profile is named."""
    schema = json.loads(project.run("schema", *arguments).out)

    to = schema["$defs"]["step"]["properties"]["to"]["anyOf"][0]["enum"]
    assert {"Users", "Departments", "ProjectTasks"} <= set(to)


def test_offline(tmp_path: Path) -> None:
    """With metadata kept from the last time no service is needed; without any that is said."""
    with running(load_service("timetta")) as service:
        project = make_project(tmp_path, service.url, dialect="timetta")
        assert project.run("schema", "--service", "--offline").exit == 5
        online = project.run("schema", "--service")

    offline = project.run("schema", "--service", "--offline")
    assert (offline.exit, offline.out) == (0, online.out)


def test_a_file(project: Project, sandbox: Running) -> None:
    """`-o` writes it, makes the folder, replaces an older one, and says the line for recipes."""
    path = project.path(".importer/editor/recipe.json")
    for _ in range(2):
        found = project.run("schema", "--service", "-o", path)
        assert found.exit == 0
        assert f"# yaml-language-server: $schema={path}" in found.out
    assert "entity-set" in json.loads(path.read_text("utf-8"))["$defs"]
    assert [item.name for item in path.parent.iterdir()] == ["recipe.json"]


@pytest.mark.parametrize("content", ["recipe: 1\n", "{}", '{"title": "another"}', "[1]", ""])
def test_a_file_of_somebody_else(project: Project, content: str) -> None:
    """What is no schema of ours is not written over, unless it is meant."""
    path = project.path("recipe.yaml")
    path.write_text(content, "utf-8")

    refused = project.run("schema", "-o", path, "--json")
    assert (refused.exit, refused.codes, path.read_text("utf-8")) == (2, ["already-there"], content)
    assert project.run("schema", "-o", path, "--force").exit == 0
    assert path.read_text("utf-8") == recipe_schema()


def test_a_file_that_cannot_be(project: Project) -> None:
    """A place where no file can be is one problem."""
    project.path("file").write_text("x", "utf-8")

    found = project.run("schema", "-o", project.path("file/schema.json"), "--json")
    assert (found.exit, found.codes) == (3, ["file-unreadable"])


def test_json(project: Project, sandbox: Running) -> None:
    """The document holds the schema, or tells where it is."""
    whole = project.run("schema", "--json").document
    assert (whole["service"], whole["sets"], whole["output"]) == (None, 0, None)
    assert whole["schema"] == json.loads(recipe_schema())

    written = project.run("schema", "--service", "-o", project.path("s.json"), "--json").document
    assert written["service"]["name"] == "service"
    assert written["sets"] > 10
    assert (written["output"], written["schema"]) == (str(project.path("s.json")), None)


def test_no_such_profile(project: Project) -> None:
    """A profile that does not exist is one problem."""
    assert project.run("schema", "--service", "other", "--json").exit == 3
