"""Who agrees and who does not: the same fact in several articles, and how they differ."""
