"""How long and how often we talk HTTP to a provider. The SDKs bring two HTTP libraries between
them, so these are numbers, not a client."""

CONNECT_S = 3.0
READ_S = 8.0
"""Longest wait for the next byte. A reply is given up sooner, this is for the rest."""
KEEPALIVE_S = 300.0
"""A connection that is kept saves the next turn a TLS handshake; the SDKs' own 5 s are too short
for a conversation."""
CONNECTIONS_MAX = 100
