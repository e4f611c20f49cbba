"""Fills `files.shelf`: contents as private objects of a bucket, which only Anshin's own pages hand out.

Writing is one PUT (or one finished multipart upload), so that an object is whole or not there, whenever a process or
the line dies. Nothing here makes a public link or changes who may read a bucket.
"""

import io
import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

from anshin.connectors.object_storage.address import Address
from anshin.connectors.object_storage.reading import BUFFER_BYTES, Reading
from anshin.connectors.object_storage.troubles import in_our_words
from anshin.plumbing import clock
from anshin.plumbing.files.folder import Folder

LARGE_BYTES = 64 * 1024 * 1024
"""Larger contents go in parts of this size."""
STILL_YOUNG = timedelta(hours=12)
"""What was written so lately is left alone by upkeep for long enough; older objects are written onto themselves."""
CONNECT_SECONDS, READ_SECONDS, LOOK_SECONDS = 3, 30, 3
TRIES = 3
_CONNECTIONS = 32


class Bucket:
    """The folder of a bucket. `scratch` is a folder of this machine; without `key` boto3 looks for keys as it does."""

    def __init__(self, address: Address, *, key: str, secret: str, scratch: Path) -> None:
        self.address = address
        self._keys = (key or None, secret or None)
        self._scratch = Folder(scratch)
        self._lock = threading.Lock()
        self._clients: dict[tuple[int, bool], Any] = {}

    def draft(self) -> Path:
        """As the socket says."""
        return self._scratch.draft()

    def size_of(self, sha256: str) -> int | None:
        """As the socket says."""
        try:
            return int(self._head(sha256)["ContentLength"])
        except FileNotFoundError:
            return None

    def renew(self, sha256: str, size_bytes: int) -> bool:
        """As the socket says."""
        try:
            found = self._head(sha256)
        except FileNotFoundError:
            return False
        if found["ContentLength"] != size_bytes:
            return False
        if clock.now() - found["LastModified"] > STILL_YOUNG:
            name = self.address.name_of(sha256)
            with in_our_words():
                self._client().copy_object(
                    Bucket=self.address.bucket,
                    Key=name,
                    CopySource={"Bucket": self.address.bucket, "Key": name},
                    MetadataDirective="REPLACE",
                    **self._extras(),
                )
        return True

    def put(self, draft: Path, sha256: str, size_bytes: int) -> None:
        """As the socket says."""
        del size_bytes
        with in_our_words(), draft.open("rb") as content:
            self._client().upload_fileobj(
                content, self.address.bucket, self.address.name_of(sha256), ExtraArgs=self._extras(), Config=_TRANSFER
            )

    def open(self, sha256: str) -> tuple[BinaryIO, int]:
        """As the socket says."""
        name = self.address.name_of(sha256)

        def ask(start: int) -> Any:
            range_of = {"Range": f"bytes={start}-"} if start else {}
            with in_our_words():
                return self._client().get_object(Bucket=self.address.bucket, Key=name, **range_of)

        reading = Reading(ask)
        return cast(BinaryIO, io.BufferedReader(reading, BUFFER_BYTES)), reading.size_bytes

    def remove(self, sha256: str, *, is_wanted: Callable[[], bool]) -> bool:
        """As the socket says: its bytes are fetched first, and put back should somebody keep the same meanwhile."""
        try:
            file, size_bytes = self.open(sha256)
        except FileNotFoundError:
            return False
        draft = self.draft()
        try:
            with file, draft.open("xb") as out:
                while portion := file.read(BUFFER_BYTES):
                    out.write(portion)
            with in_our_words():
                self._client().delete_object(Bucket=self.address.bucket, Key=self.address.name_of(sha256))
            is_gone = False
            try:
                is_gone = not is_wanted()
            finally:  # also when that could not be asked
                if not is_gone:
                    self.put(draft, sha256, size_bytes)
        finally:
            draft.unlink(missing_ok=True)
        return is_gone

    def before(self, moment: datetime) -> Iterator[str]:
        """As the socket says; objects whose names are none of ours are passed over."""
        for found in self._listed():
            sha256 = found["Key"].rpartition("/")[2]
            if found["LastModified"] <= moment and found["Key"] == self.address.name_of(sha256) and len(sha256) == 64:
                yield sha256

    def drop_unfinished(self, moment: datetime) -> int:
        """As the socket says: drafts on this machine, and uploads in parts that a dying process left."""
        dropped = self._scratch.drop_unfinished(moment)
        with in_our_words():
            pages = self._client().get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self.address.bucket, Prefix=self.address.prefix):
                for upload in page.get("Uploads", []):
                    if upload["Initiated"] <= moment:
                        self._client().abort_multipart_upload(
                            Bucket=self.address.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                        )
                        dropped += 1
        return dropped

    def is_empty(self) -> bool:
        """As the socket says."""
        return next(self._listed(), None) is None

    def look(self) -> str:
        """As the socket says; "versions" when the bucket keeps what was removed. Waits a few seconds at the most."""
        client = self._client(is_hasty=True)
        with in_our_words():
            try:
                client.head_bucket(Bucket=self.address.bucket)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == "404":  # the bucket itself
                    error.response["Error"]["Code"] = "NoSuchBucket"
                raise
        try:
            status = client.get_bucket_versioning(Bucket=self.address.bucket).get("Status")
        except ClientError:  # not every store knows of versions, nor may every key ask
            return ""
        return "versions" if status == "Enabled" else ""

    def _head(self, sha256: str) -> Any:
        with in_our_words():
            return self._client().head_object(Bucket=self.address.bucket, Key=self.address.name_of(sha256))

    def _listed(self) -> Iterator[Any]:
        pages = self._client().get_paginator("list_objects_v2")
        with in_our_words():
            for page in pages.paginate(Bucket=self.address.bucket, Prefix=self.address.prefix):
                yield from page.get("Contents", [])

    def _extras(self) -> dict[str, str]:
        return {"ServerSideEncryption": self.address.encryption} if self.address.encryption else {}

    def _client(self, *, is_hasty: bool = False) -> Any:
        """One for all threads of a process; made when first asked for, as it reads a great deal from disk."""
        mark = (os.getpid(), is_hasty)
        if mark not in self._clients:
            with self._lock:
                if mark not in self._clients:
                    self._clients[mark] = self._made(is_hasty=is_hasty)
        return self._clients[mark]

    def _made(self, *, is_hasty: bool) -> Any:
        key, secret = self._keys
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.address.endpoint or None,
            region_name=self.address.region or "us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(
                s3={"addressing_style": "path" if self.address.is_by_path else "virtual"},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=LOOK_SECONDS if is_hasty else READ_SECONDS,
                retries={"total_max_attempts": 1 if is_hasty else TRIES, "mode": "standard"},
                max_pool_connections=_CONNECTIONS,
                request_checksum_calculation="when_required",  # stores that are not Amazon's know few of them
                response_checksum_validation="when_required",
            ),
        )


_TRANSFER = TransferConfig(multipart_threshold=LARGE_BYTES, multipart_chunksize=LARGE_BYTES, use_threads=False)
