"""Measuring methods against people's crops and gaze."""
