"""Editing the current photo: crop, aspect, straightening, several crops, suggestions."""
