"""Tables of the ways in that need somebody's word: consents, addresses for posted mail,
what the owner wants done in the mailbox afterwards, and whose spam marks a shop believes."""

from django.db import models

from anshin.channels.email.terms import Afterwards, Poster, SignIn, SpamJudge, Trouble


class AppRegistration(models.Model):
    """A shop's own registration of Anshin as an app with a provider. `tenant` narrows Microsoft to one organisation."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    provider = models.CharField(max_length=10, choices=SignIn.choices)
    client_id = models.CharField(max_length=300)
    client_secret_sealed = models.TextField(blank=True)
    tenant = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "provider"], name="email_app_registration_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.client_id}"


class Consent(models.Model):
    """The permission that the owner of a mail account gave us to use it; tokens are sealed.

    `account` is the address that the provider names, which may differ from the mailbox's for shared mailboxes.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    mailbox = models.OneToOneField("email.Mailbox", on_delete=models.CASCADE, related_name="consent")
    provider = models.CharField(max_length=10, choices=SignIn.choices)
    account = models.CharField(max_length=320, blank=True)
    refresh_token_sealed = models.TextField()
    access_token_sealed = models.TextField(blank=True)
    access_ends_at = models.DateTimeField()
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.provider} {self.account}"


class PostAddress(models.Model):
    """An address at which a provider posts mail for a mailbox.

    `key` is its part that nobody can guess. `secret_sealed` is what we made up for it, `given_sealed` what the
    provider gave: Mailgun's signing key, SendGrid's public key, the topic of Amazon SES.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(
        "email.Mailbox", on_delete=models.CASCADE, related_name="post_addresses", db_index=False
    )
    poster = models.CharField(max_length=10, choices=Poster.choices)
    key = models.CharField(max_length=43, unique=True)
    secret_sealed = models.TextField()
    given_sealed = models.TextField(blank=True)
    created_at = models.DateTimeField()
    last_post_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "poster"], name="email_post_address_once")]

    def __str__(self) -> str:
        return f"{self.poster} {self.mailbox_id}"


class Post(models.Model):
    """What a provider posted, byte for byte, until its mail is in the ledger and some weeks longer.

    `delivery_key` is the provider's own number of the post, so that a replay is recognised.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    address = models.ForeignKey(PostAddress, on_delete=models.CASCADE, related_name="posts", db_index=False)
    delivery_key = models.CharField(max_length=200)
    content_type = models.CharField(max_length=300, blank=True)
    body_blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "delivery_key"], name="email_post_once")]
        indexes = [models.Index(fields=["posted_at"], name="email_post_by_age")]

    def __str__(self) -> str:
        return self.delivery_key


class Tidying(models.Model):
    """What the owner wants done in a mailbox on the server with mail that is on the desk; no row: nothing.

    Only mail that arrived since `since_at`, when the owner asked, is touched. `tried_at` and the error tell of the
    last try.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    mailbox = models.OneToOneField("email.Mailbox", on_delete=models.CASCADE, related_name="tidying")
    afterwards = models.CharField(max_length=10, choices=Afterwards.choices)
    folder = models.CharField(max_length=200, blank=True)
    since_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=20, choices=Trouble.choices, blank=True)
    error_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(afterwards=Afterwards.MOVE) | ~models.Q(folder=""), name="email_tidying_has_folder"
            )
        ]

    def __str__(self) -> str:
        return f"{self.afterwards} {self.mailbox_id}"


class SpamChoice(models.Model):
    """Whose spam marks a shop believes, in all of its mailboxes; no row: marks at the very top."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+")
    judge = models.CharField(max_length=20, choices=SpamJudge.choices)
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.shop_id} {self.judge}"
