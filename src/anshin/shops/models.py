"""Tables of the shops room: shops, people, memberships, opening hours, extra holidays."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from anshin.shops.terms import Role


class Shop(models.Model):
    """One tenant. Every business row of every room belongs to exactly one."""

    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    contact_mail = models.EmailField(blank=True)
    zone = models.CharField(max_length=40, default="Asia/Tokyo")
    order_formats = models.JSONField(default=list, blank=True)  # list of patterns such as "KM-#####"
    reply_target_minutes = models.PositiveIntegerField(default=480)  # business minutes
    signature = models.TextField(blank=True)
    second_factor_from = models.DateTimeField(null=True)  # from then on nobody works here without one
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug"], name="shops_shop_slug_once")]

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Creates sign-in accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in; what they may do stands in their memberships."""

    email = models.EmailField(_("mail address"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, default="ja")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)
    session_epoch = models.PositiveIntegerField(default=0)  # one more ends every session of this person

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    desk_memberships: "tuple[Membership, ...]" = ()  # filled by queries.signed_in_person
    locked_memberships: "tuple[Membership, ...]" = ()  # closed until this person has a second factor
    objects = People()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email"], name="shops_person_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session carries and must still fit: Django's, which follows the password, and the epoch."""
        plain: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if not self.session_epoch:
            return plain
        salt = "anshin.shops.Person.session_epoch"
        return salted_hmac(salt, f"{plain}{self.session_epoch}", secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  Django's interface
        return False

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002  Django's interface
        return False


class Membership(models.Model):
    """A person's place in one shop."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    signature = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    needs_approval = models.BooleanField(default=False)  # their replies wait for somebody experienced
    created_at = models.DateTimeField()
    through = ""  # no column: the name of the key by which another program acts for this person just now

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "person"], name="shops_membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="shops_membership_known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"


class HandedNotice(models.Model):
    """A notice to an owner that was handed to a mail server, or was about to be when its process ended.

    Written right before the server takes it, so that a notice is mailed once although its job runs again.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=40)
    handed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="shops_notice_once")]

    def __str__(self) -> str:
        return self.key


class KnownDevice(models.Model):
    """A browser in which somebody has signed in before, known by a cookie of which only the digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="shops_device_once")]

    def __str__(self) -> str:
        return self.digest[:8]


class OpenSession(models.Model):
    """Where somebody is signed in. The session itself is Django's, under `key`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=40)
    agent = models.CharField(max_length=300)  # what the browser says of itself
    network = models.CharField(max_length=45)  # the address without its last part
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="shops_session_once")]
        indexes = [models.Index(fields=["person", "seen_at"], name="shops_session_of")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.network}"


class Tried(models.Model):
    """What counts tries to sign in, for all processes: a row of the cache `shared`, which Django reads and writes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key


class OpeningHours(models.Model):
    """When the shop answers on one weekday (0 = Monday); no row means closed."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="opening_hours", db_index=False)
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "weekday"], name="shops_hours_once_a_day"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="shops_hours_weekday"),
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="shops_hours_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class Holiday(models.Model):
    """A day on which the shop is closed beside the national holidays."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="holidays", db_index=False)
    on = models.DateField()
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "on"], name="shops_holiday_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
