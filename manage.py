#!/usr/bin/env python
"""Django's command line: `manage.py help` lists what there is. `make run` starts the whole."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036  (said before what an older one can't even read)
    sys.exit("Python 3.11 or later is needed: %s is older." % sys.executable)  # noqa: UP031


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError
    from environs import EnvError

    from voiceassistant import environment, problems

    with problems.told():
        try:
            if sys.argv[1:2] != ["serve"]:
                _do_without_pool()
            execute_from_command_line(sys.argv)
        except EnvError as error:
            raise environment.explain(error) from error
        except OperationalError as error:
            from voiceassistant import database

            raise problems.CannotStart(database.unreachable(error)) from error


def _do_without_pool() -> None:
    """One connection is enough for a command, and a pool waits 10 s for an absent database."""
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)


if __name__ == "__main__":
    main()
