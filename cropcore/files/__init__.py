"""Files and folders: atomic writes, locks, finding photos."""
