"""The command `anshin demo`: a filled demo shop on a port, without an account anywhere."""

import argparse
import os
import secrets
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path

HELP = "Fill the demo shop and serve it. Nothing leaves this machine; each start begins afresh."
DEMO_NOW = "2026-11-22T14:05:00+09:00"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="Port (default: 8000).")
    parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (default: 127.0.0.1).")
    parser.add_argument("--keep", action="store_true", help="Go on with the demo shop of the last start.")


def run(options: argparse.Namespace) -> int:
    """Prepare .anshin/demo, fill it, serve it."""
    folder = Path(os.environ.get("ANSHIN_DEMO_DATA") or ".anshin/demo").resolve()
    is_kept = options.keep and (folder / "anshin.sqlite3").exists()
    if not is_kept:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "secret.key").write_text(secrets.token_urlsafe(48))
        shift = datetime.fromisoformat(DEMO_NOW).timestamp() - time.time()  # noqa: TID251  the demo sets the clock
        (folder / "clock").write_text(str(shift))
    address = f"http://localhost:{options.port}"
    os.environ |= {
        "ANSHIN_MODE": "demo",
        "ANSHIN_DATA": str(folder),
        "ANSHIN_ADDRESS": address,
        "ANSHIN_CLOCK_SHIFT_SECONDS": (folder / "clock").read_text(),
    }
    import django

    django.setup()
    from anshin.project import demo
    from anshin.project.cli.serve import serve

    if not is_kept:
        sys.stderr.write("Filling the demo shop …\n")
        demo.fill()
    sys.stdout.write(f"\n  Anshin is at {address}\n  Mail in and out: {address}/dev/outside\n  Stop with Ctrl-C.\n\n")
    sys.stdout.flush()
    serve(host=options.host, port=options.port)
    return 0
