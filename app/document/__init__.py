"""Open photos, their edits and undo; no widgets."""
