"""How the site has been doing, added up."""

from django.db import models


class Rollup(models.Model):
    """What happened within one minute or one hour, on all servers together: how often (`count`) and
    how much in all (`total`). Of what has a distribution there is a row for each bucket of it."""

    class Span(models.IntegerChoices):
        MINUTE = 60, "minute"
        HOUR = 3600, "hour"

    span_s = models.PositiveSmallIntegerField(choices=Span.choices)
    at = models.DateTimeField(help_text="Its beginning.")
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=80, blank=True, help_text="Which part, provider, user …")
    bucket = models.SmallIntegerField(default=-1, help_text="-1: it is a counter.")
    count = models.BigIntegerField()
    total = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["span_s", "at", "name", "label", "bucket"], name="one_rollup_per_bucket"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.label}: {self.count}"
