import msgspec
from scripted import METADATA, Reply, Shop

from importer.service import open_service
from importer.service.findings import Findings, fingerprint_of, keep, kept

ROWS = [{"id": n, "name": f"n{n}", "part": 0} for n in range(30)]


def found(root, **facts):
    return Findings(url=root, metadata=fingerprint_of(METADATA), asked="2026-01-01T00:00:00+00:00", **facts)


def test_kept_for_one_service_and_one_version_of_its_metadata(tmp_path):
    """Other metadata, another address, or a broken file: nothing is known."""
    path = keep(tmp_path, found("http://127.0.0.1:1/odata/", top_max=50))

    assert kept(tmp_path, "http://127.0.0.1:1/odata/", METADATA).top_max == 50
    assert kept(tmp_path, "http://127.0.0.1:1/odata/", METADATA + b" ") is None
    assert kept(tmp_path, "http://127.0.0.1:2/odata/", METADATA) is None
    path.write_bytes(b"{")
    assert kept(tmp_path, "http://127.0.0.1:1/odata/", METADATA) is None


def test_used_from_the_first_question_on(serve, tmp_path):
    """A ceiling of `$top` that was probed is never tried again, and a batch that is not there neither."""

    def before(shop, request):
        return Reply(200, METADATA) if request.path == "$metadata" else None

    server = serve(Shop(ROWS, top_max=20, before=before))
    keep(tmp_path, found(server.root, top_max=20, batch="none", own_keys={"Things": False}))
    service = open_service("shop", server.root, probe=tmp_path, pause=lambda _: None)
    read = len(list(service.entities.read_all("Things", ["name"])))
    service.close()

    assert read == 30
    assert "1000" not in {request.options.get("$top") for request in server.seen}
    assert (service.findings, service.entities.asker.batches) == ({"batch": "none"}, False)
    assert service.own_keys == {"Things": False}


def test_what_writing_taught_outlives_a_reading():
    """A later probe without `--write` does not forget which sets keep our keys."""
    before = found("u", own_keys={"A": True, "B": False}, duplicate={"A": "500"})
    after = found("u", own_keys={"A": None, "C": None}).with_written(before)
    other = msgspec.structs.replace(before, metadata="other")

    assert after.own_keys == {"A": True, "B": False, "C": None}
    assert after.duplicate == {"A": "500"}
    assert found("u").with_written(other) == found("u")
