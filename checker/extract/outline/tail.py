"""Who signs a report, and when: short lines at its end."""

from __future__ import annotations

from collections.abc import Sequence

from checker.extract.numerals import DATE, MONTH
from checker.extract.outline.draft import Draft
from checker.late import late
from checker.model import ANY, HOLE

ORGAN = late(
    r"[\u4e00-\u9fff（）()]{2,40}(?:政府|镇|乡|街道|办事处|苏木|局|委员会|委|办|办公室|中心|管委会|管理处|农场|开发区|分局|厅|队|站|院|社|会)$"
)
_DATE = late(DATE)
_MONTH = late(rf"{MONTH}$")
_OF_TEXT = late(r"[，；]|统计|截[至止]|日起")  #: not in a line that is a date
_CLAUSES = late(r"[，；：]")  #: nor in one that is an organ's name
_BESIDE = late(rf"{DATE}|[：:]|发布|（?盖章）?|（章）?|\d")  #: what may stand beside the name
#: what may stand below the signature: attachments, whom to ask
_CONTACT = late(
    r"（?(?:(?:(?:联系|咨询|查询|通讯|通信|办公)(?:人|单位|部门|电话|方式|地址)?|地址|邮编|邮政编码|电话|传真|电子邮[箱件]|邮箱)(?:[（(][^（）()]{1,6}[）)])?[：:]"
    r"|(?:联系|通讯|通信|办公)(?:电话|地址))"
)
_CONTACT_BEHIND = late(rf"(?:{_CONTACT.pattern}|电话[：:]).*")
_UNDER = late(rf"附[件表注：:]|（?此件|联系人|抄[送报][：:]|（?主动公开|{_CONTACT.pattern}")
#: what begins the attachments that stand below the signature in the same file
_ANNEX = late(r"附[件表录][一二三四五\d]{0,2}[：:]?(?:$|[^，。；]{0,40}$)")
_SHORT = 40  #: characters of a caption
#: a note or a sentence of these may be long
_NOTE = late(rf"附注?[：:]|{_CONTACT.pattern}|[^。]*(?:负责解释|(?:电话|邮[编箱]|咨询)[^。]*\d)[^。]*。?$")


def find_tail(draft: Draft) -> None:
    """The signature and the date: short lines at the end, from the last one upwards, seven at most."""
    index = [i for i, role in enumerate(draft.role) if not role]
    index = index[: _annexed([draft.lines[i].text for i in index])]
    for i in list(reversed(index[1:]))[:7]:
        text = draft.lines[i].text.strip("（）()。")
        if signs(text) or (HOLE in text and _may_sign(text)):
            draft.role[i] = "tail"
        elif len(text) > 240 or not (_NOTE.match(text) or (len(text) <= 40 and _UNDER.match(text))):
            break


def _annexed(texts: Sequence[str]) -> int:
    """Where, right below a signature, attachments begin that are nothing but captions (of tables); or the end."""
    for at in range(len(texts) - 1, 0, -1):
        if len(texts[at]) > _SHORT or "。" in texts[at]:
            break
        if _ANNEX.match(texts[at]) and signs(texts[at - 1]):
            return at
    return len(texts)


def signs(text: str) -> bool:
    return _is_date_line(text) or is_organ_line(_CONTACT_BEHIND.sub("", text))


def _may_sign(text: str) -> bool:
    """Whether a line with holes in it is a signature or a date by the rest, or nothing but a few holes.

    What a seal hides where no line of text begins is set to the right, as these are.
    """
    alone = len(text) < ANY and not text.strip(HOLE)
    return alone or _is_date_line(text.replace(HOLE, "1")) or is_organ_line(text.replace(HOLE, "某"))


def _is_date_line(text: str) -> bool:
    date = _DATE.search(text)
    if date is None:
        month = _MONTH.search(text)
        return bool(month and (month.start() == 0 or is_organ_line(text[: month.start()])))
    return bool(len(text) - len(date[0]) <= 26 and not _OF_TEXT.search(text))


def is_organ_line(text: str) -> bool:
    return len(text) <= 40 and bool(ORGAN.match(_BESIDE.sub("", text))) and not _CLAUSES.search(text)
