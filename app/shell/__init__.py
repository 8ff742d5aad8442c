"""The main window: its parts, bars, menus and pages, and what connects the features."""
