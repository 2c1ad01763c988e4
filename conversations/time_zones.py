"""Time zones by name, as browsers report them (IANA names)."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name, or None where there is none. Takes any text: the name is a file name
    underneath, so folders, over-long names and paths out of the folder all count as none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def check_time_zone(name: str) -> None:
    """Validator of fields that hold a time zone's name."""
    if zone_named(name) is None:
        raise ValidationError(f"“{name}” is not a time zone. Use a name like “Europe/Berlin”.")
