"""Opening, loading and watching photo files; thumbnails; the session."""
