"""Random schedules of a workshop over a bad network; see tests/e2e/network/test_schedules.py."""
