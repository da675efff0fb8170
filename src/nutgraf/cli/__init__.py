"""The command line: a file per command; options, one library call, one reporter."""
