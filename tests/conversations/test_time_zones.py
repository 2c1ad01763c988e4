import pytest
from django.core.exceptions import ValidationError

from conversations.time_zones import check_time_zone, zone_named


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"])
def test_names_that_browsers_report_are_known(name: str) -> None:
    zone = zone_named(name)

    assert zone is not None
    assert zone.key == name


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "Europe", "../../etc/passwd", "/etc/passwd", "x" * 5000, "a\0b"]
)
def test_what_is_no_time_zone_is_none(name: str) -> None:
    assert zone_named(name) is None


def test_the_validator_says_what_a_name_looks_like() -> None:
    with pytest.raises(ValidationError, match="Europe/Berlin"):
        check_time_zone("Berlin time")
