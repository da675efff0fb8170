"""The workspace's own vocabulary as people read it: its terms, and what the dataset does with them."""
