"""The engine's thread: requests in, answers out."""
