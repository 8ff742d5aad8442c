"""Threads and process of the desktop program: signals between threads, errors, log, stalls."""
