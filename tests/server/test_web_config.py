"""Settings come from the environment only, and a wrong one is named with expected and got."""

from pathlib import Path

import pytest

from server.config import Config, ConfigError


def test_without_settings_everything_has_its_default() -> None:
    config = Config.from_env({"PATH": "/bin", "HAHMO_DATA": ""})
    assert config == Config()
    assert (config.host, config.port, config.data) == ("127.0.0.1", 8000, Path("var"))


def test_every_setting_is_read() -> None:
    config = Config.from_env(
        {
            "HAHMO_DATA": "/srv/hahmo",
            "HAHMO_HOST": "0.0.0.0",
            "PORT": "0",
            "HAHMO_PUBLIC_URL": "https://hahmo.example/",
            "HAHMO_CREATE_KEY": "k" * 16,
            "HAHMO_RETENTION_DAYS": "90",
            "HAHMO_TRUSTED_PROXIES": "10.0.0.1",
            "HAHMO_WORKSHOPS_PER_HOUR": "5",
            "HAHMO_PEOPLE": "40",
            "HAHMO_LATE_HOURS": "2",
        }
    )
    assert config == Config(
        data=Path("/srv/hahmo"),
        host="0.0.0.0",
        port=0,
        public_url="https://hahmo.example",
        create_key="k" * 16,
        retention_days=90,
        trusted_proxies="10.0.0.1",
        workshops_per_hour=5,
        people=40,
        late_hours=2,
    )
    names = Config.variables().values()
    assert all(getattr(config, name) != getattr(Config(), name) for name in names)


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("PORT", "http", "a whole number from 0 to 65535"),
        ("PORT", "65536", "a whole number from 0 to 65535"),
        ("PORT", "٣", "a whole number"),  # a digit, but not one of ours
        ("HAHMO_RETENTION_DAYS", "0", "a whole number from 1"),
        ("HAHMO_RETENTION_DAYS", "1.5", "a whole number from 1"),
        ("HAHMO_PUBLIC_URL", "hahmo.example", "an address such as"),
        ("HAHMO_PUBLIC_URL", "https://hahmo.example/app", "without a path"),
        ("HAHMO_PUBLIC_URL", "https://hahmo.example:port", "an address such as"),
        ("HAHMO_PUBLIC_URL", "javascript:alert(1)", "an address such as"),
        ("HAHMO_CREATE_KEY", "k" * 15, "at least 16 characters"),
        ("HAHMO_PUBLC_URL", "https://hahmo.example", "HAHMO_PUBLIC_URL"),
        ("HAHMO_NONSENSE_AT_ALL", "1", "docs/operations.md"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(variable: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({variable: value})
    assert caught.value.variable == variable
    assert expected in str(caught.value)
    assert str(caught.value).startswith(f"{variable}: expected ")


def test_a_weak_key_is_never_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({"HAHMO_CREATE_KEY": "kukkakaali"})
    assert "kukkakaali" not in str(caught.value)


def test_variables_of_tools_are_left_alone() -> None:
    assert Config.from_env({"HAHMO_TEST_SHOTS": "1", "HAHMO_BUILD_CLIENT": "no"}) == Config()
