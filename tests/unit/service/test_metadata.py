import pytest
from scripted import METADATA, Reply, answer, refusal

from importer.odata.csdl import read_metadata
from importer.problems import ServiceError
from importer.service import open_service
from importer.service.metadata import fingerprint

XML = {"content-type": "application/xml"}


def test_metadata_are_fetched_as_xml_and_kept(serve, tmp_path):
    """`$metadata` is asked for as XML and kept per service; `offline` needs no service at all."""
    server = serve(lambda request: Reply(200, METADATA, XML))
    live = open_service("shop", server.root, cache=tmp_path / "metadata")
    kept = open_service("shop", server.root, cache=tmp_path / "metadata", offline=True)
    live.close()
    kept.close()

    assert server.seen[0].headers["accept"].startswith("application/xml, ")
    assert len(server.seen) == 1
    assert (live.cached, kept.cached, kept.fetched <= live.fetched) == (False, True, True)
    assert kept.model.sets.keys() == live.model.sets.keys()
    assert [item.suffix for item in (tmp_path / "metadata").iterdir()] == [".xml"]


def test_a_service_that_answers_in_json(serve, tmp_path):
    """CSDL JSON is metadata too, fetched or kept."""
    body = b'{"$Version": "4.01", "N": {"T": {"$Kind": "EntityType"}, "C": {"$Kind": "EntityContainer", "Things": {"$Collection": true, "$Type": "N.T"}}}}'
    server = serve(lambda request: Reply(200, body, {"content-type": "application/json"}))
    for offline in (False, True):
        service = open_service("shop", server.root, cache=tmp_path, offline=offline)
        service.close()
        assert list(service.model.sets) == ["Things"]


def test_offline_without_a_copy(tmp_path):
    """Nothing kept yet is said, with what to do."""
    with pytest.raises(ServiceError) as caught:
        open_service("shop", "http://127.0.0.1:9/odata", cache=tmp_path, offline=True)

    assert "--offline" in caught.value.problems[0].advice()


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (refusal(404, "nothing here"), "not-odata"),
        (Reply(404, b"<html><title>Not Found</title></html>", {"content-type": "text/html"}), "not-odata"),
        (Reply(200, b"<html><body>Sign in</body></html>", {"content-type": "text/html"}), "not-odata"),
        (answer({"value": []}), "not-odata"),
        (Reply(200, b"<edmx:Edmx"), "not-odata"),
        (Reply(401), "login-refused"),
        (Reply(403), "access-denied"),
        (Reply(302, b"", {"location": "https://login.example.com/"}), "not-odata"),
    ],
)
def test_what_answers_instead_of_metadata(serve, reply, code):
    """One clear problem, exit code 5, whatever answers."""
    server = serve(lambda request: reply)

    with pytest.raises(ServiceError) as caught:
        open_service("shop", server.root, pause=lambda _: None)

    (problem,) = caught.value.problems
    assert (caught.value.exit_code, problem.code) == (5, code)
    assert problem.message()


USED = {"Things": ("name", "part", "Address/City")}


def changed(old, new):
    assert old in METADATA
    return read_metadata(METADATA.replace(old, new), "m")


def test_fingerprint_of_the_used_part():
    """Only what a plan uses makes it stale: types, lengths, keys; not properties, sets or annotations beside it."""
    model = read_metadata(METADATA, "m")
    first = fingerprint(model, USED)

    assert first == fingerprint(model, {"Things": ("part", "Address/City", "name", "id")})
    assert first == fingerprint(changed(b'Name="tags"', b'Name="labels"'), USED)
    assert first != fingerprint(
        changed(b'Name="part" Type="Edm.Int32"', b'Name="part" Type="Edm.Int64"'), USED
    )
    assert first != fingerprint(
        changed(b'Name="name" Type="Edm.String"', b'Name="name" Type="Edm.String" MaxLength="5"'), USED
    )
    assert first != fingerprint(changed(b'Name="name"', b'Name="title"'), USED)
    assert first != fingerprint(changed(b'EntitySet Name="Things"', b'EntitySet Name="Others"'), USED)
    assert fingerprint(model, {"Things": ("extra",)}) != fingerprint(model, {"Things": ()})


def test_fingerprint_sees_enumerations():
    """A member that is gone changes the part that uses the enumeration."""
    enum = b'<EnumType Name="Kind"><Member Name="A"/><Member Name="B"/></EnumType><EntityType Name="Special"'
    kinds = METADATA.replace(b'<EntityType Name="Special"', enum).replace(
        b'Name="part" Type="Edm.Int32"', b'Name="part" Type="NS.Kind"'
    )
    fewer = kinds.replace(b'<Member Name="B"/>', b"")

    assert fingerprint(read_metadata(kinds, "m"), USED) != fingerprint(read_metadata(fewer, "m"), USED)
