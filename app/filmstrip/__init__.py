"""The filmstrip: photos as thumbnails with sorting, filtering and flags."""
