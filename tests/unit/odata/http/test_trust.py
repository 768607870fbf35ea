import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from importer.odata.http import Connection, Unanswered
from importer.odata.http.trust import trust
from importer.problems import ConfigurationError


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """An authority of one's own that signed nothing but itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here to make a certificate")
    folder = tmp_path_factory.mktemp("authority")
    key, found = folder / "key.pem", folder / "ca.pem"
    request = (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run(
        [openssl, *request.split(), "-keyout", str(key), "-out", str(found)],
        check=True,
        capture_output=True,
    )
    return key, found


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


@pytest.fixture
def secure(certificate):
    """A service behind that certificate."""
    key, found = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(found, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads, server.block_on_close = True, False
    server.handle_error = lambda *arguments: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_address[1]}/odata/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_nobody_knows(secure):
    """Nothing is sent to a service that cannot show who it is."""
    connection = Connection(secure)
    try:
        with pytest.raises(Unanswered) as caught:
            connection.get("Things")
    finally:
        connection.close()

    assert not caught.value.sent
    assert "CERTIFICATE_VERIFY_FAILED" in caught.value.reason


def test_an_authority_of_one_s_own(secure, certificate):
    """Named by its path it is believed, besides the known ones."""
    connection = Connection(secure, ca=certificate[1])
    try:
        assert connection.get("Things").status == 200
    finally:
        connection.close()
    context = trust("https", certificate[1])
    assert isinstance(context, ssl.SSLContext)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.cert_store_stats()["x509_ca"] > 1


@pytest.mark.parametrize("text", [None, b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_without_certificates(tmp_path, text):
    """It is a problem that names the file."""
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_bytes(text)

    with pytest.raises(ConfigurationError) as caught:
        trust("https", path)

    assert str(path) in caught.value.problems[0].message()
