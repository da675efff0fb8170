"""JSON-LD into HTML: the block is spliced into the bytes, nothing else changes."""
