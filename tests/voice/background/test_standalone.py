"""A worker of its own: what its jobs counted reaches the database with each of them."""

from typing import Any, cast

import pytest
from channels.db import database_sync_to_async
from django.db import models
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.worker import Worker

from conversations.models import Rollup
from voice.background.standalone import flushed
from voice.providers.errors import ProviderError
from voice.telemetry.usage import spend

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY = cast(JobContext, None), cast(Worker, None)


@database_sync_to_async
def kept(provider: str) -> float | None:
    """Tokens, in the rows of the hour."""
    rows = Rollup.objects.filter(label=f"llm/{provider}", name="tokens_out", span_s=3600)
    return rows.aggregate(sum=models.Sum("total"))["sum"]


async def test_a_job_is_done_with_what_it_counted():
    async def job() -> str:
        spend("llm", "one", None, tokens_out=7)
        return "done"

    assert await flushed(job, *NOBODY) == "done"
    assert await kept("one") == 7


async def test_one_that_failed_was_paid_for_all_the_same():
    async def job() -> Any:
        spend("llm", "two", None, tokens_out=7)
        raise ProviderError("two", "broke off")

    with pytest.raises(ProviderError):
        await flushed(job, *NOBODY)
    assert await kept("two") == 7


def test_the_librarys_worker_does_every_job_like_this():
    assert app.worker_defaults["worker_middleware"][0] is flushed
