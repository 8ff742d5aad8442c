"""Batches: their page, presets, the run behind the window and its progress."""
