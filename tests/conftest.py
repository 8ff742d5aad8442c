"""Settings of all tests: a busy machine is no failure, and geometry is cheap to argue."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None, max_examples=50)
settings.load_profile("unhurried")
