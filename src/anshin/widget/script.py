"""The script that shops paste into their pages, read once."""

from pathlib import Path
from typing import Final

SCRIPT: Final = (Path(__file__).parent / "notice.js").read_bytes()
"""At most 5 kB, so that a product page does not wait for it."""
