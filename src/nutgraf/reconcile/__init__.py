"""Links to Wikidata: recorded decisions, never guesses."""
