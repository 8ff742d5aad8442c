"""Long work steps back for whoever claims it, and goes on all the same."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from cropcore import job_control as courtesy_module
from cropcore.batch import preset as preset_module
from cropcore.batch.batch import Batch
from cropcore.batch.journal import Journal
from cropcore.batch.preset import Preset
from cropcore.export import export
from cropcore.files.photo_scan import gather
from cropcore.geometry.aspect import Aspect
from cropcore.job_control import InteractivePriority, JobControl
from cropcore.process import step_back

PRESET = Preset("p", (Aspect.parse("4:5"),), format="png")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims and steps that wait for ever."""
    monkeypatch.setattr(courtesy_module, "_CLAIM_SECONDS", 1e6)
    monkeypatch.setattr(courtesy_module, "_PATIENCE_SECONDS", 1e6)


def test_a_step_waits_until_the_claim_is_released(patient: None) -> None:
    priority, passed = InteractivePriority(), []
    priority.wait()  # nobody claims anything
    priority.claim()
    assert priority.claimed
    worker = threading.Thread(target=lambda: (priority.wait(), passed.append(priority.claimed)))
    worker.start()
    priority.claim()
    priority.release()
    worker.join()
    assert passed == [False]


def test_a_step_goes_on_in_the_end_whoever_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy_module, "_CLAIM_SECONDS", 1e6)
    monkeypatch.setattr(courtesy_module, "_PATIENCE_SECONDS", 0.01)
    priority = InteractivePriority()
    priority.claim()
    priority.wait()
    assert priority.claimed


def test_a_claim_that_nobody_renews_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy_module, "_CLAIM_SECONDS", 0.01)
    monkeypatch.setattr(courtesy_module, "_PATIENCE_SECONDS", 1e6)
    priority = InteractivePriority()
    priority.claim()
    priority.wait()
    assert not priority.claimed


def test_a_cancelled_batch_waits_for_nobody(patient: None) -> None:
    priority = InteractivePriority()
    priority.claim()
    control = JobControl(priority)
    worker = threading.Thread(target=control.give_way)
    worker.start()
    control.cancel()
    worker.join()
    control.give_way()
    assert priority.claimed


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux")
def test_threads_beside_a_person_run_behind_the_others(
    make_photo, engine_double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    seen: dict[str, set[int]] = {"decode": set(), "export": set()}

    def look(module: ModuleType, name: str) -> None:
        whole = getattr(module, name)

        def work(*prior_edits: object) -> object:
            thread = threading.current_thread().name.split("_")[0]
            seen[thread].add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            return whole(*prior_edits)

        monkeypatch.setattr(module, name, work)

    look(preset_module, "read_photo")
    look(export, "decode")
    photos = gather([make_photo("a.jpg", size=(60, 40))], tmp_path).photos
    for place, spare in enumerate((0, 1)):
        out = tmp_path / str(place)
        out.mkdir()
        batch = Batch(PRESET, photos, out, Journal(out), spare=spare)
        assert [o.error for o in batch.run(engine_double)] == [None]
        behind = {usual + 5} if spare else {usual}
        assert seen == {"decode": behind, "export": behind}
        seen.update(decode=set(), export=set())
    with ThreadPoolExecutor(1) as pool:
        assert os.getpriority(os.PRIO_PROCESS, 0) == usual
        pool.submit(step_back).result()
    assert os.getpriority(os.PRIO_PROCESS, 0) == usual
