"""Ratios measured side by side in one run (docs: performance). Nothing here is a test; nothing here is asserted."""
