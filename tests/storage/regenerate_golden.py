"""Write down the stored names as they are now; look at the difference before you commit it.

python -m tests.storage.regenerate_golden
"""

from tests.storage.golden import FILE, live, spelled

if __name__ == "__main__":
    FILE.write_text(spelled(live()), encoding="utf-8")
