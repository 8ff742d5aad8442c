"""Batches: their page, presets, the threads that run them, progress and failures."""
