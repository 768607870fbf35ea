"""Foreign services again: batches in multipart only, and gateways that find us too fast."""

from pathlib import Path

import httpx
import pytest

from importer.executor import Options, Settings, apply_plan
from importer.odata.batch import Format
from importer.service import open_service
from tests.building import CAP, TIMETTA
from tests.servers import starting
from tests.servers.killing import prepare, state

PEOPLE = 130
MULTIPART = {"batch": Format.MULTIPART.value}


def _in_multipart(folder: Path, url: str, names: dict[str, str]) -> None:
    project = prepare(folder, url, names, people=PEOPLE)
    service = open_service("service", url)
    service.findings.update(MULTIPART)
    try:
        applied = apply_plan(
            project.path("the.plan"), service, settings=Settings(batch_size=20), options=Options()
        )
    finally:
        service.close()
    again = project.plan(output="again.plan")
    held = state(url, names)

    assert (applied.exit_code, applied.requests.retry, service.findings) == (0, 0, MULTIPART)
    assert again.document["writes"] == 0
    assert sum(1 for entry in held if entry[0] == "user" and str(entry[2]).startswith("p")) == PEOPLE
    assert max(held.values()) == 1


@pytest.mark.aspnetcore
@pytest.mark.parametrize(
    "switches", [{}, {"MUTE": 1}, {"OWN_KEYS": 0}], ids=lambda found: "-".join(found) or "plain"
)
def test_aspnetcore_in_multipart(switches: dict[str, int], tmp_path: Path) -> None:
    """Answers without Content-ID, keys replaced, errors without a word: everything is written once."""
    starting.need_aspnetcore()
    with starting.aspnetcore(**switches) as url:
        _in_multipart(tmp_path, url, TIMETTA)


@pytest.mark.cap
def test_cap_in_multipart(tmp_path: Path) -> None:
    """SAP CAP stops at the first error in multipart and echoes Content-IDs."""
    starting.need_cap()
    with starting.cap() as url:
        _in_multipart(tmp_path, url, CAP)


@pytest.mark.aspnetcore
@pytest.mark.parametrize("status", [403, 429])
def test_too_fast(status: int, tmp_path: Path) -> None:
    """Five requests a second and no more: the work ends complete, nothing lost or doubled, without hammering."""
    starting.need_aspnetcore()
    with starting.aspnetcore(THROTTLE=5, THROTTLE_STATUS=status) as url:
        project = prepare(tmp_path, url, TIMETTA, people=PEOPLE)
        applied = project.apply()
        witness = url.replace("/odata", "/_witness/")
        served = httpx.get(witness + "served", trust_env=False).json()["served"]
        written = httpx.get(witness + "journal", trust_env=False).json()

    assert applied.exit == 0, applied.out
    assert applied.document["totals"]["created"] == len(written) == len({entry["id"] for entry in written})
    assert served < 150
