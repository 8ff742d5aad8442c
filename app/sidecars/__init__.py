"""Keeping the photos' sidecar files up to date with their edits."""
