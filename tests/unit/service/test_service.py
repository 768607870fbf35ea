import pytest
from scripted import METADATA, Reply

from importer.odata.http import Bearer
from importer.problems import ConfigurationError
from importer.secret import Secret
from importer.service import open_service
from importer.service.dialect import Dialect, read_dialect


def test_a_service_knows_its_address_and_model(serve):
    """The root ends with a slash; names of types come without their namespace for the dialect."""
    server = serve(lambda request: Reply(200, METADATA))
    service = open_service(
        "shop",
        server.root.rstrip("/"),
        login=Bearer(Secret("t0ken")),
        requests_per_second=1000,
        pause=lambda _: None,
    )
    service.close()

    assert (service.name, service.url, service.reader.sets) == ("shop", server.root, {"Things"})
    assert service.lineage("NS.Special") == ("Special", "Thing")
    assert service.fingerprint({"Things": ("name",)}) == service.fingerprint({"Things": ("name", "id")})
    assert "t0ken" not in repr(service)


def test_the_dialect_of_timetta():
    """What the vendor documents: needed on create, made by the service, by type and its bases."""
    timetta = read_dialect("timetta")

    assert timetta.is_required(("User", "Resource"), "email")
    assert timetta.is_required(("User", "Resource"), "name")
    assert not timetta.is_required(("Department", "Resource"), "email")
    assert timetta.is_computed(("User", "Resource"), "rowVersion")
    assert timetta.is_computed(("ProjectTask",), "structNumber")
    assert not timetta.is_computed(("Project",), "structNumber")
    assert timetta.concurrency_of(("User", "Resource")) == "rowVersion"
    assert timetta.max_length["name"] == 255


def test_a_plain_service_has_no_habits():
    """Without a dialect nothing is assumed."""
    assert read_dialect(None) == Dialect.model_validate({})


@pytest.mark.parametrize(("name", "near"), [("timeta", '"timetta"'), ("../timetta", "")])
def test_an_unknown_dialect(name, near):
    """A dialect that is not shipped is named, with the nearest one."""
    with pytest.raises(ConfigurationError) as caught:
        read_dialect(name)

    (problem,) = caught.value.problems
    assert problem.code == "unknown-definition"
    assert near in problem.advice()
