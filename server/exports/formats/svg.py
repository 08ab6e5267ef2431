"""A board as SVG: the picture of it as text and shapes, with the letters that it needs."""

from server.exports.context import ExportContext
from server.exports.picture import picture_of

__all__ = ["write_svg"]


def write_svg(context: ExportContext) -> bytes:
    """UTF-8; sizes are CSS pixels of a screen at zoom 1."""
    return picture_of(context).svg.encode("utf-8")
