"""Results for people at a terminal, one module per job.

No colour and no cut lines where the output is no terminal.
"""
