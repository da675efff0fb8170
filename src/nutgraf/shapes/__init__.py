"""SHACL: reading shapes, validating, reports, and the places in the fact sheets to mend."""
