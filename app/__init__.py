"""The Cropsight desktop program: the Qt face of :mod:`cropcore`."""
