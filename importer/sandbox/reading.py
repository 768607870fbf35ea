"""GET: service document, collections, entities, navigation, `$count`."""

from importer.sandbox.addresses import Address, predicate_of
from importer.sandbox.filtering import Filter
from importer.sandbox.querying import Options, in_order, read_options
from importer.sandbox.refusals import bad_query, no_property, not_found
from importer.sandbox.replies import Reply, json_reply
from importer.sandbox.site import Site
from importer.sandbox.store import Entity
from importer.sandbox.typed import Value


class Reading:
    """Answers what asks and changes nothing."""

    def __init__(self, site: Site) -> None:
        """Read from a service."""
        self.site = site
        self._links = site.rules.links(site.store)

    def service_document(self) -> Reply:
        """Return the list of sets."""
        sets = [{"name": name, "kind": "EntitySet", "url": name} for name in self.site.model.sets]
        return json_reply(200, {"@odata.context": f"{self.site.root}$metadata", "value": sets})

    def answer(self, address: Address, query: str) -> Reply:
        """Answer a GET below the root.

        Raises:
            Refused: there is nothing, or an option is wrong.
        """
        options = read_options(query, exact=self.site.habits.names == "exact")
        kind, name = address.entity_set.type, address.entity_set.name
        if address.key is not None:
            return self._one(address, address.key, options)
        if address.rest is None:
            return self._collection(name, kind, None, options, name)
        matching = self._matching(kind, None, self._filter(options, kind))
        return Reply(200, {"content-type": "text/plain"}, str(len(matching)).encode())

    def shown(self, entity: Entity, kind: str, options: Options) -> dict[str, Value]:
        """Return an entity as it stands in an answer that declares the type `kind`.

        Raises:
            Refused: `$select` or `$expand` names what is not there.
        """
        found: dict[str, Value] = {} if entity.type == kind else {"@odata.type": f"#{entity.type}"}
        if (etag := self.site.etag(entity)) is not None:
            found["@odata.etag"] = etag
        if options.select:
            declared = self.site.model.properties_of(entity.type)
            found.update((name, entity.values.get(name)) for name in options.select if name in declared)
        else:
            found.update(entity.values)
        for name, inner in options.expand:
            found[name] = self._expanded(entity, name, inner)
        return found

    def _one(self, address: Address, key: str, options: Options) -> Reply:
        site, kind = self.site, address.entity_set.type
        entity = site.store.get(kind, key)
        if entity is None:
            raise not_found()
        if address.rest is not None:
            return self._navigate(entity, address, options)
        self._check(options, kind)
        shown = self.shown(entity, kind, options)
        if site.habits.dynamic_properties and not options.select and site.model.is_open(entity.type):
            # Reading one adds dynamic properties (timetta.md §3).
            shown |= {"editAllowed": True, "deleteAllowed": True}
        etag = site.etag(entity)
        context = f"{site.root}$metadata#{address.entity_set.name}/$entity"
        return json_reply(200, {"@odata.context": context, **shown}, {"etag": etag} if etag else None)

    def _navigate(self, entity: Entity, address: Address, options: Options) -> Reply:
        site, name = self.site, address.rest or ""
        navigation = site.model.navigation_of(entity.type).get(name)
        if navigation is None:
            raise not_found()
        target = site.model.target_set(address.entity_set.name, name, entity.type) or name
        if navigation.collection:
            children = site.rules.children(site.store, entity.values, entity.type, name)
            owner = predicate_of(address.key_values, site.model, address.entity_set.type)
            path = f"{address.entity_set.name}{owner}/{name}"
            return self._collection(target, navigation.type, children, options, path)
        self._check(options, navigation.type)
        found = site.rules.follow(site.store, entity.values, entity.type, name)
        if found is None:
            return Reply(204)
        context = f"{site.root}$metadata#{target}/$entity"
        return json_reply(200, {"@odata.context": context, **self.shown(found, navigation.type, options)})

    def _collection(
        self, name: str, kind: str, among: list[Entity] | None, options: Options, path: str
    ) -> Reply:
        """Answer with a page of a collection; `path` is where it was asked for, below the root, encoded."""
        site, habits = self.site, self.site.habits
        self._check(options, kind)
        self._check_top(options.top, name)
        filtered = self._filter(options, kind)
        limit = min(value for value in (options.top, habits.page_size, 10**9) if value is not None)
        window, total = self._window(kind, among, filtered, options, limit)
        answer: dict[str, Value] = {"@odata.context": f"{site.root}$metadata#{name}"}
        if options.count and habits.count == "refused":
            raise bad_query("The query option 'Count' is not allowed.")
        if options.count and habits.count != "absent":
            counted = len(self._matching(kind, among, filtered)) if total is None else total
            answer["@odata.count"] = counted + (habits.count == "wrong")
        answer["value"] = [self.shown(entity, kind, options) for entity in window[:limit]]
        link = self._next_link(window[:limit], options, path) if len(window) > limit else None
        if link is not None:
            answer[habits.next_link_name] = link
        return json_reply(200, answer)

    def _check_top(self, top: int | None, name: str) -> None:
        habits = self.site.habits
        limited = not habits.top_max_sets or name in habits.top_max_sets
        if limited and top is not None and habits.top_max is not None and top > habits.top_max:
            asked = f"The value from the incoming request is '{top}'."
            raise bad_query(f"The limit of '{habits.top_max}' for Top query has been exceeded. {asked}")

    def _next_link(self, page: list[Entity], options: Options, path: str) -> str | None:
        """Return how to go on after a page that the service cut, in the form of these habits."""
        habits, root, top = self.site.habits, self.site.root, options.top
        if habits.page_size is None or habits.next_link == "absent" or (top or 10**9) <= habits.page_size:
            return None
        left = None if top is None else top - len(page)
        if habits.next_link == "loop":
            rest = options.from_here(options.skip, top)
        elif self._by_key(options, page[-1].type):
            names = self.site.model.key_of(page[-1].type)
            rest = options.from_key(str(page[-1].values[names[0]]), left)
        else:
            rest = options.from_here(options.skip + len(page), left)
        if habits.next_link == "root":
            return f"{path}?{rest}"
        if habits.next_link == "request":
            return f"{path.rpartition('/')[2]}?{rest}"
        return f"{'http://elsewhere.invalid/' if habits.next_link == 'foreign' else root}{path}?{rest}"

    def _by_key(self, options: Options, kind: str) -> bool:
        """Whether pages follow one another by key, not by number of rows."""
        single = len(self.site.model.key_of(kind)) == 1
        return self.site.habits.paging == "keyset" and single and not options.orderby and not options.skip

    def _window(
        self, kind: str, among: list[Entity] | None, filtered: Filter | None, options: Options, limit: int
    ) -> tuple[list[Entity], int | None]:
        """Return up to one entity more than `limit`, and how many match, where that is known."""
        store, key = self.site.store, self.site.model.key_of(kind)
        ordered = len(key) == 1 and options.orderby == ((key[0], False),)
        by_key = ordered and among is None and not options.skip and options.after is None
        after = filtered.after(key[0]) if by_key and filtered is not None else None
        if by_key and (filtered is None or after is not None):
            # A page of a keyset: only what is shown is touched.
            walk = store.after(kind, after)
            return [entity for entity, _ in zip(walk, range(limit + 1), strict=False)], None
        matching = self._matching(kind, among, filtered)
        if options.after is not None:
            matching = _following(in_order(matching, ((key[0], False),)), key[0], options.after)
        if options.orderby:
            matching = in_order(matching, options.orderby)
        elif self.site.habits.page_size is not None:
            matching = in_order(matching, tuple((name, False) for name in key))
        elif self.site.habits.shuffle:
            self.site.dice.shuffle(matching)
        return matching[options.skip : options.skip + limit + 1], len(matching)

    def _matching(self, kind: str, among: list[Entity] | None, filtered: Filter | None) -> list[Entity]:
        plain = filtered.equals() if filtered is not None and among is None else None
        if plain is not None:
            among = self.site.store.having(kind, plain[0], plain[1])
        candidates = self.site.store.all(kind) if among is None else among
        return [entity for entity in candidates if filtered is None or filtered.matches(entity.values)]

    def _filter(self, options: Options, kind: str) -> Filter | None:
        if options.filter is None:
            return None
        habits = self.site.habits
        return Filter(
            options.filter,
            self.site.model,
            kind,
            self._links,
            node_limit=habits.node_limit,
            in_operator=habits.in_operator,
            unknown=habits.unknown_in_filter,
        )

    def _check(self, options: Options, kind: str) -> None:
        """Refuse names that the type does not have; what an open type does not have is merely absent."""
        model = self.site.model
        properties, navigation = model.properties_of(kind), model.navigation_of(kind)
        for name in (*options.select, *(name for name, _ in options.orderby)):
            if name not in properties and name not in navigation and not model.is_open(kind):
                raise no_property(name, kind)
        for name, inner in options.expand:
            if name not in navigation:
                raise no_property(name, kind)
            self._check(inner, navigation[name].type)

    def _expanded(self, entity: Entity, name: str, options: Options) -> Value:
        site = self.site
        navigation = site.model.navigation_of(entity.type)[name]
        if navigation.collection:
            children = site.rules.children(site.store, entity.values, entity.type, name)
            filtered = self._filter(options, navigation.type)
            matching = in_order(self._matching(navigation.type, children, filtered), options.orderby)
            last = None if options.top is None else options.skip + options.top
            return [self.shown(child, navigation.type, options) for child in matching[options.skip : last]]
        found = site.rules.follow(site.store, entity.values, entity.type, name)
        return None if found is None else self.shown(found, navigation.type, options)


def _following(ordered: list[Entity], key: str, last: str) -> list[Entity]:
    """Return the entities after the one that ended a page; all that are greater, where it is gone meanwhile."""
    places = [number for number, entity in enumerate(ordered, 1) if str(entity.values[key]) == last]
    if places:
        return ordered[places[0] :]
    return [entity for entity in ordered if str(entity.values[key]) > last]
