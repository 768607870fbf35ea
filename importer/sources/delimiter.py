"""Which delimiter a text file has: clevercsv's judgement over a sample, among the four that people use."""

from collections.abc import Sequence

DELIMITERS = (",", ";", "\t", "|")
# clevercsv weighs every dialect against every cell: more than this takes seconds and says no more.
SAMPLE_LINES = 50
_SAMPLE_SIZE = 8_192


def guess_delimiter(lines: Sequence[str]) -> str | None:
    """Return the likeliest delimiter of the first lines, or None when none holds one (a single column)."""
    sample = "".join(lines[:SAMPLE_LINES])[:_SAMPLE_SIZE].replace("\0", "")
    present = [sign for sign in DELIMITERS if sign in sample]
    if len(present) < 2:
        return present[0] if present else None
    from clevercsv.detect import Detector  # noqa: PLC0415 - heavy; only where a guess is needed
    from clevercsv.exceptions import Error  # noqa: PLC0415

    try:
        found = Detector().detect(sample, delimiters=list(present))
    except Error:
        found = None
    if found is not None and found.delimiter in present:
        return str(found.delimiter)
    return max(present, key=lambda sign: _steadiness(sample, sign))


def _steadiness(sample: str, sign: str) -> tuple[int, int]:
    counts = [line.count(sign) for line in sample.splitlines() if line.strip()]
    usual = max(set(counts), key=counts.count) if counts else 0
    return (counts.count(usual) if usual else 0, usual)
