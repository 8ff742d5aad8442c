"""Reviewing a batch's crops before they are written."""
