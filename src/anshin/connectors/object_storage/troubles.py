"""What a file store or the way to it answered, in our own exceptions."""

from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError
from urllib3.exceptions import HTTPError

from anshin.plumbing.files.errors import StorageAway, StorageFull, StorageRefuses, StorageTrouble

_NOT_THERE = frozenset({"404", "NoSuchKey", "NotFound"})
_FULL = frozenset({"507", "QuotaExceeded", "InsufficientCapacity", "XMinioStorageFull", "EntityTooLarge"})
_REFUSED = frozenset(
    {
        "301", "400", "401", "403", "AccessDenied", "AllAccessDisabled", "AuthorizationHeaderMalformed",
        "InvalidAccessKeyId", "InvalidBucketName", "NoSuchBucket", "PermanentRedirect", "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    }
)  # fmt: skip


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raises FileNotFoundError for what is not there, StorageFull, StorageRefuses, else StorageAway."""
    try:
        yield
    except ClientError as error:
        raise of(error) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise StorageRefuses from error
    except (BotoCoreError, Boto3Error, HTTPError, ConnectionError, TimeoutError) as error:
        raise StorageAway from error


def of(error: ClientError) -> StorageTrouble | FileNotFoundError:
    """The store's answer as one of ours. Source: Amazon S3 API reference, "Error responses", read 2026-11-27."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in _NOT_THERE:
        return FileNotFoundError(code)
    if code in _FULL:
        return StorageFull()
    return StorageRefuses() if code in _REFUSED else StorageAway()
