import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cropcore.errors import AnnotationError
from cropcore.evaluation.annotations import fold_of, read_annotations

BOX = [0.1, 0.2, 0.9, 0.8]


def write(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "labels.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_every_kind_of_label_is_read(tmp_path: Path) -> None:
    pair = {"a": BOX, "b": [0, 0, 1, 1], "votes_a": 1, "votes_b": 4}
    path = write(
        tmp_path,
        {
            "a.webp": {"width": 800, "height": 600, "best_crop": BOX, "pairs": [pair]},
            "b.webp": {"width": 600, "height": 800, "crops": [BOX, BOX], "mos": [3, 4.5]},
            "ö/c.webp": {
                "width": 10,
                "height": 10,
                "fixations": [[[0.5, 0.25], [1, 1]], [], [[0, 0]]],
                "heads": [BOX],
                "note": "kept out",
            },
        },
    )
    labels = read_annotations(path)
    assert list(labels) == ["a.webp", "b.webp", "ö/c.webp"]
    a, b, c = labels.values()
    assert a.best_crop == tuple(BOX)
    assert (a.pairs[0].votes_a, a.pairs[0].votes_b, a.pairs[0].b) == (1, 4, (0.0, 0.0, 1.0, 1.0))
    assert a.photo_ratio == pytest.approx(4 / 3)
    assert b.mos == (3.0, 4.5)
    assert b.best_crop is None
    assert [len(v) for v in c.fixations] == [2, 0, 1]
    np.testing.assert_array_equal(c.gaze, [[0.5, 0.25], [1, 1], [0, 0]])
    assert a.gaze.shape == (0, 2)
    assert (a.heads, c.heads) == ((), (tuple(BOX),))


def test_heads_are_cut_where_the_photo_ends(tmp_path: Path) -> None:
    entry = {"width": 8, "height": 8, "heads": [[-0.1, -0.3, 0.2, 0.4], [0.5, 0.5, 0.6, 1.2]]}
    (labels,) = read_annotations(write(tmp_path, {"a": entry})).values()
    assert labels.heads == ((0.0, 0.0, 0.2, 0.4), (0.5, 0.5, 0.6, 1.0))


def test_boxes_a_little_over_the_border_are_cut_there(tmp_path: Path) -> None:
    entry = {"width": 8, "height": 8, "best_crop": [-0.002, 0.0, 1.0034, 0.5]}
    labels = read_annotations(write(tmp_path, {"a": entry}))
    assert labels["a"].best_crop == (0.0, 0.0, 1.0, 0.5)


def test_folds_come_from_the_md5_of_the_file_name() -> None:
    name = "10034946104_a36ac3f97c_c.webp"
    assert fold_of(name) == int(hashlib.md5(name.encode()).hexdigest(), 16) % 5
    assert fold_of(f"some/folder/{name}") == fold_of(name)


def test_folds_share_out_the_photos(tmp_path: Path) -> None:
    path = write(tmp_path, {f"{i}.jpg": {"width": 4, "height": 3} for i in range(60)})
    labels = read_annotations(path)
    parts = [labels.in_folds([fold]) for fold in range(5)]
    assert sorted(name for part in parts for name in part) == sorted(labels)
    assert all(parts)
    assert all(label.fold == fold for fold, part in enumerate(parts) for label in part.values())
    assert len(labels.in_folds([1, 2])) == len(parts[1]) + len(parts[2])


SIZE = {"width": 8, "height": 6}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ([], "must be an object"),
        ({"height": 6}, "width must be a positive whole number"),
        ({"width": 8, "height": 0}, "height must be a positive whole number"),
        ({"width": True, "height": 6}, "width"),
        ({**SIZE, "best_crop": [0, 0, 1]}, "best_crop must be a box of four numbers"),
        ({**SIZE, "best_crop": [0, 0, "1", 1]}, "best_crop must be a finite number"),
        ({**SIZE, "best_crop": [0.5, 0, 0.5, 1]}, "best_crop is empty"),
        ({**SIZE, "best_crop": [0, 0, 640, 480]}, "fractions from 0 to 1"),
        ({**SIZE, "crops": BOX}, r"crops\[0\] must be a box"),
        ({**SIZE, "crops": {"a": 1}}, "crops must be a list"),
        ({**SIZE, "crops": [BOX], "mos": [1, 2]}, "1 crops but 2 scores"),
        ({**SIZE, "pairs": [{"a": BOX, "votes_a": 1, "votes_b": 2}]}, r"pairs\[0\].b"),
        ({**SIZE, "pairs": [{"a": BOX, "b": BOX, "votes_a": -1, "votes_b": 2}]}, "votes_a"),
        ({**SIZE, "pairs": [3]}, r"pairs\[0\] must be an object"),
        ({**SIZE, "fixations": [[[0.5, 0.5, 0.5]]]}, r"fixations\[0\] must be a list of points"),
        ({**SIZE, "fixations": [[[320, 200]]]}, "outside the photo"),
        ({**SIZE, "fixations": [[["x", 0.5]]]}, "list of points"),
        ({**SIZE, "heads": BOX}, r"heads\[0\] must be a box"),
        ({**SIZE, "heads": {"a": BOX}}, "heads must be a list"),
        ({**SIZE, "heads": [BOX, [0, 0, 320, 200]]}, r"heads\[1\] reaches outside the photo"),
        ({**SIZE, "heads": [[-0.3, 0.1, -0.1, 0.4]]}, r"heads\[0\] is empty"),
        ({**SIZE, "heads": [[0.3, 0.1, None, 0.4]]}, r"heads\[0\] must be a finite number"),
        ({"width": 10**400, "height": 6}, "width must be a positive whole number"),
        ({**SIZE, "best_crop": [0, 0, 10**400, 1]}, "best_crop must be a finite number"),
        ({**SIZE, "best_crop": [0, 0, float("inf"), 1]}, "best_crop must be a finite number"),
        ({**SIZE, "crops": [BOX], "mos": [float("nan")]}, r"mos\[0\] must be a finite number"),
        ({**SIZE, "pairs": [{"a": BOX, "b": BOX, "votes_a": 10**400, "votes_b": 1}]}, "votes_a"),
        ({**SIZE, "fixations": [[[10**400, 0.5]]]}, "list of points"),
    ],
)
def test_wrong_entries_are_named(tmp_path: Path, entry: Any, message: str) -> None:
    path = write(tmp_path, {"good.jpg": SIZE, "bad.jpg": entry})
    with pytest.raises(AnnotationError, match=message) as caught:
        read_annotations(path)
    assert "labels.json" in str(caught.value)
    assert "bad.jpg" in str(caught.value)


@pytest.mark.parametrize("name", ["../secret.jpg", "/etc/passwd", "a/../../b.jpg", ""])
def test_names_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(AnnotationError, match="inside the folder"):
        read_annotations(write(tmp_path, {name: SIZE}))


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', '{"a": NaN}', "\udcff"])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(AnnotationError, match=r"labels\.json"):
        read_annotations(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(AnnotationError, match="cannot be read"):
            read_annotations(path)
