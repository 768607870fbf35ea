"""How long `importer --help` takes, against a bare interpreter."""

import subprocess
import sys
import time

ROUNDS = 7


def main() -> None:
    """Print the fastest of each, interleaved."""
    bare, helped = [], []
    for _ in range(ROUNDS):
        bare.append(_timed([sys.executable, "-c", "pass"]))
        helped.append(_timed([sys.executable, "-m", "importer", "--help"]))
    print(f"startup   importer --help {min(helped):.3f} s, bare interpreter {min(bare):.3f} s")


def _timed(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun
