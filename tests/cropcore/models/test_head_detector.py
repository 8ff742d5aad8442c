import numpy as np
import pytest
import torch

from cropcore.models.detected_heads import head_boxes
from cropcore.models.encoder import Levels
from cropcore.models.head_detector import HeadDetector, find, find_faces
from cropcore.training.augmentation import View
from cropcore.training.head_detector_labels import judge, merged
from cropcore.training.tasks.head_detector import FaceLabels, face_loss, face_targets

H, W = 32, 48
NONE = np.zeros((0, 4))


def levels(height=H, width=W, batch=1):
    shapes = ((32, 1), (96, 2), (96, 2), (320, 4))
    maps = (torch.rand(batch, c, height // s, width // s) for c, s in shapes)
    return Levels(*maps, layer_maps=None)


def maps_of(*faces, logit=4.0):
    """Maps that say exactly these faces (fractions)."""
    targets = face_targets(FaceLabels(np.array(faces, float).reshape(-1, 4), NONE), H, W)
    heat = torch.from_numpy(targets.heat)[None]
    heat = torch.where(heat == 1, logit, -6.0)
    return torch.cat([heat, torch.from_numpy(targets.boxes)])[None], targets


def test_maps_have_five_channels_at_stride_8():
    maps = HeadDetector()(levels(batch=2))
    assert maps.shape == (2, 5, H, W)
    assert maps.dtype == torch.float32


def test_an_untrained_finder_finds_nothing():
    with torch.inference_mode():
        found = find(HeadDetector().eval()(levels()), threshold=0.5)[0]
    assert found.boxes.shape == (0, 4)
    assert found.scores.shape == (0,)


@pytest.mark.parametrize(
    "face", [(0.1, 0.2, 0.2, 0.5), (0.4, 0.3, 0.9, 0.95), (0.0, 0.0, 0.1, 0.1)]
)
def test_a_face_is_read_from_the_maps_that_say_it(face):
    found = find_faces(maps_of(face)[0])[0]
    np.testing.assert_allclose(found.boxes, [face], atol=1e-5)
    assert found.scores[0] == pytest.approx(torch.sigmoid(torch.tensor(4.0)).item())


def test_heads_are_sorted_and_below_the_threshold_none_is_told():
    maps = maps_of((0.1, 0.1, 0.2, 0.3), (0.6, 0.6, 0.8, 0.9))[0]
    maps[0, 0][: H // 2] -= 1.0  # the upper one is less sure
    found = find(maps, 0.5)[0]
    assert found.scores[0] > found.scores[1]
    assert found.boxes[0, 1] > found.boxes[1, 1]
    assert len(find(maps, 0.97)[0].scores) == 1


def test_two_peaks_on_one_face_are_one_head():
    maps = maps_of((0.3, 0.3, 0.7, 0.8))[0]
    row, column = (maps[0, 0] > 0).nonzero()[0].tolist()
    maps[0, 0, row, column + 2] = 3.0  # its box, learnt in the core, is the same face
    assert len(find(maps)[0].scores) == 1


def test_a_head_has_hair_ears_and_chin_and_stays_in_the_photo():
    heads = head_boxes(np.array([[0.4, 0.4, 0.6, 0.8], [0.0, 0.0, 0.5, 0.5]], np.float32))
    np.testing.assert_allclose(heads, [[0.37, 0.26, 0.63, 0.84], [0, 0, 0.575, 0.55]], atol=1e-6)
    assert head_boxes(np.zeros((0, 4), np.float32)).shape == (0, 4)


def test_the_loss_is_least_where_the_maps_are_right():
    right, targets = maps_of((0.1, 0.1, 0.3, 0.5), (0.6, 0.2, 0.7, 0.3), logit=8.0)
    losses = face_loss(right, [targets])
    assert losses["offset"] == pytest.approx(0, abs=1e-5)
    assert losses["size"] == pytest.approx(0, abs=1e-5)
    wrong = face_loss(torch.roll(right, 5, -1), [targets])
    assert all(wrong[name] > losses[name] for name in losses)


def test_the_loss_looks_away_from_unsure_faces():
    _, targets = maps_of()
    blind = face_targets(FaceLabels(NONE, np.array([[0.4, 0.4, 0.6, 0.6]])), H, W)
    loud = torch.zeros(1, 5, H, W)
    loud[:, 0] = -8.0
    loud[0, 0, H // 2, W // 2] = 5.0
    assert face_loss(loud, [blind])["centre"] < 0.01 < face_loss(loud, [targets])["centre"]


def test_faces_too_small_to_see_are_neither_learnt_nor_denied():
    targets = face_targets(FaceLabels(np.array([[0.5, 0.5, 0.51, 0.515]]), NONE), H, W)
    assert targets.heat.max() == 0
    assert targets.looks[H // 2, W // 2] == 0


def test_a_view_takes_its_faces_along():
    labels = FaceLabels(np.array([[0.5, 0.5, 0.7, 0.7], [0.0, 0.0, 0.3, 0.3]]), NONE)
    seen = labels.seen(View((0.25, 0.25, 0.75, 0.75), mirrored=True))
    np.testing.assert_allclose(seen.faces, [[0.1, 0.5, 0.5, 0.9]], atol=1e-9)
    assert len(seen.unsure) == 0 or seen.unsure.shape[1] == 4


def test_passes_that_agree_are_one_find():
    a = np.array([[0.1, 0.1, 0.3, 0.3, 0.9]], np.float32)
    b = np.array([[0.1, 0.1, 0.31, 0.3, 0.5], [0.6, 0.6, 0.7, 0.7, 0.3]], np.float32)
    first, second = merged([a, b])
    assert first["scores"] == [0.9, 0.5]
    assert second["scores"] == [0.0, 0.3]


@pytest.mark.parametrize(
    ("scores", "onet", "verdict"),
    [
        ([0.9, 0.8], 0.0, "head"),
        ([0.45, 0.0], 0.9, "head"),
        ([0.45, 0.0], 0.1, "unsure"),
        ([0.2, 0.2], 0.1, "nothing"),
    ],
)
def test_verdicts(scores, onet, verdict):
    assert judge({"scores": scores, "onet": onet}) == verdict


def test_an_eye_overrules_the_detectors():
    assert judge({"scores": [0.9, 0.9], "onet": 1.0, "eye": False}) == "nothing"
    assert judge({"scores": [0.2, 0.0], "onet": 0.0, "eye": True}) == "head"
