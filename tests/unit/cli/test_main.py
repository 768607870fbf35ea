"""The command line by itself: help, version, languages, global options, and what happens when something breaks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from importer import __version__
from importer.cli import main as entrance
from importer.cli.main import group, run
from importer.text.translating import translate

COMMANDS = (
    "init",
    "check",
    "preview",
    "plan",
    "show",
    "apply",
    "read",
    "template",
    "describe",
    "login",
    "logout",
    "whoami",
    "probe",
    "metadata",
    "schema",
    "migrate",
    "sandbox",
    "demo",
)
GLOBAL = (
    "--profile",
    "--project",
    "--lang",
    "--json",
    "--no-color",
    "--no-input",
    "--quiet",
    "--verbose",
    "--log-file",
    "--help",
)
# What cli.md promises of this version, beside the global options.
OWN = {
    "init": ("--to", "--sheet", "--output", "--sample", "--force", "--offline"),
    "probe": ("--write", "--yes"),
    "metadata": (),
    "template": ("--output", "--force", "--offline", "--set"),
    "check": ("--offline", "--set", "--explain"),
    "preview": ("--step", "--rows", "--set", "--offline"),
    "migrate": (),
    "schema": ("--service", "--output", "--offline", "--force"),
    "plan": ("--output", "--report", "--force", "--exit-code", "--set"),
    "show": ("--step", "--only", "--row", "--key", "--report", "--sql"),
    "apply": (
        "--yes",
        "--skip-blocked",
        "--step",
        "--max-errors",
        "--concurrency",
        "--batch-size",
        "--report",
    ),
    "read": ("--sheet", "--range", "--header", "--encoding", "--delimiter", "--rows"),
    "describe": ("--metadata", "--search", "--values"),
    "login": (),
    "logout": (),
    "whoami": ("--explain",),
    "sandbox": ("--metadata", "--data", "--port"),
    "demo": ("--keep-running",),
}
HEAVY = (
    "httpx",
    "openpyxl",
    "python_calamine",
    "rich",
    "pydantic",
    "jinja2",
    "lxml",
    "ruamel",
    "starlette",
    "uvicorn",
    "sqlite3",
    "babel",
)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """A small text file."""
    path = tmp_path / "люди.csv"
    path.write_text("ФИО;Отдел\nИванов;Продажи\nПетрова;Склад\n", "utf-8")
    return path


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` says the version and nothing more."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"importer, version {__version__}\n"


def test_help_lists_the_commands_in_the_order_of_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` names every command once, with a line about it."""
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    found = [
        line.split()[0]
        for line in shown.partition("Commands")[2].splitlines()
        if line.startswith("  ") and line[2] != " "
    ]

    assert tuple(found) == COMMANDS
    for name in GLOBAL:
        assert name in shown


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_help_of_a_command_lists_its_options(
    name: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every option stands in the help, with a sentence in the language asked for; exit 0."""
    assert run(["--lang", language, name, "--help"]) == 0
    shown = capsys.readouterr().out
    command = group.get_command(click.Context(group), name)
    assert command is not None
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]

    for option in (*GLOBAL, *OWN[name]):
        assert option in shown
    for option in options:
        assert max(option.opts, key=len) in shown
        assert option.help
        assert translate(option.help).split()[0] in shown
    assert "\033" not in shown


def test_help_is_light() -> None:
    """`importer --help` loads nothing heavy, so that it answers at once."""
    probe = "import sys; from importer.cli.main import run; code = run(['--help']); print(code, sorted(sys.modules), file=sys.stderr)"
    # Without the modules of a tool that measures this process.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    ended = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, env=environment
    )
    loaded = ended.stderr

    assert loaded.startswith("0 ")
    assert [name for name in HEAVY if f"'{name}'" in loaded] == []


def test_the_package_is_light() -> None:
    """`import importer` loads nothing of its own but the package; its face comes when it is asked for."""
    probe = (
        "import sys, importer; before = [m for m in sys.modules if m.startswith('importer.')];"
        "assert before == [], before; assert set(importer.__all__) <= set(dir(importer)), dir(importer);"
        "[getattr(importer, name) for name in importer.__all__]"
    )
    subprocess.run([sys.executable, "-c", probe], check=True)


def test_the_face_names_what_a_program_needs() -> None:
    """A program finds the jobs and the errors in the package itself; a wrong name is an AttributeError."""
    import importer

    assert {"check", "make_plan", "apply_plan", "Recipe", "Service", "Problem", "ImporterError"} <= set(
        importer.__all__
    )
    with pytest.raises(AttributeError, match="nonsense"):
        _ = importer.nonsense


@pytest.mark.parametrize(
    "arguments",
    [
        ["--json", "read"],
        ["read", "--json"],
        ["--quiet", "read", "--json"],
        ["--no-color", "--json", "-v", "read", "--no-input"],
    ],
)
def test_global_options_stand_before_and_after_the_command(
    arguments: list[str], csv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each global option means the same before and after the command's name."""
    assert run([*arguments, str(csv)]) == 0
    assert json.loads(capsys.readouterr().out)["command"] == "read"


def test_the_option_after_the_command_wins(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said twice, the one that stands nearer to the work counts."""
    run(["--lang", "en", "read", "--lang", "ru", str(csv)])
    russian = capsys.readouterr().out
    run(["--lang", "ru", "read", "--lang", "en", str(csv)])
    english = capsys.readouterr().out

    assert english.startswith("File ")
    assert not russian.startswith("File ")


@pytest.mark.parametrize(
    ("option", "environment", "expected"),
    [
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {"LANG": "ru_RU.UTF-8"}, "ru"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LANG": "en_US.UTF-8", "IMPORTER_LANG": "ru"}, "ru"),
        ("en", {"LANG": "ru_RU.UTF-8", "IMPORTER_LANG": "ru"}, "en"),
        ("ru", {"LANG": "C.UTF-8"}, "ru"),
    ],
)
def test_language(
    option: str | None,
    environment: dict[str, str],
    expected: str,
    csv: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The option wins over `IMPORTER_LANG`, that over the system's locale; what is none of ours is English."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run(["read", str(csv), *(["--lang", option] if option else [])])

    assert capsys.readouterr().out.startswith("File " if expected == "en" else "Файл ")


def test_codes_and_keys_are_the_same_in_every_language(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON does not change with the language, but for the sentences of problems."""
    documents = []
    for language in ("en", "ru"):
        run(["read", str(csv), "--json", "--lang", language])
        documents.append(json.loads(capsys.readouterr().out))

    first, second = documents
    for document in documents:
        for problem in document["problems"]:
            problem.pop("message")
            problem.pop("hint")

    assert first == second
    assert first["problems"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["plan"],
        ["plan", "--nonsense"],
        ["read", "--rows", "many", "f.csv"],
        ["read", "--header", "no", "f.csv"],
        ["show", "x.plan", "--only", "creations"],
        ["show", "x.plan", "--row", "0"],
        ["apply", "x.plan", "--max-errors", "-1"],
        ["--lang", "de", "read", "f.csv"],
        ["describe", "--values"],
        ["describe", "--values", "Users", "--metadata", "x.xml"],
        ["sandbox", "--port", "70000"],
    ],
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be understood leaves with 2, says why on standard error; with --json as a document."""
    assert run(arguments) == 2
    told = capsys.readouterr()
    assert run([*arguments, "--json"]) == 2
    asked = capsys.readouterr()
    document = json.loads(asked.out)

    assert told.out == ""
    assert told.err.strip()
    assert asked.err == ""
    assert (document["exit"], [problem["code"] for problem in document["problems"]]) == (2, ["wrong-usage"])


def test_a_fault_of_ours_is_a_file_and_a_name(
    csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exception nobody expected leaves with 1; the console names the file with the traceback and shows none."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("importer.jobs.read.inspect", _broken)
    codes = [run(["read", str(csv)]), run(["read", str(csv), "--json"])]
    told = capsys.readouterr()
    reports = sorted(tmp_path.glob("importer-fault-*"))

    assert codes == [1, 1]
    assert len(reports) == 2
    assert "Traceback" not in told.out + told.err
    assert any(report.name in told.err for report in reports)
    assert json.loads(told.out)["problems"][0]["code"] == "internal-error"
    assert "ZeroDivisionError" in reports[0].read_text("utf-8")


def test_output_is_utf8_whatever_the_system_says(csv: Path) -> None:
    """A system that knows only ASCII gets UTF-8 all the same, and no error."""
    ended = subprocess.run(
        [sys.executable, "-m", "importer", "read", str(csv)],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PATH": ""},
    )

    assert ended.returncode == 0
    assert "Иванов" in ended.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`importer read big.csv | head -1` is quiet."""
    big = tmp_path / "big.csv"
    big.write_text("a;b\n" + "x;y\n" * 5_000, "utf-8")
    read = ["read", str(big), "--rows", "5000"]
    for arguments, code in (
        (read, 0),
        ([*read, "--json"], 0),
        (["--help"], 0),
        (["plan", "none.yaml", "--json"], 3),
    ):
        command = [sys.executable, "-m", "importer", *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            said = process.stderr.read()

        assert (said, process.returncode) == (b"", code)


def test_python_m_is_the_same_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m importer` is `importer`."""
    ended = subprocess.run(
        [sys.executable, "-m", "importer", "--version"], capture_output=True, text=True, check=True
    )
    with pytest.raises(SystemExit) as left:
        entrance.main(["--version"])

    assert left.value.code == 0
    assert ended.stdout == capsys.readouterr().out


def _broken(*_arguments: object, **_settings: object) -> None:
    raise ZeroDivisionError
