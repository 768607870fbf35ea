import os
import stat

import pytest
from keyring.backends import fail, null

from importer.odata.http import Tokens
from importer.problems import ConfigurationError
from importer.project import Profile
from importer.project.token_files import KeptTokens, identity
from importer.secret import Secret
from tests.unit.project.key_stores import Chest, Locked, PlainFile, PlaintextKeyring

TOKENS = Tokens(Secret("access-token"), Secret("refresh-token"), 1_000.5, 3_600.0)
POSIX = pytest.mark.skipif(os.name != "posix", reason="rights of files are another matter there")


@pytest.fixture
def kept(tmp_path):
    return KeptTokens("shop", tmp_path / "state" / "tokens")


def same(found, wanted=TOKENS):
    return found.write() == wanted.write()


@POSIX
def test_a_file_for_its_owner_only(kept):
    """Without a key store there is a file of mode 0600 in a folder of mode 0700, whatever the umask."""
    before = os.umask(0)
    try:
        kept.write(TOKENS)
    finally:
        os.umask(before)

    assert same(kept.read())
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700
    assert list(kept.path.parent.iterdir()) == [kept.path]
    assert kept.where == str(kept.path)


@POSIX
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read(kept, mode):
    """It is refused: its tokens may be somebody else's by now."""
    kept.write(TOKENS)
    kept.path.chmod(mode)

    with pytest.raises(ConfigurationError) as caught:
        kept.read()

    assert caught.value.problems[0].code == "tokens-exposed"
    assert "access-token" not in str(caught.value) + repr(caught.value)


@POSIX
def test_a_link_to_another_file(kept, tmp_path):
    """A link in the place of the file is not followed, and not written through."""
    target = tmp_path / "target"
    target.write_bytes(TOKENS.write())
    kept.path.parent.mkdir(parents=True)
    kept.path.symlink_to(target)

    with pytest.raises(ConfigurationError):
        kept.read()
    kept.write(Tokens(Secret("other-token")))

    assert same(Tokens.read(target.read_bytes()))
    assert not kept.path.is_symlink()


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"\xff", b'{"access_token":""}', b'{"access_token":"a b","received":1}', b"[" * 9999],
)
def test_a_file_that_is_none_of_ours(kept, text):
    """Text that nobody of ours wrote is as good as nothing."""
    kept.write(TOKENS)
    with kept.path.open("wb") as stream:
        stream.write(text)

    assert kept.read() is None


def test_a_key_store_comes_first(kept, use_keys):
    """Where there is a key store no file is written, and one from before is taken away."""
    kept.write(TOKENS)
    chest = Chest()
    use_keys(chest)
    richer = KeptTokens("shop", kept.path.parent)
    richer.write(TOKENS)

    assert same(richer.read())
    assert richer.where == chest.name
    assert not kept.path.exists()
    assert list(chest.held) == ["shop"]


def test_tokens_too_long_for_the_key_store(kept, use_keys):
    """Windows takes 2560 bytes; what is longer goes into the file, and the newest is read back."""
    chest = Chest()
    use_keys(chest)
    kept.write(TOKENS)
    chest.full = 10
    long = Tokens(Secret("a" * 3_000))
    kept.write(long)

    assert same(kept.read(), long)
    assert chest.held == {}


@pytest.mark.parametrize("backend", [null.Keyring(), fail.Keyring(), PlainFile(), PlaintextKeyring()])
def test_what_is_no_key_store(kept, use_keys, backend):
    """A store that keeps nothing, or keeps it plainly, is none: our own file is better."""
    use_keys(backend)
    kept.write(TOKENS)

    assert kept.path.exists()
    assert getattr(backend, "held", {}) == {}


def test_a_key_store_that_fails(kept, use_keys):
    """It is a problem with a way out."""
    use_keys(Locked())

    with pytest.raises(ConfigurationError) as caught:
        kept.read()

    assert caught.value.problems[0].code == "key-store"


@pytest.mark.parametrize("backend", [None, Chest()])
def test_forgetting(kept, use_keys, backend):
    """Afterwards there is nothing; to forget nothing is no mistake."""
    if backend is not None:
        use_keys(backend)
    kept.write(TOKENS)

    assert kept.forget()
    assert kept.read() is None
    assert not kept.forget()


def profile(**settings):
    auth = {"type": "oauth2-password", "token_url": "https://auth/token", "client_id": "external"}
    return Profile.model_validate({"url": "https://host/odata", "auth": auth} | settings)


def test_tokens_belong_to_a_profile_and_its_addresses():
    """Another folder's profile of the same name gets nothing that was meant for another service, server or client."""
    auth = profile().auth.model_dump(exclude_none=True)
    others = [
        profile(url="https://evil/odata"),
        profile(auth={**auth, "token_url": "https://evil/token"}),
        profile(auth={**auth, "client_id": "other"}),
        profile(auth={**auth, "username": "other"}),
    ]

    assert identity("shop", profile()) == identity("shop", profile(timeout=5))
    assert len({identity("shop", item) for item in [profile(), *others]} | {identity("b", profile())}) == 6
    assert "/" not in identity("../../etc/x", profile())
