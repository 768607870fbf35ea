import pytest

from importer.problems import ConfigurationError
from importer.project import Folders, choose_profile

TEXT = """
importer: 1
default_profile: first
profiles:
  first: {url: https://first.example/odata}
  second: {url: https://second.example/odata}
  third: {url: https://third.example/odata}
"""


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.delenv("IMPORTER_PROFILE", raising=False)
    (tmp_path / "importer.yaml").write_text(TEXT, encoding="utf-8")
    return Folders(tmp_path)


@pytest.mark.parametrize(
    ("asked", "environment", "service", "expected"),
    [
        (None, None, None, "first"),
        (None, None, "second", "second"),
        (None, "third", "second", "third"),
        ("second", "third", "first", "second"),
    ],
)
def test_precedence(folders, monkeypatch, asked, environment, service, expected):
    """Option, then environment, then the recipe's service, then the default."""
    if environment:
        monkeypatch.setenv("IMPORTER_PROFILE", environment)

    chosen = choose_profile(folders, asked=asked, service=service)

    assert (chosen.name, chosen.profile.url) == (expected, f"https://{expected}.example/odata")


def test_the_sandbox_needs_no_configuration(tmp_path, monkeypatch):
    """`sandbox` asked for by name is the local one, where nobody configured another."""
    monkeypatch.delenv("IMPORTER_PROFILE", raising=False)

    chosen = choose_profile(Folders(tmp_path), asked="sandbox", service=None)

    assert chosen.profile.url == "http://127.0.0.1:8901/odata"


def test_an_unknown_profile_names_the_nearest(folders):
    """A profile written a little wrong."""
    with pytest.raises(ConfigurationError) as caught:
        choose_profile(folders, asked="secnd", service=None)

    (problem,) = caught.value.problems
    assert problem.code == "unknown-definition"
    assert "second" in problem.advice()
    assert "third" in problem.message()


def test_no_profile_at_all(tmp_path, monkeypatch):
    """Nobody said which service: how to say it."""
    monkeypatch.delenv("IMPORTER_PROFILE", raising=False)
    with pytest.raises(ConfigurationError) as caught:
        choose_profile(Folders(tmp_path), asked=None, service=None)

    assert "--profile" in caught.value.problems[0].advice()
