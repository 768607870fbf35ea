"""What is answered to a write: 201, 200 or 204, and where the entity is said to be."""

from collections.abc import Mapping
from urllib.parse import unquote

from importer.sandbox.addresses import Address, predicate_of
from importer.sandbox.querying import Options
from importer.sandbox.reading import Reading
from importer.sandbox.replies import Reply, json_reply
from importer.sandbox.site import Site
from importer.sandbox.store import Entity
from importer.sandbox.typed import Values

_STAMPS = ("created", "modified")


def written(
    reading: Reading, address: Address, entity: Entity, headers: Mapping[str, str], more: Values
) -> Reply:
    """Answer a write of `entity`. The address has a key where it was there before; `more` goes into the body."""
    site = reading.site
    created, habits, prefer = address.key is None, site.habits, headers.get("prefer", "")
    name = address.entity_set.name
    place = f"{name}{predicate_of(entity.values, site.model, entity.type)}"
    extra = _location(site, place) if created else {}
    if (etag := site.etag(entity)) is not None:
        extra["etag"] = etag
    by_default = created and habits.post_answer == 201
    shown = "return=representation" in prefer or (by_default and "return=minimal" not in prefer)
    if "return=" in prefer:
        extra["preference-applied"] = f"return={'representation' if shown else 'minimal'}"
    if not shown:
        named = {"odata-entityid": f"{site.root}{place}"} if created and habits.entity_id else {}
        return Reply(204, extra | named, place=place)
    body = reading.shown(entity, address.entity_set.type, Options())
    if created and habits.seven_digits:
        # "…7705407Z": .NET's own instants, before the database cut them to microseconds.
        body |= {key: body[key].removesuffix("Z") + "5Z" for key in _STAMPS if body.get(key)}
    context = f"{site.root}$metadata#{name}/$entity"
    reply = json_reply(201 if created else 200, {"@odata.context": context, **body, **more}, extra)
    return Reply(reply.status, reply.headers, reply.body, place=place)


def _location(site: Site, place: str) -> dict[str, str]:
    form = site.habits.location
    if form == "absent":
        return {}
    if form == "relative":
        return {"location": place}
    return {"location": site.root + (unquote(place) if form == "unencoded" else place)}
