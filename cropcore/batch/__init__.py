"""Batches: jobs, journal, presets, reports and reviews."""
