"""Labels of candidates: each says what is true of its crop, and none comes twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cropcore.engine.crop_ideas import IDEAS, ideas

seeds = st.integers(0, 100_000)
places = st.floats(0, 1)


def boxes(count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 0.5, (count, 2))
    return np.concatenate([low, np.minimum(low + rng.uniform(0.15, 0.6, (count, 2)), 1)], axis=1)


def true_of(word: str, box: np.ndarray, first: np.ndarray, subject: tuple[float, float]) -> bool:
    """By the plain sentence of each label."""
    (x1, y1, x2, y2), (a1, b1, a2, b2) = box, first
    area, other = (x2 - x1) * (y2 - y1), (a2 - a1) * (b2 - b1)
    ratio, others = (x2 - x1) / (y2 - y1), (a2 - a1) / (b2 - b1)
    at = (subject[0] - x1) / (x2 - x1)
    return {
        "as taken": min(x2, y2) > 0.99 and max(x1, y1) < 0.01,
        "closer": area <= 0.85 * other,
        "wider": area >= other / 0.85 * (1 - 1e-9),
        "subject left": 0 <= at <= 0.4,
        "subject right": 0.6 - 1e-9 <= at <= 1,
        "subject centred": abs(at - 0.5) <= 0.05 + 1e-9,
        "more above": y1 <= b1 - 0.04,
        "more below": y2 >= b2 + 0.04,
        "more left": x1 <= a1 - 0.04,
        "more right": x2 >= a2 + 0.04,
        "taller": ratio <= 0.85 * others,
        "flatter": ratio >= others / 0.85 * (1 - 1e-9),
    }[word]


@given(seeds, places, places)
def test_every_word_is_true_and_no_label_comes_twice(seed: int, x: float, y: float) -> None:
    crops = boxes(10, seed)
    labels = ideas(crops, (x, y))
    assert labels[0] == "best"
    assert len(set(labels)) == len(labels)
    for label, box in zip(labels[1:], crops[1:], strict=True):
        plain = label.rstrip(" 0123456789")
        for word in plain.split(", "):
            assert word in IDEAS
            if not word.startswith("a little"):
                assert true_of(word, box, crops[0], (x, y)), (label, box)


def test_the_whole_photo_is_as_taken() -> None:
    crops = np.array([[0.2, 0.2, 0.8, 0.8], [0.0, 0.0, 1.0, 1.0], [0.3, 0.3, 0.6, 0.6]])
    assert ideas(crops, (0.5, 0.5)) == ["best", "as taken", "closer"]


def test_equal_ideas_are_qualified_or_numbered() -> None:
    crops = np.array([[0.1, 0.1, 0.9, 0.9], *([[0.3, 0.3, 0.6, 0.6]] * 9)])
    labels = ideas(crops, None)
    assert len(set(labels)) == 10
    assert all(label.startswith("closer") for label in labels[1:])


@pytest.mark.parametrize(("x", "word"), [(0.3, "subject left"), (0.7, "subject right")])
def test_the_subject_is_said_where_it_stands_aside(x: float, word: str) -> None:
    first = [x - 0.2, 0.2, x + 0.2, 0.8]
    shifted = (
        [x - 0.1, 0.2, x + 0.3, 0.8] if word.endswith("left") else [x - 0.3, 0.2, x + 0.1, 0.8]
    )
    assert word in ideas(np.array([first, shifted]), (x, 0.5))[1]
