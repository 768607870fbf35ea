import pytest

from importer.problems import ConfigurationError
from importer.project import Profile
from importer.project.credentials import Credentials


def profile(**auth):
    return Profile.model_validate({"url": "https://host/odata", "auth": {"type": "bearer", **auth}})


PLAIN, NAMED = profile(), profile(token="${OTHER}")


def test_the_token_of_a_profile():
    """`IMPORTER_<PROFILE>_TOKEN`, or the variable that the profile names."""
    environment = {"IMPORTER_MY_SHOP_2_TOKEN": " one\n", "OTHER": "two"}

    assert Credentials("my-shop.2", PLAIN, environment).need("token").reveal() == "one"
    assert Credentials("my-shop.2", NAMED, environment).need("token").reveal() == "two"
    assert "one" not in repr(Credentials("my-shop.2", PLAIN, environment).need("token"))


@pytest.mark.parametrize(("found", "variable"), [(PLAIN, "IMPORTER_SHOP_TOKEN"), (NAMED, "OTHER")])
def test_a_token_that_is_not_set(found, variable):
    """Which variable is to be set, and no request without it."""
    with pytest.raises(ConfigurationError) as caught:
        Credentials("shop", found, {variable: "  "}).need("token")

    assert variable in caught.value.problems[0].message()


def test_the_environment_of_the_process(monkeypatch):
    """Without another mapping the process's own environment is read."""
    monkeypatch.setenv("OTHER", "three")

    assert Credentials("shop", NAMED).need("token").reveal() == "three"


@pytest.mark.parametrize("token", ["a b", "a\nb", "тайна", "a\x00b"])
def test_a_token_that_no_header_takes(token):
    """It is refused before anything is sent, by the name of its variable and without being shown."""
    with pytest.raises(ConfigurationError) as caught:
        Credentials("shop", PLAIN, {"IMPORTER_SHOP_TOKEN": token}).need("token")

    problem = caught.value.problems[0]
    assert "IMPORTER_SHOP_TOKEN" in problem.message()
    assert token not in problem.message() + problem.advice() + repr(problem)


@pytest.mark.parametrize(
    ("item", "variable"),
    [
        ("username", "IMPORTER_SHOP_USERNAME"),
        ("password", "IMPORTER_SHOP_PASSWORD"),
        ("client_secret", "IMPORTER_SHOP_CLIENT_SECRET"),
        ("refresh_token", "IMPORTER_SHOP_REFRESH_TOKEN"),
    ],
)
def test_the_variables_of_the_reference(item, variable):
    """Each credential has its variable; spaces of a password are its own, the line end of a file is not."""
    found = Credentials("shop", PLAIN, {variable: " a b \r\n"}).find(item)

    assert found is not None
    assert found.reveal() == (" a b " if item == "password" else "a b")


def test_a_name_written_plainly_is_itself():
    """A user's name is no secret; a variable is read only where none is written."""
    found = Profile.model_validate({"url": "https://h", "auth": {"type": "basic", "username": "me"}})

    assert Credentials("shop", found, {"IMPORTER_SHOP_USERNAME": "you"}).need("username").reveal() == "me"


def test_a_key_store_that_is_not_there():
    """A secret kept where there is no key store is a problem that says what to write instead."""
    with pytest.raises(ConfigurationError) as caught:
        Credentials("shop", profile(token="keyring"), {}).need("token")

    assert caught.value.problems[0].code == "key-store"
    assert "${NAME}" in caught.value.problems[0].advice()
