import pytest

from importer.problems import ConfigurationError
from importer.project import read_configuration

GOOD = """
importer: 1
default_profile: sandbox
profiles:
  timetta:
    url: https://api.timetta.com/odata/
    dialect: timetta
    protected: true
    auth: {type: bearer, token: "${TIMETTA_TOKEN}"}
    batch_size: 50
    concurrency: 2
    requests_per_second: 2.5
    timeout: 90
    keys: client
    settle: 0.1
  sandbox:
    url: http://127.0.0.1:8901/odata
    auth: {type: none}
report: [html]
lang: ru
"""


def written(folder, text):
    path = folder / "importer.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder, text):
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(written(folder, text), "importer.yaml")
    assert all(problem.message() and problem.place is not None for problem in caught.value.problems)
    return caught.value.problems


def test_profiles(tmp_path):
    """Everything of cli.md that this version knows, with its defaults."""
    found = read_configuration(written(tmp_path, GOOD))
    timetta, sandbox = found.profiles["timetta"], found.profiles["sandbox"]

    assert (timetta.url, timetta.dialect, timetta.protected) == (
        "https://api.timetta.com/odata",
        "timetta",
        True,
    )
    assert (timetta.batch_size, timetta.concurrency, timetta.requests_per_second, timetta.timeout) == (
        50,
        2,
        2.5,
        90.0,
    )
    assert (timetta.keys, timetta.settle, timetta.auth.type) == ("client", 0.1, "bearer")
    assert (sandbox.batch_size, sandbox.concurrency, sandbox.requests_per_second, sandbox.timeout) == (
        100,
        4,
        None,
        60.0,
    )
    assert (sandbox.keys, sandbox.settle, sandbox.protected, sandbox.dialect) == ("auto", 5.0, False, None)
    assert (found.default_profile, found.report, found.lang) == ("sandbox", ("html",), "ru")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/odata", "http://localhost/x", "http://[::1]:80/", "https://host.example"]
)
def test_addresses(tmp_path, url):
    """https anywhere, http on this machine only."""
    found = read_configuration(written(tmp_path, f'importer: 1\nprofiles:\n  a: {{url: "{url}"}}\n'))

    assert found.profiles["a"].url == url.rstrip("/")


def profile(text):
    return f"importer: 1\nprofiles:\n  a:\n    url: https://host/odata\n{text}"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (profile("    batchsize: 5\n"), "unknown-key", 5),
        (profile("    aliases: {Users: b}\n"), "wrong-type", 5),
        ("importer: 1\nid_map: x\n", "unknown-key", 2),
        ("importer: 1\nprofile: x\n", "unknown-key", 2),
        ("importer: 2\n", "wrong-type", 1),
        ("profiles: {}\n", "missing-key", 1),
        ("importer: 1\nprofiles:\n  a: {dialect: x}\n", "missing-key", 3),
        ("importer: 1\nprofiles:\n  a: {url: http://host/odata}\n", "wrong-type", 3),
        ("importer: 1\nprofiles:\n  a: {url: ftp://host/odata}\n", "wrong-type", 3),
        ("importer: 1\nprofiles:\n  a: {url: 'https://host/odata?x=1'}\n", "wrong-type", 3),
        ("importer: 1\nprofiles:\n  a: {url: 7}\n", "wrong-type", 3),
        ("importer: 1\nprofiles:\n  a: {url: 'http://[::1/'}\n", "wrong-type", 3),
        ("importer: 1\nprofiles:\n  a: {url: 'https://host:port/'}\n", "wrong-type", 3),
        (profile("    batch_size: 0\n"), "wrong-type", 5),
        (profile("    concurrency: many\n"), "wrong-type", 5),
        (profile("    timeout: -1\n"), "wrong-type", 5),
        (profile("    timeout: yes please\n"), "wrong-type", 5),
        (profile("    keys: ours\n"), "wrong-type", 5),
        (profile("    auth: {type: kerberos}\n"), "wrong-type", 5),
        (profile("    auth: {type: oauth2-password, username: x, client_id: y}\n"), "missing-key", 5),
        (profile("    auth: {type: oauth2-client, token_url: 'https://h/t'}\n"), "missing-key", 5),
        (
            profile("    auth: {type: oauth2-client, token_url: 'http://h/t', client_id: x}\n"),
            "wrong-type",
            5,
        ),
        (profile("    auth: {type: basic, scope: all}\n"), "unknown-key", 5),
        (profile("    auth: {type: none, username: me}\n"), "unknown-key", 5),
        (profile("    auth: {type: bearer, client_id: y}\n"), "unknown-key", 5),
        ("importer: 1\nreport: [pdf]\n", "wrong-type", 2),
        ("importer: 1\nlang: fr\n", "wrong-type", 2),
        ("[1]\n", "wrong-type", 1),
    ],
)
def test_mistakes(tmp_path, text, code, line):
    """Each mistake is one problem at its line."""
    (problem,) = problems(tmp_path, text)

    assert (problem.code, problem.place.line) == (code, line)


def test_near_misses_are_named(tmp_path):
    """A key written a little wrong is told which one it resembles."""
    (problem,) = problems(tmp_path, profile("    batchsize: 5\n"))

    assert "batch_size" in problem.advice()


def test_all_mistakes_at_once(tmp_path):
    """Two mistakes, two problems, in the order of the file."""
    found = problems(tmp_path, profile("    batch_size: 0\n    settl: 1\n"))

    assert [problem.code for problem in found] == ["wrong-type", "unknown-key"]


@pytest.mark.parametrize(
    "text",
    [
        profile("    auth: {type: bearer, token: s3cr3t}\n"),
        profile("    auth: {type: bearer, token: '${A}s3cr3t'}\n"),
        profile("    auth: {type: basic, username: x, password: s3cr3t}\n"),
        profile("    auth: {type: oauth2-client, client_secret: s3cr3t}\n"),
        profile("    auth: {type: oauth2-refresh, refresh_token: s3cr3t}\n"),
        profile("    auth: {type: bearer, token: keyring s3cr3t}\n"),
        profile("    password: s3cr3t\n"),
        profile("    auth: {type: oauth2-client, token_url: 'https://me:s3cr3t@host/token'}\n"),
        "importer: 1\nprofiles:\n  a: {url: 'https://me:s3cr3t@host/odata'}\n",
        "importer: 1\nprofiles:\n  a: {url: 'https://host/odata?api_key=s3cr3t'}\n",
        "importer: 1\nreport: ['https://me:s3cr3t@host/']\n",
    ],
)
def test_plain_secrets_are_refused_and_not_repeated(tmp_path, text):
    """A secret in the file is an error that does not show it."""
    found = problems(tmp_path, text)

    assert "secret-in-recipe" in [problem.code for problem in found]
    assert all("s3cr3t" not in problem.message() + problem.advice() + repr(problem) for problem in found)


OAUTH = "token_url: https://auth.host/token, client_id: external"


@pytest.mark.parametrize(
    "auth",
    [
        "{type: none}",
        "{type: bearer}",
        "{type: bearer, token: keyring}",
        "{type: basic, username: me, password: '${PASSWORD}'}",
        f"{{type: oauth2-password, {OAUTH}, scope: all offline_access, username: '${{USER}}', password: keyring}}",
        f"{{type: oauth2-refresh, {OAUTH}, refresh_token: '${{TOKEN}}'}}",
        f"{{type: oauth2-client, {OAUTH}, client_secret: keyring, client_auth: body}}",
    ],
)
def test_logins(tmp_path, auth):
    """Every login of the reference; secrets are named by their places."""
    found = read_configuration(written(tmp_path, profile(f"    auth: {auth}\n")))

    assert found.profiles["a"].auth.type in auth


def test_a_missing_file(tmp_path):
    """No file, one clear problem."""
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(tmp_path / "importer.yaml")

    assert caught.value.problems[0].code == "file-missing"
