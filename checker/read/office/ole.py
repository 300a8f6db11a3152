"""The old Office container (OLE2), as far as one needs to tell what is in it: names and beginnings of its streams."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  #: sector numbers from here on mark something else
_MOST = 10_000  #: sectors that are followed
_SMALL, _MINI = 4096, 64  #: streams below this many bytes lie in small sectors within the root's own stream


def streams(data: bytes) -> dict[str, bytes]:
    """Name -> the beginning of each stream, 64 bytes at least where it has them; empty for a broken container."""
    try:
        return _Container(data).streams() if data.startswith(MAGIC) else {}
    except (struct.error, IndexError):
        return {}


class _Container:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 4096 if data[30] == 12 else 512
        self.tables = [*struct.unpack_from("<109I", data, 76)]  #: sectors that say which sector follows which
        more, words = struct.unpack_from("<I", data, 68)[0], self.size // 4
        while more < _END and len(self.tables) < _MOST:
            *tables, more = struct.unpack_from(f"<{words}I", self.sector(more))
            self.tables += tables

    def streams(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        root: list[int] = []
        for sector in self.chain(struct.unpack_from("<I", self.data, 48)[0]):
            directory = self.sector(sector)
            for at in range(0, len(directory) - 127, 128):
                length, kind = struct.unpack_from("<HB", directory, at + 64)
                first, size = struct.unpack_from("<II", directory, at + 116)
                if kind == 5:
                    root = list(self.chain(first))
                elif kind == 2:
                    name = directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
                    found[name] = self.sector(first) if size >= _SMALL else self.small(root, first)
        return found

    def sector(self, number: int) -> bytes:
        return self.data[(number + 1) * self.size : (number + 2) * self.size] if number < _END else b""

    def small(self, root: list[int], number: int) -> bytes:
        at, rest = divmod(number * _MINI, self.size)
        return self.sector(root[at])[rest : rest + _MINI] if at < len(root) else b""

    def chain(self, number: int) -> Iterator[int]:
        """A sector and those that follow it; a ring ends where it would begin again."""
        return islice(self._chain(number), _MOST)

    def _chain(self, number: int) -> Iterator[int]:
        seen: set[int] = set()
        while number < _END and number not in seen:
            seen.add(number)
            yield number
            table, at = divmod(number, self.size // 4)
            number = struct.unpack_from("<I", self.sector(self.tables[table]), 4 * at)[0]
