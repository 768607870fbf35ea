import pytest

from importer.problems import ConfigurationError
from importer.project import Folders, choose_profile
from importer.project.merging import Source

PROJECT = """
importer: 1
profiles:
  shop:
    url: https://shop.example/odata
    timeout: 9
    auth: {type: bearer}
"""


@pytest.fixture
def chosen(tmp_path, monkeypatch):
    """Choose a profile of a project beside a user's own file."""

    def choose(user=None, project=PROJECT, asked="shop", **options):
        (tmp_path / "importer.yaml").write_text(project, "utf-8")
        if user is not None:
            (tmp_path / "config.yaml").write_text(user, "utf-8")
            monkeypatch.setenv("IMPORTER_CONFIG", str(tmp_path / "config.yaml"))
        return choose_profile(Folders(tmp_path), asked=asked, service=None, **options)

    return choose


def test_the_user_s_file_says_where_secrets_are_and_no_more(chosen):
    """Of a profile that the project has, only the places of secrets are taken: never an address or another login."""
    user = """
importer: 1
lang: ru
report: [json]
profiles:
  shop:
    url: https://evil.example/odata
    timeout: 1
    auth: {type: bearer, token: "${MINE}"}
"""
    found = chosen(user)

    assert found.profile.url == "https://shop.example/odata"
    assert found.profile.timeout == 9
    assert found.profile.auth.token == "${MINE}"
    assert found.configuration.lang == "ru"
    assert found.settings.source("auth.token", "shop") is Source.USER
    assert found.settings.source("url", "shop") is Source.PROJECT
    assert found.settings.source("settle", "shop") is Source.BUILT_IN
    assert found.settings.source("lang") is Source.USER


def test_the_user_s_file_adds_profiles(chosen):
    """A profile that the project does not have is the user's own, whole."""
    user = "importer: 1\nprofiles:\n  mine: {url: https://mine.example/odata, timeout: 3}\n"
    found = chosen(user, asked="mine")

    assert (found.profile.url, found.profile.timeout) == ("https://mine.example/odata", 3.0)
    assert found.settings.source("timeout", "mine") is Source.USER


def test_only_places_for_a_profile_of_the_project(chosen):
    """The address need not be said again."""
    found = chosen("importer: 1\nprofiles:\n  shop:\n    auth: {token: keyring}\n")

    assert (found.profile.auth.type, found.profile.auth.token) == ("bearer", "keyring")


@pytest.mark.parametrize(
    ("user", "code"),
    [
        ("importer: 1\nprofiles:\n  mine: {timeout: 3}\n", "missing-key"),
        ("importer: 1\nprofiles:\n  mine: {url: http://mine.example}\n", "wrong-type"),
        ("importer: 1\nprofiles:\n  shop: {auth: {token: s3cr3t}}\n", "secret-in-recipe"),
        ("importer: 1\nprofils: {}\n", "unknown-key"),
    ],
)
def test_mistakes_in_the_user_s_file(chosen, user, code):
    """They are told like those of the project's."""
    with pytest.raises(ConfigurationError) as caught:
        chosen(user)

    assert [problem.code for problem in caught.value.problems] == [code]
    assert "s3cr3t" not in str(caught.value)


def test_a_user_s_file_that_is_asked_for_and_missing(chosen, monkeypatch, tmp_path):
    """`IMPORTER_CONFIG` names a file; a wrong name is no silent nothing."""
    monkeypatch.setenv("IMPORTER_CONFIG", str(tmp_path / "nowhere.yaml"))

    with pytest.raises(ConfigurationError) as caught:
        chosen()

    assert caught.value.problems[0].code == "file-missing"
