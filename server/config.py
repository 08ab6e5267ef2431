"""Settings of one server process: read once from the environment, then passed down by hand.

docs/operations.md lists every field with its variable, unit and default; a test compares the two.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Self, TypedDict, TypeVar
from urllib.parse import urlsplit

from server.errors import Phrase, shorten

MIN_KEY_LENGTH = 16  # characters of HAHMO_CREATE_KEY; a shorter one can be guessed
KEY_BYTES = 32  # of HAHMO_KEY
DURABILITIES = ("disk", "replica", "second")
MOST_WORDS = 200  # characters of what the notices name
OTHER_PREFIXES = ("HAHMO_BUILD_", "HAHMO_TEST_", "HAHMO_BENCH_")  # tools' own, not the server's

T = TypeVar("T")


class ConfigError(Exception):
    """A variable that is malformed or unknown: names it, and `phrase` tells what was expected.

    `key`: of the catalogue, under cli.expected; `values` fill its placeholders.
    """

    def __init__(self, variable: str, key: str, *, got: str = "", **values: str | int) -> None:
        super().__init__(f"{variable}: {key}, got {shorten(got)}")
        self.variable = variable
        expected = Phrase(f"cli.expected.{key}", values)
        key = "cli.setting" if got else "cli.setting_missing"
        self.phrase = Phrase(key, {"variable": variable, "expected": expected, "got": got})


class UnknownSetting(ConfigError):
    """A HAHMO_ variable that sets nothing; `close`: the setting that may be meant."""

    def __init__(self, variable: str, close: str | None) -> None:
        super().__init__(variable, "known")
        values = {"variable": variable, "close": close or ""}
        self.phrase = Phrase("cli.setting_like" if close else "cli.no_setting", values)


class TooShort(ConfigError):
    """A secret of `n` characters, too few; what is told never repeats it."""

    def __init__(self, variable: str, *, n: int, least: int) -> None:
        super().__init__(variable, "long")
        self.phrase = Phrase("cli.setting_short", {"variable": variable, "n": n, "least": least})


class NoKey(ConfigError):
    """A HAHMO_KEY that is none; what is told never repeats it."""

    def __init__(self, variable: str) -> None:
        super().__init__(variable, "key")
        self.phrase = Phrase("cli.setting_key", {"variable": variable, "n": 2 * KEY_BYTES})


class NoRedis(ConfigError):
    """A HAHMO_REDIS_URL that is none; what is told never repeats it, as it may hold a password."""

    def __init__(self, variable: str) -> None:
        super().__init__(variable, "redis")
        self.phrase = Phrase("cli.setting_redis", {"variable": variable})


def setting(variable: str, default: T) -> T:
    """A field of Config together with the environment variable that sets it."""
    return field(default=default, metadata={"variable": variable})


@dataclass(frozen=True, kw_only=True)
class Config:
    """Settings with their defaults; every one is optional."""

    data: Path = setting("HAHMO_DATA", Path("var"))  # folder of the embedded store
    redis_url: str | None = setting("HAHMO_REDIS_URL", None)  # None = the embedded store
    durability: str = setting("HAHMO_DURABILITY", "disk")  # what Redis has to promise
    node_address: str | None = setting("HAHMO_NODE_ADDRESS", None)  # where other servers reach us
    key: bytes | None = setting("HAHMO_KEY", None)  # the server's; None = the one in the folder
    host: str = setting("HAHMO_HOST", "127.0.0.1")  # address to listen on
    port: int = setting("PORT", 8000)  # 0 = any free port
    public_url: str | None = setting("HAHMO_PUBLIC_URL", None)  # origin that people see
    allowed_hosts: tuple[str, ...] = setting("HAHMO_ALLOWED_HOSTS", ())  # () = any is served
    create_key: str | None = setting("HAHMO_CREATE_KEY", None)  # who may open workshops
    retention_days: int | None = setting("HAHMO_RETENTION_DAYS", None)  # None = keep
    trusted_proxies: str = setting("HAHMO_TRUSTED_PROXIES", "127.0.0.1")  # comma-separated
    workshops_per_hour: int = setting("HAHMO_WORKSHOPS_PER_HOUR", 200)  # per address
    people: int = setting("HAHMO_PEOPLE", 500)  # who can join one workshop, all in all

    late_hours: int = setting("HAHMO_LATE_HOURS", 24)  # group work is taken so long after it
    # Sign-in of facilitators with OpenID Connect; None = there is none
    oidc_issuer: str | None = setting("HAHMO_OIDC_ISSUER", None)
    oidc_client_id: str | None = setting("HAHMO_OIDC_CLIENT_ID", None)
    oidc_client_secret: str | None = setting("HAHMO_OIDC_CLIENT_SECRET", None)
    oidc_domains: tuple[str, ...] = setting("HAHMO_OIDC_DOMAINS", ())  # () = whoever signs in
    oidc_groups: tuple[str, ...] = setting("HAHMO_OIDC_GROUPS", ())
    # What the notices name; None = they say that it is not given yet
    operator: str | None = setting("HAHMO_OPERATOR", None)
    operator_contact: str | None = setting("HAHMO_OPERATOR_CONTACT", None)
    data_officer: str | None = setting("HAHMO_DATA_OFFICER", None)
    supervisor: str | None = setting("HAHMO_SUPERVISOR", None)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read every setting; an empty variable counts as unset.

        Raises ConfigError naming the first variable that is malformed or unknown.
        """
        refuse_unknown(env)
        return cls(
            data=Path(env.get("HAHMO_DATA") or cls.data),
            redis_url=redis_address(env, "HAHMO_REDIS_URL"),
            durability=promised(env, "HAHMO_DURABILITY"),
            node_address=node_address(env, "HAHMO_NODE_ADDRESS"),
            key=secret_key(env, "HAHMO_KEY"),
            host=env.get("HAHMO_HOST") or cls.host,
            port=whole_number(env, "PORT", default=cls.port, least=0, most=65535),
            public_url=origin(env, "HAHMO_PUBLIC_URL"),
            allowed_hosts=host_names(env, "HAHMO_ALLOWED_HOSTS"),
            create_key=strong_key(env, "HAHMO_CREATE_KEY"),
            retention_days=optional_number(env, "HAHMO_RETENTION_DAYS", least=1, most=36500),
            trusted_proxies=env.get("HAHMO_TRUSTED_PROXIES") or cls.trusted_proxies,
            workshops_per_hour=whole_number(
                env, "HAHMO_WORKSHOPS_PER_HOUR", default=cls.workshops_per_hour, least=1, most=10**6
            ),
            people=whole_number(env, "HAHMO_PEOPLE", default=cls.people, least=2, most=10**4),
            late_hours=whole_number(
                env, "HAHMO_LATE_HOURS", default=cls.late_hours, least=0, most=8760
            ),
            **sign_in_settings(env),
            operator=one_line(env, "HAHMO_OPERATOR"),
            operator_contact=one_line(env, "HAHMO_OPERATOR_CONTACT"),
            data_officer=one_line(env, "HAHMO_DATA_OFFICER"),
            supervisor=one_line(env, "HAHMO_SUPERVISOR"),
        )

    @classmethod
    def variables(cls) -> dict[str, str]:
        """Environment variable -> field name."""
        return {item.metadata["variable"]: item.name for item in fields(cls)}


def refuse_unknown(env: Mapping[str, str]) -> None:
    """Raise ConfigError for a HAHMO_ variable that sets nothing: a typo would pass unseen."""
    known = Config.variables()
    for name in sorted(env):
        if name in known or not name.startswith("HAHMO_") or name.startswith(OTHER_PREFIXES):
            continue
        close = difflib.get_close_matches(name, known, n=1)
        raise UnknownSetting(name, close[0] if close else None)


def optional_number(env: Mapping[str, str], variable: str, *, least: int, most: int) -> int | None:
    """A whole number between the two bounds, or None when the variable is unset or empty."""
    text = env.get(variable, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    raise ConfigError(variable, "number", got=text, least=str(least), most=str(most))


def whole_number(
    env: Mapping[str, str], variable: str, *, default: int, least: int = 0, most: int
) -> int:
    """As optional_number, with a default."""
    value = optional_number(env, variable, least=least, most=most)
    return default if value is None else value


def origin(env: Mapping[str, str], variable: str) -> str | None:
    """A web origin such as https://hahmo.example, without path, as browsers write it."""
    text = env.get(variable, "").strip().rstrip("/")
    if not text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ConfigError(variable, "origin", got=text) from error
    rest = parts.path or parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not parts.hostname or rest or port == 0:
        raise ConfigError(variable, "origin", got=text)
    return same_origin_form(text)


def host_names(env: Mapping[str, str], variable: str) -> tuple[str, ...]:
    """Names or addresses of this server, comma-separated, each with a port where it has one."""
    return tuple(host_name(variable, text) for text in listed(env, variable))


def host_name(variable: str, text: str) -> str:
    try:
        parts = urlsplit(f"//{text}")
        if parts.netloc != text or not parts.hostname or parts.username or parts.port == 0:
            raise ValueError(text)
    except ValueError as error:
        raise ConfigError(variable, "names", got=text) from error
    return text.lower()


def same_origin_form(text: str) -> str:
    """Scheme and host in small letters, no default port: `https://Hahmo.Example:443/` is
    `https://hahmo.example`, as a browser's Origin says. Source: RFC 6454, 6.1.

    Raises ValueError for what is no address.
    """
    parts = urlsplit(text)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


class SignInSettings(TypedDict, total=False):
    """The fields of Config that name a sign-in provider."""

    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_domains: tuple[str, ...]
    oidc_groups: tuple[str, ...]


def sign_in_settings(env: Mapping[str, str]) -> SignInSettings:
    """All that sign-in needs, or nothing of it: half of it would leave a door open unseen."""
    if not any(env.get(name, "").strip() for name in env if name.startswith("HAHMO_OIDC_")):
        return {}
    needed = ("HAHMO_OIDC_ISSUER", "HAHMO_OIDC_CLIENT_ID", "HAHMO_OIDC_CLIENT_SECRET")
    for name in (*needed, "HAHMO_PUBLIC_URL"):
        if not env.get(name, "").strip():
            raise ConfigError(name, "beside")
    return {
        "oidc_issuer": issuer(env, needed[0]),
        "oidc_client_id": env[needed[1]].strip(),
        "oidc_client_secret": env[needed[2]].strip(),
        "oidc_domains": tuple(text.lower() for text in listed(env, "HAHMO_OIDC_DOMAINS")),
        "oidc_groups": listed(env, "HAHMO_OIDC_GROUPS"),
    }


def issuer(env: Mapping[str, str], variable: str) -> str:
    """The provider's address, exactly as its ID tokens say it; https, but on this machine."""
    text = env[variable].strip()
    parts = urlsplit(text)
    is_local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ConfigError(variable, "issuer", got=text)
    if parts.scheme != "https" and not is_local:
        raise ConfigError(variable, "https", got=text)
    return text


def listed(env: Mapping[str, str], variable: str) -> tuple[str, ...]:
    """Comma-separated texts."""
    texts = (text.strip() for text in env.get(variable, "").split(","))
    return tuple(text for text in texts if text)


def one_line(env: Mapping[str, str], variable: str) -> str | None:
    """Words for people to read, in one line."""
    text = env.get(variable, "").strip()
    if len(text) > MOST_WORDS or not text.isprintable():
        raise ConfigError(variable, "line", got=text, most=MOST_WORDS)
    return text or None


def secret_key(env: Mapping[str, str], variable: str) -> bytes | None:
    """The server's own secret, as hexadecimal digits."""
    text = env.get(variable, "").strip()
    if not text:
        return None
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}", text):
        raise NoKey(variable)
    return bytes.fromhex(text)


def strong_key(env: Mapping[str, str], variable: str) -> str | None:
    """A shared secret that is long enough; the error never repeats it."""
    text = env.get(variable, "").strip()
    if text and len(text) < MIN_KEY_LENGTH:
        raise TooShort(variable, n=len(text), least=MIN_KEY_LENGTH)
    return text or None


def redis_address(env: Mapping[str, str], variable: str) -> str | None:
    """Of a Redis, or of one of a Cluster."""
    text = env.get(variable, "").strip()
    if text and not is_redis(text):
        raise NoRedis(variable)
    return text or None


def is_redis(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_there = parts.hostname is not None and parts.port != 0
    except ValueError:
        return False
    options = [pair.partition("=")[0] for pair in parts.query.split("&") if pair]
    if not all(option == "db" or option.startswith("ssl_") for option in options):
        return False
    if parts.scheme == "unix":
        return len(parts.path) > 1
    has_number = re.fullmatch(r"/?|/\d{1,3}", parts.path) is not None
    return parts.scheme in ("redis", "rediss") and is_there and has_number


def redis_place(url: str) -> str:
    """Where it is, for people to read: without user and password."""
    parts = urlsplit(url)
    return parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"


def promised(env: Mapping[str, str], variable: str) -> str:
    """What Redis has to promise; the embedded store promises its disk."""
    text = env.get(variable, "").strip() or Config.durability
    if text not in DURABILITIES:
        raise ConfigError(variable, "one_of", got=text, choices=", ".join(DURABILITIES))
    if text != Config.durability and not env.get("HAHMO_REDIS_URL", "").strip():
        raise ConfigError("HAHMO_REDIS_URL", "redis", durability=text)
    return text


def node_address(env: Mapping[str, str], variable: str) -> str | None:
    """A host and a port, such as 10.0.0.5:9000; [::1]:9000."""
    text = env.get(variable, "").strip()
    if not text:
        return None
    try:
        parts = urlsplit(f"//{text}")
        is_one = parts.netloc == text and parts.hostname and parts.port and not parts.username
    except ValueError:
        is_one = False
    if not is_one:
        raise ConfigError(variable, "node", got=text)
    return text
