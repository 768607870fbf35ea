"""One input → another that is a little wrong: bytes, pieces between delimiters, and parts of other inputs."""

import re
from collections.abc import Callable, Sequence
from random import Random

MAX_LENGTH = 64 * 2**10
# Where texts of XML, JSON, MIME and CSV can be cut so that the pieces mean something.
_PIECES = re.compile(rb"[A-Za-z0-9_.$@\x80-\xff]+|\s+|.", re.DOTALL)
_WORDS = re.compile(rb"[A-Za-z$@][A-Za-z0-9_.:@$-]{1,40}")
_NASTY = (
    *(
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\r\n",
        b"\n\n",
        b"<",
        b">",
        b"&",
        b'"',
        b"'",
        b"{",
        b"[",
        b"]",
        b"}",
        b"//",
    ),
    *(
        b"-1",
        b"0",
        b"1e999",
        b"99999999999999999999",
        b"NaN",
        b"null",
        b"true",
        b"\\ud800",
        b"\\u0000",
        b"<!DOCTYPE x[",
        b"&#0;",
    ),
    *(
        b"<![CDATA[",
        b"--",
        b"%00",
        b"\xc3\x28",
        b"Collection(Collection(",
        b"../..",
        b"{}",
        b"[]",
        b"[[[[[[[[",
        b'""',
    ),
)


class Mutator:
    """Makes inputs from a corpus. The same `random` makes the same inputs."""

    def __init__(self, random: Random, seeds: Sequence[bytes]) -> None:
        self._random = random
        words = {word for seed in seeds for word in _WORDS.findall(seed)}
        self._words = (*_NASTY, *sorted(words))
        self._ways: tuple[Callable[[bytes, bytes], bytes], ...] = (
            self._flip,
            self._cut,
            self._insert,
            self._repeat,
            self._splice,
            self._drop_pieces,
            self._swap_pieces,
            self._replace_piece,
            self._replace_piece,
            self._nest,
        )

    def mutate(self, data: bytes, other: bytes) -> bytes:
        """Return `data` changed in one to six ways, with material from `other`; never longer than the limit."""
        for _ in range(self._random.choice((1, 1, 1, 2, 2, 3, 6))):
            data = self._random.choice(self._ways)(data, other)[:MAX_LENGTH]
        return data

    def _at(self, data: bytes) -> int:
        return self._random.randrange(len(data) + 1)

    def _span(self, length: int, most: int) -> tuple[int, int]:
        begin = self._random.randrange(length + 1)
        return begin, min(length, begin + self._random.randrange(1, most + 1))

    def _flip(self, data: bytes, _other: bytes) -> bytes:
        changed = bytearray(data or b"\0")
        changed[self._random.randrange(len(changed))] = self._random.randrange(256)
        return bytes(changed)

    def _cut(self, data: bytes, _other: bytes) -> bytes:
        if self._random.random() < 0.2:
            return data[: self._at(data)]
        begin, end = self._span(len(data), 40)
        return data[:begin] + data[end:]

    def _insert(self, data: bytes, _other: bytes) -> bytes:
        position = self._at(data)
        return data[:position] + self._random.choice(self._words) + data[position:]

    def _repeat(self, data: bytes, _other: bytes) -> bytes:
        begin, end = self._span(len(data), 200)
        times = self._random.choice((1, 1, 2, 10, 100))
        return data[:end] + data[begin:end] * times + data[end:]

    def _splice(self, data: bytes, other: bytes) -> bytes:
        begin, end = self._span(len(other), 400)
        here, there = self._span(len(data), 100)
        return data[:here] + other[begin:end] + data[there:]

    def _drop_pieces(self, data: bytes, _other: bytes) -> bytes:
        pieces = _PIECES.findall(data)
        begin, end = self._span(len(pieces), 12)
        return b"".join((*pieces[:begin], *pieces[end:]))

    def _swap_pieces(self, data: bytes, _other: bytes) -> bytes:
        pieces = _PIECES.findall(data)
        if len(pieces) > 1:
            one, two = self._random.sample(range(len(pieces)), 2)
            pieces[one], pieces[two] = pieces[two], pieces[one]
        return b"".join(pieces)

    def _replace_piece(self, data: bytes, _other: bytes) -> bytes:
        pieces = _PIECES.findall(data)
        if pieces:
            pieces[self._random.randrange(len(pieces))] = self._random.choice(self._words)
        return b"".join(pieces)

    def _nest(self, data: bytes, _other: bytes) -> bytes:
        """Wrap a span in itself many times: what is recursive shows."""
        begin, end = self._span(len(data), 60)
        times = self._random.choice((2, 20, 200))
        return data[:end] + data[begin:end] * times + data[end:]
