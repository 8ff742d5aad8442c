"""Languages, plurals and translated texts of the engine."""
