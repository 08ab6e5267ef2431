"""Settings come from the environment only, and a wrong one is named with expected and got."""

import re
from pathlib import Path
from typing import Any

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from server.config import Config, ConfigError, redis_place
from server.i18n import LANGUAGES
from server.serving import in_both_forms
from server.web.responses import phrased

NAMES = {
    *("hahmo", "example", "https", "docs", "operations", "login"),
    *("redis", "rediss", "localhost", "unix", "run", "sock", "disk", "replica", "second"),
}


def test_without_settings_everything_has_its_default() -> None:
    config = Config.from_env({"PATH": "/bin", "HAHMO_DATA": ""})
    assert config == Config()
    assert (config.host, config.port, config.data) == ("127.0.0.1", 8000, Path("var"))


def test_every_setting_is_read() -> None:
    config = Config.from_env(
        {
            "HAHMO_DATA": "/srv/hahmo",
            "HAHMO_REDIS_URL": "redis://:secret@redis.example:6380/1",
            "HAHMO_NODE_ADDRESS": "10.0.0.5:9000",
            "HAHMO_DURABILITY": "replica",
            "HAHMO_KEY": "0aF9" * 16,
            "HAHMO_HOST": "0.0.0.0",
            "PORT": "0",
            "HAHMO_PUBLIC_URL": "https://hahmo.example/",
            "HAHMO_ALLOWED_HOSTS": "Hahmo.example, hahmo.example:8443,",
            "HAHMO_CREATE_KEY": "k" * 16,
            "HAHMO_RETENTION_DAYS": "90",
            "HAHMO_TRUSTED_PROXIES": "10.0.0.1",
            "HAHMO_WORKSHOPS_PER_HOUR": "5",
            "HAHMO_PEOPLE": "40",
            "HAHMO_LATE_HOURS": "2",
            "HAHMO_OIDC_ISSUER": "https://login.example/v2.0",
            "HAHMO_OIDC_CLIENT_ID": "hahmo",
            "HAHMO_OIDC_CLIENT_SECRET": "s",
            "HAHMO_OIDC_DOMAINS": "Kunta.example",
            "HAHMO_OIDC_GROUPS": "a, b",
            "HAHMO_OPERATOR": "Kunta",
            "HAHMO_OPERATOR_CONTACT": "hahmo@kunta.example",
            "HAHMO_DATA_OFFICER": "tietosuoja@kunta.example",
            "HAHMO_SUPERVISOR": "Viranomainen",
        }
    )
    assert config == Config(
        data=Path("/srv/hahmo"),
        redis_url="redis://:secret@redis.example:6380/1",
        durability="replica",
        node_address="10.0.0.5:9000",
        key=bytes.fromhex("0aF9" * 16),
        host="0.0.0.0",
        port=0,
        public_url="https://hahmo.example",
        allowed_hosts=("hahmo.example", "hahmo.example:8443"),
        create_key="k" * 16,
        retention_days=90,
        trusted_proxies="10.0.0.1",
        workshops_per_hour=5,
        people=40,
        late_hours=2,
        oidc_issuer="https://login.example/v2.0",
        oidc_client_id="hahmo",
        oidc_client_secret="s",
        oidc_domains=("kunta.example",),
        oidc_groups=("a", "b"),
        operator="Kunta",
        operator_contact="hahmo@kunta.example",
        data_officer="tietosuoja@kunta.example",
        supervisor="Viranomainen",
    )
    names = Config.variables().values()
    assert all(getattr(config, name) != getattr(Config(), name) for name in names)


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("HAHMO_OPERATOR", "Kunta\nContact: x", "one line"),
        ("HAHMO_SUPERVISOR", "v" * 201, "at most 200 characters"),
        ("PORT", "http", "a whole number from 0 to 65535"),
        ("PORT", "65536", "a whole number from 0 to 65535"),
        ("PORT", "٣", "a whole number"),  # a digit, but not one of ours
        ("HAHMO_RETENTION_DAYS", "0", "a whole number from 1"),
        ("HAHMO_RETENTION_DAYS", "1.5", "a whole number from 1"),
        ("HAHMO_PUBLIC_URL", "hahmo.example", "an address such as"),
        ("HAHMO_PUBLIC_URL", "https://hahmo.example/app", "without a path"),
        ("HAHMO_PUBLIC_URL", "https://hahmo.example:port", "an address such as"),
        ("HAHMO_PUBLIC_URL", "javascript:alert(1)", "an address such as"),
        ("HAHMO_ALLOWED_HOSTS", "https://hahmo.example", "names such as hahmo.example"),
        ("HAHMO_ALLOWED_HOSTS", "hahmo.example, a/b", "names such as"),
        ("HAHMO_ALLOWED_HOSTS", "hahmo.example:port", "names such as"),
        ("HAHMO_NODE_ADDRESS", "10.0.0.5", "a host and a port"),
        ("HAHMO_NODE_ADDRESS", "http://10.0.0.5:9000", "a host and a port"),
        ("HAHMO_NODE_ADDRESS", "a@host:70000", "a host and a port"),
        ("HAHMO_REDIS_URL", "redis.example:6379", "no address of a Redis"),
        ("HAHMO_REDIS_URL", "https://redis.example", "no address of a Redis"),
        ("HAHMO_REDIS_URL", "redis://redis.example:port", "no address of a Redis"),
        ("HAHMO_REDIS_URL", "redis://redis.example/first", "no address of a Redis"),
        ("HAHMO_REDIS_URL", "redis://redis.example/0?socket_timeout=9", "no address of a Redis"),
        ("HAHMO_REDIS_URL", "unix://", "no address of a Redis"),
        ("HAHMO_DURABILITY", "always", "one of these: disk, replica, second"),
        ("HAHMO_CREATE_KEY", "k" * 15, "at least 16"),
        ("HAHMO_KEY", "0" * 63, "64 hexadecimal"),
        ("HAHMO_KEY", "g" * 64, "64 hexadecimal"),
        ("HAHMO_PUBLC_URL", "https://hahmo.example", "HAHMO_PUBLIC_URL"),
        ("HAHMO_NONSENSE_AT_ALL", "1", "docs/operations.md"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(variable: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({variable: value})
    assert caught.value.variable == variable
    told = phrased(caught.value.phrase, "en")
    assert expected in told
    assert variable in told
    assert str(caught.value).startswith(f"{variable}: ")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "http"),
        ("HAHMO_PUBLIC_URL", "hahmo.example"),
        ("HAHMO_ALLOWED_HOSTS", "a/b"),
        ("HAHMO_OPERATOR", "v" * 201),
        ("HAHMO_OIDC_ISSUER", "https://login.example"),
        ("HAHMO_CREATE_KEY", "short"),
        ("HAHMO_KEY", "0123"),
        ("HAHMO_REDIS_URL", "localhost"),
        ("HAHMO_DURABILITY", "always"),
        ("HAHMO_HSOT", "0.0.0.0"),
        ("HAHMO_NONSENSE_AT_ALL", "1"),
    ],
)
def test_what_is_told_of_a_setting_is_in_one_language(variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({variable: value})
    told = [phrased(caught.value.phrase, language) for language in LANGUAGES]
    english = {word for word in re.findall(r"[a-z]{3,}", told[-1]) if word not in value}
    assert len(set(told)) == len(LANGUAGES)
    assert english & set(re.findall(r"[a-z]{3,}", told[0])) <= NAMES
    assert not any("{" in words for words in told)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://Hahmo.Example:443/", "https://hahmo.example"),
        ("HTTP://hahmo.example:80", "http://hahmo.example"),
        ("https://hahmo.example:80", "https://hahmo.example:80"),
        ("https://[FD00::1]:443", "https://[fd00::1]"),
    ],
)
def test_the_public_address_is_written_as_browsers_do(said: str, meant: str) -> None:
    assert Config.from_env({"HAHMO_PUBLIC_URL": said}).public_url == meant


@pytest.mark.parametrize(
    ("setting", "peer", "is_trusted"),
    [
        ("127.0.0.1", "::ffff:127.0.0.1", True),
        ("10.0.0.0/8, 127.0.0.1", "::ffff:10.1.2.3", True),
        ("10.0.0.1/8", "10.1.2.3", True),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("::ffff:10.0.0.0/104", "10.9.9.9", True),
        ("10.0.0.0/8", "::ffff:11.0.0.1", False),
        ("127.0.0.1", "::1", False),
        ("*", "192.0.2.1", True),
        ("fd00::/8", "fd00::7", True),
    ],
)
async def test_a_trusted_proxy_is_known_in_both_forms(
    setting: str, peer: str, is_trusted: bool
) -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    headers = [(b"x-forwarded-for", b"203.0.113.9")]
    scope: Any = {"type": "http", "scheme": "http", "client": (peer, 1), "headers": headers}
    nothing: Any = None
    await ProxyHeadersMiddleware(app, in_both_forms(setting))(scope, nothing, nothing)
    assert seen == ["203.0.113.9" if is_trusted else peer]


def test_a_weak_key_is_never_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({"HAHMO_CREATE_KEY": "kukkakaali"})
    assert "kukkakaali" not in str(caught.value)
    assert "kukkakaali" not in phrased(caught.value.phrase, "en")


def test_variables_of_tools_are_left_alone() -> None:
    assert Config.from_env({"HAHMO_TEST_SHOTS": "1", "HAHMO_BUILD_CLIENT": "no"}) == Config()


SIGN_IN = {
    "HAHMO_PUBLIC_URL": "https://hahmo.example",
    "HAHMO_OIDC_ISSUER": "https://login.example",
    "HAHMO_OIDC_CLIENT_ID": "hahmo",
    "HAHMO_OIDC_CLIENT_SECRET": "very-secret",
}


@pytest.mark.parametrize("variable", SIGN_IN)
def test_half_a_sign_in_is_refused_by_name(variable: str) -> None:
    """It would leave the door open, and nobody would see it."""
    with pytest.raises(ConfigError) as caught:
        Config.from_env({name: value for name, value in SIGN_IN.items() if name != variable})
    assert caught.value.variable == variable
    with pytest.raises(ConfigError):
        Config.from_env({"HAHMO_OIDC_GROUPS": "a"})


@pytest.mark.parametrize(
    "issuer", ["http://login.example", "login.example", "https://x@login.example", "https://a/?b"]
)
def test_a_provider_is_asked_by_https(issuer: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({**SIGN_IN, "HAHMO_OIDC_ISSUER": issuer})
    assert caught.value.variable == "HAHMO_OIDC_ISSUER"
    assert Config.from_env({**SIGN_IN, "HAHMO_OIDC_ISSUER": "http://localhost:9/x"}).oidc_issuer


def test_a_redis_is_told_without_its_password() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({"HAHMO_REDIS_URL": "redis://:kukkakaali@redis.example:port"})
    assert "kukkakaali" not in phrased(caught.value.phrase, "en") + str(caught.value)
    assert redis_place("redis://user:kukkakaali@redis.example/3") == "redis.example:6379"
    assert redis_place("unix:///run/redis.sock?db=1") == "/run/redis.sock"


def test_a_promise_needs_a_redis_that_makes_it() -> None:
    """The embedded store would not keep it, and nobody would notice."""
    assert Config.from_env({"HAHMO_DURABILITY": "disk"}).redis_url is None
    with pytest.raises(ConfigError) as caught:
        Config.from_env({"HAHMO_DURABILITY": "replica"})
    assert caught.value.variable == "HAHMO_REDIS_URL"
    assert "HAHMO_DURABILITY is replica" in phrased(caught.value.phrase, "en")
