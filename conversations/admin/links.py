"""Links from the admin to the rest of the staff's pages, which may not be there."""

from django.urls import NoReverseMatch, reverse


def link(title: str, name: str, *args: object) -> list[tuple[str, str]]:
    """Its title and address, alone in a list; an empty list where the site has no such page."""
    try:
        return [(title, reverse(name, args=args))]
    except NoReverseMatch:
        return []
