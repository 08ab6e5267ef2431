"""Codes that people type, and tokens that programs carry.

Both are secrets, so the store never sees them: tokens (192 random bits) as SHA-256, codes (39 and
59 bits) as HMAC with the server's key, since so few bits could be tried out offline.
Source: OWASP ASVS 5.0, 6.5.2; reliability targets of docs/operations.md.
"""

import hashlib
import hmac
import re
import secrets

__all__ = [
    "JOIN_LENGTH",
    "RETURN_LENGTH",
    "code_id",
    "new_join_code",
    "new_return_code",
    "new_token",
    "normalise",
    "show",
    "token_id",
]

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like another: no 0 O 1 I L U
JOIN_LENGTH = 8
RETURN_LENGTH = 12
MAX_TYPED = 40  # characters of an input that are looked at


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
    """What was typed without case, dashes and spaces; may still be no code at all."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", typed[:MAX_TYPED]).upper()


def show(code: str) -> str:
    """A code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def is_code(code: str, length: int) -> bool:
    """Whether a normalised input can be a code of this length."""
    return len(code) == length and all(letter in ALPHABET for letter in code)


def token_id(token: str) -> str:
    """Under which the store knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_id(key: bytes, code: str) -> str:
    """Under which the store knows a code (case and dashes do not matter)."""
    return hmac.new(key, normalise(code).encode(), hashlib.sha256).hexdigest()


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
