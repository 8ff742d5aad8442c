"""A short run of the fuzzer, the same files each time; ``python -m tests.fuzz.run`` goes on for hours."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutations import mutated
from tests.fuzz.readers import READERS, Reader, Refused, attempt

FILES = 60


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_damaged_files_are_read_or_refused(reader: Reader, tmp_path: Path) -> None:
    corpus = reader.corpus(tmp_path)
    chance = random.Random(reader.name)
    for n in range(FILES):
        folder = tmp_path / str(n)
        folder.mkdir()
        with contextlib.suppress(Refused):
            attempt(reader, mutated(chance.choice(corpus), chance, corpus), folder)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_good_files_are_read(reader: Reader, tmp_path: Path) -> None:
    for n, data in enumerate(reader.corpus(tmp_path)):
        folder = tmp_path / str(n)
        folder.mkdir()
        attempt(reader, data, folder)


@pytest.mark.filterwarnings("ignore")
@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.binary(max_size=300), which=st.sampled_from(READERS))
def test_any_bytes_are_read_or_refused(
    data: bytes, which: Reader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with contextlib.suppress(Refused):
        attempt(which, data, tmp_path_factory.mktemp("any"))
