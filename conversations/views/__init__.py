"""Pages of people: their account, their past conversations, and what is known about them. What is
somebody else's is a 404.

All synchronous: Django runs them in a thread, and none stands in the way of a voice.
"""
