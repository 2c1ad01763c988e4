"""Text → vector, and models that cannot give one."""

import copy
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conversations import embeddings
from conversations.models import EMBEDDING_DIMENSIONS

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TEXTS = ["hello", "hello there", "hello " * 400, "", "Ça va, Łukasz?"]


def static(*following: Any, **settings: Any) -> "SentenceTransformer":
    """A model of single words, of 8 dimensions."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    words = Tokenizer(WordLevel({"hello": 0, "[UNK]": 1}, unk_token="[UNK]"))
    modules = [StaticEmbedding(words, embedding_dim=8), *following]
    return SentenceTransformer(modules=modules, device="cpu", **settings)


def as_the_library_has_it(model: "SentenceTransformer", text: str) -> object:
    encoded = model.encode([text], normalize_embeddings=True, show_progress_bar=False)
    return pytest.approx(encoded[0].tolist(), abs=1e-3)  # it may compute in 16 bits


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_encoded_as_the_library_does(text: str) -> None:
    model = embeddings.load("")

    assert embeddings.encoded(model, text) == as_the_library_has_it(model, text)


def test_the_quickest_form_of_a_model_means_the_same() -> None:
    import torch

    quick = embeddings.load("")
    whole = copy.deepcopy(quick).to(torch.float32)
    halved = copy.deepcopy(quick).to(torch.bfloat16)

    for text in ("hello there", "What did the vet say about Rex?", "Ça va, Łukasz?"):
        pair = zip(embeddings.encoded(whole, text), embeddings.encoded(halved, text), strict=True)
        assert sum(a * b for a, b in pair) > 0.99


def test_a_model_of_another_kind_is_encoded_as_the_library_does() -> None:
    for model in (
        static(),
        static(prompts={"query": "hello "}, default_prompt_name="query"),
    ):
        assert embeddings.encoded(model, "hello x") == as_the_library_has_it(model, "hello x")


def test_nobody_waits_until_the_model_has_done_another_text() -> None:
    import torch

    class Held(torch.nn.Module):
        """Keeps the first text until it is told to go on."""

        def __init__(self) -> None:
            super().__init__()
            self.first = threading.Lock()
            self.came, self.go_on = threading.Event(), threading.Event()

        def forward(self, features: dict[str, object]) -> dict[str, object]:
            if self.first.acquire(blocking=False):
                self.came.set()
                self.go_on.wait(10)
            return features

    held = Held()
    model = static(held)
    with ThreadPoolExecutor(2) as threads:
        behind = threads.submit(embeddings.encoded, model, "hello")
        try:
            assert held.came.wait(10)
            asked = threads.submit(embeddings.encoded, model, "hello there")
            assert len(asked.result(timeout=5)) == 8
            assert not behind.done()
        finally:
            held.go_on.set()
        assert len(behind.result(timeout=5)) == 8


def test_each_text_has_a_unit_vector_of_the_size_the_database_holds(warm: None) -> None:
    vectors = embeddings.embed(["good morning", "good evening"])

    assert [len(vector) for vector in vectors] == [EMBEDDING_DIMENSIONS] * 2
    assert all(sum(x * x for x in vector) == pytest.approx(1, abs=1e-4) for vector in vectors)


def test_no_texts_have_no_vectors(cold: None) -> None:
    assert embeddings.embed([]) == []
    assert not embeddings.ready()


def test_the_model_is_ready_once_it_is_warm(cold: None) -> None:
    assert embeddings.embed_if_ready("hello") is None

    embeddings.warm_up()

    assert embeddings.ready()
    assert embeddings.embed_if_ready("hello") is not None


def test_a_model_of_another_size_is_an_error_that_names_both_sizes(tmp_path: Path) -> None:
    static().save(str(tmp_path))

    with pytest.raises(embeddings.ModelUnusable, match="8 dimensions, the database holds 384"):
        embeddings.load(str(tmp_path))


def test_a_model_that_is_not_there_is_an_error_that_names_the_setting() -> None:
    with pytest.raises(embeddings.ModelUnusable, match="EMBEDDING_MODEL='/no/such/folder'"):
        embeddings.load("/no/such/folder")
