"""Contact sheet: the open photos as a grid of thumbnails with their crops."""
