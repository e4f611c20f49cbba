"""Takes out of the image what nothing of Anshin's ever loads: libraries' own tests, languages in which nobody
is written to, Amazon's services other than S3, where telephone numbers of the world are at home.

    python deploy/slim.py /opt/anshin
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

SPOKEN = {"ja", "en", "ko", "zh"}
TESTED = ("numpy", "scipy", "sklearn", "joblib")
STORES = {"s3", "sts", "sso", "sso-oidc", "signin"}
"""S3, and what boto3 asks for the keys of a machine's role."""


def leftovers(site: Path) -> Iterator[Path]:
    """What may go below a folder of libraries."""
    for library in TESTED:
        yield from (site / library).rglob("tests")
    for locale in (*(site / "django").rglob("locale"), *(site / "allauth").rglob("locale")):
        yield from (each for each in locale.iterdir() if each.is_dir() and each.name.partition("_")[0] not in SPOKEN)
    if (data := site / "botocore" / "data").is_dir():
        yield from (each for each in data.iterdir() if each.is_dir() and each.name not in STORES)
    yield site / "phonenumbers" / "geodata"
    yield from site.glob("pip*")


def main(root: Path) -> int:
    """Remove them, and say how much that was."""
    freed = 0
    for site in root.glob("lib/python3*/site-packages"):
        for each in sorted(set(leftovers(site))):
            if each.is_dir():
                freed += sum(file.stat().st_size for file in each.rglob("*") if file.is_file())
                shutil.rmtree(each)
    sys.stdout.write(f"{freed / 1e6:.0f} MB taken out\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
