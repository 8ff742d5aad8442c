"""Editing the current photo's crop: aspect, straightening, several crops, suggestions asked for."""
