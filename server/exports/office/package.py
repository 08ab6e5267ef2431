"""A package of parts as a zip file: the same bytes for the same parts. Source: ECMA-376, part 2."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape as escape_markup

from server.exports.plain import plain

__all__ = ["DECLARATION", "TAGS", "content_types", "core", "packed", "relations", "text_of"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OPEN = "http://schemas.openxmlformats.org"
OFFICE = f"{OPEN}/officeDocument/2006/relationships"
TAGS = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}  # as of our PDFs
NEVER = (1980, 1, 1, 0, 0, 0)  # the earliest day of a zip file
QUOTES = {'"': "&quot;"}


def text_of(text: str) -> str:
    """Somebody's text as XML, in an element or in an attribute."""
    return escape_markup(plain(text), QUOTES)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The file. `parts`: XML and pictures by name; the first must be `[Content_Types].xml`."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, NEVER)
            if isinstance(part, str):
                info.compress_type = zipfile.ZIP_DEFLATED
                part = part.encode("utf-8")
            archive.writestr(info, part)
    return body.getvalue()


def content_types(kinds: Mapping[str, str]) -> str:
    """`kinds`: media types by part."""
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items()
    )
    return (
        f'{DECLARATION}<Types xmlns="{OPEN}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{overrides}</Types>'
    )


def relations(targets: Mapping[str, str]) -> str:
    """`targets`: kinds of what leads there, by target; ids are `r1`, `r2`, … in this order."""
    lines = (
        f'<Relationship Id="r{number}" Type="{kind if ":" in kind else f"{OFFICE}/{kind}"}" '
        f'Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items(), start=1)
    )
    return (
        f'{DECLARATION}<Relationships xmlns="{OPEN}/package/2006/relationships">'
        f"{''.join(lines)}</Relationships>"
    )


def core(title: str, language: str, at: datetime) -> str:
    """docProps/core.xml: what the document is called, in which language, and of when."""
    moment = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f"{DECLARATION}<cp:coreProperties "
        f'xmlns:cp="{OPEN}/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{text_of(title)}</dc:title><dc:creator>Hahmo</dc:creator>"
        f"<dc:language>{TAGS[language]}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        "</cp:coreProperties>"
    )
