"""What lies among the submissions and is no annual report on disclosure: notices, guides, news, other reports."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from checker.extract.marks import MARKERS
from checker.extract.outline import Outline
from checker.late import late
from checker.model import Document, Fact, Line, Passage, Unreadable

#: What an annual report on disclosure speaks of. A page of links names some of it, but says nothing: no sentence.
_SUBJECT = late(r"信息公开|政务公开|公开信息|信息与政务公开|信息公示|主动公开|依申请|信息处理费|问题及改进情况")
_ACCOUNTS = tuple(
    late(words)
    for words in (
        r"条例",
        r"统计[期时]限",
        r"报告|年报|总结|汇报",
        r"主动公开|20\d\d年.{0,40}公开",
        r"申请",
        r"收费|费用|收取",
        r"复议|诉讼",
        r"问题|不足",
    )
)
_SENTENCE = late(r"[。；，]|\d+[条件]")


def speaks_of_disclosure(text: str, *, torn: bool = False) -> bool:
    """True when compact ``text`` speaks of disclosure and gives any account of it.

    Of one that is ``torn`` from a report and begins in its midst, without title and subject, a word of it is enough.
    """
    subject = bool(_SUBJECT.search(text))
    if torn or not subject:
        return subject or (torn and "公开" in text)
    titled = "报告" in text or "年报" in text
    return titled or (sum(bool(words.search(text)) for words in _ACCOUNTS) >= 2 and bool(_SENTENCE.search(text)))


#: what a title ends with that is none of a report's
_OTHER_KIND = (
    r"通知|通报|方案|意见|办法|规定|制度|细则|指南|要点|须知|流程图?|清单|答复书|告知书|申请表|登记表|讲话|"
    r"(?:使用|操作|填报|填写|编制)(?:说明|手册)|评估报告|考核结果|会议?|培训班?"
)
_NAMED = r"[^。，；！？：]"
#: a title that names another kind of document, though it names disclosure; not of one that carries a report
_OF_OTHER_KIND = late(
    r"(?![^。，；！？]*(?:印发|转发|公布|《))"
    rf"{_NAMED}{{0,60}}(?:信息公开|政务公开|年度报告|年报){_NAMED}{{0,24}}(?:{_OTHER_KIND})$"
)
_CARRIES = late(r"关于(?:公布|印发|转发|发布)$")  #: the line above ends so: the notice has the report with it
#: of a piece of news: all have published in time
_NEWS = late(rf"{_NAMED}{{0,40}}(?:召开|举[办行]|全部|按时|如期|圆满){_NAMED}{{0,24}}(?:年报|年度报告){_NAMED}{{0,8}}$")
#: of a report on another subject; one on disclosure without the word speaks of it in every second sentence
_OF_OTHER_SUBJECT = late(r"[^。；，！？：公信]{4,40}(?:报告|年报|总结|汇报|决算|预算)(?:公开)?$")
#: of the reports that go up beside it every year: whatever they say of disclosure in passing
_OF_KNOWN_SUBJECT = late(
    r"(?!.*(?:信息公开|政务公开|信息与政务|政务信息))[^。；，！？：]{0,30}(?:政府工作报告|(?:法治政府|依法行政|法治建设|党务公开|村务公开|厂务公开|校务公开"
    r"|党风廉政|党建|信访|平安建设|综合治理|精神文明|安全生产|人大工作|决算|预算|国民经济)[^。；，！？：]{0,16}(?:报告|年报|总结|汇报))(?:公开)?$"
)
_SELDOM = 75  #: characters of text for each word of disclosure


def _unnumbered(line: Line) -> bool:
    return not any(marker.match(line.raw) for _, marker in MARKERS)


def titled_as_report(found: Outline) -> Outline:
    """The outline itself. Raises Unreadable for a document that its title calls something else."""
    lines = list(takewhile(_unnumbered, found.all.lines[:4]))
    for above, line in zip(("", *(line.text for line in lines)), lines, strict=False):
        if _CARRIES.search(above):
            break
        if _OF_OTHER_KIND.match(line.text) or _NEWS.match(line.text):
            raise refusal(f"文件是“{line.text}”，不是政府信息公开年度报告")
    untitled = [line.text for line in takewhile(_unnumbered, found.all.lines[:4]) if not found.title]
    text, first = found.all.text, untitled[0] if untitled else ""
    other = next(filter(_OF_KNOWN_SUBJECT.match, untitled), "")
    if _OF_OTHER_SUBJECT.match(first) and len(_SUBJECT.findall(text)) * _SELDOM < len(text):
        other = first
    if other:
        raise refusal(f"文件是“{other}”，说的主要不是政府信息公开")
    return found


#: what only an annual report answers
_ANSWERS = ("period", "basis", "published.total", "requests.received", "fees", "reviews", "lawsuits", "contact.phone")
_SUBSTANCE = frozenset(_ANSWERS) - {"period", "basis", "contact.phone"}
_TITLE = late(r"(?:20\d\d|二[〇○零]).*(?:报告|年报|总结|汇报)")
#: what a page lists that leads to the reports of many years
_LISTED = late(r"(20\d\d)年?[^。；，！？：\n]{0,40}?(?:年度报告|年报)")
_LEAST_LINKS = 3
#: the report hangs below a notice, which says no more than that
_BELOW = late(r"(?:查阅|查看|详见|参见|见|下载)(?:本文|文后|文末)?附件|附后")
_OF_ITSELF = late(r"本(?:年?度?报告|年报)|现(?:公布|公开|发布|将)")


def says_nothing(told: Mapping[str, Fact], title: Passage, text: str) -> bool:
    """Whether a text without forms and without headings of a report has no answer, no title, and no word of itself.

    A list of reports has titles only, and a notice says but where the report is.
    """
    answers = [name for name in _ANSWERS if name in told and told[name].state != "absent"]
    links = len(set(_LISTED.findall(text))) >= _LEAST_LINKS and "。" not in text
    if not _SUBSTANCE.intersection(answers) and (links or _BELOW.search(text)):
        return True
    return not (answers or _TITLE.search(title.text) or _OF_ITSELF.search(text))


def beside_its_file(found: Outline) -> None:
    """Raises Unreadable for a page with a file attached that has no more of the report than its title itself."""
    text = found.body.text
    if "。" not in text and len(text) <= _SELDOM and not (found.sections or found.form):
        raise refusal("文件里只有报告的标题，正文在附件里，没有读到", "请把附件下载后单独检查")


#: of what is seen page by page, a page alone may have been sent
_PARTIAL = "请核对是否交错了文件；只有报告的一页或一部分不能核对，请把全部各页放在一个文件里再检查"


def nothing_of(document: Document) -> Unreadable:
    """The refusal of a document in which nothing of a report was found."""
    return refusal(advice=_PARTIAL) if document.recognised or document.format in ("pdf", "ofd") else refusal()


def refusal(
    message: str = "文件里没有读到政府信息公开年度报告的内容",
    advice: str = "请核对是否交错了文件；网页请保存正文页面，不要保存目录页或登录页",
) -> Unreadable:
    return Unreadable("not-a-report", message, advice)
