"""Send the graphs of a build to a triple store: only what changed, known from a manifest kept there."""
