"""What each kind of background work is, in words for the owner; and each reaction of the journal."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

TASKS: dict[str, Words] = {
    "anshin.cases.jobs.apply_retention": _("Erase what is older than the shop keeps it"),
    "anshin.cases.jobs.learn_from_corrections": _("Have shops learn from corrected topics"),
    "anshin.cases.jobs.learn_topics": _("Learn from corrected topics"),
    "anshin.cases.jobs.propose_topics": _("Read what a message is about"),
    "anshin.commerce.jobs.remove_import_files": _("Remove order files imported a month ago"),
    "anshin.cases.jobs.look_for_numbers": _("Look for card numbers in files"),
    "anshin.cases.jobs.deliver": _("Send a reply"),
    "anshin.cases.jobs.index": _("Make changed cases searchable"),
    "anshin.cases.jobs.trust_silent_addresses": _("Take marks off addresses to which mail arrives again"),
    "anshin.cases.jobs.count_anew": _("Count the deadlines of open cases anew"),
    "anshin.cases.jobs.surface_follow_ups": _("Bring closed cases back for a follow-up"),
    "anshin.cases.jobs.watch_clocks": _("Watch over the deadlines"),
    "anshin.cases.jobs.wake_snoozed": _("Bring snoozed cases back"),
    "anshin.channels.email.jobs.prune_lanes": _("Forget receivers to whom nothing was sent for long"),
    "anshin.channels.email.jobs.check_mailboxes": _("Look after all mailboxes"),
    "anshin.channels.email.jobs.compare_mailbox": _("Compare a mailbox with its server"),
    "anshin.channels.email.jobs.compare_mailboxes": _("Have all mailboxes compared with their servers"),
    "anshin.channels.email.jobs.fetch_mailbox": _("Fetch a mailbox"),
    "anshin.channels.email.jobs.watch_over_mailboxes": _("Watch over all mailboxes"),
    "anshin.channels.email.jobs.take_in": _("Make a case of a mail"),
    "anshin.channels.email.jobs.take_in_many": _("Make cases of imported mails"),
    "anshin.channels.web_form.jobs.prune": _("Remove old form entries that never became a case"),
    "anshin.channels.web_form.jobs.take_in": _("Make a case of a form entry"),
    "anshin.slips.jobs.remove_slip_files": _("Remove slip files written or read a month ago"),
    "anshin.commerce.jobs.run_order_import": _("Import a file of orders"),
    "anshin.commerce.jobs.purge_bank_accounts": _("Forget bank accounts of customers that are not needed any more"),
    "anshin.commerce.jobs.follow_notice": _("Look up what a payment provider reported"),
    "anshin.commerce.jobs.forget_notices": _("Delete what payment providers reported long ago"),
    "anshin.commerce.jobs.send_refund": _("Pay a refund back through the payment provider"),
    "anshin.delivery.jobs.run_packing_import": _("Import a file of packing records"),
    "anshin.delivery.jobs.remove_packing_files": _("Remove files of packing records imported a month ago"),
    "anshin.plumbing.backups.jobs.make_backup": _("Make the nightly backup"),
    "anshin.shops.jobs.watch_backups": _("Watch over the age of the backups"),
    "anshin.plumbing.files.jobs.remove_leftovers": _("Remove files that nothing refers to"),
    "anshin.plumbing.jobs.jobs.prune": _("Remove finished work from this list"),
    "anshin.plumbing.journal.jobs.react": _("Do what follows from a change"),
    "anshin.plumbing.live.jobs.prune": _("Remove old live notices"),
    "anshin.shops.jobs.send_account_changed": _("Tell somebody of a change to their sign-in"),
    "anshin.shops.jobs.send_invitation": _("Send an invitation"),
    "anshin.shops.jobs.send_new_password_link": _("Send a link for a new password"),
    "anshin.shops.jobs.send_notice": _("Tell an owner of trouble"),
    "anshin.shops.jobs.send_sign_in_code": _("Send a sign-in code"),
    "anshin.channels.email.jobs.read_post": _("Read a mail that a provider handed in"),
    "anshin.channels.email.jobs.forget_posts": _("Remove old hand-ins whose mail is kept"),
    "anshin.channels.email.jobs.tidy_mailboxes": _("Have mailboxes tidied on their servers"),
    "anshin.channels.email.jobs.tidy_mailbox": _("Tidy a mailbox on its server"),
    "anshin.replies.jobs.watch_promises": _("Watch over what was promised to customers"),
    "anshin.replies.jobs.settle_uses": _("Count what became of macros that were sent"),
    "anshin.returns.jobs.run_bulk": _("Do one step for several returns"),
    "anshin.returns.jobs.forget_bulk": _("Forget printed labels of returns"),
    "anshin.visits.jobs.send_code": _("Send a customer the code for their pages"),
    "anshin.visits.jobs.remind_customers": _("Look for orders whose days for a return end soon"),
    "anshin.visits.jobs.send_reminder": _("Remind a customer of the last day for a return"),
    "anshin.returns.jobs.remind_of_disputes": _("Remind staff of disputes whose evidence is due"),
    "anshin.returns.jobs.remind_of_parcels": _("Remind customers whose returns do not arrive"),
    "anshin.visits.jobs.prune": _("Forget old codes and visits of customers"),
    "anshin.safety.jobs.announce": _("Write down who is to be told of a product-safety notice"),
    "anshin.safety.jobs.send_mails": _("Send mails of a product-safety notice"),
    "anshin.safety.jobs.remind_due": _("Remind buyers who have not answered a product-safety notice"),
    "anshin.safety.jobs.call_due_feeds": _("See which publishers’ lists are due"),
    "anshin.safety.jobs.fetch_feed": _("Fetch and read a publisher’s list of cautions"),
    "anshin.safety.jobs.match_feeds_again": _("Compare publishers’ cautions with newer products"),
    "anshin.safety.jobs.release_due": _("See whether a product-safety notice is due"),
    "anshin.satisfaction.jobs.ask": _("Ask a customer how it was"),
    "anshin.plumbing.search.jobs.purge": _("Remove what was erased from the search index"),
    "anshin.plumbing.search.jobs.renew_shops": _("See whether older cases need a newer search index"),
    "anshin.plumbing.search.jobs.renew": _("Bring the search index of older cases up to date"),
    "anshin.plumbing.files.jobs.remove_contents": _("Remove struck or erased files from the disk"),
}
REACTIONS: dict[str, Words] = {
    "visits.forget_erased": _("Forget what an erased customer had begun to ask for"),
    "routing.run_rules": _("Let rules look at a case"),
    "routing.call_at_night": _("Call who is on call about what cannot wait"),
    "replies.follow_taken_back": _("Take back what a reply promised that did not leave"),
    "replies.follow_approved": _("Read again what a mended reply promises"),
    "safety.watch_cases": _("See whether a case tells of an accident"),
    "safety.watch_returns": _("See whether a return tells of an accident"),
    "returns.follow_refund": _("Follow what became of a return’s refund"),
    "returns.follow_dispute": _("Open or bring up the case of a dispute"),
    "returns.watch_products": _("See whether a product’s page should be looked at"),
    "returns.issue_invoice": _("Give the return invoice, where one is due"),
    "returns.void_invoice": _("Make a return invoice void whose money came back"),
    "returns.follow_batch": _("Follow when a return’s transfer is made"),
    "returns.follow_exchange": _("Tell customers that their exchange has left"),
    "returns.follow_fault": _("Follow whose doing a return was"),
    "satisfaction.ask_later": _("Ask customers after the end of a case"),
    "cases.count_anew_after_hours": _("New deadlines after a change of the opening hours"),
    "cases.count_anew_after_holiday": _("New deadlines after a new holiday"),
    "cases.count_anew_after_holiday_removed": _("New deadlines after a holiday was removed"),
    "cases.count_anew_after_shop": _("New deadlines after a change of the shop’s settings"),
}


def task_words(path: str) -> str:
    """What the job does; its bare name when this version does not know it."""
    return str(TASKS.get(path, path))


def reaction_words(name: str) -> str:
    """What the reaction does; its bare name when this version does not know it."""
    return str(REACTIONS.get(name, name))
