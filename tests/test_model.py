"""What ``record`` makes: a frozen dataclass, whose methods are shared and not written anew for each class."""

from __future__ import annotations

import dataclasses
import pickle

from checker.model import Where, record


@record
class Pair:
    left: int
    right: str = "右"


@record
class Heir(Pair):
    pass


def test_records_are_compared_hashed_and_shown_by_their_values() -> None:
    one, same, other = Where(line=3, quote="收费"), Where(line=3, quote="收费"), Where(line=4, quote="收费")
    assert one == same
    assert one != other
    assert hash(one) == hash(same)
    assert len({one, same, other}) == 2
    alike: tuple[object, object] = Heir(1), Pair(1)
    assert alike[0] != alike[1]
    assert repr(Pair(1)) == "Pair(left=1, right='右')"


def test_records_are_dataclasses() -> None:
    pair = dataclasses.replace(Pair(1), left=2)
    assert dataclasses.asdict(pair) == {"left": 2, "right": "右"}
    assert pickle.loads(pickle.dumps(pair)) == pair
    assert not hasattr(pair, "__dict__")
    match pair:
        case Pair(left, right):
            assert (left, right) == (2, "右")
