"""The official forms as they are printed: cells with their spans, and the fact that each value cell is.

国办公开办函〔2021〕30号 and 〔2019〕60号 (tables two to four), 国办发〔2014〕32号 (statistics return), and the table of
the years before. The labels stand here as printed, numbers included; the pack knows them in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass

FORMS = ("t2", "t3", "t4", "stat", "early")
NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
COLUMNS = ("person", "company", "research", "charity", "legal", "other", "all")


@dataclass(frozen=True)
class Cell:
    """A printed cell: its text, or the fact whose figure stands in it, and how many columns and rows it covers."""

    text: str = ""
    across: int = 1
    down: int = 1
    fact: str = ""


@dataclass(frozen=True)
class Grid:
    """A form: rows of cells, a cell that covers several rows in the first of them. ``heads``: rows of its head."""

    form: str
    rows: tuple[tuple[Cell, ...], ...]
    heads: int

    @property
    def width(self) -> int:
        return sum(cell.across for cell in self.rows[0])

    def full(self) -> list[list[tuple[Cell, bool]]]:
        """Every position: the cell that covers it, and whether it begins there."""
        spots: dict[tuple[int, int], tuple[Cell, bool]] = {}
        for at, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while (at, column) in spots:
                    column += 1
                for down in range(cell.down):
                    for across in range(cell.across):
                        spots[at + down, column + across] = cell, not (down or across)
        return [[spots[at, column] for column in range(self.width)] for at in range(len(self.rows))]


def _label(text: str, across: int = 1, down: int = 1) -> Cell:
    return Cell(text, across, down)


def _values(*facts: str, across: int = 1) -> tuple[Cell, ...]:
    return tuple(Cell(across=across, fact=fact) for fact in facts)


def t2_2021() -> Grid:
    def block(caption: str, head: str, rows: dict[str, str]) -> list[tuple[Cell, ...]]:
        top = [(_label(f"第二十条第（{caption}）项", 4),), (_label("信息内容"), _label(head, 3))]
        return [*top, *((_label(label), *_values(fact, across=3)) for label, fact in rows.items())]

    made = ("made", "repealed", "in_force")
    rows = [
        (_label("第二十条第（一）项", 4),),
        (_label("信息内容"), _label("本年制发件数"), _label("本年废止件数"), _label("现行有效件数")),
        (_label("规章"), *_values(*(f"t2.regulations.{col}" for col in made))),
        (_label("行政规范性文件"), *_values(*(f"t2.documents.{col}" for col in made))),
        *block("五", "本年处理决定数量", {"行政许可": "t2.licences"}),
        *block("六", "本年处理决定数量", {"行政处罚": "t2.penalties", "行政强制": "t2.coercion"}),
        *block("八", "本年收费金额（单位：万元）", {"行政事业性收费": "t2.charges"}),
    ]
    return Grid("t2", tuple(rows), 2)


def t2_2019() -> Grid:
    def block(
        number: str, heads: tuple[str, ...], rows: dict[str, str], columns: tuple[str, ...]
    ) -> list[tuple[Cell, ...]]:
        found = [(_label(f"第二十条第（{number}）项"),), tuple(map(_label, ("信息内容", *heads)))]
        for label, row in rows.items():
            found.append((_label(label), *_values(*(f"t2.{row}.{column}" for column in columns))))
        return [_stretched(row, 12) for row in found]

    decided, items = ("上一年项目数量", "本年增/减", "处理决定数量"), ("last", "change", "decisions")
    made, new = ("本年新制作数量", "本年新公开数量", "对外公开总数量"), ("new", "opened", "public_total")
    rows = [
        *block("一", made, {"规章": "regulations", "规范性文件": "documents"}, new),
        *block("五", decided, {"行政许可": "licences", "其他对外管理服务事项": "services"}, items),
        *block("六", decided, {"行政处罚": "penalties", "行政强制": "coercion"}, items),
        *block("八", decided[:2], {"行政事业性收费": "charges"}, items[:2]),
        *block("九", ("采购项目数量", "采购总金额"), {"政府集中采购": "purchases"}, ("count", "amount")),
    ]
    return Grid("t2", tuple(rows), 2)


def _stretched(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    """A row of equally wide cells: the form has blocks of three and of four columns."""
    return tuple(Cell(cell.text, width // len(row), 1, cell.fact) for cell in row)


_REFUSED = (
    ("secret", "1.属于国家秘密"),
    ("forbidden", "2.其他法律行政法规禁止公开"),
    ("stability", "3.危及“三安全一稳定”"),
    ("third_party", "4.保护第三方合法权益"),
    ("internal", "5.属于三类内部事务信息"),
    ("process", "6.属于四类过程性信息"),
    ("casefile", "7.属于行政执法案卷"),
    ("query", "8.属于行政查询事项"),
)
_UNAVAILABLE = (
    ("not_held", "1.本机关不掌握相关政府信息"),
    ("no_ready", "2.没有现成信息需要另行制作"),
    ("unclear", "3.补正后申请内容仍不明确"),
)
_DECLINED = (
    ("petition", "1.信访举报投诉类申请"),
    ("repeat", "2.重复申请"),
    ("publication", "3.要求提供公开出版物"),
    ("excessive", "4.无正当理由大量反复申请"),
    ("confirm", "5.要求行政机关确认或重新出具已获取信息"),
)
_OTHERS = (
    ("not_corrected", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("other", "3.其他"),
)


def t3(*, single_other: bool) -> Grid:
    def figures(row: str) -> tuple[Cell, ...]:
        return _values(*(f"t3.{row}.{column}" for column in COLUMNS))

    def group(label: str, members: tuple[tuple[str, str], ...]) -> list[tuple[Cell, ...]]:
        rows = [(_label(text), *figures(row)) for row, text in members]
        return [(_label(label, 1, len(members)), *rows[0]), *rows[1:]]

    results = [
        (_label("（一）予以公开", 2), *figures("granted")),
        (_label("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 2), *figures("partial")),
        *group("（三）不予公开", _REFUSED),
        *group("（四）无法提供", _UNAVAILABLE),
        *group("（五）不予处理", _DECLINED),
        *([(_label("（六）其他处理", 2), *figures("other"))] if single_other else group("（六）其他处理", _OTHERS)),
        (_label("（七）总计", 2), *figures("closed")),
    ]
    results[0] = (_label("三、本年度办理结果", 1, len(results)), *results[0])
    legal = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
    rows = [
        (_label(NOTE, 3, 3), _label("申请人情况", 7)),
        (_label("自然人", 1, 2), _label("法人或其他组织", 5), _label("总计", 1, 2)),
        tuple(map(_label, legal)),
        (_label("一、本年新收政府信息公开申请数量", 3), *figures("new")),
        (_label("二、上年结转政府信息公开申请数量", 3), *figures("carried_in")),
        *results,
        (_label("四、结转下年度继续办理", 3), *figures("carried_out")),
    ]
    return Grid("t3", tuple(rows), 3)


def t4() -> Grid:
    groups, results = ("review", "direct", "after_review"), ("upheld", "corrected", "other", "pending", "all")
    labels = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    rows = (
        (_label("行政复议", 5, 2), _label("行政诉讼", 10)),
        (_label("未经复议直接起诉", 5), _label("复议后起诉", 5)),
        tuple(map(_label, labels * 3)),
        _values(*(f"t4.{group}.{result}" for group in groups for result in results)),
    )
    return Grid("t4", rows, 3)


_STATISTICS = """\
一、主动公开情况
（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）|条|published.total
其中：主动公开规范性文件数|条|published.documents
制发规范性文件总数|件|documents.made
（二）通过不同渠道和方式公开政府信息的情况
1.政府公报公开政府信息数|条|published.gazette
2.政府网站公开政府信息数|条|published.website
3.政务微博公开政府信息数|条|published.weibo
4.政务微信公开政府信息数|条|published.wechat
5.其他方式公开政府信息数|条|published.other
二、回应解读情况
（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）|次|response.total
（二）通过不同渠道和方式回应解读的情况
1.参加或举办新闻发布会总次数|次|response.briefings
其中：主要负责同志参加新闻发布会次数|次|response.briefings_head
2.政府网站在线访谈次数|次|response.interviews
其中：主要负责同志参加政府网站在线访谈次数|次|response.interviews_head
3.政策解读稿件发布数|篇|response.articles
4.微博微信回应事件数|次|response.social
5.其他方式回应事件数|次|response.other
三、依申请公开情况
（一）收到申请数|件|requests.received
1.当面申请数|件|requests.in_person
2.传真申请数|件|requests.fax
3.网络申请数|件|requests.online
4.信函申请数|件|requests.letter
（二）申请办结数|件|done.total
1.按时办结数|件|done.on_time
2.延期办结数|件|done.extended
（三）申请答复数|件|answers.total
1.属于已主动公开范围数|件|answers.published
2.同意公开答复数|件|answers.granted
3.同意部分公开答复数|件|answers.partial
4.不同意公开答复数|件|answers.refused
其中：涉及国家秘密|件|refused.secret
涉及商业秘密|件|refused.trade
涉及个人隐私|件|refused.privacy
危及国家安全、公共安全、经济安全和社会稳定|件|refused.safety
不是《条例》所指政府信息|件|refused.not_info
法律法规规定的其他情形|件|refused.other
5.不属于本行政机关公开数|件|answers.elsewhere
6.申请信息不存在数|件|answers.not_held
7.告知作出更改补充数|件|answers.clarify
8.告知通过其他途径办理数|件|answers.redirected
四、行政复议数量|件|reviews.total
（一）维持具体行政行为数|件|reviews.upheld
（二）被依法纠错数|件|reviews.corrected
（三）其他情形数|件|reviews.other
五、行政诉讼数量|件|lawsuits.total
（一）维持具体行政行为或者驳回原告诉讼请求数|件|lawsuits.upheld
（二）被依法纠错数|件|lawsuits.corrected
（三）其他情形数|件|lawsuits.other
六、举报投诉数量|件|complaints
七、依申请公开信息收取的费用|万元|fees
八、机构建设和保障经费情况
（一）政府信息公开工作专门机构数|个|staff.units
（二）设置政府信息公开查阅点数|个|staff.points
（三）从事政府信息公开工作人员数|人|staff.total
1.专职人员数（不包括政府公报及政府网站工作人员数）|人|staff.full
2.兼职人员数|人|staff.part
（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）|万元|staff.budget
九、政府信息公开会议和培训情况
（一）召开政府信息公开工作会议或专题会议数|次|training.meetings
（二）举办各类培训班数|次|training.courses
（三）接受培训人员数|人次|training.people"""

_EARLY = """\
主动公开信息数|条|published.total
本年度申请总数|条|requests.total
其中：当面申请数|条|requests.in_person
传真申请数|条|requests.fax
电子邮件申请数|条|requests.email
网上申请数|条|requests.online
信函申请数|条|requests.letter
其他形式申请数|条|requests.other
对申请的答复总数|条|answers.total
其中：同意公开答复数|条|answers.granted
同意部分公开答复数|条|answers.partial
否决公开答复总数|条|answers.refused
行政复议数|件|reviews
行政诉讼数|件|lawsuits
行政申诉数|件|appeals"""


def statistics() -> Grid:
    return _listed("stat", ("统计指标", "单位", "统计数"), _STATISTICS)


def early() -> Grid:
    return _listed("early", ("指标名称", "计量单位", "统计数"), _EARLY)


def _listed(form: str, head: tuple[str, ...], text: str) -> Grid:
    """An indicator a row; the name of a group has no unit and no figure."""
    rows = [tuple(map(_label, head))]
    for line in text.splitlines():
        label, *rest = line.split("|")
        value = (_label(rest[0]), *_values(f"{form}.{rest[1]}")) if rest else (_label(""), _label(""))
        rows.append((_label(label), *value))
    return Grid(form, tuple(rows), 1)
