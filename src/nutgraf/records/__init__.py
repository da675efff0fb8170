"""Files read into plain data, with the place of every value."""
