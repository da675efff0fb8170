"""The authority index: names of Wikidata items in one SQLite file, built from data that carries their ids."""
