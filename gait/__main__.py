"""``python -m gait``."""

from gait.app.cli import main

if __name__ == "__main__":
    main()
