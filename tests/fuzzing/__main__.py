"""`python -m tests.fuzzing TARGET [--minutes 10] [--seed N] [--found DIR]`; exit 1 when something was found."""

import argparse
import importlib
import sys
import time
from pathlib import Path

from tests.fuzzing.running import fuzz, guard, peak

SEEDS = Path(__file__).parent / "seeds"


def main() -> int:
    """Fuzz one target and say how it went."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    options.add_argument("target", choices=sorted(item.name for item in SEEDS.iterdir() if item.is_dir()))
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=None, help="the same seed tries the same inputs")
    options.add_argument(
        "--found", type=Path, default=None, help="where findings go; default: build/fuzzing/TARGET"
    )
    chosen = options.parse_args()
    seed = chosen.seed if chosen.seed is not None else time.time_ns() % 1_000_000
    found = chosen.found or Path("build/fuzzing") / chosen.target
    one = importlib.import_module(f"tests.fuzzing.{chosen.target}").one
    seeds = [path.read_bytes() for path in sorted((SEEDS / chosen.target).iterdir()) if path.is_file()]
    guard()
    print(f"{chosen.target}: {len(seeds)} seeds, {chosen.minutes:g} minutes, --seed {seed}", flush=True)
    tally = fuzz(one, seeds, seconds=chosen.minutes * 60, seed=seed, found=found)
    print(
        f"{tally.runs} inputs, {tally.kept} of them news, {tally.edges} edges, {len(tally.findings)} findings,"
        f" peak {peak()} MiB"
    )
    for (kind, where), path in tally.findings.items():
        print(f"{kind}: {where}  → {path}")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
