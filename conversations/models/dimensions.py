"""The size of what an embedding is stored in."""

EMBEDDING_DIMENSIONS = 384
"""What MiniLM gives. Another size is a migration, checked at start against the model in use."""
