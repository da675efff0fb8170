"""`python -m nutgraf`."""

from nutgraf.cli.main import main

main()
