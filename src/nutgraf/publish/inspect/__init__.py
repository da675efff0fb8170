"""The structured data that a page carries, whoever put it there."""
