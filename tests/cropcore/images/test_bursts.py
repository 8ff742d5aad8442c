"""Bursts are found by time and picture, and a subject is followed from frame to frame."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from skimage import data

from cropcore.geometry.crop import Box
from cropcore.images.bursts import Grey, bursts, follow, seconds_of, small_picture


def scene(name: str) -> Grey:
    return np.asarray(cv2.cvtColor(getattr(data, name)(), cv2.COLOR_RGB2GRAY), np.uint8)


def frame(name: str, at: tuple[int, int], cat_at: tuple[int, int] | None, cat_high: int) -> Grey:
    """A frame of 320 x 213 of a scene, with a cat's face somewhere in it, noisy as frames are."""
    whole = cv2.resize(scene(name), (420, 300), interpolation=cv2.INTER_AREA)
    result = whole[at[1] : at[1] + 213, at[0] : at[0] + 320].copy()
    if cat_at is not None:
        cat = scene("chelsea")[30:230, 130:330]
        cat = cv2.resize(cat, (cat_high, cat_high), interpolation=cv2.INTER_AREA)
        mask = np.zeros(cat.shape, np.uint8)
        cv2.circle(mask, (cat_high // 2, cat_high // 2), cat_high // 2 - 1, 255, -1)
        x, y = cat_at
        part = result[y : y + cat_high, x : x + cat_high]
        part[mask > 0] = cat[mask > 0]
    noise = np.random.default_rng(at[0] + 7 * at[1]).normal(0, 4, result.shape)
    return np.clip(result + noise, 0, 255).astype(np.uint8)


def made_bursts() -> Iterator[tuple[Grey, Grey, Box, tuple[float, float]]]:
    """Two frames each: where the subject is, and how far it moved in the second one."""
    rng = np.random.default_rng(3)
    for name in ("astronaut", "coffee", "rocket"):
        for camera in (0, 8, 25):  # pixels by which the background moves at most
            for own in (0, 10, 60):  # pixels by which the cat moves beside it
                back = rng.integers(-camera, camera + 1, 2)
                move = rng.integers(-own, own + 1, 2)
                first = frame(name, (50, 43), (120, 60), 80)
                x, y = 120 + move[0], min(max(60 + move[1], 0), 130)
                grown = 80 + int(rng.integers(-3, 4))
                second = frame(name, (50 + back[0], 43 + back[1]), (int(x), int(y)), grown)
                moved = (x + grown / 2 - 160) / 320, (y + grown / 2 - 100) / 213
                box = (125 / 320, 65 / 213, 195 / 320, 135 / 213)
                yield first, second, box, moved


def by_phase(first: Grey, second: Grey) -> tuple[float, float]:
    """How far most of the picture moved: what is right only while the subject stands still in it."""
    (dx, dy), _ = cv2.phaseCorrelate(first.astype(np.float32), second.astype(np.float32))
    return dx / 320, dy / 213


def test_a_subject_is_followed_whether_it_moves_or_the_camera_does() -> None:
    followed = whole = count = 0
    for first, second, box, moved in made_bursts():
        count += 1
        motion = follow(first, second, box)
        if motion is not None and np.hypot(motion.dx - moved[0], motion.dy - moved[1]) < 0.012:
            followed += 1
        whole += bool(np.hypot(*np.subtract(by_phase(first, second), moved)) < 0.012)
    assert followed >= 0.95 * count, f"{followed} of {count}"
    assert whole < followed


def test_a_subject_that_is_gone_is_not_guessed() -> None:
    first = frame("coffee", (50, 43), (120, 60), 80)
    box = (125 / 320, 65 / 213, 195 / 320, 135 / 213)
    assert follow(first, frame("rocket", (50, 43), None, 0), box) is None
    assert follow(np.full_like(first, 90), first, box) is None
    motion = follow(first, first, box)
    assert motion is not None
    assert motion.box((0.1, 0.2, 0.8, 0.9), box) == pytest.approx((0.1, 0.2, 0.8, 0.9), abs=0.003)


def test_bursts_are_near_in_time_and_alike() -> None:
    frames = {
        "a": frame("astronaut", (50, 43), (120, 60), 80),
        "b": frame("astronaut", (60, 46), (130, 61), 80),
        "c": frame("astronaut", (72, 44), (112, 61), 80),
        "other": frame("coffee", (50, 43), None, 0),
        "late": frame("astronaut", (50, 43), (120, 60), 80),
        "untold": frame("astronaut", (50, 43), (120, 60), 80),
    }
    at = seconds_of("2024:05:06 07:08:09")
    assert at is not None
    times = [
        ("late", at + 60),
        ("b", at + 1),
        ("a", at),
        ("c", at + 2),
        ("other", at + 3),
        ("untold", seconds_of("")),
    ]
    asked: list[str] = []

    def picture_of(name: str) -> np.ndarray:
        asked.append(name)
        return small_picture(frames[name])

    assert bursts(times, picture_of) == [("a", "b", "c")]
    assert sorted(asked) == ["a", "b", "c", "other"], "others need not be read"
    assert bursts(times, lambda name: None) == []
