"""Sidecar files: format, merging, storage."""
