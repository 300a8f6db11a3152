"""Hand-built audits that the tests of rendering and of the command share. Places and people are invented."""

from __future__ import annotations

from dataclasses import replace

from checker.model import Audit, Element, Note, Report, Unreadable, Verdict, VerdictState, Waiver, Where
from checker.render import View

#: everything a report may smuggle in: escape sequence, C1, bidi override, zero width, commands of build servers, markup
HOSTILE = (
    "\x1b[2J\x1b]52;c;eA==\x07\x9b31m\u202e甲\u200b\r::error::乙 ##vso[task] <script>|`x`"
    "[链](http://example.com) www.example.com"
)

VIEW = View(
    width=80,
    tool="0.0",
    pack="national",
    pack_version="0.0",
    floor=0.8,
    eras={"A": (2008, 2013), "B": (2014, 2018), "C": (2019, 2020), "D": (2021, None)},
    clauses={"reg2007#32": "政府信息公开条例第三十二条", "practice#x": "通行做法"},
)


def verdict(rule: str, state: VerdictState, **changes: object) -> Verdict:
    base = Verdict(rule, "", state, "must", "high", 5, "标题", basis=("reg2007#32",), fingerprint="0123456789abcdef")
    return replace(base, **changes)  # type: ignore[arg-type]


REPORT = Report(
    source="报告/青石镇2016.txt",
    format="txt",
    place="青石镇人民政府",
    level="镇",
    year=2016,
    era="B",
    reason="标题和统计期限都写2016年，2014至2018年度用2007年条例的格式。",
    facts={},
    texts={},
    notes=(Note("zero-width", "文中有 1 个看不见的字符，检查时已略去。", Where(line=3)),),
)

WAIVER = Waiver(
    "PUB-02",
    "青石镇人民政府",
    2016,
    "网站改版，发布日期已另行公告，联系13805895555",
    "砚川县政务公开办",
    "2027-06-30",
    file="报告/waivers.yaml",
    line=4,
)

AUDIT = Audit(
    source=REPORT.source,
    report=REPORT,
    verdicts=(
        verdict(
            "OLD-03",
            "fail",
            message="没有写明收费及减免情况",
            fix="补写本年度收费及减免情况；没有发生的，写明“本年度未收取任何费用”",
            where=Where(section="四", line=18, block=12, quote="四、政府信息公开的收费及减免情况"),
        ),
        verdict(
            "PRE-12",
            "fail",
            severity="should",
            weight=2,
            message="电话没有区号，或写了手机号码13805895555",
            fix="写明区号和办公电话，如 0589-5550123",
            basis=("practice#x",),
            values={"found": "13805895555", "count": 1, "period": ("2016-01-01", None)},
            where=Where(line=30, block=20, quote="联系电话：13805895555，身份证号110101199001011234"),
            related=(Where(line=31, quote="备用13905895555"),),
        ),
        verdict(
            "QLT-05",
            "fail",
            severity="info",
            weight=0,
            message="“条”和“件”混用",
            fix="统一用“条”",
            where=Where(line=9, quote="12件"),
        ),
        verdict(
            "PRV-02",
            "review",
            confidence="low",
            message="可能写出了申请人姓名",
            fix="隐去申请人姓名",
            where=Where(page=2, line=22, quote="王某某" + "申请公开征地批文" * 12),
        ),
        verdict("PRE-01", "pass"),
        verdict("OLD-01", "pass", subject="a"),
        verdict("OLD-01", "pass", subject="b"),
        verdict("OLD-13", "unknown", severity="should", message="表格没有读"),
        verdict("OLD-14", "unknown", severity="should", message="表格没有读", subject="x"),
        verdict("OLD-14", "unknown", severity="should", message="表格没有读", subject="y"),
        verdict("XYR-01", "unknown", severity="should", message="没有上一年度的报告"),
        verdict("STR-01", "n/a"),
        verdict("STR-02", "n/a"),
        verdict(
            "PUB-02",
            "waived",
            message="发布日期晚于3月31日",
            where=Where(line=2, quote="发布时间：2017-04-05"),
            waiver=WAIVER,
            otherwise="fail",
        ),
        verdict(
            "T3-04",
            "fail",
            message="“予以公开”的合计不等于各列之和",
            fix="核对这一行，改正录错的一格",
            where=Where(section="三", table="表三", row="予以公开", col="总计", line=20, quote="4"),
            known=True,
        ),
    ),
    elements=(
        Element(
            "period",
            "统计期限",
            True,
            "given",
            ("2016-01-01", "2016-12-31"),
            ("PRE-03", "PRE-04"),
            Where(line=4, quote="统计期限"),
        ),
        Element("contact", "联系方式", False, "given", "0589-5550123", ("PRE-10",), Where(line=30)),
        Element("published", "主动公开", True, "given", 128, ("OLD-01",), Where(line=9), "条"),
        Element("requests", "依申请公开", True, "given", 0, ("OLD-02",), Where(line=15), "件"),
        Element("fees", "收费情况", True, "absent", None, ("OLD-03",)),
        Element("problems", "存在问题", True, "given", "公开内容不够全面，更新不够及时", ("OLD-05",), Where(line=25)),
        Element("plan", "下一步打算", False, "unread", None, ()),
    ),
    score=86.53,
    coverage=0.7999,
    grade="合格",
    unchecked=("表格",),
)

CLEAN = replace(
    AUDIT,
    source="报告/栖原镇2016.txt",
    report=replace(REPORT, source="报告/栖原镇2016.txt", place="栖原镇人民政府", notes=()),
    verdicts=tuple(v for v in AUDIT.verdicts if v.state in ("pass", "n/a")),
    score=100.0,
    coverage=1.0,
    grade="优秀",
    unchecked=(),
)

REFUSED = Audit("报告/空.txt", None, error=Unreadable("empty", "文件里没有任何文字。", "请重新保存后再检查。"))

HOSTILE_AUDIT = replace(
    AUDIT,
    source=f"坏\n{HOSTILE}\udcff.txt",
    report=replace(REPORT, place=HOSTILE, reason=HOSTILE, notes=(Note("x", HOSTILE, Where(quote=HOSTILE)),)),
    verdicts=(
        verdict(
            "QLT-08",
            "fail",
            message=HOSTILE,
            fix=HOSTILE,
            where=Where(line=1, quote=HOSTILE),
            values={"found": HOSTILE},
        ),
        verdict("OLD-13", "unknown", message=HOSTILE),
    ),
    elements=tuple(
        replace(element, state="given", value=HOSTILE, where=Where(line=1, quote=HOSTILE)) for element in AUDIT.elements
    ),
    grade=HOSTILE,
    unchecked=(HOSTILE,),
)
HOSTILE_REFUSED = Audit(f"空\n{HOSTILE}.txt", None, error=Unreadable("io", HOSTILE, HOSTILE))
