"""Foreign OData servers on the loopback, started for a test and stopped after it."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ASPNETCORE = Path(__file__).parents[3] / "shared" / "servers" / "aspnetcore" / "run"
CAP = Path(__file__).parent / "cap"
SIMPLE = Path(__file__).parent / "simple"
FEMOCK = Path(__file__).parent / "femock"
EDITOR = Path(__file__).parent / "editor"
_START = 60.0  # seconds that a server may take to answer; the first start of one unpacks itself


def need_aspnetcore() -> None:
    """Skip where the server is not beside the checkout."""
    if not ASPNETCORE.is_file():
        pytest.skip("the ASP.NET Core OData server is not here (../shared/servers/aspnetcore)")


def need_cap() -> None:
    """Skip without Node 20 or without the packages that `make test` installs."""
    _need_packages(CAP, ".bin/cds-serve")


def need_simple() -> None:
    """Skip without Node 20 or without the packages that `make test` installs."""
    _need_packages(SIMPLE, "simple-odata-server")


def need_femock() -> None:
    """Skip without Node 20 or without the packages that `make test` installs."""
    _need_packages(FEMOCK, "@sap-ux/fe-mockserver-core")


def need_editor() -> None:
    """Skip without Node 20 or without the packages that `make test` installs."""
    _need_packages(EDITOR, "yaml-language-server")


def _need_packages(folder: Path, package: str) -> None:
    node = shutil.which("node")
    version = (
        subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if node
        else ""
    )
    found = re.match(r"v(\d+)", version)
    if not found or int(found[1]) < 20:
        pytest.skip(f"no Node 20 here: tests/servers/{folder.name} is not tried")
    if not (folder / "node_modules" / package).exists():
        pytest.skip(f"the packages of tests/servers/{folder.name} are not installed (npm ci)")


@contextmanager
def aspnetcore(**switches: object) -> Iterator[str]:
    """Run ASP.NET Core OData with these switches; gives the service root."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port), **{name: str(value) for name, value in switches.items()}}
    with _serving([str(ASPNETCORE)], environment, f"http://127.0.0.1:{port}/odata/$metadata", None):
        yield f"http://127.0.0.1:{port}/odata"


@contextmanager
def cap(**configuration: str) -> Iterator[str]:
    """Run SAP CAP with an empty database; gives the service root."""
    port = free_port()
    command = [str(CAP / "node_modules" / ".bin" / "cds-serve"), "--port", str(port)]
    with _serving(command, {**os.environ, **configuration}, f"http://127.0.0.1:{port}/odata/$metadata", CAP):
        yield f"http://127.0.0.1:{port}/odata"


@contextmanager
def simple() -> Iterator[str]:
    """Run simple-odata-server with nothing in it; gives the service root."""
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    with _serving(["node", "start.js"], {**os.environ, "PORT": str(port)}, f"{root}/$metadata", SIMPLE):
        yield root


@contextmanager
def femock() -> Iterator[str]:
    """Run the mock server of SAP Fiori tools with one department; gives the service root."""
    port = free_port()
    root = f"http://127.0.0.1:{port}/odata"
    with _serving(["node", "start.js"], {**os.environ, "PORT": str(port)}, f"{root}/$metadata", FEMOCK):
        yield root


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _serving(
    command: list[str], environment: dict[str, str], address: str, folder: Path | None
) -> Iterator[None]:
    with subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            _wait(process, address)
            yield
        finally:
            os.killpg(process.pid, 15)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        try:
            if httpx.get(address, trust_env=False).status_code < 500:
                return
        except httpx.TransportError:
            pass
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError("the server ended by itself")
    raise TimeoutError("the server does not answer")
