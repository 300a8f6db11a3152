"""Reports alike: the one definition of likeness, the index against all pairs one by one, clusters and passages."""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import likeness
from checker.extract.compact import line
from checker.judge import judge
from checker.likeness import Signature, signature
from checker.model import ALONE, Case, Told, Twin, Where
from checker.season import similar
from checker.season.nouns import Member
from tests.findings import national
from tests.write.reading import reference


def told(*lines: str) -> tuple[Told, ...]:
    return tuple(Told(line, Where(line=at)) for at, line in enumerate(lines, 1))


# --- the definition


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("全镇9个村的公开栏按月更新，照片留存备查。", "全镇14个村的公开栏按月更新，照片留存备查。", True),
        ("全镇9个村的公开栏按月更新；照片留存备查", "全镇九个村的公开栏按月更新，照片留存备查。", True),
        ("水利站张贴放水时间，逐户签字。", "农机站登记补贴申请，当天公示。", False),
    ],
)
def test_figures_and_marks_make_no_difference(one: str, other: str, same: bool) -> None:
    assert likeness.likeness(signature(told(one)), signature(told(other))) == float(same)


@pytest.mark.parametrize(
    "text",
    [
        "2024年主动公开政府信息268条，其中政府网站公开173条、政务新媒体公开95条。",
        "2024年未收到政府信息公开申请，没有发生行政复议、行政诉讼。",
        "2024年没有发出收费通知，未收取信息处理费。",
        "根据《中华人民共和国政府信息公开条例》（国务院令第711号）的规定，",
        "制发行政规范性文件2件，废止1件，现行有效6件。",
        "无其他需要报告的事项。",
    ],
)
def test_what_every_report_says_is_nobodys_own(text: str) -> None:
    assert list(signature(told(text))) == []


def test_a_narrative_has_no_headings_and_no_forms() -> None:
    report = reference("2024-云渚镇").report
    assert report
    lines = [line.text for line in likeness.narrative(report)]
    assert any("移民安置" in line for line in lines)
    assert all(line.where.block is not None for line in likeness.narrative(report))
    assert [
        line for line in lines if line in ("总体情况", "一、总体情况", "（一）主动公开") or "勾稽关系" in line
    ] == []
    assert not any("编制了2024年" in line for line in lines)
    assert {line.text for line in likeness.problems(report)} < set(lines)


# --- the index


def brute(signatures: Sequence[Signature], known: frozenset[int], least: float) -> dict[tuple[int, int], float]:
    """All pairs, one by one: what every index is held against."""
    found = {}
    for right in range(len(signatures)):
        for left in range(right):
            enough = all(len(set(signatures[at]) - known) >= similar.FEW for at in (left, right))
            share = likeness.likeness(signatures[left], signatures[right], known)
            if enough and share >= least:
                found[left, right] = share
    return found


def found(units: Sequence[str], signatures: Sequence[Signature], least: float) -> dict[tuple[int, int], float]:
    return {(p.left, p.right): p.likeness for p in similar.pairs(units, signatures.__getitem__, least)}


@st.composite
def counties(draw: st.DrawFn) -> tuple[list[str], list[Signature]]:
    """Signatures out of few shingles, so that many share some, with copies and near-copies among them."""
    rng = random.Random(draw(st.integers(0, 1 << 30)))
    pool = [rng.getrandbits(61) for _ in range(draw(st.integers(80, 400)))]
    signatures: list[set[int]] = []
    for _ in range(draw(st.integers(0, 30))):
        if signatures and rng.random() < 0.4:
            base = rng.choice(signatures)
            cut = rng.random()
            signatures.append({s if rng.random() < cut else rng.getrandbits(61) for s in base})
        else:
            signatures.append({rng.choice(pool) for _ in range(rng.choice((0, 30, 60, 90)))})
    units = [str(rng.randrange(max(len(signatures) * 2 // 3, 1))) for _ in signatures]
    return units, [array("Q", sorted(each)) for each in signatures]


@settings(max_examples=60)
@given(counties(), st.sampled_from([0.5, 0.7, 0.85]))
def test_the_index_finds_all_pairs_and_no_other(county: tuple[list[str], list[Signature]], least: float) -> None:
    units, signatures = county
    known = similar.form_wording(units, signatures.__getitem__)
    assert found(units, signatures, least) == brute(signatures, known, least)


def made_up(count: int, seed: int = 5) -> list[Signature]:
    """Signatures of which one in five is a copy with some of it new."""
    rng = random.Random(seed)
    kept: list[list[int]] = []
    for _ in range(count):
        if kept and rng.random() < 0.2:
            share = rng.random() * 0.4
            kept.append([s if rng.random() > share else rng.getrandbits(61) for s in rng.choice(kept)])
        else:
            kept.append([rng.getrandbits(61) for _ in range(200)])
    return [array("Q", sorted(set(each))) for each in kept]


def test_shingles_that_share_a_counter_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    signatures = made_up(150)
    units = [str(at) for at in range(len(signatures))]
    right = brute(signatures, similar.form_wording(units, signatures.__getitem__), 0.5)
    assert len(right) > 20
    assert found(units, signatures, 0.5) == right
    monkeypatch.setattr(similar, "_COUNTERS", 50)
    assert found(units, signatures, 0.5) == right


# --- form wording


def letters(seed: int, count: int) -> str:
    rng = random.Random(seed)
    return "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(count))


def test_what_a_county_writes_alike_is_form_and_what_a_ring_copies_is_not() -> None:
    form = letters(0, 200)
    reports = [told(form, letters(at, 200)) for at in range(1, 21)]
    ring = letters(99, 400)
    reports += [told(form, ring + letters(200 + at, 30)) for at in range(6)]
    units = [str(at) for at in range(len(reports))]
    signatures = [signature(each) for each in reports]
    pairs = found(units, signatures, 0.7)
    assert set(pairs) == {(a, b) for a in range(20, 26) for b in range(a + 1, 26)}
    known = similar.form_wording(units, signatures.__getitem__)
    assert set(signature(told(form))) <= known
    assert not known & set(signature(told(ring)))


# --- clusters


def county() -> tuple[list[Member], list[tuple[Told, ...]]]:
    texts = [told(letters(at, 300)) for at in range(8)]
    texts[3] = told("村级公开栏按季度更换，" + letters(70, 40) + "。" + texts[1][0].text, "又及" + letters(71, 30))
    texts[6] = told(texts[5][0].text)
    members = [Member(f"u{at}", f"{name}镇", 2024, f"{name}.txt") for at, name in enumerate("甲乙丙丁戊己庚辛")]
    members[6] = Member("u5", "己镇", 2023, "旧.txt")
    return members, texts


def test_clusters_say_who_shares_what_with_whom() -> None:
    members, texts = county()
    signatures = [signature(each) for each in texts]
    first, second = similar.clusters(
        (m.unit for m in members), members.__getitem__, signatures.__getitem__, texts.__getitem__
    )
    assert [(m.unit, m.year) for m in first.members] == [("u5", 2024), ("u5", 2023)]
    assert first.pairs[0].likeness == 1.0
    assert [member.unit for member in second.members] == ["u1", "u3"]
    (pair,) = second.pairs
    assert 0.7 <= pair.likeness < 0.85
    (shared,) = pair.passages
    assert shared.left == shared.right == texts[1][0].text
    assert (shared.left_where.line, shared.right_where.line) == (1, 1)
    alike = similar.twins([*first.pairs, *second.pairs])
    assert set(alike) == {("u1", 2024), ("u3", 2024)}
    assert [(twin.name, twin.year) for twin in alike["u1", 2024]] == [("丁镇", 2024)]


def test_passages_are_shown_as_each_has_them_longest_first() -> None:
    one = told(
        "水库放水先由管水员上门告知。",
        "全镇9个村的公开栏按月更新，照片留存备查。集市日摆摊讲解低保怎样申请。另有一事。",
    )
    other = told("集市日摆摊讲解低保怎样申请。", "全镇14个村的公开栏按月更新，照片都留存备查。", "别的话不一样也不少。")
    found = similar.passages(one, other)
    assert [(shared.left, shared.right) for shared in found] == [
        ("全镇9个村的公开栏按月更新，照片留存备查", "全镇14个村的公开栏按月更新，照片都留存备查"),
        ("集市日摆摊讲解低保怎样申请", "集市日摆摊讲解低保怎样申请"),
    ]
    assert [(shared.left_where.line, shared.right_where.line) for shared in found] == [(2, 2), (2, 1)]


def test_shared_passages_are_quoted_as_they_stand_in_the_report() -> None:
    whole = line("另有一事。全镇 ９ 个村的公开栏,按月更新; 照片留存备查。", 7)
    (shared,) = similar.passages((Told(whole.text, line=whole),), told("全镇14个村的公开栏，按月更新；照片留存备查。"))
    assert shared.left == "全镇 ９ 个村的公开栏,按月更新; 照片留存备查"
    assert (shared.left_where.quote, shared.left_where.line) == (shared.left, 7)
    assert shared.right_where.quote == shared.right == "全镇14个村的公开栏，按月更新；照片留存备查"


def test_a_large_cluster_shows_every_member(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "MOST_PAIRS", 5)
    text = letters(1, 400)
    texts = [told(text + letters(100 + at, 20)) for at in range(12)]
    members = [Member(str(at), str(at), 2024, "") for at in range(12)]
    signatures = [signature(each) for each in texts]
    (cluster,) = similar.clusters(
        (m.unit for m in members), members.__getitem__, signatures.__getitem__, texts.__getitem__
    )
    assert len(cluster.members) == 12
    assert {m.unit for pair in cluster.pairs for m in (pair.left, pair.right)} == {str(at) for at in range(12)}
    assert len(cluster.pairs) < 20


# --- COP-05


def verdicts(twins: tuple[Twin, ...] | None) -> list[tuple[str, str]]:
    report = reference("2024-云渚镇").report
    assert report
    audit = judge(Case(report, twins=twins), national())
    return [(v.state, v.message) for v in audit.verdicts if v.rule == "COP-05"]


def test_twins_given_by_the_caller_are_judged() -> None:
    assert verdicts(()) == [("pass", "")]
    assert verdicts(None) == [("unknown", ALONE["peers"])]
    (one, two) = verdicts((Twin("石磨镇", 2024, 0.913), Twin("鹤浦镇", 2023, 0.71)))
    assert one[0] == "fail"
    assert "与石磨镇2024年的报告有91%相同" in one[1]
    assert two[0] == "review"
    assert similar.threshold(national()) == 0.7
