"""A small service and a client that knows nothing of the importer's own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from importer.sandbox import Faults, Habits, running

DOCUMENT = b"""<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <EnumType Name="Kind"><Member Name="Small"/><Member Name="Large"/></EnumType>
 <ComplexType Name="Address"><Property Name="city" Type="Edm.String"/><Property Name="flat" Type="Edm.Int32"/></ComplexType>
 <EntityType Name="Thing"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/><Property Name="name" Type="Edm.String" MaxLength="20"/>
  <Property Name="size" Type="Edm.Int32"/><Property Name="rate" Type="Edm.Decimal"/><Property Name="since" Type="Edm.Date"/><Property Name="at" Type="Edm.DateTimeOffset"/>
  <Property Name="on" Type="Edm.Boolean" Nullable="false"/><Property Name="kind" Type="N.Kind" Nullable="false"/><Property Name="address" Type="N.Address"/>
  <Property Name="tags" Type="Collection(Edm.String)"/><Property Name="span" Type="Edm.Duration"/><Property Name="clock" Type="Edm.TimeOfDay"/><Property Name="small" Type="Edm.Byte"/>
  <Property Name="weight" Type="Edm.Double"/><Property Name="upId" Type="Edm.Guid"/>
  <NavigationProperty Name="up" Type="N.Thing"/><NavigationProperty Name="parts" Type="Collection(N.Thing)" Partner="up"/></EntityType>
 <EntityType Name="Word"><Key><PropertyRef Name="code"/></Key><Property Name="code" Type="Edm.String" Nullable="false"/><Property Name="text" Type="Edm.String"/></EntityType>
 <EntityType Name="Number"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Int32" Nullable="false"/><Property Name="name" Type="Edm.String"/></EntityType>
 <EntityType Name="Rate"><Key><PropertyRef Name="day"/><PropertyRef Name="code"/><PropertyRef Name="thingId"/></Key><Property Name="day" Type="Edm.Date" Nullable="false"/>
  <Property Name="code" Type="Edm.String" Nullable="false"/><Property Name="thingId" Type="Edm.Guid" Nullable="false"/><Property Name="value" Type="Edm.Decimal"/></EntityType>
 <EntityContainer Name="C"><EntitySet Name="Things" EntityType="N.Thing"/><EntitySet Name="Words" EntityType="N.Word"/><EntitySet Name="Numbers" EntityType="N.Number"/>
  <EntitySet Name="Rates" EntityType="N.Rate"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""


class Client:
    """Speaks to a sandbox with nothing but httpx."""

    def __init__(self, there, client):
        self.there, self.http = there, client

    def ask(self, path, **options):
        return self.http.get(
            f"{self.there.url}/{path}", params={f"${name}": str(value) for name, value in options.items()}
        )

    def names(self, path, **options):
        answer = self.ask(path, **options)
        assert answer.status_code == 200, answer.text
        return [item.get("name") for item in answer.json()["value"]]

    def post(self, path, value, **headers):
        return self.http.post(
            f"{self.there.url}/{path}",
            json=value,
            headers={name.replace("_", "-"): text for name, text in headers.items()},
        )

    def patch(self, path, value, **headers):
        return self.http.patch(
            f"{self.there.url}/{path}",
            json=value,
            headers={name.replace("_", "-"): text for name, text in headers.items()},
        )

    def delete(self, path):
        return self.http.delete(f"{self.there.url}/{path}")

    def batch(self, *requests, **headers):
        members = [
            {"id": str(n), "headers": {"content-type": "application/json"}, **request}
            for n, request in enumerate(requests, 1)
        ]
        return self.post("$batch", {"requests": members}, **headers)


@contextmanager
def opened(pack, habits=None, faults=None, store=None) -> Iterator[Client]:
    with (
        running(pack, habits=Habits(**habits or {}), faults=Faults(**faults or {}), store=store) as there,
        httpx.Client(trust_env=False) as client,
    ):
        yield Client(there, client)


def said(answer):
    """What a refusal says."""
    return json.loads(answer.content)["error"]["message"]
