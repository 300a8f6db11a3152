"""``python -m checker``: the command without an installed script."""

from checker.cli import main

if __name__ == "__main__":
    main()
