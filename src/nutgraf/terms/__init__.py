"""IRIs, prefixes, vocabularies and dates: the words everything else is written in."""
