"""How long something lasted, for people."""

from datetime import timedelta

from django import template

register = template.Library()


@register.filter
def clock(lasted: timedelta) -> str:
    """4:05 for four minutes and five seconds, 1:04:05 with an hour before them."""
    minutes, seconds = divmod(int(lasted.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
