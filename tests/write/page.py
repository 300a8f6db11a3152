"""Reports as web pages, in the ways in which the sites of towns say the same."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from tests.write import Line, Written
from tests.write.layout import Grid


def html(report: Written, variant: str = "plain") -> str:
    """The report as a page; ``variant`` is one of VARIANTS."""
    body = VARIANTS[variant](report)
    head = (
        f'<meta charset="utf-8"><title>{report.place}-政府信息公开年报</title><style>td {{ border: 1px solid }}</style>'
    )
    return f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


def body(report: Written) -> str:
    """The report inside a page."""
    return _blocks(report, _p, _table)


def _blocks(report: Written, line: Callable[[Line], str], grid: Callable[[Grid, Written], str]) -> str:
    return "\n".join(line(block) if isinstance(block, Line) else grid(block, report) for block in report.blocks)


def _p(line: Line) -> str:
    if line.role == "title":
        return f"<h1>{escape(line.whole)}</h1>"
    words = escape(line.whole)
    return f"<p><strong>{words}</strong></p>" if line.level == 1 else f"<p>{words}</p>"


def _rows(grid: Grid, report: Written, words: Callable[[str], str] = lambda text: text) -> list[str]:
    """The rows of a grid with colspan and rowspan."""
    rows = []
    for row in grid.rows:
        cells = []
        for cell in row:
            across = f' colspan="{cell.across}"' if cell.across > 1 else ""
            down = f' rowspan="{cell.down}"' if cell.down > 1 else ""
            cells.append(f"<td{across}{down}>{words(escape(report.text(cell)))}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return rows


def _table(grid: Grid, report: Written) -> str:
    return f'<table border="1">\n{chr(10).join(_rows(grid, report))}\n</table>'


def _soup(report: Written) -> str:
    """Layers of div and span, a paragraph a div, cells with paragraphs and fonts in them, tags left open."""

    def line(line: Line) -> str:
        return f'<div class="x"><div><span style="font-size:16pt"><span>{escape(line.whole)}</span></span></div></div>'

    def dressed(text: str) -> str:
        return (
            f'<div><p class="MsoNormal"><span lang="EN-US"><font face="仿宋">{text}<o:p></o:p></font></span></p></div>'
        )

    def grid(grid: Grid, report: Written) -> str:
        rows = "".join(_rows(grid, report, dressed)).replace("</td>", "").replace("</tr>", "")
        return f'<div class="tb"><div><table><tbody>{rows}</tbody></table></div></div>'

    return f'<div id="main"><div><div>{_blocks(report, line, grid)}</div></div></div>'


def _blanks(report: Written) -> str:
    """Blanks of every kind around words and figures, as they come from Word."""

    def padded(text: str) -> str:
        return f"&nbsp;{text}\n\t&nbsp;&nbsp;" if text else "&nbsp;"

    def line(line: Line) -> str:
        return f"<p>&nbsp;&nbsp;&emsp;&emsp;{escape(line.whole)}&nbsp;</p>"

    def grid(grid: Grid, report: Written) -> str:
        return f"<table>{''.join(_rows(grid, report, padded))}</table>"

    return _blocks(report, line, grid)


def _breaks(report: Written) -> str:
    """Paragraphs kept apart by br alone, labels broken in the middle."""

    def broken(text: str) -> str:
        middle = len(text) // 2
        figure = not text.strip("0123456789.,")
        return text if len(text) <= 6 or "&" in text or figure else f"{text[:middle]}<br>{text[middle:]}"

    def grid(grid: Grid, report: Written) -> str:
        return f"</p><table>{''.join(_rows(grid, report, broken))}</table><p>"

    return f"<p>{_blocks(report, lambda line: escape(line.whole) + '<br><br>', grid)}</p>"


def _framed(report: Written) -> str:
    """The whole report in one table that only lays out the page."""
    rows = _blocks(
        report,
        lambda line: f'<tr><td align="left">{_p(line)}</td></tr>',
        lambda grid, report: f"<tr><td>{_table(grid, report)}</td></tr>",
    )
    return f'<table width="960"><tbody>{rows}</tbody></table>'


def _merged(report: Written) -> str:
    """All forms, with the words between them, as one table; the headings of their parts are rows of it."""
    grids = [block for block in report.blocks if isinstance(block, Grid)]
    width = max(grid.width for grid in grids)
    first, last = (report.blocks.index(grid) for grid in (grids[0], grids[-1]))

    def row(block: Line | Grid) -> str:
        if isinstance(block, Line):
            return f'<tr><td colspan="{width}">{escape(block.whole)}</td></tr>'
        return "".join(_rows(block, report))

    inner = f"<table>{''.join(map(row, report.blocks[first : last + 1]))}</table>"
    lines = [_p(block) if isinstance(block, Line) else "" for block in report.blocks]
    return "\n".join([*lines[:first], inner, *lines[last + 1 :]])


def _apart(report: Written) -> str:
    """Table two as one table a block, with its captions between them."""

    def grid(grid: Grid, report: Written) -> str:
        if grid.form != "t2":
            return _table(grid, report)
        found = ""
        for row, cells in zip(_rows(grid, report), grid.rows, strict=True):
            found += f"</table><p>{cells[0].text}</p><table>" if len(cells) == 1 else row
        return found.removeprefix("</table>") + "</table>"

    return _blocks(report, _p, grid)


def _site(report: Written) -> str:
    """A page of a site: navigation, share buttons and a footer around the article."""
    nav = '<nav><a href="/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/bsfw/">办事服务</a></nav>'
    share = '<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a> <a href="#">打印</a></div>'
    footer = "<footer>主办：霁川县人民政府办公室 承办：霁川县大数据中心 网站标识码：9999990001</footer>"
    return f'{nav}\n<div class="article">\n{_blocks(report, _p, _table)}\n</div>\n{share}\n{footer}'


def _split(report: Written) -> str:
    """Forms cut in two where a page of the original ended, the head not repeated."""

    def grid(grid: Grid, report: Written) -> str:
        spanned = grid.full()
        cut = len(grid.rows) // 2
        if len(grid.rows) < 2 * grid.heads + 4:
            return _table(grid, report)
        texts = [[escape(report.text(cell)) for cell, _ in row] for row in spanned]
        rows = [f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in texts]
        return f"<table>{''.join(rows[:cut])}</table><p>— 3 —</p><table>{''.join(rows[cut:])}</table>"

    return _blocks(report, _p, grid)


VARIANTS: dict[str, Callable[[Written], str]] = {
    "plain": body,
    "site": _site,
    "soup": _soup,
    "blanks": _blanks,
    "breaks": _breaks,
    "framed": _framed,
    "merged": _merged,
    "apart": _apart,
    "split": _split,
}
