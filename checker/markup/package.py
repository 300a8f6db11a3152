"""A .docx written back: the parts that were changed or added, and every other byte of it as it was."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import TYPE_CHECKING

from checker.read.archive import STRICT, Archive, parse_xml, relations
from checker.read.limits import LIMITS, Limits

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CONTENT_TYPES = "[Content_Types].xml"
_EMPTY_RELATIONS = f'<Relationships xmlns="{_RELATIONS}"/>'.encode()


class Package:
    """A Word file whose parts may be replaced. ``main`` is the name of the part that holds the text."""

    def __init__(self, data: bytes, limits: Limits = LIMITS) -> None:
        self._archive, self._limits = Archive(data, limits), limits
        self._changed: dict[str, tuple[str, bytes]] = {}  # by name in small letters
        self.main = next((r.part for r in relations(self._archive, "", limits) if r.kind == "officeDocument"), "")
        self.main = self.main or "word/document.xml"
        self._strict = STRICT[0][0] in (self._archive.read(self.main) or b"")

    def part(self, name: str) -> Element | None:
        """The root of the part ``name`` as it stands now, or None when there is none."""
        changed = self._changed.get(name.lower())
        data = changed[1] if changed else self._archive.read(name)
        return None if data is None else parse_xml(data, self._limits)

    def related(self, kind: str) -> str | None:
        """The part that the text names as its ``kind`` (comments)."""
        found = relations(self._archive, self.main, self._limits)
        return next((relation.part for relation in found if relation.kind == kind), None)

    def put(self, name: str, root: Element) -> None:
        """Write ``root`` as the part ``name``."""
        from lxml import etree

        data = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
        for strict, usual in STRICT if self._strict else ():
            data = data.replace(usual, strict)
        self._changed[name.lower()] = name, data

    def add(self, kind: str, name: str, content_type: str, root: Element) -> None:
        """Add a part that the text names as its ``kind``; a name that is taken gets a number."""
        name, number = posixpath.join(posixpath.dirname(self.main), name), 0
        base, dot, suffix = name.rpartition(".")
        while self._archive.read(name) is not None:
            number += 1
            name = f"{base}{number}{dot}{suffix}"
        self._relate(kind, name)
        self._declare(name, content_type)
        self.put(name, root)

    def _relate(self, kind: str, name: str) -> None:
        folder, main = posixpath.split(self.main)
        path = posixpath.join(folder, "_rels", f"{main}.rels")
        root = self.part(path)
        if root is None:
            root = parse_xml(_EMPTY_RELATIONS, self._limits)
        taken = {each.get("Id") for each in root}
        number = next(n for n in range(1, len(taken) + 2) if f"rIdNianbao{n}" not in taken)
        target = posixpath.relpath(name, folder) if folder else name
        made = root.makeelement(f"{{{_RELATIONS}}}Relationship")
        made.attrib.update({"Id": f"rIdNianbao{number}", "Type": f"{_OFFICE}/{kind}", "Target": target})
        root.append(made)
        self.put(path, root)

    def _declare(self, name: str, content_type: str) -> None:
        root = self.part(_CONTENT_TYPES)
        if root is None:
            return
        made = root.makeelement(f"{{{_TYPES}}}Override")
        made.attrib.update({"PartName": f"/{name}", "ContentType": content_type})
        root.append(made)
        self.put(_CONTENT_TYPES, root)

    def written(self) -> bytes:
        """The package as a zip: the same bytes for the same content."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for entry in self._archive.entries:
                info = zipfile.ZipInfo(entry.orig_filename, entry.date_time)
                info.compress_type, info.external_attr = entry.compress_type, entry.external_attr
                info.create_system = entry.create_system
                changed = self._changed.get(entry.orig_filename.lower())
                archive.writestr(info, changed[1] if changed else self._archive.read(entry.orig_filename) or b"")
            for name, content in self._changed.values():
                if self._archive.read(name) is None:
                    info = zipfile.ZipInfo(name)
                    info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
                    archive.writestr(info, content)
        return buffer.getvalue()
