"""Renders results: console, JSON, HTML. Computes no number of its own and reads no service."""
