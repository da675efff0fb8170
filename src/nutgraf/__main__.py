"""`python -m nutgraf`."""

from nutgraf.cli.main import program

program()
