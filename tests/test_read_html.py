"""Pages: the main block, what is left out, grids, hidden text, dates and lines."""

from __future__ import annotations

import pytest

from checker.model import Document, Paragraph, Table, Unreadable
from checker.read import LIMITS, Limits
from checker.read.plain.html import parse_html

BODY = """<p>根据《中华人民共和国政府信息公开条例》，现公布青石镇2023年度报告，数据截至2023年12月31日。</p>
<p><strong>一、总体情况</strong></p>
<p>全年主动公开信息63条，其中网站50条，公开栏13条；收到申请2件，均已答复。</p>
<p>青石镇人民政府</p>
<p>2024年1月12日</p>"""

PAGE = f"""<!DOCTYPE html>
<html><head><meta charset="gb2312"><title>青石镇2023年政府信息公开年度报告_临澜市人民政府</title>
<meta name="PubDate" content="2024-01-15 09:30">
<script>var a = "，。，。，。，。，。<div>";</script></head><body>
<div class="header"><h1>临澜市人民政府</h1><ul><li><a href="/">首页</a></li><li><a href="/a">公开</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; 年报</div>
<div class="wrap"><h1 class="t">青石镇2023年政府信息公开年度报告</h1>
<div>来源：党政办 <a href="javascript:print()">打印</a></div>
<div id="zoom">
{BODY}
<p>扫一扫在手机打开当前页</p>
</div>
<div class="share">分享到：<a>微信</a></div></div>
<div class="foot">版权所有：临澜市人民政府，承办：办公室。</div>
</body></html>"""


def page(body: str) -> Document:
    return parse_html(f"<body><div id=zoom>{BODY}{body}</div></body>", "x.html")


def words(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def added(body: str) -> list[str]:
    """The paragraphs that ``body`` adds to a report."""
    return words(page(body))[5:]


def grid(body: str, limits: Limits = LIMITS) -> list[list[str]]:
    document = parse_html(f"<body>{BODY}{body}</body>", "x", limits)
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert len({len(row) for row in table.rows}) <= 1
    return [[cell.text for cell in row] for row in table.rows]


def codes(document: Document) -> list[str]:
    return [note.code for note in document.notes]


def test_main_block_with_its_title_and_residue() -> None:
    assert words(parse_html(PAGE, "x.html")) == [
        "青石镇2023年政府信息公开年度报告",
        "根据《中华人民共和国政府信息公开条例》，现公布青石镇2023年度报告，数据截至2023年12月31日。",
        "一、总体情况",
        "全年主动公开信息63条，其中网站50条，公开栏13条；收到申请2件，均已答复。",
        "青石镇人民政府",
        "2024年1月12日",
        "扫一扫在手机打开当前页",
    ]


def test_lines_are_those_of_the_source() -> None:
    source = PAGE.split("\n")
    for block in parse_html(PAGE, "x.html").blocks:
        assert isinstance(block, Paragraph)
        assert block.where.line is not None
        assert block.text[:6] in source[block.where.line - 1]


def test_lines_survive_other_newlines() -> None:
    unix, dos = parse_html(PAGE, "x"), parse_html(PAGE.replace("\n", "\r\n"), "x")
    assert unix == dos


def test_title_comes_from_the_head_when_no_heading_holds_it() -> None:
    bare = PAGE.replace('<h1 class="t">青石镇2023年政府信息公开年度报告</h1>', "")
    assert words(parse_html(bare, "x"))[0] == "青石镇2023年政府信息公开年度报告"
    meta = bare.replace("<head>", '<head><meta name="ArticleTitle" content="青石镇的年报">')
    assert words(parse_html(meta, "x"))[0] == "青石镇的年报"


def test_title_is_not_repeated() -> None:
    inside = PAGE.replace('<div id="zoom">', '<div id="zoom"><h2>青石镇 2023年政府信息公开年度报告</h2>')
    assert sum("年度报告" in text and len(text) < 30 for text in words(parse_html(inside, "x"))) == 1


def test_a_title_that_a_sentence_repeats_is_not_lost() -> None:
    said = "根据条例，编制并公布青石镇2023年政府信息公开年度报告。"
    named = PAGE.replace('<div id="zoom">', f'<div id="zoom"><p>{said}</p>')
    assert words(parse_html(named, "x"))[:2] == ["青石镇2023年政府信息公开年度报告", said]


@pytest.mark.parametrize(
    ("mark", "date"),
    [
        ('<meta name="PubDate" content="2024-01-15 09:30">', "2024-01-15"),
        ("<div>发布时间：2024年1月5日</div>", "2024-01-05"),
        ("<div>发布日期： 2024-01-31 来源</div>", "2024-01-31"),
        ("<div>时间：2024/2/3</div>", "2024-02-03"),
        ("<div>统计时间：2023年1月1日</div>", None),
        ("<div>发布时间：2024-13-40</div>", None),
        ("", None),
    ],
)
def test_posted_date(mark: str, date: str | None) -> None:
    assert parse_html(f"<body>{mark}<div id=zoom>{BODY}</div>", "x").posted == date


def test_parts_in_several_boxes_are_all_kept() -> None:
    parts = "".join(f"<div><p>第{n}部分，公开信息{n}条；其中网站1条，公开栏2条。</p></div>" for n in range(9))
    assert len(words(parse_html(f"<body><div class=nav><a>首页</a></div><div>{parts}</div>", "x"))) == 9


def test_preface_and_signature_beside_the_main_box_are_kept() -> None:
    preface = "<div>根据条例，按照要求，结合实际，编制本报告；如有疑问，请联系我们。本报告由五部分组成。</div>"
    signed = "<div><p>青石镇人民政府</p><p>2024年1月20日</p></div>"
    found = words(parse_html(f"<body><div>{preface}<div>{BODY}</div>{signed}</div>", "x"))
    assert found[0].startswith("根据条例")
    assert found[-1] == "2024年1月20日"


def test_figures_beside_the_main_box_are_kept() -> None:
    table = "<div><table>" + "<tr><td>规章</td><td>1</td><td>2</td><td>3</td></tr>" * 3 + "</table></div>"
    blocks = parse_html(f"<body><div><div>{BODY}</div>{table}</div>", "x").blocks
    assert sum(isinstance(block, Table) for block in blocks) == 1


def test_inline_elements_do_not_part_words_and_breaks_do() -> None:
    assert added("<p>公开<span>信息<b>63</b></span>条<br>其中&nbsp;网站\n 50条</p>") == [
        "公开信息63条",
        "其中 网站 50条",
    ]


def test_blanks_between_inline_elements_are_kept() -> None:
    assert added("<p><b>63</b> <b>13</b>\n<i>2</i></p>") == ["63 13 2"]


def test_lines_before_the_first_tag_count() -> None:
    assert [block.where.line for block in parse_html("\n\n<p>甲\n<p>乙", "x").blocks] == [3, 4]


def test_headings_and_list_numbers() -> None:
    blocks = page("<h2>二、问题</h2><ol start=3><li>人员少<li>2.制度缺</ol><ul><li>无</ul>").blocks[5:]
    assert [(block.hint, block.text) for block in blocks if isinstance(block, Paragraph)] == [
        ("h2", "二、问题"),
        ("li", "3. 人员少"),
        ("li", "2.制度缺"),
        ("li", "无"),
    ]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ("<tr><td>甲{0}</td><td>乙{0}</td></tr>", [1, 1]),
        ("<tr>\n<td>甲{0}</td>\n<td>乙{0}</td></tr>", [2, 3]),
        ("<tr><td>甲{0}\n</td><td>乙{0}</td></tr>", [1, 2]),
        ("<tr>\n<td>甲{0}</td></tr><td>乙{0}</td>", [2, 2]),
        ("<tr><td>\n<p>甲{0}</p></td><td>乙{0}</td></tr>", [2, 2]),
        ("<TR><TD>甲{0}</TD>\n<TD>乙{0}</TD></TR>", [1, 2]),
    ],
)
def test_cells_of_a_table_that_arranges_the_page_have_their_lines(rows: str, lines: list[int]) -> None:
    prose = "，公开了一些信息。" * 20
    blocks = parse_html(f"<body><table>{rows.format(prose)}</table>", "x").blocks
    assert [block.where.line for block in blocks] == lines


def test_preformatted_text_keeps_its_lines() -> None:
    assert added("<pre>甲\n乙\n\n丙</pre>") == ["甲", "乙", "丙"]


def test_merged_cells_answer_at_every_position() -> None:
    body = """<table><tr><td rowspan=2>文件</td><td colspan=2>件数</td></tr>
    <tr><td>制发</td><td>废止</td></tr><tr><td><p>规<span>章</span></p></td><td>1</td></tr></table>"""
    assert grid(body) == [["文件", "件数", "件数"], ["文件", "制发", "废止"], ["规章", "1", ""]]


@pytest.mark.parametrize("span", ["1000000", "0", "-5", "abc", "", "99999999999999999999"])
def test_absurd_spans_are_clamped_and_said(span: str) -> None:
    body = f"<table><tr><td>甲</td><td>1</td></tr><tr><td colspan='{span}'>乙</td></tr></table>"
    document = page(body)
    assert codes(document) == ["table-span"]
    assert grid(body)[0] == ["甲", "1"]


def test_a_table_beyond_the_cell_limit_is_unread_not_cut() -> None:
    body = "<table>" + "<tr><td>甲</td><td>1</td></tr>" * 20 + "</table>"
    document = parse_html(BODY + body, "x", Limits(table_cells=30))
    table = document.blocks[-1]
    assert isinstance(table, Table)
    assert table.picture
    assert table.rows == ()
    assert codes(document) == ["table-cells"]


def test_layout_tables_are_flattened() -> None:
    long = "全年主动公开信息，内容包括财政、规划、教育、卫生等。" * 5
    assert added(f"<table><tr><td>{long}</td><td>{long}</td></tr></table>") == [long, long]
    nested = "<table><tr><td>左</td><td><table><tr><td>规章</td><td>1</td></tr></table></td></tr></table>"
    assert added(nested) == ["左"]
    assert grid(nested) == [["规章", "1"]]
    assert added("<table><tr><td>独</td></tr><tr><td>列</td></tr></table>") == ["独", "列"]


def test_a_data_table_with_a_long_note_stays_a_table() -> None:
    note = "填表说明：一、按年度填写，不得空项；二、没有的填零，合计要相等；三、由办公室汇总，报县政府。" * 4
    rows = "".join(f"<tr><td>第{n}项主动公开政府信息的统计指标</td><td>{n}</td></tr>" for n in range(20))
    assert len(grid(f"<table>{rows}<tr><td colspan=2>{note}</td></tr></table>")) == 21


def test_a_page_laid_out_by_a_table_gives_its_main_cell() -> None:
    text = f"<body><table><tr><td width=200>栏目<br>导航</td><td>{BODY}</td></tr></table></body>"
    assert words(parse_html(text, "x"))[0].startswith("根据")


def test_tables_nested_too_deeply_are_read_as_text() -> None:
    deep = "<table><tr><td>左<td>" * 12 + "底" + "</table>" * 12
    document = page(deep)
    assert "底" in words(document)
    assert "table-depth" in codes(document)


def pictures(document: Document) -> int:
    return sum(isinstance(block, Table) and block.picture for block in document.blocks)


_DATA = "data:image/png;base64,iVBORw0KGgo/ico/qr/share/logo"


@pytest.mark.parametrize(
    "shown",
    [
        '<img src="a.png" width=600 height="300">',
        '<img src="W020240112.jpg">',
        '<img src="W020240112.gif">',
        '<img src="/images/blank.gif" data-src="W020240112.jpg">',
        '<img src="t.png" width="100%">',
        '<img src="t.png" width=600>',
        '<img src="t.png" style="width: 600px; height: auto">',
        '<img src="/upload/b7eqr1f.png">',
        '<img src="/sharefile/fingerprint/politico.png">',
        '<img src="/images/qr.png" width=600 height=500>',
        f'<img src="{_DATA}">',
        f'<img src="{_DATA}" style="width:600px">',
        '<object data="t3.pdf">没有插件</object>',
        '<embed src="t3.pdf" width=600 height=800>',
        "<iframe src=t3.html></iframe>",
        "<canvas></canvas>",
        "<svg width=600 height=500><path d='M0 0'/></svg>",
        "<svg><text>一、本年新收 5</text></svg>",
        "<div style='background: url(t3.png); width:600px; height:500px'></div>",
    ],
)
def test_whatever_may_show_a_table_stands_for_one(shown: str) -> None:
    """In a box of an article and in a page of which all is one, at the start of a paragraph and among its words."""
    for document in (
        page(f"<p>{shown}</p>"),
        page(f"<p>表三如下：{shown}见下文</p>"),
        parse_html(f"<body>{BODY}<p>{shown}</p></body>", "x"),
    ):
        assert pictures(document) == 1
        assert codes(document) == ["picture"]
    assert added(f"<p>表三{shown}如下</p>")[0] == "表三如下" or shown.startswith("<div")
    assert "插件" not in "".join(added(shown))


@pytest.mark.parametrize(
    "shown",
    [
        '<img src="/images/icon_doc.png">',
        '<img src="/skin/qr/1.png">',
        '<img src="a.png" width="16" height="16">',
        '<img src="t.png" style="width:32px">',
        '<img src="t.png" width=1 height=1>',
        '<a href="a.docx"><img src="a.png">附件</a>',
        '<svg class="icon"><path d="M0 0"/></svg>',
        "<iframe src=ad.html width=0 height=0></iframe>",
        '<input type="text" value="搜索">',
        "<div style='background:url(line.png)'></div>",
    ],
)
def test_an_icon_stands_for_no_table(shown: str) -> None:
    assert pictures(page(f"<p>附件{shown}</p>")) == 0


@pytest.mark.parametrize(
    "cell", ["31<svg></svg>", "<svg><defs></defs></svg>31", '31<svg width=1 height=1><path d="M0 0"/></svg>']
)
def test_a_drawing_of_nothing_leaves_a_cell_as_it_is(cell: str) -> None:
    document = page(f"<table><tr><td>行政许可</td><td>{cell}</td></tr><tr><td>行政处罚</td><td>8</td></tr></table>")
    table = document.blocks[-1]
    assert isinstance(table, Table)
    assert [(each.text, each.unread) for each in table.rows[0]] == [("行政许可", False), ("31", False)]


def test_an_icon_in_a_cell_of_words_is_no_figure() -> None:
    icon = '<svg aria-hidden="true" class="icon"><path d="M0 0"/></svg>'
    document = page(f"<table><tr><td>行政许可{icon}</td><td>31</td></tr><tr><td>行政处罚</td><td>8</td></tr></table>")
    assert codes(document) == []


def test_banners_and_badges_of_a_page_without_an_article_box_stand_for_no_table() -> None:
    body = f'<p><img src="/top.jpg"></p>{BODY}<p><a href="http://bszs.example.com/"><img src="/red.png"></a></p>'
    assert pictures(parse_html(f"<body>{body}</body>", "x")) == 0


@pytest.mark.parametrize(
    "held",
    [
        "<input value=31>",
        "<select><option>31</select>",
        "<textarea>31</textarea>",
        "<math><mn>31</mn></math>",
        "<canvas>31</canvas>",
        '<svg width="14" height="16"><path d="M0 0L5 9"/></svg>',
        '<svg viewBox="0 0 9 9"><use href="#three"/></svg>',
        "3<svg><path d='M0 0L5 9'/></svg>",
        "<canvas></canvas>1",
        "<object data=31.svg></object>",
        "<embed src=31.svg width=20 height=16>",
        "<video src=31.mp4></video>",
        "3<img src=1.gif width=12 height=16>",
    ],
)
def test_a_cell_with_a_field_or_a_drawing_is_unread_and_never_blank(held: str) -> None:
    document = page(f"<table><tr><td>行政许可</td><td>{held}</td></tr><tr><td>行政处罚</td><td>8</td></tr></table>")
    table = document.blocks[-1]
    assert isinstance(table, Table)
    assert [cell.unread for row in table.rows for cell in row] == [False, True, False, False]
    assert "cell-picture" in codes(document)


@pytest.mark.parametrize(
    "style",
    [
        "style='display: none'",
        "style='VISIBILITY:hidden'",
        "hidden",
        "style='font-size:0px'",
        "style='font-size:0'",
        "style='opacity: 0'",
        "style='color: transparent'",
        "style='color:rgba(0, 0, 0, 0)'",
        "style='font-size:1px'",
        "style='position:absolute; left:-9999px'",
        "style='text-indent:-9999px'",
        "style='height:0; overflow:hidden'",
        "style='position:absolute;clip:rect(0 0 0 0)'",
        "style='clip-path: inset(50%)'",
    ],
)
def test_hidden_text_is_left_out_and_said(style: str) -> None:
    document = page(f"<p {style}>收费，复议，诉讼。</p>")
    assert len(words(document)) == 5
    assert codes(document) == ["hidden-text"]


@pytest.mark.parametrize("struck", ["<del>9</del>", "<s>9</s>", "<span style='text-decoration:line-through'>9</span>"])
def test_what_is_struck_out_is_not_said(struck: str) -> None:
    document = page(f"<p>收到{struck}<ins>5</ins>件</p><table><tr><td>新收</td><td>{struck}<b>5</b></td></tr></table>")
    assert words(document)[-1] == "收到5件"
    table = document.blocks[-1]
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[0]] == ["新收", "5"]
    assert codes(document) == ["struck"]


def test_raised_figures_belong_to_no_number() -> None:
    assert added("<p>面积31m<sup>2</sup>，31<sup><a href='#n'>[12]</a></sup>件，H<sub>2</sub>O</p>") == [
        "面积31m²，31[¹²]件，H₂O"
    ]
    assert grid("<table><tr><td>许可</td><td>31<sup>2</sup></td></tr></table>") == [["许可", "31²"]]


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0.9em",
        "font-size:10pt",
        "color:#ff0000",
        "display:block",
        "overflow:hidden",
        "opacity:0.9",
        "font-size:2em",
        "font-size:12px",
        "font-size:1.5rem",
        "text-indent:-24pt",
        "text-indent:2em",
        "left:-3px;position:absolute",
        "height:100px;overflow:hidden",
        "line-height:0;overflow:hidden",
        "color:rgba(0,0,0,0.8)",
        "background:transparent",
        "color:transparent;background-clip:text",
    ],
)
def test_shown_text_is_kept(style: str) -> None:
    assert added(f"<p style='{style}'>收费</p>") == ["收费"]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p style='color:#FFF'>复议</p>", False),
        ("<p><font color=white>复议</font></p>", False),
        ("<p style='background:#fff'><span style='color: rgb(255, 255, 255)'>复议</span></p>", False),
        ("<p style='background:#c00;color:#fff'>复议</p>", True),
        ("<p class=bar style='color:#fff'>复议</p>", True),
        (f"<div class=editor>{BODY}<p style='color:#fff'>复议</p></div>", False),
        ("<p style='color:#fff'><span style='color:#000'>复议</span></p>", True),
        ("<p style='background-color:#fff'>复议</p>", True),
    ],
)
def test_white_on_white(body: str, shown: bool) -> None:
    assert ("复议" in words(page(body))) is shown


def test_hidden_cells_are_blank() -> None:
    body = (
        "<table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td><span style='display:none'>2</span></td></tr></table>"
    )
    assert grid(body) == [["甲", "1"], ["乙", ""]]


def test_links_to_files_are_attachments_not_text() -> None:
    document = page('<p>附件：<a href="/P01.doc">1.青石镇统计表.doc</a></p><p>详见<a href="/a.html">链接</a></p>')
    assert words(document)[5:] == ["详见链接"]
    assert codes(document) == ["attachment"]


def test_a_page_without_text_is_an_empty_document() -> None:
    assert parse_html("<frameset><frame src=a></frameset>", "x").blocks == ()
    assert words(parse_html("<form>用户名<input>密码<input></form>", "x")) == ["用户名密码"]


def test_declared_charset_is_not_obeyed() -> None:
    text = '<meta charset="gb2312"><body><p>驩城镇、镕溪社区</p>'
    assert words(parse_html(text, "x")) == ["驩城镇、镕溪社区"]


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 200_000,
        "<div></span>" * 2000,
        "<svg>" + "<td>" * 5000,
        "<p " + " ".join(f"a{n}=1" for n in range(50_000)),
    ],
)
def test_unnatural_markup_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_html(text, "x")
    assert caught.value.code == "html-depth"


@pytest.mark.parametrize("tag", ["p", "li", "td", "tr"])
def test_unclosed_tags_of_old_pages_are_no_nesting(tag: str) -> None:
    assert parse_html("<table>" * (tag in "tdtr") + f"<{tag}>甲" * 3000, "x").blocks


def test_a_large_inline_image_is_not_refused() -> None:
    source = "data:image/jpeg;base64," + "ab/+" * 50_000
    assert words(page(f'<p><img src="{source}" width=10 height=10>甲</p>'))[5:] == ["甲"]
