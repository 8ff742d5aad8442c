"""How torch's workers wait is settled before torch is there, unless the person settled it."""

from __future__ import annotations

import os

import pytest

from cropcore.process import rest_idle_threads

NAMES = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")


@pytest.fixture(autouse=True)
def _nothing_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {k: v for k, v in os.environ.items() if k not in NAMES})


def test_workers_spin_for_a_moment_and_sleep_then() -> None:
    rest_idle_threads()
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
    assert 0 < int(os.environ["GOMP_SPINCOUNT"]) < 300_000


@pytest.mark.parametrize(("name", "value"), [(NAMES[0], "ACTIVE"), (NAMES[1], "0")])
def test_what_the_environment_says_is_left(name: str, value: str) -> None:
    os.environ[name] = value
    rest_idle_threads()
    assert {n: os.environ[n] for n in NAMES if n in os.environ} == {name: value}
