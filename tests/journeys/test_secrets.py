"""A credential is used and never seen: not on the console, not in a log, a plan, a report, a cache or a fault's file."""

import base64
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from scripted import Scripted
from token_desk import TokenDesk

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


USER, PASSWORD, CLIENT_SECRET = "ivanov@example.ru", "p@ss w/rd+1", "cl/ient s3cret&"
REFRESH = "refresh-of-the-environment"
LOGINS = {
    "bearer": "type: bearer",
    "basic": "type: basic",
    "password": "type: oauth2-password, scope: all offline_access",
    "password-and-secret": "type: oauth2-password, scope: all offline_access",
    "refresh": "type: oauth2-refresh",
    "client": "type: oauth2-client",
    "client-in-form": "type: oauth2-client, client_auth: body",
}


def forms_of(secrets: set[str]) -> set[str]:
    """Secrets as they are, as JSON writes them, and as an address or a form does."""
    written = {json.dumps(text)[1:-1] for text in secrets}
    return secrets | written | {quote(t, safe="") for t in secrets} | {quote_plus(t) for t in secrets}


@dataclass
class Armed:
    """A project with a login, and every secret of it in every form that might be seen."""

    project: Project
    desk: TokenDesk
    state: Path
    sent: set[str]

    def forms(self) -> set[str]:
        pairs = {
            f"{USER}:{PASSWORD}",
            f"external:{CLIENT_SECRET}",
            f"external:{quote_plus(CLIENT_SECRET)}",
        }
        packed = {base64.b64encode(pair.encode()).decode() for pair in pairs}
        return packed | forms_of({TOKEN, PASSWORD, CLIENT_SECRET, REFRESH, *self.desk.issued})

    def seen_in(self, text: bytes) -> list[str]:
        return sorted(form for form in self.forms() if form.encode() in text)


@pytest.fixture(params=list(LOGINS))
def armed(
    request: pytest.FixtureRequest, secret: Project, sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Armed]:
    """The project with each way to log in."""
    kind = request.param
    with_secret = kind in ("password-and-secret", "client", "client-in-form")
    desk = TokenDesk(clients={"external": CLIENT_SECRET if with_secret else ""}, fresh={REFRESH})
    server = Scripted(desk)
    auth = LOGINS[kind]
    if "oauth2" in auth:
        auth += f", token_url: '{server.root.replace('/odata/', '/connect/token')}', client_id: external"
    values = {"USERNAME": USER, "PASSWORD": PASSWORD, "REFRESH_TOKEN": REFRESH}
    if with_secret:
        values["CLIENT_SECRET"] = CLIENT_SECRET
    for name, value in values.items():
        monkeypatch.setenv(f"IMPORTER_SERVICE_{name}", value)
    make_project(secret.folder, sandbox.url, dialect="timetta", auth="{" + auth + "}")
    # What a service or a proxy could have seen of this login, and quote.
    sent = {"bearer": TOKEN, "client": CLIENT_SECRET, "client-in-form": CLIENT_SECRET, "refresh": REFRESH}
    known = {sent.get(kind, PASSWORD)} | ({CLIENT_SECRET} if with_secret else set())
    yield Armed(secret, desk, Path(os.environ["XDG_STATE_HOME"]), known)
    server.close()


def test_a_whole_run_of_each_login_shows_no_secret(
    armed: Armed, sandbox: Running, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From login to logout, a renewal in the middle, a fault of ours and a refusal that quotes us: only the token store knows."""
    project = armed.project
    log = ("-vv", "--log-file", project.path("the.log"))
    recipe, plan = project.path("recipe.yaml"), project.path("the.plan")
    steps: list[Callable[[], object]] = [
        lambda: project.run("login", *log),
        lambda: project.run("whoami", "--explain", *log),
        lambda: project.run("whoami", "--explain", "--json", "-vv"),
        lambda: project.run("check", recipe, "-vv"),
        lambda: project.run("plan", recipe, "-o", plan, "--report", "html", "--report", "json", *log),
        lambda: project.run("apply", plan, "--yes", "--report", "html", *log),
        lambda: project.run("plan", recipe, "--json", *log),
        lambda: project.run("logout", *log),
    ]
    said = []
    sandbox.sandbox.site.faults.answers.append({"status": 401, "body": "", "count": 1, "method": "GET"})
    for step in steps:
        ended = step()
        said.append(ended.out + ended.err)  # type: ignore[attr-defined]
    quoted = " ".join(sorted(forms_of(armed.sent)))
    sandbox.sandbox.site.faults.answers.append(
        {"status": 400, "body": quoted, "content_type": "text/plain", "count": 50, "method": "GET"}
    )
    sandbox.sandbox.site.faults.answers.append({"status": 401, "body": quoted, "count": 50, "method": "GET"})
    refused = project.run("whoami", "-vv", "--json")

    def broken(*_arguments: object, **_settings: object) -> None:
        raise ZeroDivisionError("fault")

    monkeypatch.setattr("importer.jobs.plan.connected", broken)
    fault = project.run("plan", recipe, "-vv")
    everything = "".join([*said, refused.out, refused.err, fault.out, fault.err, *capfd.readouterr()])

    assert fault.exit == 1
    assert "POST" in project.path("the.log").read_text("utf-8")
    assert refused.exit == 5
    assert armed.seen_in(everything.encode()) == []
    assert armed.seen_in(_everything(project.folder)) == []


def test_tokens_lie_in_their_store_and_nowhere_else(armed: Armed) -> None:
    """After a login the only file that holds a token is the store's own, readable by its owner; after a logout there is none."""
    project = armed.project
    project.run("login")
    project.run("check", project.path("recipe.yaml"))

    def holding() -> list[Path]:
        files = (path for path in armed.state.rglob("*") if path.is_file())
        return [path for path in files if armed.seen_in(path.read_bytes())]

    kept = holding()
    assert len(kept) <= 1
    assert all(path.suffix == ".json" and path.stat().st_mode & 0o777 == 0o600 for path in kept)
    assert all(PASSWORD not in path.read_text("utf-8") for path in kept)
    project.run("logout")
    assert holding() == []
