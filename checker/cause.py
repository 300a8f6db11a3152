"""Why the system did not let a file be opened or written, in words that the person at the machine understands."""

from __future__ import annotations

from collections.abc import Mapping
from errno import errorcode

_WORDS: Mapping[str, str] = {
    "ENOENT": "没有这个文件或文件夹",
    "ENOTDIR": "路径里有一段不是文件夹",
    "EISDIR": "这是文件夹，不是文件",
    "EACCES": "没有权限",
    "EPERM": "没有权限",
    "EROFS": "这个盘只能读、不能写",
    "ENOSPC": "磁盘满了",
    "EDQUOT": "磁盘满了（超过分给您的空间）",
    "EFBIG": "文件太大，这个盘放不下",
    "ENAMETOOLONG": "文件名太长",
    "ELOOP": "链接绕成了圈",
    "EBUSY": "文件正被别的程序占用",
    "ETXTBSY": "文件正被别的程序占用",
    "EMFILE": "同时打开的文件太多",
    "ENFILE": "同时打开的文件太多",
    "EIO": "磁盘读写出错",
    "SQLITE_FULL": "磁盘满了",
    "SQLITE_READONLY": "没有权限",
    "SQLITE_CANTOPEN": "打不开",
    "SQLITE_CORRUPT": "文件损坏",
    "SQLITE_NOTADB": "文件损坏",
    "SQLITE_IOERR": "磁盘读写出错",
}
_SHARING = (32, 33)  #: what Windows says of a file that another program holds open


def cause(error: Exception) -> str:
    """Why, without a full stop: of an OSError or of an error of SQLite; what has no words of ours keeps its own.

    An OSError that we raised ourselves has no number, and says it in Chinese already.
    """
    if getattr(error, "winerror", None) in _SHARING:
        return "文件正在别的程序（如 Word、WPS）里打开着"
    number = getattr(error, "errno", None)
    name = getattr(error, "sqlite_errorname", None) or errorcode.get(number or 0, "")
    known = next((words for key, words in _WORDS.items() if name == key or name.startswith(f"{key}_")), None)
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return known or (said if number is None and not said.isascii() else f"系统没有说清（{said}）")
