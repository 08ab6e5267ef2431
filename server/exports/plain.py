"""What people wrote, without what no written format may hold."""

import re

__all__ = ["CONTROLS", "LINE_ENDS", "plain"]

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """Text with "\\n" as its only line end, of characters that XML 1.0 and calendars may hold."""
    return CONTROLS.sub("", LINE_ENDS.sub("\n", text))
