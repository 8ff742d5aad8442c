"""Boxes, aspects, crops, orientation and straightening as pure functions."""
