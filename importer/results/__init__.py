"""One frozen type per job: what it returns and what reports render.

Knows nothing of how it came to be, or how it looks. Each stands in the module of its job's name: a command imports
its own, and so not all that the other jobs need.
"""
