"""A seeded mutator of bytes: flips, cuts, repeats, numbers at their limits, and pieces of other files."""

from __future__ import annotations

import random

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WORDS = (
    *(
        b"null",
        b"true",
        b"-1",
        b"1e999",
        b"NaN",
        b"Infinity",
        b'""',
        b"[]",
        b"{}",
        b"[{}]",
        b"\\ud800",
    ),
    *(
        b"9999-12-31T23:59:59.999999Z",
        b"0001-01-01T00:00:00Z",
        b"99999999999999999999",
        b"\0",
        b"\xff\xd9",
    ),
    *(
        b"\xff\xd8\xff",
        b"IDAT",
        b"iTXt",
        b"<a>",
        b"</a>",
        b"<!DOCTYPE a>",
        b"rdf:li",
        b"=",
        b"[Crop]",
        b"ftyp",
    ),
)
_MOST_BYTES = 1 << 20


def mutated(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """One to eight changes to ``data``; ``others`` are files from which pieces may come."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        _change(found, chance, others)
        del found[_MOST_BYTES:]
    return bytes(found)


def _change(data: bytearray, chance: random.Random, others: list[bytes]) -> None:
    at = chance.randrange(len(data) + 1)
    # Headers decide more than pixels do.
    if chance.random() < 0.5:
        at = min(at, chance.randrange(1, 400))
    length = min(chance.choice((1, 2, 4, 8, 64, 1000)), len(data) - at)
    match chance.randrange(9):
        case 0 if at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        case 1 if at < len(data):
            data[at] = chance.randrange(256)
        case 2:
            del data[at : at + length]
        case 3:
            del data[at:]
        case 4:
            data[at:at] = data[at : at + length] * chance.choice((1, 2, 50))
        case 5:
            size = chance.choice((1, 2, 4, 8))
            number = chance.choice(_NUMBERS) & ((1 << 8 * size) - 1)
            data[at : at + size] = number.to_bytes(size, chance.choice(("big", "little")))
        case 6:
            data[at : at + chance.choice((0, length))] = chance.choice(_WORDS)
        case 7:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            data[at : at + length] = other[start : start + chance.choice((4, 40, 400))]
        case _:
            data[at:at] = chance.randbytes(length)
