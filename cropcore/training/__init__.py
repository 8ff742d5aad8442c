"""Training: data, losses, recipes. Imported by one lazy line of the command line only."""
