"""Problems gathered in order, grouped when the same sentence hits many rows."""

from collections.abc import Iterable, Iterator

import msgspec

from importer.problems.place import Place
from importer.problems.problem import Problem, Severity, code_of, severity_of


class ProblemGroup(msgspec.Struct, frozen=True):
    """The same problem at one or many places."""

    problem: Problem
    places: tuple[Place, ...]
    count: int

    @property
    def code(self) -> str:
        """Return the problem's code."""
        return code_of(self.problem)

    @property
    def severity(self) -> Severity:
        """Return the problem's severity."""
        return severity_of(self.problem)

    def as_json(self) -> dict[str, object]:
        """Return the shape of cli.md, *JSON*; `places` is complete."""
        problem = self.problem
        return {
            "code": self.code,
            "severity": str(self.severity),
            "step": problem.step,
            "message": problem.message(),
            "hint": problem.advice(),
            "found": problem.found,
            "expected": problem.expected,
            "near": [near.as_json() for near in problem.near],
            "count": self.count,
            "places": [place.as_json() for place in self.places],
        }


class Collector:
    """Problems in the order found. `add` takes a problem, `extend` many."""

    def __init__(self) -> None:
        """Start empty."""
        self._problems: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """Keep `problem`."""
        self._problems.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep each of `problems`."""
        self._problems.extend(problems)

    def __iter__(self) -> Iterator[Problem]:
        """Iterate in the order found."""
        return iter(self._problems)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._problems)

    def has(self, severity: Severity) -> bool:
        """Whether a problem of this severity is there."""
        return any(severity_of(problem) is severity for problem in self._problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return all of them."""
        return tuple(self._problems)


_ORDER = {severity: position for position, severity in enumerate(Severity)}


def group(problems: Iterable[Problem]) -> tuple[ProblemGroup, ...]:
    """Return `problems` grouped by severity, code, step, message and hint; errors first, else in the order found."""
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        key = (
            _ORDER[severity_of(problem)],
            code_of(problem),
            problem.step,
            problem.message(),
            problem.advice(),
        )
        groups.setdefault(key, []).append(problem)
    return tuple(
        ProblemGroup(
            members[0], tuple(dict.fromkeys(p.place for p in members if p.place is not None)), len(members)
        )
        for _, members in sorted(groups.items(), key=lambda item: item[0][0])  # type: ignore[arg-type,return-value]
    )
