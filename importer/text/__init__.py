"""Words that every floor may use: cleaning, folding, translating. Knows nothing of problems, files or services."""
