"""What the buttons of a running session do. Each answers with a sentence for the page, and is noted
in the audit log without its words: those of a note stand in the conversation's context, those that
are said in its transcript. What another process does is noted before it is asked to: where its
answer is lost, it may have been done."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from asgiref.sync import async_to_sync
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

import voice.steering
from conversations import audit
from conversations.context import Outdated, add_note, set_own
from conversations.models import Conversation
from conversations.roles import READ_WORDS, STEER
from dashboard.staff import allowed, may, member
from voice.steering import NotAnswered, NotRunning

SAID_MAX = 1_000
"""Characters: a minute of speech."""
GONE = "This conversation is not running any more."
SILENT = (
    "The server that runs this conversation did not answer. It may have been done all the same: "
    "look before you try again."
)
OUTDATED = (
    "This was changed meanwhile, and nothing was saved. Copy what you wrote, reload the page, and "
    "put it to what stands there."
)
UNSEEN = "Reload the page: it does not say which version it shows."
MISSING = "Write something first."

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], JsonResponse]


def _steering(view: View[P]) -> View[P]:
    """What goes wrong, as a sentence."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> JsonResponse:
        try:
            return view(request, *args, **kwargs)
        except NotRunning:
            return JsonResponse({"text": GONE}, status=409)
        except NotAnswered:
            return JsonResponse({"text": SILENT}, status=504)
        except Outdated:
            return JsonResponse({"text": OUTDATED}, status=409)
        except ValidationError as error:
            return JsonResponse({"text": " ".join(error.messages)}, status=400)
        except Conversation.DoesNotExist as error:
            raise Http404(GONE) from error

    return answered


@allowed(STEER)
@require_POST
@_steering
def say(request: HttpRequest, conversation_id: UUID) -> JsonResponse:
    """`text`: what the assistant says now."""
    text = _text(request)
    audit.note(member(request), "say", conversation=conversation_id, characters=len(text))
    async_to_sync(voice.steering.say)(conversation_id, text)
    return JsonResponse({"text": "It is being said."})


@allowed(STEER)
@require_POST
@_steering
def end(request: HttpRequest, conversation_id: UUID) -> JsonResponse:
    audit.note(member(request), "end", conversation=conversation_id)
    async_to_sync(voice.steering.end)(conversation_id)
    return JsonResponse({"text": "The conversation was ended."})


@allowed(STEER)
@require_POST
@_steering
@transaction.atomic
def note(request: HttpRequest, conversation_id: UUID) -> JsonResponse:
    """`text`: one line more for the model, from its next turn on. The answer has all of them for
    those who may read what others said, which is noted."""
    user, text = member(request), _text(request)
    version = add_note(conversation_id, text, by=user.pk)
    audit.note(user, "note", conversation=conversation_id, version=version, characters=len(text))
    if not may(user, READ_WORDS):
        return _told(version)
    audit.note(user, "read", conversation=conversation_id, what="context")
    told = Conversation.objects.values_list("context", flat=True).get(pk=conversation_id)
    return _told(version, context=told)


@allowed(STEER)
@require_POST
@_steering
@transaction.atomic
def context(request: HttpRequest, conversation_id: UUID) -> JsonResponse:
    """`text`: all that the model is told in this conversation beside its agent's instructions;
    `seen`: the version that it replaces."""
    user, text = member(request), request.POST.get("text", "")
    version = set_own(conversation_id, text, by=user.pk, seen=_seen(request))
    audit.note(user, "context", conversation=conversation_id, version=version, characters=len(text))
    return _told(version)


def _told(version: int, **more: str) -> JsonResponse:
    text = f"Saved as version {version}; it holds from the next turn on."
    return JsonResponse({"text": text, "version": version, **more})


def _seen(request: HttpRequest) -> int:
    """Raises ValidationError."""
    try:
        return int(request.POST["seen"])
    except (KeyError, ValueError) as error:
        raise ValidationError(UNSEEN) from error


def _text(request: HttpRequest) -> str:
    """Raises ValidationError."""
    text = request.POST.get("text", "").strip()
    if not text:
        raise ValidationError(MISSING)
    if len(text) > SAID_MAX:
        raise ValidationError(f"At most {SAID_MAX:,} characters; these are {len(text):,}.")
    return text
