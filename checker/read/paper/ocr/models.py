"""The models: where lines of text are in a picture, and what a line says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from rapidocr import RapidOCR

from checker.read.paper.ocr.picture import Box, Picture, blobs, ink_of

TALLEST = 2600  #: pixels; a taller picture is searched for text in strips


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of a picture says, and the least certainty of its characters (0..1).

    ``signs``: each character, the share of the piece's width at which its middle stands, and its certainty.
    """

    text: str
    certainty: float
    signs: tuple[tuple[str, float, float], ...] = ()


@cache
def _engine() -> Any:
    onnxruntime.set_default_logger_severity(4)  # its warnings would stand in the output
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 100_000,
            "Rec.rec_img_shape": [3, 48, 96],
        }
    )


def lines_in(grey: Picture, shrink: int = 2) -> list[Box]:
    """The bounds of lines of text, as seen in a picture so many times smaller."""
    found: list[Box] = []
    start = 0
    for end in _cuts(grey):
        small = cv2.resize(grey[start:end], None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        corners = _engine()(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB), use_det=True, use_cls=False, use_rec=False).boxes
        for quad in () if corners is None else shrink * corners.astype(int):
            (left, top), (right, bottom) = quad.min(axis=0).tolist(), quad.max(axis=0).tolist()
            box = Box(max(left, 0), max(top, 0) + start, min(right, grey.shape[1]), min(bottom + start, end))
            if box.width > 4 and box.height > 4:
                found.append(box)
        start = end
    return found


def _cuts(grey: Picture) -> list[int]:
    """Where a tall picture is cut into strips: at the last blank row that leaves a strip small enough."""
    height = grey.shape[0]
    if height <= TALLEST:
        return [height]
    printed = ink_of(grey, 40).max(axis=1)
    cuts = [0]
    while height - cuts[-1] > TALLEST:
        blank = np.flatnonzero(printed[cuts[-1] + TALLEST // 2 : cuts[-1] + TALLEST] == 0)
        cuts.append(cuts[-1] + TALLEST // 2 + int(blank[-1]) if len(blank) else cuts[-1] + TALLEST)
    return [*cuts[1:], height]


def missed_in(ink: Picture) -> list[Box]:
    """Printed characters that belong to no line found: a lone 一 is easily overlooked."""
    near = cv2.dilate(ink, np.ones((21, 41), np.uint8))  # 10 and 20 pixels to each side
    return [Box(b.left + 14, b.top + 4, b.right - 14, b.bottom - 4) for b in blobs(near, 52, 22)]


def continued(lines: Sequence[Box], missed: Sequence[Box]) -> list[Box]:
    """The lines, longer by what was missed right before or after them: a 一 at the end of a line, say; and the rest."""
    whole = list(lines)
    rest = []
    for box in missed:
        middle = (box.top + box.bottom) / 2
        for at, line in enumerate(whole):
            gap = max(box.left - line.right, line.left - box.right)
            if line.top < middle < line.bottom and gap < line.height and box.height <= line.height:
                whole[at] = Box(min(line.left, box.left), line.top, max(line.right, box.right), line.bottom)
                break
        else:
            rest.append(box)
    return [*whole, *rest]


def recognised(pieces: list[Picture]) -> list[Reading]:
    if not pieces:
        return []
    engine = _engine()
    engine.return_word_box = True
    found = engine.recognize_txt(pieces)
    return [
        Reading(text, _certainty(text, words.confs), _signs(text, words))
        for text, words in zip(found.txts, found.word_results, strict=True)
    ]


def _signs(text: str, words: Any) -> tuple[tuple[str, float, float], ...]:
    """The characters of what was recognised, by the column in which the model saw each; a blank has none."""
    signs, columns = ([each for word in group for each in word] for group in (words.words, words.word_cols))
    certain = [sure for sign, sure in zip(text, words.confs, strict=False) if not sign.isspace()]
    if not len(signs) == len(columns) == len(certain):
        return ()
    return tuple(
        (sign, (column + 0.5) / words.line_txt_len, float(sure))
        for sign, column, sure in zip(signs, columns, certain, strict=True)
    )


def _certainty(text: str, of_each: Sequence[float]) -> float:
    """The least certainty of a letter or digit: whether a bracket is a wide one matters to nobody."""
    pairs = (
        zip(text, of_each, strict=True) if len(text) == len(of_each) else ((text, certainty) for certainty in of_each)
    )
    return min((certainty for sign, certainty in pairs if sign.isalnum()), default=min(of_each, default=0.0))
