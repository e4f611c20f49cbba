"""What is posted, and what is there afterwards."""

from anshin.channels.email import jobs
from anshin.channels.email.models import Arrival, Post
from anshin.channels.email.posts import signing
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.models import Job
from tests.channels.email.outside.letters import mail

SIGNING_KEY = "key-of-mailgun"
SHIFT_JIS = mail().decode().replace("charset=utf-8", "charset=Shift_JIS").encode("cp932")


def password_of(opened):
    return opened.url.partition("://anshin:")[2].partition("@")[0]


def standard(opened, body, at, number="msg_1"):
    signed = signing.sign_standard(opened.secret, number=number, at=at, body=body)
    return {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}


def read_all():
    for post in Post.objects.filter(read_at=None).order_by("id"):
        jobs.read_post.call(post.pk)


def raws():
    return [read_bytes(arrival.raw_blob) for arrival in Arrival.objects.order_by("id")]


def nothing_happened():
    return not (Post.objects.exists() or Arrival.objects.exists() or Job.objects.exists() or Blob.objects.exists())
