"""Workbooks that are handed to people. They know results, and nothing of how those came to be."""
