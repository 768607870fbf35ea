"""A token is used and never seen: not on the console, not in a log, a plan, a report, a cache or a fault's file."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.sandbox import Faults, Running, load_service, running
from tests.building import STAFF, TIMETTA, Project, make_project, make_workbook, staff

TOKEN = "secret-token-value"


@pytest.fixture
def secret(tmp_path: Path, sandbox: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project that logs in with a token of the environment."""
    monkeypatch.setenv("IMPORTER_SERVICE_TOKEN", TOKEN)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    project = make_project(tmp_path, sandbox.url, dialect="timetta", auth="{type: bearer}")
    make_workbook(project.path("book.xlsx"), **staff(seed=9, people=6))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    yield project
    logger = logging.getLogger("importer")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)


def _everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_whole_run_shows_no_token(secret: Project, capfd: pytest.CaptureFixture[str]) -> None:
    """check, plan, show, apply, describe at their most talkative: nothing that was written holds the token."""
    loud = ("-vv", "--log-file", secret.path("the.log"))
    steps = [
        secret.run("check", secret.path("recipe.yaml"), *loud),
        secret.run("describe", "Users", "-vv"),
        secret.run(
            "plan",
            secret.path("recipe.yaml"),
            "-o",
            secret.path("the.plan"),
            "--report",
            "html",
            "--report",
            "json",
            *loud,
        ),
        secret.run("show", secret.path("the.plan"), *loud),
        secret.run("apply", secret.path("the.plan"), "--yes", "-vv"),
        secret.run("apply", secret.path("the.plan"), "--yes", "--report", "html", *loud),
        secret.run("plan", secret.path("recipe.yaml"), "--json", *loud),
    ]
    said = "".join(step.out + step.err for step in steps) + "".join(capfd.readouterr())
    log = secret.path("the.log").read_text("utf-8")

    assert [step.exit for step in steps] == [0] * len(steps)
    assert "GET" in log
    assert "POST" in said
    assert TOKEN not in said
    assert TOKEN.encode() not in _everything(secret.folder)


def test_a_refused_login_shows_no_token(secret: Project) -> None:
    """A service that does not like the token is named; the token is not."""
    with running(
        load_service("timetta"), faults=Faults(answers=[{"status": 401, "body": "", "count": 100}])
    ) as service:
        make_project(secret.folder, service.url, auth="{type: bearer}")
        ended = secret.run("check", secret.path("recipe.yaml"), "-vv", "--log-file", secret.path("the.log"))

    assert ended.exit == 5
    assert TOKEN not in ended.out + ended.err
    assert TOKEN.encode() not in _everything(secret.folder)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_service_that_repeats_the_token(secret: Project, sandbox: Running, method: str) -> None:
    """A refusal that quotes our token is shown, and journalled, without it."""
    secret.run("plan", secret.path("recipe.yaml"), "-o", secret.path("the.plan"))
    body = f'{{"error":{{"code":"denied","message":"{TOKEN} may not do this"}}}}'
    answer = {
        "status": 400,
        "body": body,
        "content_type": "application/json",
        "count": 1000,
        "method": method,
    }
    sandbox.sandbox.site.faults.answers.append(answer)
    ended = secret.run("apply", secret.path("the.plan"), "--yes", "--report", "html")

    assert ended.exit != 0
    assert TOKEN not in ended.out + ended.err
    assert TOKEN.encode() not in _everything(secret.folder)


def test_a_fault_of_ours_shows_no_token(secret: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file written about a fault holds no token, wherever it happened."""

    def broken(*_arguments: object, **_settings: object) -> None:
        raise ZeroDivisionError(dict(os.environ) and "fault")

    monkeypatch.setattr("importer.jobs.check.bind_recipe", broken)
    ended = secret.run("check", secret.path("recipe.yaml"))

    assert ended.exit == 1
    assert len(list(secret.folder.rglob("importer-fault-*"))) == 1
    assert TOKEN.encode() not in _everything(secret.folder)


def test_a_token_that_is_missing_is_asked_for_by_name(
    secret: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the variable the problem names it, exit 3."""
    monkeypatch.delenv("IMPORTER_SERVICE_TOKEN")
    ended = secret.run("check", secret.path("recipe.yaml"))

    assert ended.exit == 3
    assert "IMPORTER_SERVICE_TOKEN" in ended.err


def test_a_token_in_the_configuration_is_refused_unseen(secret: Project) -> None:
    """A token written plainly is refused, and the message does not repeat it."""
    configuration = secret.path("importer.yaml")
    configuration.write_text(
        configuration.read_text("utf-8").replace("{type: bearer}", f"{{type: bearer, token: {TOKEN}}}"),
        "utf-8",
    )
    for more in ([], ["--json"]):
        ended = secret.run("check", secret.path("recipe.yaml"), *more)

        assert ended.exit == 3
        assert "secret-in-recipe" in ended.out + ended.err
        assert TOKEN not in ended.out + ended.err
