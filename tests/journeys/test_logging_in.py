"""login, whoami, logout: a person logs in once; what is kept is used by every command, and forgotten when asked."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from scripted import METADATA, Reply, Request, Scripted, answer
from token_desk import TokenDesk

from importer.sandbox import Running
from tests.building import STAFF, TIMETTA, Project, make_project, make_workbook, python, staff

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "output-1.json").read_text("utf-8"))
USER, PASSWORD = "ivanov@example.ru", "p@ss w/rd+1"
PEOPLE = METADATA.replace(
    b'<EntityContainer Name="C">',
    b'<EntityType Name="User"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/>'
    b'<Property Name="email" Type="Edm.String"/><Property Name="name" Type="Edm.String"/></EntityType>'
    b'<EntityType Name="Tenant"><Property Name="name" Type="Edm.String"/></EntityType>'
    b'<EntityContainer Name="C"><EntitySet Name="Users" EntityType="NS.User"/>'
    b'<Singleton Name="Tenant" Type="NS.Tenant"/>',
)


def shop(request: Request) -> Reply:
    """A service that knows its users and its tenant."""
    if request.path == "$metadata":
        return Reply(200, PEOPLE, {"content-type": "application/xml"})
    if request.path == "Tenant":
        return answer({"name": "ACME"})
    if request.path == "Users":
        return answer({"value": [{"id": "7", "email": "Ivanov@example.ru", "name": "Иван Иванов"}]})
    return answer({"value": []})


@pytest.fixture
def desk() -> TokenDesk:
    return TokenDesk()


@pytest.fixture
def service(desk: TokenDesk):
    server = Scripted(desk.guard(shop))
    yield server
    server.close()


@pytest.fixture
def project(tmp_path: Path, service: Scripted) -> Project:
    return make_project(tmp_path, service.root, auth=oauth(service))


def oauth(server: Scripted, kind: str = "oauth2-password", **more: str) -> str:
    keys = {
        "type": kind,
        "token_url": server.root.replace("/odata/", "/connect/token"),
        "client_id": "external",
        "scope": "all offline_access",
        **more,
    }
    return "{" + ", ".join(f'{name}: "{value}"' for name, value in keys.items()) + "}"


def named(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"IMPORTER_SERVICE_{name}", value)


def test_login_then_everything_works_without_the_password(
    project: Project, desk: TokenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is needed once; afterwards the tokens do, and their end is no end of the session."""
    named(monkeypatch, USERNAME=USER, PASSWORD=PASSWORD)
    entered = project.run("login", "--json")
    monkeypatch.delenv("IMPORTER_SERVICE_PASSWORD")
    desk.expire()
    found = project.run("whoami", "--json")

    left = project.run("logout", "--json")

    for document in (entered.document, found.document, left.document):
        jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert entered.exit == 0, entered.out
    assert entered.document["user"] == USER
    assert Path(entered.document["kept"]).name.startswith("service-")
    assert (found.exit, found.document["reached"]) == (0, True), found.out
    assert found.document["user"] == f"Иван Иванов <{USER}>"
    assert (found.document["tenant"], found.document["said_by"]) == ("ACME", "service")
    assert found.document["age"] < 600
    assert desk.grants == ["password", "refresh_token"]


def test_logout_forgets(project: Project, desk: TokenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards nothing is kept, the next command says what it needs, and a second logout is no mistake."""
    named(monkeypatch, USERNAME=USER, PASSWORD=PASSWORD)
    kept = Path(project.run("login", "--json").document["kept"])
    monkeypatch.delenv("IMPORTER_SERVICE_PASSWORD")
    left, again = project.run("logout", "--json"), project.run("logout")
    next_one = project.run("describe", "--json")

    assert (left.document["forgotten"], left.exit) == (["tokens"], 0)
    assert "Nothing was kept" in again.out
    assert not kept.exists()
    assert (next_one.exit, next_one.codes) == (3, ["login-refused"])
    assert "IMPORTER_SERVICE_PASSWORD" in next_one.out
    assert "importer login" in next_one.out


def test_nobody_to_ask(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal the message names the variable, one at a time as a person would give them."""
    first = project.run("login")
    named(monkeypatch, USERNAME=USER)
    second = project.run("login", "--no-input")

    assert (first.exit, second.exit) == (2, 2)
    assert "IMPORTER_SERVICE_USERNAME" in first.err
    assert "IMPORTER_SERVICE_PASSWORD" in second.err


def test_a_wrong_password(project: Project, desk: TokenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token server's reason is told, nothing is kept, and the password is not shown."""
    named(monkeypatch, USERNAME=USER, PASSWORD="wr0ng-password")
    ended = project.run("login")

    assert ended.exit == 5
    assert "invalid_username_or_password" in ended.err
    assert "wr0ng" not in ended.out + ended.err
    assert "Nothing was kept" in project.run("logout").out


def test_an_api_token(
    tmp_path: Path, desk: TokenDesk, service: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`login` of a bearer profile keeps the API token that works, and refuses one that does not."""
    project = make_project(tmp_path, service.root, auth="{type: bearer}")
    named(monkeypatch, TOKEN="api-token-of-a-year")
    refused = project.run("login")
    desk.live.add("api-token-of-a-year")
    entered = project.run("login")
    monkeypatch.delenv("IMPORTER_SERVICE_TOKEN")
    used = project.run("describe")

    assert (refused.exit, entered.exit, used.exit) == (5, 0, 0), refused.err + entered.err + used.err
    assert "api-token" not in refused.err + entered.out + used.out


def test_a_refresh_token_and_a_client(
    tmp_path: Path, desk: TokenDesk, service: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refresh token of the environment is spent once and then the store goes on; a client needs no login at all."""
    desk.fresh.add("refresh-of-somebody")
    desk.clients["robot"] = "robot-s3cret"
    named(monkeypatch, REFRESH_TOKEN="refresh-of-somebody", CLIENT_SECRET="")
    project = make_project(tmp_path, service.root, auth=oauth(service, "oauth2-refresh"))
    first, second = project.run("describe"), project.run("describe")
    named(monkeypatch, CLIENT_SECRET="robot-s3cret")
    make_project(tmp_path, service.root, auth=oauth(service, "oauth2-client", client_id="robot"))
    third, checked = project.run("describe"), project.run("login")

    assert [step.exit for step in (first, second, third, checked)] == [0, 0, 0, 0], third.err + checked.err
    assert desk.grants == ["refresh_token", "client_credentials", "client_credentials"]
    assert "by itself" in checked.out


def test_basic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """User and password with every request; there is nothing for `login` to keep unless the key store is named."""

    def script(request: Request) -> Reply:
        known = request.headers.get("authorization") == "Basic bWU6czNjcjN0LXBhc3M="
        return shop(request) if known else Reply(401)

    server = Scripted(script)
    try:
        named(monkeypatch, PASSWORD="s3cr3t-pass")
        project = make_project(tmp_path, server.root, auth="{type: basic, username: me}")
        used, entered = project.run("describe"), project.run("login")
    finally:
        server.close()

    assert (used.exit, entered.exit) == (0, 3)
    assert "keyring" in entered.err


def test_where_each_setting_comes_from(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """`whoami --explain` names the source of every setting, shows no secret, and does so when nobody answers, too."""
    mine = project.path("config.yaml")
    mine.write_text('importer: 1\nlang: en\nprofiles: {service: {auth: {username: "${MY_NAME}"}}}\n', "utf-8")
    monkeypatch.setenv("IMPORTER_CONFIG", str(mine))
    monkeypatch.setenv("MY_NAME", USER)
    named(monkeypatch, PASSWORD=PASSWORD)
    full = project.run("whoami", "--explain", "--json", "--profile", "service")
    monkeypatch.delenv("IMPORTER_SERVICE_PASSWORD")
    project.run("logout")
    monkeypatch.delenv("MY_NAME")
    lacking = project.run("whoami", "--explain")

    found = {
        item["name"]: (item["value"], item["source"], item["where"]) for item in full.document["settings"]
    }
    assert found["profile"] == ("service", "option", "--profile")
    assert found["lang"] == ("en", "user file", str(mine))
    assert found["auth.username"] == ("${MY_NAME}", "user file", str(mine))
    assert found["auth.password"] == ("•••", "environment", "IMPORTER_SERVICE_PASSWORD")
    assert found["settle"] == ("0.1", "importer.yaml", str(project.path("importer.yaml")))
    assert found["timeout"] == ("60.0", "built-in", None)
    assert PASSWORD not in full.out
    assert lacking.exit == 3
    assert "auth.password" in lacking.out
    assert "built-in" in lacking.out


def test_a_whole_import_outlives_its_tokens(
    tmp_path: Path, sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """plan and apply through a token that the service refuses now and then: each is renewed, and nothing is lost or doubled."""
    desk = TokenDesk()
    server = Scripted(desk)
    named(monkeypatch, USERNAME=USER, PASSWORD=PASSWORD)
    project = make_project(tmp_path, sandbox.url, dialect="timetta", auth=oauth(server))
    make_workbook(project.path("book.xlsx"), **staff(seed=2, people=60))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    planned = project.plan()
    sandbox.sandbox.site.faults.answers.append({"status": 401, "body": "", "count": 2, "method": "POST"})
    try:
        applied, again = project.apply(), project.plan(output="again.plan")
    finally:
        server.close()

    assert (planned.exit, applied.exit, again.exit) == (0, 0, 0), applied.out
    assert applied.document["totals"]["created"] == 72
    assert again.document["writes"] == 0
    assert desk.grants.count("refresh_token") >= 1


def test_two_processes_with_one_refresh_token(
    project: Project, desk: TokenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six commands at once find their token ended: the refresh token is spent by one of them, and all of them succeed."""
    named(monkeypatch, USERNAME=USER, PASSWORD=PASSWORD)
    project.run("login")
    monkeypatch.delenv("IMPORTER_SERVICE_PASSWORD")
    desk.expire()
    command = [python(), "-m", "importer", "describe", "--project", str(project.folder)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ))
        for _ in range(6)
    ]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]

    assert [code for _, code in ended] == [0] * 6, ended
    assert desk.grants == ["password", "refresh_token"]


def test_the_heading_of_apply_says_as_whom(
    tmp_path: Path, sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the question the user stands beside the address, as far as the profile or the token knows."""
    named(monkeypatch, USERNAME=USER, PASSWORD="s3cr3t-pass")
    project = make_project(tmp_path, sandbox.url, dialect="timetta", auth="{type: basic}")
    make_workbook(project.path("book.xlsx"), **staff(seed=2, people=3))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    project.plan()
    ended = project.run("apply", project.path("the.plan"), "--yes")

    assert ended.exit == 0
    assert f"as {USER}" in ended.err


def test_tokens_are_not_for_another_service(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch, serve: Callable[..., Scripted]
) -> None:
    """A folder from somebody else, with a profile of the same name and another address, gets nothing of what is kept."""
    named(monkeypatch, USERNAME=USER, PASSWORD=PASSWORD)
    project.run("login")
    monkeypatch.delenv("IMPORTER_SERVICE_PASSWORD")
    evil = serve(shop)
    other = tmp_path / "other"
    other.mkdir()
    ended = make_project(other, evil.root, auth=oauth(evil)).run("describe")

    assert ended.exit == 3
    assert evil.seen == []


@pytest.fixture
def serve():
    servers: list[Scripted] = []

    def start(script: Callable[[Request], Reply]) -> Scripted:
        servers.append(Scripted(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def test_a_password_in_the_key_store(
    tmp_path: Path, desk: TokenDesk, service: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where the profile says `keyring` a password is kept: `login` puts it there, a lost session uses it, `logout` forgets it."""
    import keyring

    from tests.unit.project.key_stores import Chest

    project = make_project(tmp_path, service.root, auth=oauth(service, username=USER, password="keyring"))
    without = (project.run("login"), project.run("logout"))
    chest, before = Chest(), keyring.get_keyring()
    keyring.set_keyring(chest)
    try:
        named(monkeypatch, PASSWORD=PASSWORD)
        entered = project.run("login")
        monkeypatch.delenv("IMPORTER_SERVICE_PASSWORD")
        held = sorted(name.partition(" ")[2] for name in chest.held)
        desk.expire()
        desk.fresh.clear()
        used, left = project.run("describe"), project.run("logout", "--json")
    finally:
        keyring.set_keyring(before)

    assert [step.exit for step in without] == [3, 0]
    assert "key store" in without[0].err
    assert (entered.exit, used.exit) == (0, 0), entered.err + used.err
    assert held == ["", "password"]
    assert desk.grants == ["password", "refresh_token", "password"]
    assert left.document["forgotten"] == ["tokens", "password"]
    assert chest.held == {}
