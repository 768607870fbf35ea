"""The loop: mutate, run, keep what is news, and write down what crashes, hangs or eats memory."""

import faulthandler
import resource
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import CodeType, FrameType

from tests.fuzzing.edges import Edges
from tests.fuzzing.mutating import Mutator

# What one input may cost. Tracing makes code some ten times slower.
SECONDS = 10
MEBIBYTES = 200
# A hang in foreign code never comes back to Python: the process ends with a traceback instead.
_HARD_SECONDS = 60
_ADDRESS_SPACE = 4 * 2**30


class Hang(BaseException):
    """One input took too long. No `except Exception` of the code under test swallows it."""


@dataclass
class Tally:
    """What a run came to. `findings`: (kind, where) → the file with the first input that showed it."""

    runs: int = 0
    kept: int = 0
    edges: int = 0
    findings: dict[tuple[str, str], Path] = field(default_factory=dict)


def fuzz(
    one: Callable[[bytes], None], seeds: Sequence[bytes], *, seconds: float, seed: int, found: Path
) -> Tally:
    """Run `one` on mutations of `seeds` until the time is over; findings are written into the folder `found`."""
    random, tally = Random(seed), Tally()
    corpus, known = list(seeds) or [b""], set[tuple[CodeType, int, int, int]]()
    mutator, edges = Mutator(random, corpus), Edges()
    found.mkdir(parents=True, exist_ok=True)
    for data in corpus:
        known |= _ran(one, data, edges, tally, found)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutator.mutate(_chosen(random, corpus), random.choice(corpus))
        news = _ran(one, data, edges, tally, found) - known
        if news:
            known |= news
            corpus.append(data)
            tally.kept += 1
    tally.edges = len(known)
    return tally


def guard() -> None:
    """Give the process its limits: address space, and the alarm that ends a hang."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    signal.signal(signal.SIGALRM, _alarm)


def _chosen(random: Random, corpus: Sequence[bytes]) -> bytes:
    """Return an input, late ones more often: what was news lately has been tried least."""
    return corpus[max(random.randrange(len(corpus)), random.randrange(len(corpus)))]


def _ran(
    one: Callable[[bytes], None], data: bytes, edges: Edges, tally: Tally, found: Path
) -> frozenset[tuple[CodeType, int, int, int]]:
    before = peak()
    current = found / "current"
    current.write_bytes(data)
    faulthandler.dump_traceback_later(_HARD_SECONDS, exit=True)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    tally.runs += 1
    try:
        with edges:
            one(data)
    except Hang as hang:
        _report("hang", hang, data, tally, found)
    except Exception as crash:  # noqa: BLE001 - whatever comes out is what is looked for
        _report("crash", crash, data, tally, found)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
    if peak() - before > MEBIBYTES:
        _report("memory", MemoryError(f"{peak() - before} MiB"), data, tally, found)
    return edges.seen()


def _report(kind: str, error: BaseException, data: bytes, tally: Tally, found: Path) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno}" if frames else str(error)
    if (kind, where) in tally.findings:
        return
    path = found / f"{kind}-{len(tally.findings) + 1}"
    path.write_bytes(data)
    path.with_suffix(".txt").write_text("".join(traceback.format_exception(error)), "utf-8")
    tally.findings[kind, where] = path


def peak() -> int:
    """Return the most memory the process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _alarm(_number: int, _frame: FrameType | None) -> None:
    raise Hang
