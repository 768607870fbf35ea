"""Chapter 9, the index: which scene plays each rule that real servers taught us (odata-protocol.md §1; timetta.md §2–§7).

A rule without a test is a rumour. Paths begin at `tests/`; what is a fact about one service only is played by the sandbox, which has it
as a habit.
"""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
_STORY, _HTTP, _RUN = "unit/odata/test_", "unit/odata/http/test_", "unit/executor/test_running.py::test_"
_LADDER, _ASK, _BOX = (
    "unit/executor/test_ladder.py::test_",
    "unit/service/test_entities.py::test_",
    "unit/sandbox/test_",
)
_4, _5, _6, _7 = (
    _STORY + name
    for name in ("4_reading.py::test_", "5_batch.py::test_", "6_sessions.py::test_", "7_pace.py::test_")
)

RULES: dict[str, tuple[str, ...]] = {
    # odata-protocol.md §1
    "1 a filter may not have been applied": (
        _4 + "9_what_is_not_there_is_believed_only_after_a_proof",
        _4 + "10_a_filter_that_is_ignored_proves_nothing",
        _ASK + "a_row_that_was_not_asked_for",
    ),
    "2 a key we chose may not have been kept": (
        _RUN + "first_create_of_a_set_goes_alone",
        _RUN + "replaced_keys_are_followed",
        _RUN + "a_service_that_refuses_our_keys",
    ),
    "3 PATCH is no upsert": (
        _RUN + "update_that_creates_stops_everything",
        _RUN + "created_but_nowhere",
        _RUN + "creates_are_posts",
    ),
    "4 If-None-Match guards nothing": (_RUN + "creates_are_posts", _RUN + "duplicate_key_of_another"),
    "5 no groups": (
        _5 + "operations_are_independent",
        "unit/odata/batch/test_multipart.py::test_the_answer_of_a_change_set",
    ),
    "6 a lost answer is no lost write": (
        _LADDER + "lost_batches",
        "unit/executor/test_crashes.py::test_nothing_twice_nothing_lost",
    ),
    "7 a duplicate key has no status": (_RUN + "duplicate_of_our_own", _RUN + "duplicate_key_of_another"),
    "8 what was stored is compared with what was sent": (
        _RUN + "stored_differently",
        _RUN + "answers_without_a_body_are_read_back",
        _RUN + "binds_are_followed",
    ),
    "9 GUIDs in small letters, compared as UUIDs": (
        "unit/executor/test_values.py::test_guids_are_lower_case",
        _ASK + "one_with_guids",
    ),
    "10 what each operation of a batch needs": (
        _5 + "each_operation_travels_with_all_it_needs",
        "unit/odata/batch/test_multipart.py::test_written_to_the_letter",
    ),
    "11 both spellings of a preference": (
        _HTTP + "connection.py::test_reads_and_writes_carry_the_headers_of_the_protocol",
    ),
    "12 429 and 413 may mean size": (
        _7 + "413_and_429_may_be_about_size",
        _LADDER + "too_many_is_told_from_too_fast",
    ),
    # timetta.md §2
    "2a an hour's token, and a refresh token that works once": (
        _6 + "a_token_is_renewed_before_its_end",
        "journeys/test_logging_in.py::test_two_processes_with_one_refresh_token",
    ),
    "2b an API token": ("journeys/test_logging_in.py::test_an_api_token",),
    "2c renewed once after a 401": (
        _6 + "a_token_refused_early_is_renewed_once_and_the_request_sent_again",
        _LADDER + "login_ends_inside_a_batch",
    ),
    "2d 403 for what a token may not do": (
        _HTTP + "reading.py::test_a_right_that_is_missing",
        _RUN + "forbidden_set_is_left",
    ),
    # timetta.md §3
    "3a the path in any case": (_BOX + "switches.py::test_names",),
    "3b any order without $orderby": (_HTTP + "collecting.py::test_nothing_is_lost_by_keyset",),
    "3c a ceiling of $top": (
        _4 + "5_a_ceiling_of_top_is_learned_from_the_refusal",
        _HTTP + "collecting.py::test_a_known_ceiling_is_not_tried",
    ),
    "3d instants with six and seven digits": (_STORY + "3_literals.py::test_the_seventh_digit",),
    "3e numbers, enumerations, 0001-01-01": (
        _STORY + "3_literals.py::test_exact_numbers",
        _STORY + "3_literals.py::test_an_entity_as_servers_send_it",
        "unit/odata/edm/test_lexical.py::test_the_edges_of_time",
    ),
    "3f dynamic properties do not disturb": (
        _STORY + "3_literals.py::test_an_entity_as_servers_send_it",
        _BOX + "switches.py::test_dynamic_properties_and_digits",
    ),
    # timetta.md §4
    "4a the key is taken from the body": ("unit/executor/test_answers.py::test_key_of_what_was_made",),
    "4b 204 to a PATCH": (_RUN + "answers_without_a_body_are_read_back",),
    "4c references go by their key": (_STORY + "2_writable.py::test_which_property_holds_a_reference",),
    "4d the service renames": (
        _STORY + "2_writable.py::test_a_dialect_corrects",
        _BOX + "switches.py::test_renamed_and_numbered",
    ),
    "4e rowVersion": (
        _BOX + "switches.py::test_row_version",
        "journeys/test_applying.py::test_a_version_in_the_body_goes_back",
    ),
    "4f no $batch": (_RUN + "single_requests_without_a_batch", _LADDER + "steps_down_and_remembers"),
    "4g a tree of tasks": (_BOX + "timetta_work.py::test_a_tree",),
    "4h states": (_BOX + "timetta_work.py::test_states",),
    # timetta.md §5
    "5a a business error is a 500 with words": (
        _RUN + "business_refusal_is_told_whole",
        _STORY + "3_literals.py::test_refusals_of_every_shape",
    ),
    "5b a 500 without words is asked alone": (_RUN + "mute_refusal_is_heard_alone",),
    "5c duplicates are possible, and told": (
        "unit/planner/test_matching.py::test_two_entities_with_one_value",
    ),
    # timetta.md §6
    "6a what is left of the hour": (
        _7 + "a_quota_that_runs_out_is_spread",
        _7 + "an_hours_budget_is_never_exceeded",
    ),
    "6b three meanings of 403": (
        _7 + "403_means_three_things",
        _LADDER + "a_throttle_that_does_not_end_is_a_refusal",
    ),
    "6c no versions: what changed is told": (
        _STORY + "8_commands.py::test_a_change_is_told_with_the_recipes_it_touches",
    ),
    # timetta.md §7
    "7.1 constraints cannot be trusted": (_STORY + "2_writable.py::test_the_traps_of_a_real_document",),
    "7.2 and 7.3 inheritance": (
        "unit/planner/test_matching.py::test_a_set_of_a_base_type_is_the_same_entity",
    ),
    "7.4 what is needed to create": (_STORY + "2_writable.py::test_what_is_needed_to_create",),
    "7.5 open types": (
        _4 + "11_a_name_that_the_model_does_not_have_is_never_asked_by",
        _BOX + "switches.py::test_unknown_property",
    ),
    "7.6 to 7.10 what a dialect knows": (_STORY + "2_writable.py::test_the_dialects_that_come_along",),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_played(rule):
    """Every scene that is named is there."""
    for named in RULES[rule]:
        path, _, test = named.partition("::")
        assert re.search(rf"^def {test}\(", (TESTS / path).read_text("utf-8"), re.MULTILINE), named
