"""Whose certificates are believed: the known authorities, those of `SSL_CERT_FILE`, and the profile's own. It is never nobody."""

import ssl
from pathlib import Path
from typing import ClassVar

from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.text.translating import translate


class AuthorityUnreadable(Problem):
    """The certificates of the user's own authority."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The certificates of "{found}" cannot be read: {expected}.'
    hint: ClassVar[str] = "`ca` names a PEM file: it begins with -----BEGIN CERTIFICATE-----"


def trust(scheme: str, ca: Path | None = None) -> ssl.SSLContext | bool:
    """Return whom to trust for addresses of a scheme; the authorities in the PEM file `ca` are added to the known ones.

    Reading the authorities takes longer than a small plan's requests, so for plain http nobody is trusted.

    Raises:
        ConfigurationError: `ca` holds no certificate.
    """
    if scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca is None:
        return True
    from importer.odata.http.wire import httpx  # noqa: PLC0415 - few services have an authority of their own

    context = httpx.create_ssl_context()
    try:
        context.load_verify_locations(cafile=ca)
    except ssl.SSLError:
        raise _unreadable(ca, translate("it holds no certificate")) from None
    except OSError as error:
        raise _unreadable(ca, error.strerror or str(error)) from None
    return context


def _unreadable(ca: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(AuthorityUnreadable(place=FilePlace(str(ca)), found=str(ca), expected=reason))
