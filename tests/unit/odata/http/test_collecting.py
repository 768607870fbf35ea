import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Reply, Scripted, Shop, answer, refusal

from importer.odata.http import Connection, Question, Reader, ReadFailed, read_whole
from importer.odata.http.collecting import first_page
from importer.odata.payload import read_page
from importer.problems import ServiceError

ROWS = [{"id": n, "name": f"n{n}", "part": n % 3} for n in range(25)]


def question(key=("id",), **options):
    comparable = options.pop("comparable", len(key) == 1)
    identity = (lambda raw: raw[key[0]]) if len(key) == 1 else (lambda raw: tuple(raw[name] for name in key))
    return Question(
        entity_set="Things",
        select=[*key, "name"],
        key=key,
        comparable=comparable,
        identity=identity,
        read=read_page,
        **options,
    )


def ids(reader, asked):
    found = [asked.identity(raw) for raw in read_whole(reader, asked)]
    assert len(found) == len(set(found)), "an entity came twice"
    return sorted(found)


WHOLE = list(range(25))

GOOD = {
    "all at once": {},
    "server paging": {"page": 4},
    "server paging, silent": {"page": 4, "links": None},
    "ceiling": {"top_max": 10},
    "no $top at all": {"top_max": 0},
    "no $top, server paging": {"top_max": 0, "page": 3},
    "no $count": {"counts": False},
    "no $count, silent pages": {"counts": False, "page": 4, "links": None},
    "filter ignored, all at once": {"filters": frozenset()},
    "filter ignored, no $count": {"filters": frozenset(), "counts": False},
    "filter ignored, links": {"filters": frozenset(), "page": 4},
    "filter ignored, links to the root": {"filters": frozenset(), "page": 4, "links": "root"},
    "filter ignored, links to the request": {"filters": frozenset(), "page": 4, "links": "request"},
    "filter ignored, silent pages": {"filters": frozenset(), "page": 4, "links": None},
    "order ignored": {"orders": False, "page": 4},
    "count one too high": {"miscount": 1},
    "count too high, pages": {"miscount": 7, "page": 4},
    "count too low, pages": {"miscount": -10, "page": 4},
    "count as low as the ceiling": {"miscount": -21, "page": 4, "links": None, "top_max": 4},
}


@pytest.mark.parametrize("habits", GOOD.values(), ids=GOOD)
def test_nothing_is_lost_by_keyset(serve, reader, habits):
    """Whatever a service does with pages, filters and counts, each entity comes exactly once."""
    rows = random.Random(4).sample(ROWS, len(ROWS))
    server = serve(Shop(rows, **habits))
    asking = reader(server.root)

    assert ids(asking, question()) == WHOLE
    assert ids(asking, question()) == WHOLE


COMPOSITE = {
    "all at once": {},
    "links": {"page": 4},
    "links to the root": {"page": 4, "links": "root"},
    "no $count": {"counts": False},
    "no $count, links": {"counts": False, "page": 4},
    "silent pages": {"page": 4, "links": None},
    "no $count, silent pages": {"counts": False, "page": 4, "links": None},
    "no $skip": {"skips": False},
    "no $skip, no $count": {"skips": False, "counts": False},
    "count too high": {"miscount": 3},
}


@pytest.mark.parametrize("habits", COMPOSITE.values(), ids=COMPOSITE)
def test_nothing_is_lost_by_links(serve, reader, habits):
    """Keys of several properties are read along next links, and by `$skip` where a page was cut without one."""
    server = serve(Shop(ROWS, key=("part", "id"), **habits))

    assert ids(reader(server.root), question(("part", "id"))) == sorted((n % 3, n) for n in WHOLE)


BAD = {
    "silent pages, nothing else works": {"page": 4, "links": None, "skips": False, "filters": frozenset()},
    "count too high, no proof": {"miscount": 3, "skips": False, "filters": frozenset()},
}


@pytest.mark.parametrize("habits", BAD.values(), ids=BAD)
def test_what_cannot_be_proved_whole_is_an_error(serve, reader, habits):
    """A short set is never passed on as the whole."""
    server = serve(Shop(ROWS, **habits))

    with pytest.raises(ServiceError) as caught:
        ids(reader(server.root), question())

    (problem,) = caught.value.problems
    assert problem.code == "not-odata"
    assert "Things" in problem.message()
    assert len(server.seen) < 40


def test_a_link_that_leads_to_itself_is_cut(serve, reader):
    """A next link that repeats does not go on for ever."""

    def script(request):
        if request.path.endswith("$count"):
            return Reply(404)
        if "$skip" in request.options:
            return refusal(400, "no $skip")
        return answer({"value": ROWS[:4], "@nextLink": "Things?$skiptoken=4"})

    server = serve(script)
    with pytest.raises(ServiceError):
        ids(reader(server.root), question(("part", "id")))

    assert len(server.seen) < 20


def test_links_that_bring_nothing_new_are_cut(serve, reader):
    """Ever new links to the same page end, too."""
    number = iter(range(10_000))

    def script(request):
        return answer(
            {"value": ROWS[:4], "@odata.count": 9, "@odata.nextLink": f"Things?$skiptoken={next(number)}"}
        )

    server = serve(script)
    with pytest.raises(ServiceError):
        ids(reader(server.root), question(("part", "id")))

    assert len(server.seen) < 100


def test_a_small_set_costs_one_request(serve, reader):
    """The count comes with the page: when they agree nothing more is asked."""
    server = serve(Shop(ROWS[:24]))

    ids(reader(server.root), question())

    assert len(server.seen) == 1


@pytest.mark.parametrize("composite", [False, True])
@pytest.mark.parametrize("page", [10, 16])
def test_a_count_of_the_page_is_seen_through(serve, reader, page, composite):
    """A service that cuts pages silently and counts only the page it sends is asked whether that was all."""
    server = serve(Shop(ROWS, page=page, links=None, miscount=page - len(ROWS)))
    asked = question(("part", "id"), comparable=True, plain=False) if composite else question()

    assert len(ids(reader(server.root), asked)) == len(ROWS)


COMPARABLE = {
    "all at once": {},
    "ceiling": {"top_max": 4},
    "silent pages": {"page": 4, "links": None},
    "silent pages, no $skip": {"page": 4, "links": None, "skips": False},
    "links": {"page": 4},
    "`gt` refused": {"page": 4, "refused": frozenset({"gt"})},
    "filter ignored": {"page": 4, "filters": frozenset()},
    "order ignored": {"page": 4, "orders": False},
    "no $count": {"counts": False, "page": 4, "links": None},
    "count too high": {"miscount": 3, "page": 4, "links": None},
}


@pytest.mark.parametrize("habits", COMPARABLE.values(), ids=COMPARABLE)
def test_nothing_is_lost_by_keyset_of_several_properties(serve, reader, habits):
    """Keys of several properties are walked by keyset too, the first weighing most; the same rungs lie below."""
    rows = random.Random(4).sample(ROWS, len(ROWS))
    server = serve(Shop(rows, key=("part", "id"), **habits))
    asked = question(("part", "id"), comparable=True, plain=False)

    assert ids(reader(server.root), asked) == sorted((n % 3, n) for n in WHOLE)


def test_a_refused_keyset_is_another_rung(serve, reader):
    """A service that refuses `gt` on the key is read along its links."""
    server = serve(Shop(ROWS, page=4, refused=frozenset({"gt"})))

    assert ids(reader(server.root), question()) == WHOLE


def test_text_keys_without_a_count_go_by_links(serve, reader):
    """Where nothing witnesses, the order of texts and their comparison are not trusted to agree."""
    server = serve(Shop(ROWS, page=4, counts=False))

    assert ids(reader(server.root), question(plain=False)) == WHOLE
    assert not any(" gt " in request.options.get("$filter", "") for request in server.seen)


@pytest.mark.parametrize("known", [10, 0])
def test_a_known_ceiling_is_not_tried(serve, reader, known):
    """What a dialect or a probe says of `$top` is respected from the first question on."""
    server = serve(Shop(ROWS, top_max=known))
    asking = reader(server.root)
    asking.top = known

    assert ids(asking, question()) == WHOLE
    assert {request.options.get("$top") for request in server.seen} <= {"10", None}


def test_a_ceiling_is_learned_once(serve, reader):
    """The limit that a refusal names is kept for the set; the rest is asked for without `$top` when pages would be many."""
    server = serve(Shop(ROWS, top_max=5))
    asking = reader(server.root)

    assert ids(asking, question()) == WHOLE
    assert [request.options.get("$top") for request in server.seen] == ["1000", "5", None, None]
    assert ids(asking, question()) == WHOLE
    assert [request.options.get("$top") for request in server.seen[4:]] == ["5", None, None]


def test_an_empty_page_with_a_link_is_not_the_end(serve, reader):
    """A service may page before it filters: empty pages are followed."""

    def script(request):
        if request.path.endswith("$count"):
            return Reply(404)
        token = int(request.options.get("$skiptoken", 0))
        if "$count" in request.options:
            return refusal(400, "no $count")
        if "gt 2" in request.options.get("$filter", ""):
            return answer({"value": []})
        if token < 3:
            return answer({"value": [], "@odata.nextLink": f"Things?$skiptoken={token + 1}"})
        return answer({"value": ROWS[:3]})

    assert ids(reader(serve(script).root), question()) == [0, 1, 2]


def test_inserted_and_deleted_while_reading(serve, reader):
    """What stood there all the time is read, whatever others insert and delete meanwhile; nobody is seen twice."""
    moves = iter(
        [
            lambda rows: rows.insert(0, {"id": -5, "name": "new", "part": 0}),
            lambda rows: rows.remove(ROWS[1]),
            lambda rows: rows.remove(ROWS[24]),
        ]
    )

    def meddle(shop, request):
        if "gt" in request.options.get("$filter", ""):
            next(moves, lambda rows: None)(shop.rows)

    found = ids(reader(serve(Shop(list(ROWS), page=6, links=None, before=meddle)).root), question())

    assert set(found) >= set(WHOLE) - {1, 24}


def test_a_condition_is_kept_on_every_page(serve, reader):
    """A filtered question is read whole like a set."""
    server = serve(Shop(ROWS, page=3))

    assert ids(reader(server.root), question(condition="part in (0,2)")) == [
        n for n in WHOLE if n % 3 in (0, 2)
    ]
    assert all("part in (0,2)" in request.options["$filter"] for request in server.seen)


def test_a_refused_question_is_the_callers(serve, reader):
    """A service that refuses the condition refuses it once the form of its pages is known."""
    server = serve(Shop(ROWS[:24], refused=frozenset({"in"})))
    asking = reader(server.root)
    ids(asking, question())

    with pytest.raises(ReadFailed):
        ids(asking, question(condition="part in (1,2)"))

    assert len(server.seen) == 2


def test_forms_are_given_up_one_by_one(serve, reader):
    """`$top`, `$count` and `$orderby` are dropped where they are refused."""

    def script(request):
        if request.options.keys() & {"$top", "$count", "$orderby"} or request.path.endswith("$count"):
            return refusal(501, "not implemented")
        return answer({"value": ROWS})

    assert ids(reader(serve(script).root), question()) == WHOLE


def test_other_refusals_are_final(serve, reader):
    """404 for a set is not about the form of the question."""
    server = serve(lambda request: refusal(404, "no such set"))

    with pytest.raises(ReadFailed):
        ids(reader(server.root), question())

    assert len(server.seen) == 1


def test_first_page(serve, reader):
    """A sample is only as long as asked for, and teaches nothing wrong about pages."""
    server = serve(Shop(ROWS))
    asking = reader(server.root)

    assert len(first_page(asking, question(), 2).entities) == 2
    assert ids(asking, question()) == WHOLE
    assert server.seen[-1].options["$top"] == "1000"


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(0, 30),
    page=st.none() | st.integers(1, 7),
    links=st.sampled_from(["absolute", "root", "request", None]),
    top_max=st.none() | st.integers(0, 9),
    filters=st.sampled_from([frozenset(), frozenset({"gt"})]),
    counts=st.booleans(),
    skips=st.booleans(),
    miscount=st.sampled_from([0, 0, 3]),
    composite=st.booleans(),
    seed=st.integers(0, 9),
)
def test_whole_or_error(rows, page, links, top_max, filters, counts, skips, miscount, composite, seed):
    """Any mix of habits: the set is whole, or it is an error, or nobody could know (no count, no link, no filter, no `$skip`)."""
    stored = random.Random(seed).sample(ROWS * 2, 0) or [
        {"id": n, "name": "x", "part": n % 2} for n in range(rows)
    ]
    random.Random(seed).shuffle(stored)
    shop = Shop(
        stored,
        page=page,
        links=links,
        top_max=top_max,
        filters=filters,
        counts=counts,
        skips=skips,
        miscount=miscount,
    )
    server = Scripted(shop)
    shop.root = server.root
    connection = Connection(server.root)
    try:
        asked = question(("part", "id") if composite else ("id",))
        found = ids(Reader(connection, pause=lambda _: None, sets=frozenset({"Things"})), asked)
    except ServiceError:
        assert miscount or (page is not None and not skips)
    else:
        blind = not counts and page is not None and links is None and not skips
        assert len(found) == rows or blind
    finally:
        connection.close()
        server.close()


def test_questions_are_values():
    """A question can be changed for a part of it."""
    assert msgspec.structs.replace(question(), condition="id gt 1").condition == "id gt 1"
