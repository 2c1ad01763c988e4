"""`{{ turn.sources|linked }}`: the web pages to link to under a reply."""

from django import template

from conversations.sources import linked

register = template.Library()
register.filter("linked", linked)
