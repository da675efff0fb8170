"""The sections of a site: each knows its own paths, and makes each of its files when asked."""
