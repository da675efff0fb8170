# ruff: noqa: A005 - it is the room of that name
