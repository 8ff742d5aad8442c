import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cropcore.evaluation import baselines
from cropcore.evaluation.annotations import Labels
from cropcore.geometry.boxes import contains, displacement, iou, ratio_of


def labels(name: str, width: int, height: int, **kind: object) -> Labels:
    return Labels(name, width, height, **kind)  # type: ignore[arg-type]


def test_constant_box_is_found_per_orientation() -> None:
    wide, tall = (0.1, 0.2, 0.9, 0.95), (0.0, 0.1, 1.0, 0.7)
    photos = [labels(f"w{i}", 800, 600, best_crop=wide) for i in range(4)]
    photos += [labels(f"t{i}", 600, 800, best_crop=tall) for i in range(4)]
    fitted = baselines.fit_constant(photos)
    assert displacement(fitted.free(photos[0]), wide) < 1e-9
    assert displacement(fitted.free(photos[-1]), tall) < 1e-9


def test_constant_box_beats_the_mean_box() -> None:
    rng = np.random.default_rng(0)
    low, high = rng.uniform(0, 0.3, (60, 2)), rng.uniform(0.6, 1.0, (60, 2))
    boxes = np.concatenate([low, high], axis=1)
    photos = [labels(f"{i}", 3, 2, best_crop=tuple(box)) for i, box in enumerate(boxes)]
    fitted = baselines.fit_constant(photos).free(photos[0])
    assert iou(fitted, boxes).mean() >= iou(boxes.mean(0), boxes).mean()
    # No neighbour at the finest step is better: it is a true (local) optimum.
    for axis in range(4):
        for step in (-0.005, 0.005):
            moved = np.array(fitted)
            moved[axis] = np.clip(moved[axis] + step, 0, 1)
            assert iou(moved, boxes).mean() <= iou(fitted, boxes).mean() + 1e-9


def test_the_nearest_of_several_crops_counts() -> None:
    common, rare = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0)
    photos = [labels(f"{i}", 3, 2, crops=(rare, common)) for i in range(3)]
    photos.append(labels("3", 3, 2, crops=(common,)))
    assert iou(baselines.fit_constant(photos).free(photos[0]), common) > 0.99


def test_crops_with_scores_are_nobodys_choice() -> None:
    scored = labels("a", 3, 2, crops=((0.0, 0.0, 1.0, 1.0),), mos=(3.0,))
    assert len(baselines.people_crops(scored)) == 0
    assert baselines.fit_constant([scored]).free(scored) == (0.0, 0.0, 1.0, 1.0)


def test_constants_never_see_their_own_fold() -> None:
    usual, odd = (0.1, 0.1, 0.9, 0.9), (0.0, 0.0, 0.3, 0.3)
    names = [f"{i}.jpg" for i in range(60)]
    photos = [labels(n, 3, 2, best_crop=usual) for n in names]
    photos = [p if p.fold else labels(p.file, 3, 2, best_crop=odd) for p in photos]
    fitted = baselines.fit_without_fold(photos, baselines.fit_constant, [0])
    own = next(p for p in photos if p.fold == 0)
    assert displacement(fitted[0].free(own), usual) < 1e-9


@given(
    st.floats(0.25, 4.0),
    st.floats(0.3, 3.0),
    st.floats(0.05, 1.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
def test_placed_boxes_keep_the_ratio_inside_the_photo(
    ratio: float, photo_ratio: float, scale: float, x: float, y: float
) -> None:
    box = baselines.Placement(scale, x, y).box(ratio, photo_ratio)
    assert contains((0, 0, 1, 1), box)
    assert ratio_of(box, photo_ratio) == pytest.approx(ratio, rel=1e-6)


def test_placement_is_learned_from_the_peoples_crops() -> None:
    # Squares of full height at the right border of 3:2 photos.
    right = (1 / 3, 0.0, 1.0, 1.0)
    photos = [labels(f"{i}", 3, 2, best_crop=right) for i in range(5)]
    fitted = baselines.fit_constant(photos)
    assert displacement(fitted.with_ratio(photos[0], 1.0), right) < 0.005
    # Another ratio is placed alike: full size, at the right.
    box = fitted.with_ratio(photos[0], 0.5)
    assert box[2] == pytest.approx(1.0, abs=0.01)


def test_an_orientation_never_seen_gets_the_plain_baselines() -> None:
    fitted = baselines.fit_constant([labels("a", 3, 2, best_crop=(0.2, 0.2, 0.8, 0.8))])
    tall = labels("b", 2, 3)
    assert fitted.free(tall) == (0.0, 0.0, 1.0, 1.0)
    assert fitted.with_ratio(tall, 1.0) == pytest.approx((0.0, 1 / 6, 1.0, 5 / 6))


def test_centre_gaze_is_highest_in_the_middle() -> None:
    blob = baselines.centre_gaze((41, 61))
    assert np.unravel_index(blob.argmax(), blob.shape) == (20, 30)
    np.testing.assert_allclose(blob, blob[::-1, ::-1])


def spread_crops(count: int) -> list[Labels]:
    rng = np.random.default_rng(6)
    low, high = rng.uniform(0, 0.4, (count, 2)), rng.uniform(0.6, 1.0, (count, 2))
    boxes = np.concatenate([low, high], axis=1)
    return [labels(f"{i}", 3, 2, best_crop=tuple(box)) for i, box in enumerate(boxes)]


def test_ten_boxes_find_ten_kinds_of_crop_per_orientation() -> None:
    steps = np.array([0.0, 0.125, 0.25])
    kinds = [(x, y, 1.0, 1.0 - y / 2) for x in steps for y in steps] + [(0.0, 0.0, 0.5, 0.5)]
    photos = [labels(f"w{i}", 3, 2, best_crop=box) for i, box in enumerate(kinds)]
    tall, even = (0.25, 0.0, 0.75, 1.0), (0.0, 0.5, 1.0, 1.0)
    photos += [labels("t", 2, 3, best_crop=tall), labels("s", 2, 2, best_crop=even)]
    fitted = baselines.fit_ten_constant(photos)
    assert {tuple(box) for box in fitted.free(photos[0])} == set(kinds)
    assert tuple(fitted.free(photos[-2])[0]) == tall
    assert tuple(fitted.free(photos[-1])[0]) == even
    # All of one ratio are placed alike on a photo of the same kind, and on each their own place.
    for box in kinds:
        placed = fitted.with_ratio(photos[0], float(ratio_of(box, 1.5)))
        assert placed.shape == (10, 4)
        assert iou(placed, box).max() > 0.75


def test_no_exchange_betters_the_ten_boxes() -> None:
    photos = spread_crops(40)
    targets = np.array([p.best_crop for p in photos])
    ten = baselines.fit_ten_constant(photos).free(photos[0])
    reached = iou(ten[:, None], targets).max(0).mean()
    edges = np.arange(17) / 16
    grid = np.array(
        [
            (a, b, c, d)
            for a in edges
            for b in edges
            for c in edges
            for d in edges
            if a < c and b < d
        ]
    )
    grid = grid[(grid[:, 2] - grid[:, 0]) * (grid[:, 3] - grid[:, 1]) >= 0.1]
    overlap = iou(grid[:, None], targets)
    for place in range(10):
        others = iou(np.delete(ten, place, 0)[:, None], targets).max(0)
        assert np.maximum(overlap, others).mean(1).max() <= reached + 1e-5
    # In the order of their worth: each adds at least as much as any later one would.
    for count in range(1, 10):
        held = iou(ten[:count][:, None], targets).max(0)
        gains = np.maximum(iou(ten[count:][:, None], targets), held).mean(1)
        assert gains[0] >= gains.max() - 1e-6


def test_a_photo_counts_once_however_many_people_cropped_it() -> None:
    rng = np.random.default_rng(8)
    low = rng.uniform(0, 0.3, (400, 2))
    many = np.concatenate([low, rng.uniform(0.5, 1.0, (400, 2))], axis=1)
    photos = [labels("many", 3, 2, crops=tuple(map(tuple, many)))]
    common = (0.0, 0.0, 0.5, 0.5)
    photos += [labels(f"{i}", 3, 2, best_crop=common) for i in range(3)]
    fitted = baselines.fit_ten_constant(photos)
    assert tuple(fitted.free(photos[0])[0]) == common


def test_ten_boxes_never_see_their_own_fold() -> None:
    usual, odd = (0.125, 0.125, 0.875, 0.875), (0.0, 0.0, 0.375, 0.375)
    names = [f"{i}.jpg" for i in range(40)]
    photos = [labels(n, 3, 2, best_crop=usual) for n in names]
    photos = [p if p.fold else labels(p.file, 3, 2, best_crop=odd) for p in photos]
    fitted = baselines.fit_without_fold(photos, baselines.fit_ten_constant, [0, 3])
    assert set(fitted) == {0, 3}
    assert tuple(fitted[0].free(photos[0])[0]) == usual
    assert iou(fitted[0].free(photos[0]), odd).max() < 0.9
    assert iou(fitted[3].free(photos[0]), odd).max() == 1.0


def test_ten_placements_keep_the_ratio_inside_the_photo() -> None:
    photos = spread_crops(30)
    fitted = baselines.fit_ten_constant(photos)
    for ratio in (0.5, 1.0, 16 / 9):
        placed = fitted.with_ratio(photos[0], ratio)
        assert contains((0, 0, 1, 1), placed).all()
        np.testing.assert_allclose(ratio_of(placed, 1.5), ratio)
    assert fitted.free(labels("tall", 2, 3)).tolist() == [[0.0, 0.0, 1.0, 1.0]]
    assert fitted.with_ratio(labels("tall", 2, 3), 1.0) == pytest.approx(
        np.array([[0.0, 1 / 6, 1.0, 5 / 6]])
    )
