"""GET: service document, collections, entities, navigation, `$count`."""

from importer.sandbox.addresses import Address
from importer.sandbox.filtering import Filter
from importer.sandbox.querying import Options, in_order, read_options
from importer.sandbox.refusals import bad_query, no_property, not_found
from importer.sandbox.site import Reply, Site, json_reply
from importer.sandbox.store import Entity
from importer.sandbox.typed import Value


class Reading:
    """Answers what asks and changes nothing."""

    def __init__(self, site: Site) -> None:
        """Read from a service."""
        self._site = site
        self._links = site.rules.links(site.store)

    def service_document(self) -> Reply:
        """Return the list of sets."""
        sets = [{"name": name, "kind": "EntitySet", "url": name} for name in self._site.model.sets]
        return json_reply(200, {"@odata.context": f"{self._site.root}$metadata", "value": sets})

    def answer(self, address: Address, query: str) -> Reply:
        """Answer a GET below the root.

        Raises:
            Refused: there is nothing, or an option is wrong.
        """
        options, kind, name = read_options(query), address.entity_set.type, address.entity_set.name
        if address.key is not None:
            return self._one(address, address.key, options)
        if address.rest is None:
            return self._collection(name, kind, None, options)
        matching = self._matching(kind, None, self._filter(options, kind))
        return Reply(200, {"content-type": "text/plain"}, str(len(matching)).encode())

    def shown(self, entity: Entity, kind: str, options: Options) -> dict[str, Value]:
        """Return an entity as it stands in an answer that declares the type `kind`.

        Raises:
            Refused: `$select` or `$expand` names what is not there.
        """
        found: dict[str, Value] = {} if entity.type == kind else {"@odata.type": f"#{entity.type}"}
        if (etag := self._site.etag(entity)) is not None:
            found["@odata.etag"] = etag
        if options.select:
            declared = self._site.model.properties_of(entity.type)
            found.update((name, entity.values.get(name)) for name in options.select if name in declared)
        else:
            found.update(entity.values)
        for name, inner in options.expand:
            found[name] = self._expanded(entity, name, inner)
        return found

    def _one(self, address: Address, key: str, options: Options) -> Reply:
        site, kind = self._site, address.entity_set.type
        entity = site.store.get(kind, key)
        if entity is None:
            raise not_found()
        if address.rest is not None:
            return self._navigate(entity, address, options)
        self._check(options, kind)
        shown = self.shown(entity, kind, options)
        if not options.select and site.model.is_open(entity.type):
            # Reading one adds dynamic properties (timetta.md §3).
            shown |= {"editAllowed": True, "deleteAllowed": True}
        etag = site.etag(entity)
        context = f"{site.root}$metadata#{address.entity_set.name}/$entity"
        return json_reply(200, {"@odata.context": context, **shown}, {"etag": etag} if etag else None)

    def _navigate(self, entity: Entity, address: Address, options: Options) -> Reply:
        site, name = self._site, address.rest or ""
        navigation = site.model.navigation_of(entity.type).get(name)
        if navigation is None:
            raise not_found()
        target = site.model.target_set(address.entity_set.name, name, entity.type) or name
        if navigation.collection:
            children = site.rules.children(site.store, entity.values, entity.type, name)
            return self._collection(target, navigation.type, children, options)
        self._check(options, navigation.type)
        found = site.rules.follow(site.store, entity.values, entity.type, name)
        if found is None:
            return Reply(204)
        context = f"{site.root}$metadata#{target}/$entity"
        return json_reply(200, {"@odata.context": context, **self.shown(found, navigation.type, options)})

    def _collection(self, name: str, kind: str, among: list[Entity] | None, options: Options) -> Reply:
        site, habits = self._site, self._site.habits
        self._check(options, kind)
        top, page = options.top, habits.page_size
        if top is not None and habits.top_max is not None and top > habits.top_max:
            asked = f"The value from the incoming request is '{top}'."
            raise bad_query(f"The limit of '{habits.top_max}' for Top query has been exceeded. {asked}")
        filtered = self._filter(options, kind)
        limit = min(value for value in (top, page, 10**9) if value is not None)
        window, total = self._window(kind, among, filtered, options, limit)
        answer: dict[str, Value] = {"@odata.context": f"{site.root}$metadata#{name}"}
        if options.count:
            answer["@odata.count"] = len(self._matching(kind, among, filtered)) if total is None else total
        answer["value"] = [self.shown(entity, kind, options) for entity in window[:limit]]
        if page is not None and len(window) > limit and (top is None or top > page):
            rest = options.from_here(options.skip + limit, None if top is None else top - limit)
            answer["@odata.nextLink"] = f"{site.root}{name}?{rest}"
        return json_reply(200, answer)

    def _window(
        self, kind: str, among: list[Entity] | None, filtered: Filter | None, options: Options, limit: int
    ) -> tuple[list[Entity], int | None]:
        """Return up to one entity more than `limit`, and how many match, where that is known."""
        store, key = self._site.store, self._site.model.key_of(kind)
        ordered = len(key) == 1 and options.orderby == ((key[0], False),)
        by_key = ordered and among is None and not options.skip
        after = filtered.after(key[0]) if by_key and filtered is not None else None
        if by_key and (filtered is None or after is not None):
            # A page of a keyset: only what is shown is touched.
            walk = store.after(kind, after)
            return [entity for entity, _ in zip(walk, range(limit + 1), strict=False)], None
        matching = self._matching(kind, among, filtered)
        if options.orderby:
            matching = in_order(matching, options.orderby)
        elif self._site.habits.page_size is not None:
            matching = in_order(matching, tuple((name, False) for name in key))
        elif self._site.habits.shuffle:
            self._site.dice.shuffle(matching)
        return matching[options.skip : options.skip + limit + 1], len(matching)

    def _matching(self, kind: str, among: list[Entity] | None, filtered: Filter | None) -> list[Entity]:
        plain = filtered.equals() if filtered is not None and among is None else None
        if plain is not None:
            among = self._site.store.having(kind, plain[0], plain[1])
        candidates = self._site.store.all(kind) if among is None else among
        return [entity for entity in candidates if filtered is None or filtered.matches(entity.values)]

    def _filter(self, options: Options, kind: str) -> Filter | None:
        if options.filter is None:
            return None
        habits = self._site.habits
        return Filter(
            options.filter,
            self._site.model,
            kind,
            self._links,
            node_limit=habits.node_limit,
            in_operator=habits.in_operator,
        )

    def _check(self, options: Options, kind: str) -> None:
        """Refuse names that the type does not have; what an open type does not have is merely absent."""
        model = self._site.model
        properties, navigation = model.properties_of(kind), model.navigation_of(kind)
        for name in (*options.select, *(name for name, _ in options.orderby)):
            if name not in properties and name not in navigation and not model.is_open(kind):
                raise no_property(name, kind)
        for name, inner in options.expand:
            if name not in navigation:
                raise no_property(name, kind)
            self._check(inner, navigation[name].type)

    def _expanded(self, entity: Entity, name: str, options: Options) -> Value:
        site = self._site
        navigation = site.model.navigation_of(entity.type)[name]
        if navigation.collection:
            children = site.rules.children(site.store, entity.values, entity.type, name)
            filtered = self._filter(options, navigation.type)
            matching = in_order(self._matching(navigation.type, children, filtered), options.orderby)
            last = None if options.top is None else options.skip + options.top
            return [self.shown(child, navigation.type, options) for child in matching[options.skip : last]]
        found = site.rules.follow(site.store, entity.values, entity.type, name)
        return None if found is None else self.shown(found, navigation.type, options)
