"""Reads the fields of a posted form as bytes that got lost nowhere, and as a request for anymail's parsers.

Django reads fields as UTF-8 and puts marks where they are not; a mail in Shift_JIS would be spoilt for ever. So
fields are read as Latin-1, which keeps every byte, and turned back into bytes.
"""

from io import BytesIO
from urllib.parse import parse_qsl

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler, UploadFileException
from django.core.handlers.wsgi import WSGIRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError

LOSSLESS = "latin-1"
MOST_FIELDS = 1000


def fields(content_type: str, body: bytes) -> dict[str, str]:
    """The form's fields in Latin-1, the last one where a name stands twice; empty when the body is no form."""
    try:
        if content_type.lower().startswith("multipart/form-data"):
            meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": len(body)}
            parser = MultiPartParser(meta, BytesIO(body), [MemoryFileUploadHandler()], LOSSLESS)
            return {name: str(value) for name, value in parser.parse()[0].items()}
        if content_type.lower().startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(body.decode("ascii"), True, encoding=LOSSLESS, max_num_fields=MOST_FIELDS))
    except (MultiPartParserError, UploadFileException, SuspiciousOperation, BadRequest, ValueError):
        pass
    return {}


def request_with(content_type: str, body: bytes) -> WSGIRequest:
    """The post as a request, for parsers that want one."""
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
        }
    )
