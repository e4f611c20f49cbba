"""ANSHIN_FILES, read: s3://bucket/folder?endpoint=https://…&region=…&encryption=AES256."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_FOLDER = re.compile(r"[A-Za-z0-9._/-]{0,200}", re.ASCII)
_OPTIONS = frozenset({"endpoint", "region", "encryption", "style"})
_ENCRYPTIONS = frozenset({"", "AES256", "aws:kms"})


class NotAnAddress(ValueError):
    """ANSHIN_FILES does not say where files lie; the text names the part that is wrong."""


@dataclass(frozen=True, slots=True)
class Address:
    """A bucket and a folder in it. `is_by_path`: the bucket stands in the path, not in the host's name."""

    bucket: str
    folder: str = ""
    endpoint: str = ""
    region: str = ""
    encryption: str = ""
    is_by_path: bool = False

    def name_of(self, sha256: str) -> str:
        """The object's name of a content: the same two folders as on a disk."""
        return f"{self.prefix}{sha256[:2]}/{sha256[2:4]}/{sha256}"

    @property
    def prefix(self) -> str:
        """What every object's name begins with."""
        return f"{self.folder}/" if self.folder else ""


def parsed(url: str) -> Address:
    """The address. Raises NotAnAddress.

    Without `style` the bucket stands in the path when `endpoint` is given, which is what servers of one's own expect.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3" or parts.username or parts.password:
        raise NotAnAddress("s3://bucket")
    if not _BUCKET.fullmatch(parts.netloc):
        raise NotAnAddress(parts.netloc)
    folder = parts.path.strip("/")
    if not _FOLDER.fullmatch(folder) or ".." in folder:
        raise NotAnAddress(folder)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := options.keys() - _OPTIONS:
        raise NotAnAddress(", ".join(sorted(unknown)))
    endpoint = options.get("endpoint", "")
    if endpoint and not re.match(r"https?://[^/\s]+/?$", endpoint):
        raise NotAnAddress(f"endpoint={endpoint}")
    if options.get("encryption", "") not in _ENCRYPTIONS:
        raise NotAnAddress(f"encryption={options['encryption']}")
    style = options.get("style", "path" if endpoint else "host")
    if style not in {"path", "host"}:
        raise NotAnAddress(f"style={style}")
    return Address(
        parts.netloc, folder, endpoint, options.get("region", ""), options.get("encryption", ""), style == "path"
    )
