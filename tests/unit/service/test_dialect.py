"""Dialects of a project's own: read by path, laid over shipped ones, and every mistake told where it stands."""

import json
from pathlib import Path

import jsonschema
import pytest

from importer.documents import read_document
from importer.problems import ConfigurationError
from importer.service.dialect import KNOWN_KEYS, Dialect, dialect_schema, read_dialect, shipped_dialects

DIALECTS = Path(__file__).parents[3] / "importer" / "service" / "dialects"


def write(folder: Path, text: str, name: str = "our.yaml") -> str:
    (folder / "dialects").mkdir(exist_ok=True)
    (folder / "dialects" / name).write_text(text, "utf-8")
    return f"dialects/{name}"


def problems(name: str, folder: Path | None):
    with pytest.raises(ConfigurationError) as caught:
        read_dialect(name, folder)
    return [(item.code, str(item.place), item.advice() or "") for item in caught.value.problems]


def test_extending(tmp_path):
    """Maps are laid over key by key, lists and single values as a whole; what is not said stays."""
    name = write(
        tmp_path,
        """extends: timetta
required: {User: [name], Widget: [code]}
limits: {top: 200}
labels: {User: {name: {ru: ФИО}}}
properties: {Project: {state: {write: {action: Move, parameter: to}}}}
""",
    )
    ours, theirs = read_dialect(name, tmp_path), read_dialect("timetta")

    assert (ours.dialect, ours.extends) == ("our", "timetta")
    assert ours.required["User"] == ["name"]
    assert ours.required["Project"] == theirs.required["Project"]
    assert (ours.limits.top, ours.limits.requests_per_hour) == (200, 3000)
    assert ours.labels_of(("User",), "name") == {"en": "Name", "ru": "ФИО"}
    write_state = ours.write_of_property(("Project",), "state")
    assert write_state is not None
    assert (write_state.action, write_state.initial) == ("Move", "Draft")


def test_extending_a_file_beside_it(tmp_path):
    """A file may extend another file of the project."""
    write(tmp_path, "extends: cap\nlimits: {batch: 10}\n", "firm.yaml")
    ours = read_dialect(write(tmp_path, "dialect: ours\nextends: firm.yaml\n"), tmp_path)

    assert (ours.dialect, ours.limits.batch, ours.limits.page) == ("ours", 10, 1000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("requird: {}\n", ("unknown-key", "dialects/our.yaml:1:1", '"required"')),
        ("limits: {topp: 5}\n", ("unknown-key", "dialects/our.yaml:1:10", '"top"')),
        ("limits: {top: 0}\n", ("wrong-type", "dialects/our.yaml:1:15", "")),
        ("required:\n  User: name\n", ("wrong-type", "dialects/our.yaml:2:9", "")),
        ("sets: {A: {nestd: true}}\n", ("unknown-key", "dialects/our.yaml:1:12", '"nested"')),
        ("sets: {A: {write: {parameter: x}}}\n", ("missing-key", "dialects/our.yaml:1:12", "")),
        ("properties: {A: {b: {wirte: {}}}}\n", ("missing-key", "dialects/our.yaml:1:18", "")),
        ("sets: {A: {nested: yes}}\n", ("wrong-type", "dialects/our.yaml:1:20", "")),
        ("concurrency: {if_match: requird}\n", ("wrong-type", "dialects/our.yaml:1:25", '"required"')),
        ("extends: timeta\n", ("unknown-definition", "dialects/our.yaml:1:10", '"timetta"')),
        ("extends: nowhere.yaml\n", ("file-missing", "dialects/nowhere.yaml", "")),
        ("extends: ../../x.yaml\n", ("file-missing", "dialects/our.yaml:1:10", "")),
        ("extends: our.yaml\n", ("key-conflict", "dialects/our.yaml:1:10", "")),
        ("required: &a {}\n", ("yaml-feature", "dialects/our.yaml:1:11", "")),
        ("", ("wrong-type", "dialects/our.yaml:1:1", "")),
        ("aliases: {A: {b: {custm: x}}}\n", ("unknown-key", "dialects/our.yaml:1:19", "")),
        ("aliases: {A: {b: 5}}\n", ("wrong-type", "dialects/our.yaml:1:18", "")),
        (
            "sets: {A: {write: {action: X, parameter: y, with: {a: [1]}}}}\n",
            ("wrong-type", "dialects/our.yaml:1:55", ""),
        ),
    ],
)
def test_mistakes(tmp_path, text, expected):
    """Each has its file, line and column, and the nearest key where there is one."""
    code, place, near = expected
    found = problems(write(tmp_path, text), tmp_path)

    assert any((item[0], item[1]) == (code, place) and near in item[2] for item in found), found


def test_all_mistakes_at_once(tmp_path):
    """They are collected."""
    found = problems(write(tmp_path, "limits: {top: a, page: b}\nextra: 1\n"), tmp_path)

    assert [place for _, place, _ in found] == [
        "dialects/our.yaml:1:15",
        "dialects/our.yaml:1:24",
        "dialects/our.yaml:2:1",
    ]


def test_not_found(tmp_path):
    """The nearest name is told, also of the project's own files; a path stays inside the project."""
    write(tmp_path, "limits: {top: 5}\n")

    assert problems("our", tmp_path)[0][2].count('"dialects/our.yaml"') == 1
    assert problems("dialects/ours.yaml", tmp_path)[0][0] == "file-missing"
    assert problems("/etc/x.yaml", tmp_path)[0][0] == "file-missing"
    assert problems("dialects/our.yaml", None)[0][0] == "unknown-definition"
    assert problems("a\0.yaml", tmp_path)[0][0] == "unknown-definition"


@pytest.mark.parametrize("name", shipped_dialects())
def test_shipped(name):
    """What is shipped is read without a mistake, and is what the schema allows."""
    document = read_document(DIALECTS / f"{name}.yaml", f"{name}.yaml")

    jsonschema.validate(document.root.data(), json.loads(dialect_schema()))
    assert read_dialect(name).dialect == name


def test_the_schema_knows_the_keys():
    """An editor with the schema underlines what reading refuses."""
    schema = json.loads(dialect_schema())

    assert set(schema["properties"]) == set(KNOWN_KEYS[""]) == set(Dialect.model_fields)
    for wrong in (
        {"requird": {}},
        {"limits": {"top": 0}},
        {"match": {"A": []}},
        {"sets": {"A": {"write": {}}}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
        with pytest.raises(ValueError, match="validation error"):
            Dialect.model_validate(wrong)


def test_aliases(tmp_path):
    """Another name may stand for a property, or for a custom field by its label."""
    ours = read_dialect(
        write(tmp_path, "aliases: {Organizations: {inn: stringValue3, code1c: {custom: Код 1С}}}\n"), tmp_path
    )

    inn, code = ours.aliases["Organizations"].values()
    assert inn == "stringValue3"
    assert not isinstance(code, str)
    assert code.custom == "Код 1С"
