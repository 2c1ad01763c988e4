"""`python -m bench.turns`: see rows.py."""

from bench.turns.rows import main

main()
