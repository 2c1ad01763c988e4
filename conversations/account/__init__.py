"""What somebody may do with all that is kept of them: take it out, and have it deleted."""
