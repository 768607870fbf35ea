"""Values and questions → URLs, encoded once. Knows nothing of HTTP."""
