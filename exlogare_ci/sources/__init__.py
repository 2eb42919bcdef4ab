"""Where a log comes from: a file, standard input, or a command that we run."""
