"""How single fields are edited."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.http import HttpRequest


class ShortLists:
    """For an admin whose lists of words are short: boxes of four lines, not of ten."""

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        shown = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name in ("key_terms", "pronunciations"):
            shown.widget.attrs["rows"] = 4
        return shown


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Does not save over what somebody else saved since the page was opened, unless it is sent a
    second time. The page has to hold the field `seen`."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version_field = "version"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self._version = getattr(self.instance, self.version_field)

    def clean_seen(self) -> int | None:
        seen: int | None = self.cleaned_data["seen"]
        if seen not in (None, self._version):
            sent: Any = self.data
            self.data = again = sent.copy()
            again[self.add_prefix("seen")] = self._version
            raise ValidationError("seen", code="outdated")
        return seen

    def clean(self) -> dict[str, Any]:
        if self.errors.pop("seen", None):
            self.add_error(
                None,
                "Somebody saved this in the meantime, and you have not seen what. Open the page"
                " again to look, or save once more to put yours in its place.",
            )
        return super().clean() or self.cleaned_data
