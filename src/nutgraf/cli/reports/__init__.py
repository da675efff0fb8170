"""Reports of a validation: a module per format."""
