"""Fictional reports with the official forms, printed, and made to look like scans: seeded, all by code."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

from checker.extract import extract
from checker.model import ABSENT, Document, Fact
from checker.read.paper.ocr import Picture
from checker.read.plain.html import parse_html
from tests.findings import national
from tests.paper import chromium

# --- a report ---------------------------------------------------------------------------------------------------------

_STYLE = """@page {{ size: A4; margin: 25mm 22mm }}
body {{ font: 14pt/1.6 {font}; text-align: justify }} h1 {{ font-size: 20pt; text-align: center }}
table {{ border-collapse: collapse; width: 100%; font-size: {size}; line-height: 1.2 }}
td {{ border: {border}; padding: 2px; text-align: center }}"""
_RESULTS = (
    (None, "（一）予以公开", 1),
    (None, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 1),
    ("（三）不予公开", "1.属于国家秘密", 8),
    (None, "2.其他法律行政法规禁止公开", 0),
    (None, "3.危及“三安全一稳定”", 0),
    (None, "4.保护第三方合法权益", 0),
    (None, "5.属于三类内部事务信息", 0),
    (None, "6.属于四类过程性信息", 0),
    (None, "7.属于行政执法案卷", 0),
    (None, "8.属于行政查询事项", 0),
    ("（四）无法提供", "1.本机关不掌握相关政府信息", 3),
    (None, "2.没有现成信息需要另行制作", 0),
    (None, "3.补正后申请内容仍不明确", 0),
    ("（五）不予处理", "1.信访举报投诉类申请", 5),
    (None, "2.重复申请", 0),
    (None, "3.要求提供公开出版物", 0),
    (None, "4.无正当理由大量反复申请", 0),
    (None, "5.要求行政机关确认或重新出具已获取信息", 0),
)
_LATER = (
    ("（六）其他处理", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", 3),
    (None, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", 0),
    (None, "3.其他", 0),
)
_EARLIER = ((None, "（六）其他处理", 1),)


def html(year: int, seed: int, *, size: str = "10.5pt", border: str = "1px solid #000", font: str = "serif") -> str:
    """A complete report of a made-up town on ``year``, whose figures follow from ``seed`` and add up."""
    dice = random.Random(seed)
    rows, total = _third(dice, later=year >= 2021)
    style = _STYLE.format(size=size, border=border, font=font)
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><style>{style}</style></head><body>
<h1>青石镇人民政府{year}年政府信息公开工作年度报告</h1>
<p>本报告根据《中华人民共和国政府信息公开条例》编制。所列数据的统计期限为{year}年1月1日至{year}年12月31日。
对本报告有疑问的，请与青石镇党政办公室联系，地址：砚川县青石镇柳荫路12号，电话：0589-5550{dice.randint(100, 999)}。</p>
<p>一、总体情况</p>
<p>（一）主动公开。{year}年主动公开政府信息{dice.randint(30, 4000)}条，其中政府网站公开{dice.randint(10, 3000)}条，
发布政策解读{dice.randint(1, 60)}篇，回应关切{dice.randint(1, 20)}次。</p>
<p>（二）依申请公开。{year}年新收政府信息公开申请{total}件。</p>
<p>（三）政府信息管理。公文起草时同步标注公开属性，发布前由党政办公室审查。</p>
<p>（四）政府信息公开平台建设。设查阅点{dice.randint(1, 9)}处，更新专栏{dice.randint(2, 30)}个。</p>
<p>（五）监督保障。配专人{dice.randint(1, 5)}名，全年培训{dice.randint(1, 8)}次，开展社会评议1次。</p>
<p>二、主动公开政府信息情况</p>{_second(dice, later=year >= 2021)}
<p>三、收到和处理政府信息公开申请情况</p>{rows}
<p>四、政府信息公开行政复议、行政诉讼情况</p>{_fourth(dice)}
<p>五、存在的主要问题及改进情况</p>
<p>存在的主要问题：一是公开栏更新不及时；二是解读材料的形式比较单一。</p>
<p>改进情况：一是每月检查一次公开栏；二是增加图解和问答。</p>
<p>六、其他需要报告的事项</p><p>{year}年没有收取信息处理费。</p>
<p style="text-align: right">青石镇人民政府<br>{year + 1}年1月{dice.randint(10, 28)}日</p></body></html>"""


def _row(*cells: object, spans: Mapping[int, str] | None = None) -> str:
    marks = spans or {}
    return "<tr>" + "".join(f"<td {marks.get(at, '')}>{cell}</td>" for at, cell in enumerate(cells)) + "</tr>"


def _count(dice: random.Random) -> int:
    return dice.choice((0, 0, 1, 7, 11, dice.randint(1, 99), dice.randint(100, 9_999), dice.randint(10_000, 999_999)))


def _amount(dice: random.Random) -> str:
    return dice.choice(("0", "38.5", f"{dice.randint(0, 99_999)}.{dice.randint(1, 9)}", f"{dice.random() * 99:.2f}"))


def _second(dice: random.Random, *, later: bool) -> str:
    wide = {1: 'colspan="3"'}
    whole = {0: 'colspan="4"'}
    made = [_count(dice) for _ in range(40)]
    if later:
        rows = [
            _row("第二十条第（一）项", spans=whole),
            _row("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
            _row("规章", *made[:3]),
            _row("行政规范性文件", *made[3:6]),
            *(_row("第二十条第（五）项", spans=whole), _row("信息内容", "本年处理决定数量", spans=wide)),
            _row("行政许可", made[6], spans=wide),
            *(_row("第二十条第（六）项", spans=whole), _row("信息内容", "本年处理决定数量", spans=wide)),
            *(_row("行政处罚", made[7], spans=wide), _row("行政强制", made[8], spans=wide)),
            *(_row("第二十条第（八）项", spans=whole), _row("信息内容", "本年收费金额（单位：万元）", spans=wide)),
            _row("行政事业性收费", _amount(dice), spans=wide),
        ]
    else:
        changes = [dice.choice((0, 1, -1, -12, 30)) for _ in range(5)]
        last = {2: 'colspan="2"'}
        rows = [
            _row("第二十条第（一）项", spans=whole),
            _row("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"),
            _row("规章", *made[:3]),
            _row("规范性文件", *made[3:6]),
            _row("第二十条第（五）项", spans=whole),
            _row("信息内容", "上一年项目数量", "本年增/减", "处理决定数量"),
            _row("行政许可", made[6], changes[0], made[7]),
            _row("其他对外管理服务事项", made[8], changes[1], made[9]),
            _row("第二十条第（六）项", spans=whole),
            _row("信息内容", "上一年项目数量", "本年增/减", "处理决定数量"),
            _row("行政处罚", made[10], changes[2], made[11]),
            _row("行政强制", made[12], changes[3], made[13]),
            *(_row("第二十条第（八）项", spans=whole), _row("信息内容", "上一年项目数量", "本年增/减", spans=last)),
            _row("行政事业性收费", made[14], changes[4], spans=last),
            *(_row("第二十条第（九）项", spans=whole), _row("信息内容", "采购项目数量", "采购总金额", spans=last)),
            _row("政府集中采购", made[15], _amount(dice), spans=last),
        ]
    return f"<table>{''.join(rows)}</table>"


def _third(dice: random.Random, *, later: bool) -> tuple[str, int]:
    results = (*_RESULTS, *(_LATER if later else _EARLIER))
    figures = [[_count(dice) if dice.random() < 0.25 else 0 for _ in range(6)] for _ in results]
    closed = [sum(column) for column in zip(*figures, strict=True)]
    carried = [dice.choice((0, 0, 3)) for _ in range(6)]
    before = [min(dice.choice((0, 0, 2)), done + rest) for done, rest in zip(closed, carried, strict=True)]
    new = [done + rest - old for done, rest, old in zip(closed, carried, before, strict=True)]
    label = {0: 'colspan="3"'}
    rows = [
        '<tr><td colspan="3" rowspan="3">（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td>'
        '<td colspan="7">申请人情况</td></tr>',
        '<tr><td rowspan="2">自然人</td><td colspan="5">法人或其他组织</td><td rowspan="2">总计</td></tr>',
        _row("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"),
        _row("一、本年新收政府信息公开申请数量", *new, sum(new), spans=label),
        _row("二、上年结转政府信息公开申请数量", *before, sum(before), spans=label),
    ]
    for at, ((group, name, height), line) in enumerate(zip(results, figures, strict=True)):
        first = f'<td rowspan="{len(results) + 1}">三、本年度办理结果</td>' if at == 0 else ""
        if group:
            rows.append(f'<tr>{first}<td rowspan="{height}">{group}</td>{_row(name, *line, sum(line))[4:]}')
        else:
            wide = {0: 'colspan="2"'} if height else None
            rows.append(f"<tr>{first}{_row(name, *line, sum(line), spans=wide)[4:]}")
    rows.append(_row("（七）总计", *closed, sum(closed), spans={0: 'colspan="2"'}))
    rows.append(_row("四、结转下年度继续办理", *carried, sum(carried), spans=label))
    return f"<table>{''.join(rows)}</table>", sum(new)


def _fourth(dice: random.Random) -> str:
    groups = [[dice.choice((0, 0, 0, 1, 2, 11, 147)) for _ in range(4)] for _ in range(3)]
    figures = [figure for group in groups for figure in (*group, sum(group))]
    names = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    return (
        '<table><tr><td colspan="5" rowspan="2">行政复议</td><td colspan="10">行政诉讼</td></tr>'
        '<tr><td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr>'
        f"{_row(*names * 3)}{_row(*figures)}</table>"
    )


# --- its pages as pictures --------------------------------------------------------------------------------------------


def pages(text: str, folder: Path) -> list[Picture]:
    """The report as printed by Chromium, and its pages as pictures."""
    page = folder / "page.html"
    page.write_text(text, encoding="utf-8")
    return pictures(chromium(folder, page, furniture=False)[0])


def pictures(pdf: Path, dpi: int = 200) -> list[Picture]:
    """The pages of a PDF, as a scanner sees them."""
    import pypdfium2  # type: ignore[import-untyped]

    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()[..., :3].copy() for page in document]


# --- what a scanner does to them --------------------------------------------------------------------------------------

Wear = Callable[[Picture, np.random.Generator], Picture]


def turned(angle: float) -> Wear:
    def wear(picture: Picture, _: np.random.Generator) -> Picture:
        height, width = picture.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
        return _picture(cv2.warpAffine(picture, turn, (width, height), borderValue=(255, 255, 255)))

    return wear


def keystone(share: float) -> Wear:
    """As a camera sees the page from below: at its top it is narrower by so much of its width on each side."""

    def wear(picture: Picture, _: np.random.Generator) -> Picture:
        height, width = picture.shape[:2]
        page = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
        seen = np.array([(share * width, 0), ((1 - share) * width, 0), *page[2:]], np.float32)
        turn = cv2.getPerspectiveTransform(page, seen)
        return _picture(cv2.warpPerspective(picture, turn, (width, height), borderValue=(255, 255, 255)))

    return wear


def noisy(sigma: float) -> Wear:
    def wear(picture: Picture, dice: np.random.Generator) -> Picture:
        return _picture(picture + dice.normal(0, sigma, picture.shape))

    return wear


def jpeg(quality: int) -> Wear:
    def wear(picture: Picture, _: np.random.Generator) -> Picture:
        data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))

    return wear


def grey(picture: Picture, _: np.random.Generator) -> Picture:
    return _picture(np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2))


def blurred(sigma: float) -> Wear:
    return lambda picture, _: _picture(cv2.GaussianBlur(picture, (0, 0), sigma))


def coarse(factor: float) -> Wear:
    """A scan at a lower resolution."""
    return lambda picture, _: _picture(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))


def black_and_white(picture: Picture, _: np.random.Generator) -> Picture:
    return _picture(np.where(picture.mean(axis=2, keepdims=True) < 150, 0, 255).repeat(3, axis=2))


def shaded(picture: Picture, _: np.random.Generator) -> Picture:
    """Light from one side, and paper that is not white."""
    height, width = picture.shape[:2]
    across, down = np.linspace(0.95, 0.6, width), np.linspace(1.0, 0.85, height)
    return _picture(picture * (down[:, None] * across[None, :])[..., None])


def pale(picture: Picture, _: np.random.Generator) -> Picture:
    """Toner running low."""
    return _picture(255 - (255 - picture.astype(float)) * 0.35)


def sealed(x: float, y: float, size: float = 0.2) -> Wear:
    """A round red seal with a star, its middle at these shares of the page; it lets the black below show through."""

    def wear(picture: Picture, _: np.random.Generator) -> Picture:
        height, width = picture.shape[:2]
        middle, radius = (int(x * width), int(y * height)), int(size * width / 2)
        stamp = np.full_like(picture, 255)
        cv2.circle(stamp, middle, radius, (215, 40, 45), max(radius // 16, 2))
        angles = [math.pi * (4 * i / 5 - 0.5) for i in range(5)]
        star = [(middle[0] + radius * 0.35 * math.cos(a), middle[1] + radius * 0.35 * math.sin(a)) for a in angles]
        cv2.fillPoly(stamp, [np.array(star, np.int32)], (215, 40, 45))
        for i in range(12):
            a = math.pi * (0.75 + 1.5 * i / 11)
            spot = (int(middle[0] + radius * 0.75 * math.cos(a)), int(middle[1] + radius * 0.75 * math.sin(a)))
            cv2.rectangle(stamp, (spot[0] - 8, spot[1] - 10), (spot[0] + 8, spot[1] + 10), (215, 40, 45), 3)
        return _picture(picture.astype(float) * stamp / 255)

    return wear


def worn(pages: Sequence[Picture], wears: Sequence[Wear], seed: int = 0) -> list[Picture]:
    """The pages after all that has been done to them."""
    dice = np.random.default_rng(seed)
    result = []
    for page in pages:
        for wear in wears:
            page = wear(page, dice)
        result.append(page)
    return result


def _picture(values: Picture) -> Picture:
    return np.asarray(np.clip(values, 0, 255).astype(np.uint8))


# --- what becomes of it -----------------------------------------------------------------------------------------------

_MARKS = re.compile(r"[\W_]+")


def compared(text: str, document: Document) -> dict[str, str]:
    """fact -> ``right``, ``unread`` or what is wrong with it, for all that the page or its scan has."""
    want, got = facts(parse_html(text, "x.html")), facts(document)
    outcomes = {name: _outcome(want.get(name, ABSENT), got.get(name, ABSENT)) for name in {**want, **got}}
    return {name: outcome for name, outcome in outcomes.items() if outcome}


def facts(document: Document) -> Mapping[str, Fact]:
    return extract(document, national().facts).facts


def _outcome(want: Fact, got: Fact) -> str:
    if want.state == got.state == "absent":
        return ""
    if (want.state, plain(want.value)) == (got.state, plain(got.value)):
        return "right"
    return "unread" if got.state == "unread" else f"{want.state} {want.value!r} was read as {got.state} {got.value!r}"


def plain(value: object) -> object:
    """A value by which marks do not count: whether a bracket is a wide one matters to nobody."""
    return _MARKS.sub("", value) if isinstance(value, str) else value
