"""What `manage.py procrastinate worker` imports: the same tasks, in a process without sessions."""

from functools import cache

from procrastinate.contrib.django import app

from voice.background.app import register
from voice.providers.chains import chains, named

register(app, cache(lambda: chains(named())))
