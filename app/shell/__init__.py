"""The main window: its parts, menus, pages and what connects the features."""
