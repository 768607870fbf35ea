"""Coverage-guided fuzzing of the parsers: `python -m tests.fuzzing TARGET [--minutes 10] [--seed N]`.

A target is a module `tests/fuzzing/<target>.py` with `one(data: bytes) -> None`, which returns or raises: what
the parser refuses as it should, `one` swallows; whatever it lets out is a finding. Its seeds are the files of
`tests/fuzzing/seeds/<target>/`; each is also replayed by the ordinary suite. An input that was found to crash is
mended and then kept there.
"""
