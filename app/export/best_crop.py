"""The crop of an export task: the person's, else the engine's first one, which is waited for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, replace

from app.document.nested_crops import fitted
from app.engine.messages import Answer, Ask, EngineClient
from app.export.export_plan import ExportTask
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import centred

_CANCEL_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class TakenCrop:
    """A task with its crop; ``suggested`` is False where the engine was asked in vain."""

    task: ExportTask
    crop: Crop
    suggested: bool = True


def taken_crop(
    task: ExportTask, engine: EngineClient, stopped: Callable[[], bool]
) -> TakenCrop | None:
    """The task's crop, or the best one for its question; None where it was ``stopped`` meanwhile.

    Without suggestions it is the largest centred one. Waits, so it is for threads of their own.
    """
    if task.crop is not None:
        return TakenCrop(task, task.crop)
    outer = task.outer if task.inside else None
    ask = Ask(0, task.key, 0, task.photo, replace(task.question, k=1), outer is None, outer)
    future = engine.ask_in_background(ask)
    while not stopped():
        try:
            answer = future.result(timeout=_CANCEL_LOOK_SECONDS)
        except NotYet:
            continue
        except CancelledError:
            return None
        return _answered(task, answer)
    future.cancel()
    return None


def _answered(task: ExportTask, answer: Answer) -> TakenCrop:
    """What the engine found for a task, or by geometry alone where it found nothing."""
    size, angle = (task.photo.width, task.photo.height), task.question.angle
    best = answer.suggestions.candidates[0] if answer.suggestions else None
    if not task.inside:
        if best is not None:
            return TakenCrop(task, best.crop)
        return TakenCrop(task, centred(task.aspect, *size, angle), suggested=False)
    for one in answer.nested if best is None else best.nested:
        if one.aspect == task.aspect:
            return TakenCrop(task, one.crop)
    outer = task.outer or (best and best.crop) or centred(task.question.aspect, *size, angle)
    crop = fitted(outer, [task.aspect], {}, *size)[task.aspect]
    return TakenCrop(task, crop, suggested=False)
