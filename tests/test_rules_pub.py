"""What the examples of a rule cannot show: files that a page links to, and offices with different deadlines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.findings import audit

PAGE = """<html><body><div class="content"><h1>青石镇2016年政府信息公开工作年度报告</h1>
<p>根据《中华人民共和国政府信息公开条例》，现公布2016年的情况。统计期限自2016年1月1日至2016年12月31日，数据见附表。</p>
<p>一、主动公开情况</p><p>2016年青石镇通过政府网站、公开栏等渠道主动公开政府信息36条。</p>
<p>青石镇人民政府</p><p>2017年1月5日</p>{}</div></body></html>"""
LINK = '<p>附件：<a href="/files/tj.xls">青石镇2016年政府信息公开情况统计表</a></p>'


@pytest.mark.parametrize(
    ("link", "attachment", "fees"),
    [("", "fail", "fail"), (LINK, "pass", "unknown")],
)
def test_a_linked_file_is_there_and_was_not_read(link: str, attachment: str, fees: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(PAGE.format(link), encoding="utf-8")
    states = {verdict.rule: verdict.state for verdict in audit(page).verdicts}
    assert (states["PUB-06"], states["OLD-03"]) == (attachment, fees)


@pytest.mark.parametrize(
    ("organ", "day", "wanted"),
    [
        ("临澜市岫溪县青石镇", "2月1日", "fail"),
        ("临澜市岫溪县人民政府", "2月1日", "pass"),
        ("临澜市岫溪县人民政府", "4月1日", "fail"),
        ("岫溪县水务局", "1月31日", "pass"),
    ],
)
def test_the_deadline_depends_on_the_office(organ: str, day: str, wanted: str, tmp_path: Path) -> None:
    text = tmp_path / "report.txt"
    lines = [f"{organ}2022年政府信息公开工作年度报告", "一、总体情况", "2022年工作平稳。", organ, f"2023年{day}"]
    text.write_text("\n".join(lines), encoding="utf-8")
    assert {v.rule: v.state for v in audit(text).verdicts}["PUB-02"] == wanted
