import json

import jsonschema
import pytest
from ruamel.yaml import YAML

from importer.problems import ConfigurationError
from importer.project import read_configuration
from importer.project.schema import project_schema

OAUTH = "token_url: https://auth.host/token, client_id: external"
GOOD = [
    "{}",
    "{default_profile: a, report: [html, json], lang: ru}",
    "{profiles: {a: {url: 'https://h/odata', timeout: 2.5, keys: client, protected: true, ca: own.pem}}}",
    *(
        f"{{profiles: {{a: {{url: 'https://h', auth: {auth}}}}}}}"
        for auth in (
            "{}",
            "{type: none}",
            "{type: bearer, token: keyring}",
            "{type: basic, username: me, password: '${P}'}",
            f"{{type: oauth2-password, {OAUTH}, username: me, scope: all}}",
            f"{{type: oauth2-client, {OAUTH}, client_secret: '${{S}}', client_auth: body}}",
            f"{{type: oauth2-refresh, {OAUTH}, refresh_token: keyring}}",
        )
    ),
]
BAD = [
    "{profil: a}",
    "{lang: fr}",
    "{report: [pdf]}",
    "{profiles: {a: {}}}",
    *(
        f"{{profiles: {{a: {{url: 'https://h', {item}}}}}}}"
        for item in (
            "batch_size: 0",
            "timeout: 0",
            "settle: -1",
            "concurrency: 1.5",
            "auth: {token: keyring}",
            "auth: {type: bearer, token: plain}",
            "auth: {type: bearer, scope: all}",
            "auth: {type: oauth2-password, client_id: x}",
            "auth: {type: kerberos}",
        )
    ),
    "{profiles: {a: {url: 'ftp://h'}}}",
    "{profiles: {a: {url: 'https://h?x=1'}}}",
]


@pytest.mark.parametrize(("text", "right"), [(t, True) for t in GOOD] + [(t, False) for t in BAD])
def test_the_schema_agrees_with_the_reader(tmp_path, text, right):
    """What an editor marks is what the importer refuses."""
    document = {"importer": 1, **YAML(typ="safe").load(text)}
    valid = jsonschema.Draft202012Validator(json.loads(project_schema())).is_valid(document)
    path = tmp_path / "importer.yaml"
    path.write_text(json.dumps(document), "utf-8")
    try:
        read_configuration(path)
        read = True
    except ConfigurationError:
        read = False

    assert (valid, read) == (right, right)
