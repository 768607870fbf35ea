"""Reading `$metadata` of some 4 MB with thousands of types, in both forms: seconds and peak memory.

The document is as large as the largest public ones and has their habits: an alias, long chains of bases, annotations
by target, capabilities of every set, enumerations, overloads.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

TYPES = 3_000
_PROPERTIES = 9
_READ = """
import resource, sys, time
from importer.odata.csdl import read_metadata
data = open(sys.argv[1], "rb").read()
begun = time.process_time()
model = read_metadata(data, "m")
taken = time.process_time() - begun
print(len(data), len(model.types), model.counts["properties"], f"{taken:.3f}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def xml_document(types: int = TYPES) -> bytes:
    """Return the XML form."""
    parts = [
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
        '<Schema Namespace="large.service" Alias="big" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    ]
    for number in range(types):
        base = f' BaseType="large.service.type{number - 1}"' if number % 5 else ""
        parts.append(f'<EntityType Name="type{number}"{base}>')
        if not number % 5:
            parts.append(f'<Key><PropertyRef Name="id{number}"/></Key>')
        parts += [f'<Property Name="{name}" Type="Edm.String" MaxLength="50"/>' for name in _names(number)]
        parts.append(f'<Property Name="kind" Type="large.service.kind{number % 100}" Nullable="false"/>')
        parts.append(
            f'<NavigationProperty Name="other" Type="large.service.type{(number * 7) % types}"/></EntityType>'
        )
        parts.append(
            f'<Action Name="do{number}" IsBound="true"><Parameter Name="it" Type="big.type{number}"/></Action>'
        )
        parts.append(
            f'<Annotations Target="big.type{number}/kind">'
            f'<Annotation Term="Org.OData.Core.V1.Description" String="kind of {number}"/></Annotations>'
        )
        parts.append(
            f'<Annotations Target="big.All/set{number}"><Annotation Term="Org.OData.Capabilities.V1.InsertRestrictions">'
            f'<Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation></Annotations>'
        )
    for number in range(100):
        members = "".join(f'<Member Name="m{value}" Value="{value}"/>' for value in range(10))
        parts.append(f'<EnumType Name="kind{number}">{members}</EnumType>')
    sets = "".join(
        f'<EntitySet Name="set{number}" EntityType="big.type{number}">'
        f'<NavigationPropertyBinding Path="other" Target="set{(number * 7) % types}"/></EntitySet>'
        for number in range(types)
    )
    parts.append(
        f'<EntityContainer Name="All">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'
    )
    return "".join(parts).encode()


def json_document(types: int = TYPES) -> bytes:
    """Return the JSON form of the same service."""
    schema: dict[str, object] = {"$Alias": "big"}
    notes: dict[str, object] = {}
    sets: dict[str, object] = {"$Kind": "EntityContainer"}
    for number in range(types):
        found: dict[str, object] = {"$Kind": "EntityType"}
        if number % 5:
            found["$BaseType"] = f"large.service.type{number - 1}"
        else:
            found["$Key"] = [f"id{number}"]
        found |= {name: {"$MaxLength": 50, "$Nullable": True} for name in _names(number)}
        found["kind"] = {"$Type": f"large.service.kind{number % 100}"}
        found["other"] = {
            "$Kind": "NavigationProperty",
            "$Type": f"large.service.type{(number * 7) % types}",
            "$Nullable": True,
        }
        schema[f"type{number}"] = found
        schema[f"do{number}"] = [
            {
                "$Kind": "Action",
                "$IsBound": True,
                "$Parameter": [{"$Name": "it", "$Type": f"big.type{number}", "$Nullable": True}],
            }
        ]
        notes[f"big.type{number}/kind"] = {"@Org.OData.Core.V1.Description": f"kind of {number}"}
        notes[f"big.All/set{number}"] = {
            "@Org.OData.Capabilities.V1.InsertRestrictions": {"Insertable": False}
        }
        sets[f"set{number}"] = {
            "$Collection": True,
            "$Type": f"big.type{number}",
            "$NavigationPropertyBinding": {"other": f"set{(number * 7) % types}"},
        }
    for number in range(100):
        schema[f"kind{number}"] = {"$Kind": "EnumType"} | {f"m{value}": value for value in range(10)}
    document = {"$Version": "4.0", "$EntityContainer": "large.service.All"}
    return json.dumps({**document, "large.service": {**schema, "$Annotations": notes, "All": sets}}).encode()


def main() -> None:
    """Print one line per form."""
    with TemporaryDirectory() as folder:
        for name, data in (("xml", xml_document()), ("json", json_document())):
            path = Path(folder) / f"large.{name}"
            path.write_bytes(data)
            ended = subprocess.run(
                [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True
            )
            size, types, properties, seconds, memory = ended.stdout.split()
            print(
                f"metadata, {name}: {int(size) / 2**20:.1f} MiB, {types} types, {properties} properties: {seconds} s, {memory} MiB at most"
            )


def _names(number: int) -> list[str]:
    return [f"id{number}", *(f"property{number}of{place}" for place in range(_PROPERTIES))]


if __name__ == "__main__":
    main()
