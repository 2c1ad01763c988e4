"""Whether `kill -9` at random moments loses a turn, or embeds one twice or not at all."""
