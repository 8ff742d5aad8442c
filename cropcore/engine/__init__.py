"""The cropping engine: scenes, scoring, distribution over crops, cascade, maps."""
