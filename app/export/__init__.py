"""Exporting crops from the window: options, plan, worker thread."""
