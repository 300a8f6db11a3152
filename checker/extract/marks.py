"""What a title and a heading look like: numbering marks of four levels, the words that end it, and its topics."""

from __future__ import annotations

import re
from functools import lru_cache

from checker.extract.numerals import parse_number
from checker.late import late

#: What a heading is about; a heading may have several topics (收费、复议诉讼情况).
TOPICS: dict[str, re.Pattern[str]] = {
    name: late("|".join(words))
    for name, words in {
        "overview": (
            r"概\s*述|概\s*况|(?:总体|整体|基本|总的|大概|大致|大体)(?:的)?情[况形]|综述|工作开展情况|工作推进情况|引言|前言|情况综述",
            r"^(?:本年度)?(?:政府|政务)?信息公开(?:工作)?(?:情况|开展情况)$",
        ),
        "published": (
            r"^公开情况$|主动公开|主动发布|公开(?:的)?(?:主要)?内容|信息公开(?:工作)?(?:开展)?情况",
            r"公开(?:的)?(?:形式|方式|渠道)|(?:公开|发布)(?:政府)?信息(?:的)?(?:情况|数量)|公开(?:的)?数量",
        ),
        "response": (r"回应|解读|舆情",),
        "requests": (
            r"依\s*申请|(?<!因政府信)(?<!因信)息公开申请(?:的?(?:情况|办理|处理|受理))|申请公开(?!.*复议)|收到和处理",
            r"申请(?:办理|处理|受理|答复)情况|^申请$|^申请[的和与及、]?(?:受理|办理|处理|答复)|^(?:受理|收到|接收|新收)(?:的)?(?:政府信息)?(?:公开)?申请"
            r"|有[^。]{0,6}申请没有$|(?:有没有|谁)[^。]{0,6}申请$|谁来要",
        ),
        "consult": (r"咨询|举报投诉|投诉举报|信访",),
        "fees": (r"收费|减免|费用|收取|免费|处理费|收过[费钱]|收[没不]收|^收了多少",),
        "disputes": (r"复议|诉讼|官司|申诉|争讼|(?:行政|权利|法律)救济|^救济|争议",),
        "problems": (r"问题(?!导向)|不足|困难|困境|薄弱|差距|短板|做得不(?:好|够)",),
        "plan": (
            r"改进|下一?步|下一?阶段|打算|整改|今后|(?:工作)?(?:(?<!创新)(?<!创新工作)思路|设想)|努力方向|对策|下一?年度?|(?:工作|年度?)计划|^措施|(?:工作|完善|解决)措施|要[做办抓]的"
            r"|怎么[改办]$|(?:往后|以后|来年|20\d\d年)怎么做$|^往后",
            r"(?:20\d\d|二[〇○零][一二][〇○零一二三四五六七八九])年的?(?:政府|政务|信息|工作|度)?.{0,10}(?:计划|重点|安排|打算|思路|要点|举措|措施)(?!.{0,6}(?:落实|完成|执行|贯彻|推进|进展))",
        ),
        "other": (
            r"^其[他它]$|其[他它]需要|其[他它](?:应|事项|情况)|需要?(?:报告|说明)的|报告的事项|说明的事项|其他.{0,6}事项",
            r"^(?:别的|另外|其余)的?(?:[几一]件)?(?:事[情项]?|情[况形])?$|^(?:再|还要|最后)(?:再?说|交[代待]|补充)的?(?:[几两一][句点件](?:话|事)?|事[情项]?)?$",
        ),
        "organisation": (
            r"组织|领导|机构|制度|平台|队伍|保障|监督|培训|机制|管理|基本做法|主要做法|规范化|责任|推动|部署|统筹|工作推进",
        ),
        "attachment": (r"^附\s*[：:件表录]|附表|附件|统计表|指标统计|名词解释",),
    }.items()
}

CN = "一二三四五六七八九十"
MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, late(rf"第?([{CN}]{{1,3}})(?:[、．.,，:：]|部分[：:、，\s]*)\s*(?!是)|第(\d)部分[：:、，\s]*")),
    (2, late(rf"[（(]\s*([{CN}]{{1,3}})\s*[）)][、．.,，]?\s*")),
    (3, late(r"(\d{1,2}|[０-９]{1,2})\s*(?:[、．]|\.(?!\d)|,(?!\d)|，)\s*")),
    (4, late(r"(?:[（(]\s*(\d{1,2}|[０-９]{1,2})\s*[）)]|([①-⑳]))[、．.]?\s*")),
)
#: rows of table three, which are numbered like first-level headings
ROW = late(r"\s*(?:本年新收|上年结转|本年度?办(?:理结果|[^理])|结转下年度?继续)")
SPACED = late(rf"([{CN}]{{1,3}}|\d{{1,2}})[\s\u3000]+(?=\S)")
END = (
    r"(?:情况|概\s*述|概\s*况|措施|问题|不足|打算|计划|思路|事项|说明|做法|举措|重点|安排|引言|建议|"
    r"附表|统计表|设想|方向|工作|内容)"
)
PHRASE = late(
    rf"[^。；;！？\n]{{0,40}}?{END}"
    r"(?=$|[。：:；;！？\s\u3000…]|本|我|全|截|未|没|无|今|当年|此项|该项|年内|自|按|根据|一是|暂|为|（|\(|\d|主要)"
)

#: the headings of the official forms, which end where they end, whatever follows them
OFFICIAL = late(
    r"(?:(?:总体|基本)情况|概述|主动公开(?:政府信息)?的?情况|收到和处理政府信息公开申请的?情况"
    r"|(?:政府信息)?依?申请公开(?:政府信息)?的?(?:办理|处理)?情况|(?:政府信息公开)?的?收费[及和与、]减免的?情况"
    r"|(?:因?政府信息公开)?(?:申请|被?提起)?的?行政复议[、和与及]?(?:提起)?行政诉讼的?情况"
    r"|(?:政府信息公开)?收费(?:、减免)?的?情况|(?:行政)?复议[、和与及]?(?:行政)?诉讼的?情况"
    r"|(?:政府信息公开工作)?存在的?(?:主要)?问题[及和与、]改进(?:情况|措施)"
    r"|其他需要(?:报告|说明)的事项)(?![的及和与、）分统说汇综总介概以]|一(?![、是年直])|情况)"
)

#: the title of a report, as far as it goes
TITLE = late(
    r"(?P<title>[^。；;，,！？]{0,48}?(?:信息公开|政务公开|信息与政务公开|信息公示|信息年度公开)[^。；;，,！？：:]{0,16}?"
    r"(?:年度工作报告|工作年度报告|工作年报|年度报告|(?:年度|工作)?总结报告|年度总结|工作报告|工作总结|工作汇报|自查报告|年报|报告|总结|汇报)(?<!本报告)(?<!本年报)(?<!本年度报告)"
    r"(?:[及暨]年度报告)?(?:（20\d\d(?:年度?)?）)?(?:》的[函报通][告知]?)?)"
)
YEAR = late(r"20\d\d|二[〇○零]")

_SUBJECT = (
    r"(?:概述|概况|综述|主动公开(?:政府信息)?|依?申请公开(?:政府信息)?|公开申请|申请|公开(?:形式|渠道|内容|数量)"
    r"|收费|减免|费用|(?:申请)?(?:行政)?复议|(?:提起)?(?:行政)?诉讼|申诉|举报|投诉|(?:存在的?)?(?:主要)?(?:问题|不足|困难|短板)"
    r"|改进(?:措施)?|整改(?:措施)?|下一?步(?:打算|安排|计划|措施)?|今后(?:打算|措施)|努力方向|对策)"
)
#: the subjects of a heading as clerks shorten it: what ends it where no line break is left to do so
BRIEF = late(
    rf"(?:因?政府信息公开的?|因?(?:涉及)?信息公开的?)?{_SUBJECT}(?:[、，及和与]?{_SUBJECT})*(?:的?(?:情况|方面)|之处)?"
    r"(?![的及和与、，）分统说汇综总介概一以了]|情况|方面|之处|[一二三四五六七八九十两零〇]|[件数为\d]|申请|案件|公开\d"
    r"|(?<=公开)[\u4e00-\u9fff]{0,4}(?:信息|文件)|(?<=步)[我本将])"
)


@lru_cache(maxsize=4096)  # headings repeat from report to report
def topics_of(heading: str) -> tuple[str, ...]:
    """The topics that a heading's words name, in the order of TOPICS."""
    found = [name for name, words in TOPICS.items() if words.search(heading)]
    if "disputes" in found and "requests" in found and not re.search(r"依\s*申请|收到和处理", heading):
        found.remove("requests")
    if "published" in found and len(found) > 1 and "主动" not in heading and "overview" not in found:
        found.remove("published")
    if "organisation" in found and len(found) > 1:
        found.remove("organisation")
    if "problems" in found and "plan" in found and not re.search(r"问题|不足|困难|做得不", heading):
        found.remove("problems")
    if "overview" in found and set(found) & {"problems", "plan", "requests", "fees", "disputes"}:
        found.remove("overview")
    return tuple(found)


def ordinal(match: re.Match[str] | None) -> int | None:
    if not match:
        return None
    mark = match[match.lastindex or 0]
    if "①" <= mark <= "⑳":
        return ord(mark) - ord("①") + 1
    number = parse_number(mark)
    return number if isinstance(number, int) else None
