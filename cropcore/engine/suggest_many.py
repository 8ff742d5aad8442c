"""Suggestions for many images: decoded ahead by threads, encoded together where the device likes it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.scene import Scene
from cropcore.errors import CropsightError, told_by_photo
from cropcore.geometry.crop import Suggestions
from cropcore.images.given_image import ImageLike, NetImage, net_image

_T = TypeVar("_T")

_MOST_THREADS = 8


class Encoder(Protocol):
    """What encodes decoded images, several at once."""

    @property
    def at_once(self) -> int:
        """How many images it likes to get together."""

    def encode_all(
        self, photos: Sequence[NetImage], pixels: Sequence[NDArray[np.uint8]], /
    ) -> list[Scene]:
        """One scene for each."""


def answers(
    engine: Encoder, images: Iterable[ImageLike], suggest: Callable[[Scene], Suggestions]
) -> Iterator[Suggestions | CropsightError]:
    """What ``suggest`` says of each image, in order, or why there is nothing to say.

    No more images are held than are decoded at once and encoded together. What ``images`` itself
    raises is raised behind the answers to those before.
    """
    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    source, ahead = iter(images), deque[Future[NetImage]]()
    trouble: Exception | None = None
    ended = False
    pool = ThreadPoolExecutor(threads, "cropcore-decode")
    try:
        while True:
            while not ended and len(ahead) < threads + engine.at_once:
                try:
                    ahead.append(pool.submit(net_image, next(source)))
                except StopIteration:
                    ended = True
                except Exception as error:  # any: it is the caller's own, and raised below
                    ended, trouble = True, error
            if not ahead:
                break
            group = [_result(ahead.popleft())]
            while ahead and ahead[0].done() and len(group) < engine.at_once:
                group.append(_result(ahead.popleft()))
            for scene in _encoded(engine, group):
                yield _tried(partial(suggest, scene)) if isinstance(scene, Scene) else scene
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    if trouble is not None:
        raise trouble


def _result(future: Future[NetImage]) -> NetImage | CropsightError:
    try:
        return future.result()
    except CropsightError as error:
        return error


def _encoded(
    engine: Encoder, group: Sequence[NetImage | CropsightError]
) -> list[Scene | CropsightError]:
    """Scenes in the place of images; together, or one by one where that fails."""
    images = [one for one in group if isinstance(one, NetImage)]
    found = _tried(lambda: engine.encode_all(images, [one.pixels for one in images]))
    scenes: Iterator[Scene | CropsightError]
    if isinstance(found, CropsightError):
        scenes = (_tried(partial(_alone, engine, one)) for one in images)
    else:
        scenes = iter(found)
    return [next(scenes) if isinstance(one, NetImage) else one for one in group]


def _alone(engine: Encoder, image: NetImage) -> Scene:
    return engine.encode_all([image], [image.pixels])[0]


def _tried(work: Callable[[], _T]) -> _T | CropsightError:
    try:
        with told_by_photo():
            return work()
    except CropsightError as error:
        return error
