"""What the dashboard's sockets show: read once for all of them, drawn as values, sent as JSON."""
