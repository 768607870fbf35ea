"""One module per command; command, job and console report share a file name."""
