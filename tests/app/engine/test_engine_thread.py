"""One running, one waiting, and a quiet end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.batch.background_engine import BackgroundEngine
from app.engine.engine_thread import EngineThread
from app.engine.messages import Answer, Ask, Engine
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import DeviceError, PhotoError, WeightsError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo
from cropcore.job_control import JobControl
from tests.app.helpers.engine_double import EngineDouble

PHOTO = Photo(Path("a.jpg"), 600, 400, "JPEG", "RGB")


def ask(number: int, ratio: str = "1:1", suggest: bool = True, crop: Crop | None = None) -> Ask:
    question = CropQuestion(Aspect.parse(ratio), 0.5, "default", ())
    return Ask(number, 1, 0, PHOTO, question, suggest, crop)


def hurried(ask: Ask, refine: bool) -> Ask:
    return replace(ask, question=replace(ask.question, refine=refine))


@pytest.fixture
def double() -> EngineDouble:
    return EngineDouble()


@pytest.fixture
def start(double: EngineDouble) -> Iterator[Callable[..., EngineThread]]:
    threads: list[EngineThread] = []

    def make(load: Callable[[], Engine] = double.load) -> EngineThread:
        thread = EngineThread(load)
        threads.append(thread)
        thread.start()
        return thread

    yield make
    double.let_all_go()
    for thread in threads:
        thread.stop()
        assert thread.isFinished()


def test_the_latest_question_wins(qtbot: Any, double: EngineDouble, start: Any) -> None:
    thread = start()
    answers: list[Answer] = []
    thread.answered.connect(answers.append)
    thread.ask(ask(1))
    qtbot.waitUntil(lambda: double.running == 1)
    for number in range(2, 50):
        thread.ask(ask(number, f"{number}:40"))
    double.deliver_next()
    double.deliver_next()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert [a.ask.id for a in answers] == [1, 49]
    assert double.most_running == 1
    assert answers[1].suggestions is not None
    assert answers[1].suggestions.aspect == Aspect.parse("49:40")


def test_the_same_question_again_costs_nothing(
    qtbot: Any, double: EngineDouble, start: Any
) -> None:
    thread = start()
    double.deliver_next()
    with qtbot.waitSignal(thread.answered):
        thread.ask(ask(1))
    with qtbot.waitSignal(thread.answered) as again:
        thread.ask(ask(2, crop=Crop((0, 0, 0.5, 0.5))))
    assert len(double.asked) == 1
    assert again.args[0].score == pytest.approx(25)
    assert len(again.args[0].suggestions.candidates) == 10


@pytest.mark.parametrize("refine", [False, True])
def test_a_crop_is_scored_as_exactly_as_the_suggestions_beside_it(
    qtbot: Any, double: EngineDouble, start: Any, refine: bool
) -> None:
    thread = start()
    double.let_all_go()
    with qtbot.waitSignal(thread.answered):
        thread.ask(hurried(ask(1, crop=Crop((0, 0, 0.5, 0.5))), refine))
    assert double.refined == double.scored_refined == [refine]


def test_a_moving_slider_holds_on_to_the_crop_it_shows(
    qtbot: Any, double: EngineDouble, start: Any
) -> None:
    """While it moves, and once as it comes to rest; a new question begins afresh."""
    thread = start()
    double.let_all_go()
    shown = []
    for number, refine in enumerate((False, False, True, True), 1):
        with qtbot.waitSignal(thread.answered) as answered:
            thread.ask(hurried(ask(number, f"{40 + number}:40"), refine))
        shown.append(answered.args[0].suggestions.candidates[0].crop.box)
    assert double.near == [None, shown[0], shown[1], None]


def test_batch_work_waits_for_the_person(qtbot: Any, double: EngineDouble, start: Any) -> None:
    thread = start()
    thread.ask(ask(1))
    qtbot.waitUntil(lambda: double.running == 1)
    later = thread.ask_in_background(ask(0, "3:2"))
    thread.ask(ask(2, "4:5"))
    double.let_all_go()
    assert later.result(timeout=60).suggestions is not None
    assert [str(a) for a in double.asked] == ["1:1", "4:5", "3:2"]


def test_what_is_looked_at_beside_the_crop_goes_before_batch_work(
    qtbot: Any, double: EngineDouble, start: Any
) -> None:
    thread = start()
    thread.ask(ask(1))
    qtbot.waitUntil(lambda: double.running == 1)
    batch = thread.ask_in_background(ask(0, "3:2"))
    asides = [thread.ask_aside(ask(0, ratio)) for ratio in ("16:9", "9:16")]
    thread.ask(ask(2, "4:5"))
    assert asides[1].cancel()
    double.let_all_go()
    assert batch.result(timeout=60).suggestions is not None
    assert [str(a) for a in double.asked] == ["1:1", "4:5", "16:9", "3:2"]


def test_photos_that_come_next_go_before_batch_work(
    qtbot: Any, double: EngineDouble, start: Any
) -> None:
    thread = start()
    thread.ask(ask(1))
    qtbot.waitUntil(lambda: double.running == 1)
    batch = thread.ask_in_background(ask(0, "3:2"))
    ahead = thread.ask_ahead(ask(0, "16:9"))
    aside = thread.ask_aside(ask(0, "9:16"))
    double.let_all_go()
    assert batch.result(timeout=20).suggestions is not None
    assert ahead.done()
    assert aside.done()
    assert [str(a) for a in double.asked] == ["1:1", "9:16", "16:9", "3:2"]


def test_a_person_comes_between_the_parts_of_batch_work(
    qtbot: Any, double: EngineDouble, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = start()
    whole = double.encode

    def encode(photo: Photo, pixels: Any = None) -> Photo:
        monkeypatch.setattr(double, "encode", whole)
        thread.ask(ask(1))  # while a photo of the batch is encoded
        return whole(photo, pixels)

    monkeypatch.setattr(double, "encode", encode)
    double.let_all_go()
    engine = BackgroundEngine(thread, JobControl())
    scene = engine.encode(PHOTO)
    assert engine.answer(scene, CropQuestion(Aspect.parse("3:2"))).candidates
    assert [str(a) for a in double.asked] == ["1:1", "3:2"]


def test_missing_weights_are_said_and_batch_work_ends(qtbot: Any, start: Any) -> None:
    def fail() -> Engine:
        raise WeightsError("gaic.safetensors is missing. Install Cropsight again.")

    thread = EngineThread(fail)
    with qtbot.waitSignal(thread.unavailable) as said:
        thread.start()
    assert "Install Cropsight again" in str(said.args[0])
    answer = thread.ask_in_background(ask(0)).result(timeout=60)
    assert answer.suggestions is None
    assert "missing" in str(answer.error)
    thread.stop()


def test_where_the_wanted_device_is_not_here_another_engine_works(
    qtbot: Any, double: EngineDouble
) -> None:
    def fail() -> Engine:
        raise DeviceError("There is no usable CUDA device here; choose auto or cpu instead.")

    thread = EngineThread(fail, otherwise=lambda: double)
    double.let_all_go()
    with qtbot.waitSignal(thread.ready) as loaded:
        thread.start()
    assert "no usable CUDA device" in str(loaded.args[0].missing)
    assert loaded.args[0].device == double.device
    assert thread.ask_in_background(ask(0)).result(timeout=60).suggestions is not None
    thread.stop()

    alone = EngineThread(fail)
    with qtbot.waitSignal(alone.unavailable) as said:
        alone.start()
    assert "no usable CUDA device" in str(said.args[0])
    alone.stop()


def test_any_failure_to_load_is_said_and_batch_work_ends(qtbot: Any, start: Any) -> None:
    def fail() -> Engine:
        raise AttributeError("module 'torch' has no attribute 'nn'")

    thread = EngineThread(fail)
    waiting = thread.ask_in_background(ask(0))
    with qtbot.waitSignal(thread.unavailable) as said:
        thread.start()
    assert "Install Cropsight again" in str(said.args[0])
    assert waiting.result(timeout=60).suggestions is None
    thread.stop()


def test_one_bad_photo_does_not_end_the_thread(
    qtbot: Any, double: EngineDouble, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(photo: Photo) -> Photo:
        raise PhotoError(photo.path, "is cut off.", "Copy it again.")

    thread = start()
    double.let_all_go()
    monkeypatch.setattr(double, "encode", refuse)
    with qtbot.waitSignal(thread.answered) as answered:
        thread.ask(ask(1))
    assert str(answered.args[0].error) == "a.jpg: is cut off. Copy it again."
    monkeypatch.undo()
    with qtbot.waitSignal(thread.answered) as answered:
        thread.ask(ask(2))
    assert answered.args[0].suggestions is not None


def test_a_part_that_fails_takes_no_other_along(
    qtbot: Any, double: EngineDouble, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> object:
        raise RuntimeError("out of memory")

    thread = start()
    double.let_all_go()
    monkeypatch.setattr(double, "maps", fail)
    wanted = replace(ask(1, crop=Crop((0, 0, 0.5, 0.5))), map_names=("saliency",))
    answer = thread.ask_aside(wanted).result(timeout=60)
    assert len(answer.suggestions.candidates) == 10
    assert answer.score == pytest.approx(25)
    assert answer.maps == ()
    assert str(answer.error) == "a.jpg: No map (out of memory)."
    monkeypatch.undo()
    monkeypatch.setattr(double, "answer", fail)
    other = replace(wanted, question=ask(2, "3:2").question)
    answer = thread.ask_aside(other).result(timeout=60)
    assert answer.suggestions is None
    assert len(answer.maps) == 1
    assert str(answer.error) == "a.jpg: No suggestions (out of memory)."


def test_a_map_does_not_wait_for_suggestions(qtbot: Any, double: EngineDouble, start: Any) -> None:
    thread = start()
    answers: list[Answer] = []
    thread.answered.connect(answers.append)
    thread.ask(replace(ask(1, crop=Crop((0, 0, 0.5, 0.5))), map_names=("area",)))
    qtbot.waitUntil(lambda: double.running == 1)
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert [m.name for m in answers[0].maps] == ["area"]
    assert (answers[0].ask.suggest, answers[0].ask.crop) == (False, None)
    double.deliver_next()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers[1].maps == ()
    assert len(answers[1].suggestions.candidates) == 10
    assert answers[1].score == pytest.approx(25)
    assert double.maps_made == [("area", ask(1).question.aspect)]


def test_stopping_gives_up_what_waits(qtbot: Any, double: EngineDouble, start: Any) -> None:
    thread = start()
    thread.ask(ask(1))
    qtbot.waitUntil(lambda: double.running == 1)
    later = thread.ask_in_background(ask(0, "3:2"))
    double.let_all_go()
    thread.stop()
    assert thread.isFinished()
    assert later.cancelled() or later.done()
    assert thread.ask_in_background(ask(0)).result(timeout=60).suggestions is None
