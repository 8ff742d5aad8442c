"""Pictures in a maker's note are found from their first byte to their last."""

from __future__ import annotations

import struct

import pytest

from cropcore.metadata.maker_notes import pictures

PLACE = 1000
START, END = b"\xff\xd8\xff\xe0", b"\xff\xd9"


def note(values: bytes, order: str, kind: int = 4) -> bytes:
    """A note without a prefix: a directory of one entry, of numbers that are no plain bytes or of a kind."""
    count = len(values) // {1: 1, 3: 2, 4: 4, 6: 1, 7: 1}[kind]
    entry = struct.pack(order + "HHII", 5, kind, count, PLACE + 18)
    return struct.pack(order + "H", 1) + entry + bytes(4) + values


@pytest.mark.parametrize("order", ["<", ">"])
def test_jpegs_among_numbers_are_found_whole(order: str) -> None:
    values = bytearray(2000)
    values[100:104], values[498:500] = START, END
    values[700:704], values[900:902] = START, END
    values[1500:1504] = START
    whole = note(bytes(values), order)
    at = PLACE + 18
    found = [(at + 100, at + 500), (at + 700, at + 902), (at + 1500, PLACE + len(whole))]
    assert pictures(whole, PLACE, order) == found


@pytest.mark.parametrize(
    ("kind", "size", "found"),
    [
        (1, 1200, True),
        (6, 1200, True),
        (7, 1200, True),
        (3, 1200, False),
        (7, 999, False),
        (7, 1000, True),
    ],
)
def test_large_values_of_bytes_are_pictures(kind: int, size: int, found: bool) -> None:
    whole = note(bytes(size), "<", kind) + bytes(1000)
    at = PLACE + 18
    assert pictures(whole, PLACE, "<") == ([(at, at + size)] if found else [])


def test_a_note_that_is_no_directory_is_a_picture_as_a_whole() -> None:
    whole = b"\0\0" + bytes(range(1, 201)) * 10
    assert pictures(whole, PLACE, "<") == [(PLACE, PLACE + len(whole))]
    assert pictures(whole[:999], PLACE, "<") == []
