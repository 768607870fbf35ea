import pytest

from importer.problems import ConfigurationError
from importer.project import Profile
from importer.project.credentials import token_of

PLAIN = Profile.model_validate({"url": "https://host/odata", "auth": {"type": "bearer"}})
NAMED = Profile.model_validate({"url": "https://host/odata", "auth": {"type": "bearer", "token": "${OTHER}"}})


def test_the_token_of_a_profile():
    """`IMPORTER_<PROFILE>_TOKEN`, or the variable that the profile names."""
    environment = {"IMPORTER_MY_SHOP_2_TOKEN": " one\n", "OTHER": "two"}

    assert token_of("my-shop.2", PLAIN, environment).reveal() == "one"
    assert token_of("my-shop.2", NAMED, environment).reveal() == "two"
    assert "one" not in repr(token_of("my-shop.2", PLAIN, environment))


@pytest.mark.parametrize(("profile", "variable"), [(PLAIN, "IMPORTER_SHOP_TOKEN"), (NAMED, "OTHER")])
def test_a_token_that_is_not_set(profile, variable):
    """Which variable is to be set, and no request without it."""
    with pytest.raises(ConfigurationError) as caught:
        token_of("shop", profile, {variable: "  "})

    assert variable in caught.value.problems[0].message()


def test_the_environment_of_the_process(monkeypatch):
    """Without another mapping the process's own environment is read."""
    monkeypatch.setenv("OTHER", "three")

    assert token_of("shop", NAMED).reveal() == "three"
