"""Questions as keys of known answers, and the same answer by one value as by arguments."""

from __future__ import annotations

from dataclasses import replace

from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.orientation import TURN_LEFT

PLAIN = CropQuestion(Aspect.parse("4:5"))


def test_how_a_question_is_answered_is_no_part_of_what_is_asked() -> None:
    corner = (0.0, 0.0, 0.5, 0.5)
    same = replace(PLAIN, k=1, refine=False, near=corner, before=(corner,))
    assert same == PLAIN
    assert {PLAIN: "known"}[same] == "known"


def test_what_is_asked_tells_questions_apart() -> None:
    wanted = {
        "tightness": 0.2,
        "method": "gaic",
        "protect": ((0.0, 0.0, 0.5, 0.5),),
        "angle": 2.0,
        "orientation": TURN_LEFT,
        "also": (Aspect("circle"),),
        "heads": (),
    }
    others = [replace(PLAIN, **{name: value}) for name, value in wanted.items()]
    assert len({PLAIN, *others}) == 1 + len(others)
