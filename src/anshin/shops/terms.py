"""Words of the shops room: roles and what each may do."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is in one shop."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    AGENT = "agent", _("Agent")
    LIMITED = "limited", _("Limited agent")
    WAREHOUSE = "warehouse", _("Warehouse")


class Permission(TextChoices):
    """What somebody may do in a shop; asked inside actions and before screens are shown."""

    READ_CASES = "read_cases", _("Read cases")
    WRITE_NOTES = "write_notes", _("Write internal notes")
    ANSWER = "answer", _("Answer customers")
    TRIAGE = "triage", _("Assign, tag, snooze, merge, split and close cases")
    SEE_ORDERS = "see_orders", _("See orders and customers")
    SEE_PERSONAL = "see_personal", _("See who customers are: names, addresses, numbers, files")
    MAKE_RULES = "make_rules", _("Write rules, and say who can do what")
    IMPORT = "import", _("Import orders and cases")
    EXPORT = "export", _("Export cases")
    WATCH_MAIL = "watch_mail", _("Watch over the mailboxes and hear what is wrong with them")
    APPROVE = "approve", _("Approve replies of new staff")
    EDIT_MACROS = "edit_macros", _("Write the shop’s macros")
    EDIT_TOPICS = "edit_topics", _("Name topics of the shop’s own")
    PAY_BACK = "pay_back", _("Pay money back to customers")
    APPROVE_REFUNDS = "approve_refunds", _("Confirm refunds and transfers of others")
    SET_POLICY = "set_policy", _("Write the policy of returns")
    SET_SURVEY = "set_survey", _("Have customers asked how it was")
    RUN_SHOP = "run_shop", _("Change mailboxes, staff and settings")
    SET_TARGETS = "set_targets", _("Set within which time customers are answered")
    SEE_FIGURES = "see_figures", _("See how well targets were kept")
    SEE_JOURNAL = "see_journal", _("Read the audit journal")
    SEE_NUMBERS = "see_numbers", _("See card numbers and My Number in full")
    STRIKE = "strike", _("Strike out texts and files, erase customers")
    HANDLE_RETURNS = "handle_returns", _("Take in, approve and refuse returns")
    RECEIVE_GOODS = "receive_goods", _("Book in and inspect what comes back")
    PREPARE_SAFETY = "prepare_safety", _("Write product-safety notices")
    APPROVE_SAFETY = "approve_safety", _("Approve product-safety notices for release")
    WRITE_SLIPS = "write_slips", _("Write slips for carriers")
    SEE_PROMOTERS = "see_promoters", _("See promoters and what was sent to them")
    KEEP_PROMOTERS = "keep_promoters", _("Check promoters and send them samples")
    SEE_JOBS = "see_jobs", _("See and retry background jobs")
