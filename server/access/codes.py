"""Codes that people type, and tokens that programs carry.

Both are secrets, so the store never sees them: tokens (192 random bits) as SHA-256, codes (39 and
59 bits) as HMAC with the server's key, since so few bits could be tried out offline.
Source: OWASP ASVS 5.0, 6.5.2; reliability targets of docs/operations.md.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from urllib.parse import unquote_to_bytes

__all__ = [
    "JOIN_LENGTH",
    "MAX_TYPED",
    "RETURN_LENGTH",
    "code_id",
    "new_join_code",
    "new_return_code",
    "new_token",
    "normalise",
    "once_id",
    "show",
    "token_id",
]

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like another: no 0 O 1 I L U
JOIN_LENGTH = 8
RETURN_LENGTH = 12
MAX_TYPED = 2000  # characters of an input that are looked at: a mail's link may be long

ESCAPES = re.compile(r"(?:%[0-9a-fA-F]{2})+")
LINK = re.compile(r"/J/[^0-9A-Z]*(.*)", re.DOTALL)
IN_LINK = re.compile(r"[0-9A-Z]{4}[^0-9A-Z?#&/]*[0-9A-Z]{4}(?![0-9A-Z])")
IN_WORDS = re.compile(
    r"(?<![0-9A-Z])[0-9A-Z]{4}(?: ?- ?[0-9A-Z]{4}){1,2}(?![0-9A-Z])"
    r"|(?<![0-9A-Z])(?:[0-9A-Z]{8}|[0-9A-Z]{12})(?![0-9A-Z])"
)
DASHES = frozenset("\u2212\u2043\u02d7\u30fc")  # those that are no dashes to Unicode


def new_join_code() -> str:
    """A code for everybody who may join, such as ABCD-EFGH."""
    return show(_random(JOIN_LENGTH))


def new_return_code() -> str:
    """A code with which one person comes back as themselves, such as ABCD-EFGH-JKMN."""
    return show(_random(RETURN_LENGTH))


def new_token() -> str:
    """A token of 192 random bits, safe in an address."""
    return secrets.token_urlsafe(24)


def normalise(typed: str) -> str:
    """The code in what was typed or pasted, without case, dashes and whatever stands around it.

    Also out of a join link, a mail's disguise of one, or a sentence. May still be no code at all.
    The twin of `tidyCode` in client/src/text/codes.ts (vectors: tests/vectors/codes.json).
    """
    text = _plain(typed[:MAX_TYPED])
    link = LINK.search(text)
    if link:
        found = IN_LINK.match(link[1])
        return _letters(found[0] if found else re.split(r"[\s?#&/]", link[1])[0])
    whole = _letters(text)
    if _may_be(whole):
        return whole
    inside = {code for code in map(_letters, IN_WORDS.findall(text)) if _may_be(code)}
    return inside.pop() if len(inside) == 1 else whole


def show(code: str) -> str:
    """A code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def is_code(code: str, length: int) -> bool:
    """Whether a normalised input can be a code of this length."""
    return len(code) == length and all(letter in ALPHABET for letter in code)


def token_id(token: str) -> str:
    """Under which the store knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def once_id(key: str) -> str:
    """Under which the store knows the answer to a command with this Idempotency-Key."""
    return hashlib.sha256(b"once/name/" + key.encode()).hexdigest()


def code_id(key: bytes, code: str) -> str:
    """Under which the store knows a code (case and dashes do not matter)."""
    return hmac.new(key, normalise(code).encode(), hashlib.sha256).hexdigest()


def _plain(typed: str) -> str:
    """Capitals, digits and ASCII marks; what cannot be seen is gone, other marks are spaces."""
    unescaped = ESCAPES.sub(lambda found: _unescape(found[0]), typed)
    return "".join(map(_ascii, unicodedata.normalize("NFKC", unescaped).upper()))


def _ascii(character: str) -> str:
    if character.isascii() and character.isprintable():
        return character
    kind = unicodedata.category(character)
    if kind == "Pd" or character in DASHES:
        return "-"
    return "" if kind in ("Cf", "Mn") else " "


def _unescape(escapes: str) -> str:
    try:
        return unquote_to_bytes(escapes).decode()
    except UnicodeDecodeError:
        return " "


def _letters(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text)


def _may_be(code: str) -> bool:
    return is_code(code, JOIN_LENGTH) or is_code(code, RETURN_LENGTH)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
