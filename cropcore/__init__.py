"""The Cropsight engine: ranked crops and the maps that explain them. No Qt, no printing."""

__version__ = "0.1.0"
