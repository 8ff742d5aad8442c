"""The measurements of ``cropcore bench``."""
