"""Candidates and explanations: strip, comparison, why, methods, prefetching."""
