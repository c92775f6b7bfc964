"""`python -m tocsin.cli`: the command line where its script is not on the path."""

from tocsin.cli.main import main

main(prog_name="tocsin")
