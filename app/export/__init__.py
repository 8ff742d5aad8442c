"""Exporting crops from the window: options, plan, the thread that writes."""
