"""Opens addresses at which providers post mail, keeps what is posted, and puts its mail into the ledger.

A post is kept, byte for byte, with the job that reads it in one commit; only then is the provider told that all is
well. What cannot be understood becomes a mail all the same, one that a person sees as unreadable.
"""

from __future__ import annotations

import base64
import contextlib
import logging
import secrets as chance
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from anshin.channels.email import events
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Mailbox, Post, PostAddress
from anshin.channels.email.posts import payloads, signing
from anshin.channels.email.posts.payloads import PostedMail
from anshin.channels.email.posts.signing import NotProved, Posted, Secrets
from anshin.channels.email.terms import Poster, Source
from anshin.plumbing import secrets
from anshin.plumbing.files.store import StorageTrouble, keep, read_bytes
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.web import client as web
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anshin.shops.models import Membership, Shop

log = logging.getLogger(__name__)

READ_POST = "anshin.channels.email.jobs.read_post"
KEPT = timedelta(days=30)
"""So long a post is remembered after it was read; a replay after that is still recognised by its mail."""
GIVES = {Poster.MAILGUN, Poster.SES}
"""Who gives us a secret or topic without which nothing can be proved."""
_WITH_PASSWORD = {Poster.POSTMARK, Poster.SENDGRID}


class NothingGiven(Refused):
    """The provider's signing key or topic is missing."""


class AlreadyOpen(Refused):
    """The mailbox has an address for this provider; it is closed first."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new address, with what the provider must be told; the secret is shown now and never again."""

    address: PostAddress
    url: str
    secret: str


def addresses_of(shop: Shop, mailbox: Mailbox) -> QuerySet[PostAddress]:
    """The addresses at which mail for a mailbox of this shop is posted."""
    return PostAddress.objects.filter(shop=shop, mailbox=mailbox).order_by("id")


def open_address(*, mailbox: Mailbox, poster: Poster, given: str = "", by: Membership, now: datetime) -> Opened:
    """A new address for one provider. Raises NotAllowed, NothingGiven, AlreadyOpen."""
    require(by, Permission.RUN_SHOP)
    if poster in GIVES and not given.strip():
        raise NothingGiven(_("Enter what the provider shows you for this, so that nobody else can post mail."))
    secret = chance.token_urlsafe(24)
    if poster == Poster.STANDARD:
        secret = "whsec_" + base64.b64encode(chance.token_bytes(32)).decode("ascii")
    row = PostAddress(
        shop_id=mailbox.shop_id,
        mailbox=mailbox,
        poster=poster,
        key=chance.token_urlsafe(24),
        secret_sealed=secrets.seal(secret),
        given_sealed=secrets.seal(given.strip()) if given.strip() else "",
        created_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            fact = events.PostAddressOpened(mailbox_id=mailbox.pk, poster=poster.value)
            record(fact, shop_id=mailbox.shop_id, by=shops.actor(by), now=now)
    except IntegrityError:
        words = _("This provider has an address for this mailbox already. Close it first to get a new one.")
        raise AlreadyOpen(words) from None
    return Opened(row, url_of(row, secret), secret if poster == Poster.STANDARD else "")


@transaction.atomic
def close_address(*, address: PostAddress, by: Membership, now: datetime) -> None:
    """Nobody is heard there any more; posts that were kept and not read yet are read all the same. Raises NotAllowed.

    Refused while posts wait, since they would go with it.
    """
    require(by, Permission.RUN_SHOP)
    if address.posts.filter(read_at__isnull=True).exists():
        raise Refused(_("Mail that was posted there is still being read. Try again in a minute."))
    count, _rows = PostAddress.objects.filter(pk=address.pk, shop_id=by.shop_id).delete()
    if count:
        fact = events.PostAddressClosed(mailbox_id=address.mailbox_id, poster=address.poster)
        record(fact, shop_id=address.shop_id, by=shops.actor(by), now=now)


def url_of(address: PostAddress, secret: str = "") -> str:
    """Where the provider posts; with the password in it for providers that can only send one."""
    url = f"{settings.ANSHIN_ADDRESS}{reverse('mail:post', args=[address.key, address.poster])}"
    if secret and address.poster in _WITH_PASSWORD:
        scheme, _colon, rest = url.partition("://")
        return f"{scheme}://{signing.USER}:{secret}@{rest}"
    return url


def take_post(*, key: str, poster: str, posted: Posted, now: datetime) -> bool:
    """The post kept; False when we had it before. Raises NotProved for whoever is not the provider of this address.

    Raises Unreachable, StorageTrouble, OSError, DatabaseError, too; then the provider shall try again.
    """
    address = PostAddress.objects.filter(key=key, poster=poster).first()
    if address is None:
        raise NotProved("no such address")
    kept_secrets = Secrets(secrets.unseal(address.secret_sealed), secrets.unseal(address.given_sealed))
    number = signing.proved(Poster(address.poster), posted, kept_secrets, now=now)
    if address.posts.filter(delivery_key=number).exists():
        return False
    blob = keep(address.shop_id, posted.body, now=now)
    content_type = posted.headers.get("content-type", "")[:300]
    try:
        with transaction.atomic():
            post = Post.objects.create(
                shop_id=address.shop_id,
                address=address,
                delivery_key=number,
                content_type=content_type,
                body_blob=blob,
                posted_at=now,
            )
            enqueue(READ_POST, post.pk, now=now, shop_id=address.shop_id)
            PostAddress.objects.filter(pk=address.pk).update(last_post_at=now)
    except IntegrityError:  # the same post on another thread at this very moment
        return False
    return True


def read_post(post_id: int, *, now: datetime) -> None:
    """The mail of a post in the ledger. Run twice, it is there once. Raises what passes by itself."""
    post = Post.objects.select_related("address__mailbox", "body_blob").filter(pk=post_id, read_at=None).first()
    if post is None:
        return
    body, poster = read_bytes(post.body_blob), Poster(post.address.poster)
    if url := payloads.subscribe_url(poster, body):
        confirm(url)
    elif mail := _mail_in(post, poster, body):
        store(
            mailbox=post.address.mailbox,
            raw=mail.raw,
            source=Source.POST,
            now=now,
            is_header_only=mail.is_header_only,
            reason_code="unfetchable" if mail.is_header_only else "",
        )
    Post.objects.filter(pk=post.pk).update(read_at=now)


def forget_posts(*, now: datetime) -> int:
    """Posts that were read long ago are no longer needed: their mail is kept itself. How many."""
    old = Post.objects.filter(read_at__isnull=False, posted_at__lt=now - KEPT)
    blobs = {post.body_blob_id: post.body_blob for post in old.select_related("body_blob")}
    count, _rows = old.delete()
    for blob in blobs.values():
        with contextlib.suppress(IntegrityError, DatabaseError), transaction.atomic():
            blob.delete()  # stays where a mail has the very same bytes
    return count


def _mail_in(post: Post, poster: Poster, body: bytes) -> PostedMail | None:
    try:
        return payloads.mail_in(poster, post.content_type, body)
    except (DatabaseError, StorageTrouble, OSError):
        raise
    except Exception:
        log.exception("Post %s could not be understood; it is shown as it came.", post.pk)
        return PostedMail(body)


def confirm(url: str) -> None:
    """Tell Amazon SNS that its posts are welcome here; twice does no harm. Raises Unreachable."""
    if not signing.is_of_sns(url):
        return
    answer = web.get(url)
    if answer.status >= 500:
        raise web.Unreachable(f"Amazon SNS: {answer.status}")
