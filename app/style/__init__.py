"""Theme, icons, resources and motion."""
