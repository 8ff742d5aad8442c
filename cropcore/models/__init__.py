"""The networks: encoder, the methods' heads, their fast paths and weights."""
