"""The tasks that jobs name, and what every task may count on.

A task is a coroutine in one of MODULES, registered with `@tasks.task(name=…, retry=PATIENCE)`. It
may run twice, or in two processes at once, when a process dies or stalls: what it does has to be
the same done again. Queries and models go to a thread (`threads.run`).
"""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from procrastinate import App, Blueprint, JobContext
from procrastinate.app import WorkerOptions

from voice.background.journal import noted
from voice.background.patience import Patience
from voice.providers.chains import Chains

MODULES = ("distilling", "embedding", "rescue", "summarising", "titling")
"""In this package; importing one registers its tasks."""
PATIENCE = Patience()
STALLED_S = 15.0
"""A worker that was not heard of for so long is taken for dead: three heartbeats."""
OPTIONS: WorkerOptions = {
    "concurrency": 4,
    "delete_jobs": "successful",
    "update_heartbeat_interval": STALLED_S / 3,
    "stalled_worker_timeout": STALLED_S,
    "shutdown_graceful_timeout": 3.0,  # of the 5 s that a web process has to drain
    "worker_middleware": [noted],
}

tasks = Blueprint()


def register(app: App, providers: Callable[[], Chains]) -> None:
    """Give a worker's app all tasks, and the chains of providers that `chains_of` finds."""
    for name in MODULES:
        import_module(f"voice.background.{name}")
    app.add_tasks_from(tasks, namespace="")
    app.worker_defaults.update(OPTIONS)
    app.worker_defaults["additional_context"] = {"providers": providers}


def chains_of(context: JobContext) -> Chains:
    """The providers of the process that runs this job. For tasks registered with
    `pass_context=True`, whose first argument is the context."""
    providers = cast(Callable[[], Chains], context.additional_context["providers"])
    return providers()
