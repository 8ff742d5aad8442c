"""The engine's thread: questions in, answers out."""
