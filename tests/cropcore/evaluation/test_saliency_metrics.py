import math

import numpy as np
import pytest
from scipy import ndimage

from cropcore.evaluation import saliency_metrics as gaze


def test_nss_by_hand() -> None:
    saliency = np.zeros((2, 2))
    saliency[0, 1] = 4.0
    # Mean 1, deviation sqrt(3): the fixated cell stands at sqrt(3), the others at -1 / sqrt(3).
    assert gaze.nss(saliency, [(0.9, 0.1)]) == pytest.approx(math.sqrt(3))
    assert gaze.nss(saliency, [(0.9, 0.1), (0.1, 0.9)]) == pytest.approx(1 / math.sqrt(3))


def test_constant_maps_are_chance() -> None:
    flat = np.full((8, 8), 0.3)
    points = [(0.2, 0.4), (0.9, 0.9)]
    assert gaze.nss(flat, points) == 0.0
    assert gaze.correlation(flat, points) == 0.0
    assert gaze.auc_judd(flat, points) == pytest.approx(0.5)


def test_no_fixations_give_no_figure() -> None:
    values = np.arange(16.0).reshape(4, 4)
    none = np.zeros((0, 2))
    assert all(math.isnan(f(values, none)) for f in (gaze.nss, gaze.correlation, gaze.auc_judd))


def test_auc_judd_by_hand() -> None:
    # Thresholds 4 and 2 give the points (0, 0.5) and (0.5, 1) between (0, 0) and (1, 1).
    values = np.array([[4.0, 3.0], [2.0, 1.0]])
    assert gaze.auc_judd(values, [(0.1, 0.1), (0.1, 0.9)]) == pytest.approx(0.875)
    assert gaze.auc_judd(values, [(0.1, 0.1)]) == 1.0


def test_auc_judd_is_the_share_of_right_comparisons() -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(0, 5, (12, 16)).astype(float)
    points = rng.random((20, 2))
    rows, columns = gaze.cells(points, values.shape)
    fixated = np.zeros(values.shape, bool)
    fixated[rows, columns] = True
    looked, rest = values[fixated][:, None], values[~fixated][None]
    # Thresholds lie at the fixated values only, and every value occurs among them here, so the
    # trapezoids count ties as one half.
    assert set(np.unique(values)) == set(np.unique(looked))
    expected = ((looked > rest) + 0.5 * (looked == rest)).mean()
    assert gaze.auc_judd(values, points) == pytest.approx(expected)


def test_density_is_blurred_by_a_thirty_second_of_the_long_side() -> None:
    shape = (192, 256)
    points = np.array([[0.5, 0.5], [0.25, 0.75]])
    counts = np.zeros(shape)
    counts[gaze.cells(points, shape)] = 1
    expected = ndimage.gaussian_filter(counts, 256 / 32, mode="constant", truncate=4)
    density = gaze.density(points, shape)
    assert density.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(density, expected / expected.sum(), atol=density.max() * 2e-3)


def test_the_density_itself_correlates_fully() -> None:
    points = [(0.3, 0.6), (0.7, 0.2)]
    assert gaze.correlation(gaze.density(points, (100, 150)), points) == pytest.approx(1.0)


def test_points_on_the_far_border_stay_inside() -> None:
    rows, columns = gaze.cells([(1.0, 1.0), (0.0, 0.0)], (10, 20))
    assert rows.tolist() == [9, 0]
    assert columns.tolist() == [19, 0]


def test_grid_follows_the_photo() -> None:
    assert gaze.grid_shape(1024, 768) == (192, 256)
    assert gaze.grid_shape(100, 6000) == (256, 4)
    assert gaze.on_grid(np.eye(16), (192, 256)).shape == (192, 256)
