"""The HTTP API: one noun per file, put together in `application`.

Handlers are given a request that has passed the edge (`edge.py`): it is known who asks, and they
do not ask too often. Whatever goes wrong is answered as a problem (`problems.py`).
"""
