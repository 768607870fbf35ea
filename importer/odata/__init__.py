"""The protocol: OData v4 as the standard says it and as servers speak it. Knows nothing of recipes, files or plans."""
