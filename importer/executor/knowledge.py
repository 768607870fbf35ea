"""What is known while a plan is carried out: states of actions, keys that were made, habits of sets.

All of it is recomputed from the journal when an apply goes on after a stop.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from importer.executor.recovery import Keys
from importer.executor.values import Key, plain, typed
from importer.odata.edm import Model
from importer.plan import Action, JsonValue, State, Verb, references_in


@dataclass
class Knowledge:
    """States by action, made keys by action, habits by set.

    keys: the profile's `keys`: `server` never sends our own, `client` trusts that they are kept, `auto`
    learns it from the first create of each set (odata-protocol.md rule 2). tried: sent in an earlier apply,
    or lost in this one. version_of: type → the property that a service checks instead of an ETag, if it has one.
    """

    model: Model
    keys: str = "auto"
    states: dict[int, State] = field(default_factory=dict)
    made: dict[int, Mapping[str, JsonValue]] = field(default_factory=dict)
    tried: set[int] = field(default_factory=set)
    version_of: Callable[[str], str | None] = lambda _: None
    _kept: dict[str, bool] = field(default_factory=dict)

    def remember(self, attempts: Mapping[int, Mapping[str, Any]]) -> None:
        """Take the latest attempts of the journal."""
        for number, attempt in attempts.items():
            if attempt["sent"] is not None:
                self.tried.add(number)
            if attempt["outcome"] == State.DONE and attempt["made_key"] is not None:
                self.made[number] = attempt["made_key"]

    def expect(self, kept: Mapping[str, bool]) -> None:
        """Begin with what a probe found out: set → whether it keeps our keys."""
        self._kept.update(kept)

    def learn(self, action: Action, sent: Key | None, made: Key | None) -> None:
        """Learn from a create whether its set keeps the keys we choose."""
        if action.verb is Verb.CREATE and action.own_key and made is not None:
            # One key replaced, or refused until it was left out, is enough to distrust the set for the rest of the plan.
            same = sent is not None and dict(sent) == dict(made)
            self._kept[action.set] = self._kept.get(action.set, True) and same

    def recall(self, actions: Iterable[Action], attempts: Mapping[int, Mapping[str, Any]]) -> None:
        """Learn the habits of sets from what the journal says of creates that are done."""
        for action in actions:
            attempt = attempts.get(action.id)
            if attempt is None or attempt["made_key"] is None:
                continue
            sent, made = (
                typed(attempt[name], self.model, action.type) if attempt[name] is not None else None
                for name in ("key", "made_key")
            )
            self.learn(action, sent, made)

    def keys_of(self, action: Action) -> Keys:
        """Return whose key this create has, as far as is known now."""
        if action.key is None or (action.own_key and self.keys == "server"):
            return Keys.SERVICE
        kept = self._kept.get(action.set)
        if kept is None:
            return Keys.OURS if self.keys == "client" else Keys.UNKNOWN
        return Keys.OURS if kept else Keys.SERVICE

    def sends_own_key(self, action: Action) -> bool:
        """Whether the key we propose goes into the body."""
        return action.own_key and self.keys_of(action) is not Keys.SERVICE

    def must_teach(self, action: Action) -> bool:
        """Whether this create goes alone, because the habit of its set is not known yet."""
        return action.verb is Verb.CREATE and action.own_key and self.keys_of(action) is Keys.UNKNOWN

    def done(self, number: int, key: Key | None) -> None:
        """Take a success with the key that the entity has."""
        self.states[number] = State.DONE
        if key is not None:
            self.made[number] = plain(key) or {}

    def reference(self, number: int) -> JsonValue:
        """Return what stands in a body for what a done action made: its key, several as an object."""
        key = self.made[number]
        return next(iter(key.values())) if len(key) == 1 else dict(key)

    def waits_for(self, action: Action) -> int | None:
        """Return the first action that must be done before this one and is not; None when it may go."""
        return next(
            (number for number in _needed(action) if self.states.get(number, State.DONE) is not State.DONE),
            None,
        )


def _needed(action: Action) -> Iterator[int]:
    yield from action.after
    for values in (action.body, action.key):
        yield from (reference.action for reference in references_in(values or {}))
