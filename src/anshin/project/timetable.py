"""What runs by the clock, all of it, in one place. Times of day are Tokyo's."""

from datetime import time

from anshin.plumbing.jobs.timetable import Daily, Entry, Every

TIMETABLE = (
    Entry("mail.tidy", Every(60), "anshin.channels.email.jobs.tidy_mailboxes"),
    Entry("mail.check", Every(60), "anshin.channels.email.jobs.check_mailboxes"),
    Entry("mail.compare", Daily(time(0, 20)), "anshin.channels.email.jobs.compare_mailboxes"),
    Entry("mail.watch", Every(600), "anshin.channels.email.jobs.watch_over_mailboxes"),
    Entry("cases.wake", Every(60), "anshin.cases.jobs.wake_snoozed"),
    Entry("cases.clocks", Every(60), "anshin.cases.jobs.watch_clocks"),
    Entry("cases.follow_ups", Every(600), "anshin.cases.jobs.surface_follow_ups"),
    Entry("search.renew", Every(600), "anshin.plumbing.search.jobs.renew_shops"),
    Entry("live.prune", Every(600), "anshin.plumbing.live.jobs.prune"),
    Entry("backups.make", Daily(time(1, 40)), "anshin.plumbing.backups.jobs.make_backup"),
    Entry("shops.watch_backups", Daily(time(9, 0)), "anshin.shops.jobs.watch_backups"),
    Entry("jobs.prune", Daily(time(3, 10)), "anshin.plumbing.jobs.jobs.prune"),
    Entry("cases.trust_addresses", Daily(time(3, 20)), "anshin.cases.jobs.trust_silent_addresses"),
    Entry("mail.forget_posts", Daily(time(3, 25)), "anshin.channels.email.jobs.forget_posts"),
    Entry("web_form.prune", Daily(time(3, 30)), "anshin.channels.web_form.jobs.prune"),
    Entry("mail.lanes", Daily(time(3, 35)), "anshin.channels.email.jobs.prune_lanes"),
    Entry("cases.learn_topics", Daily(time(2, 50)), "anshin.cases.jobs.learn_from_corrections"),
    Entry("cases.retention", Daily(time(2, 30)), "anshin.cases.jobs.apply_retention"),
    Entry("slips.files", Daily(time(3, 43)), "anshin.slips.jobs.remove_slip_files"),
    Entry("delivery.packing_files", Daily(time(3, 39)), "anshin.delivery.jobs.remove_packing_files"),
    Entry("commerce.import_files", Daily(time(3, 37)), "anshin.commerce.jobs.remove_import_files"),
    Entry("commerce.bank_accounts", Daily(time(3, 45)), "anshin.commerce.jobs.purge_bank_accounts"),
    Entry("commerce.notices", Daily(time(3, 47)), "anshin.commerce.jobs.forget_notices"),
    Entry("replies.promises", Every(60), "anshin.replies.jobs.watch_promises"),
    Entry("replies.settle", Daily(time(3, 50)), "anshin.replies.jobs.settle_uses"),
    Entry("returns.bulk", Every(3600), "anshin.returns.jobs.forget_bulk"),
    Entry("visits.remind", Daily(time(9, 10)), "anshin.visits.jobs.remind_customers"),
    Entry("returns.remind_of_disputes", Daily(time(8, 40)), "anshin.returns.jobs.remind_of_disputes"),
    Entry("returns.remind_of_parcels", Daily(time(9, 20)), "anshin.returns.jobs.remind_of_parcels"),
    Entry("visits.prune", Daily(time(3, 55)), "anshin.visits.jobs.prune"),
    Entry("integrations.forget", Every(3600), "anshin.integrations.jobs.forget"),
    Entry("safety.release", Every(60), "anshin.safety.jobs.release_due"),
    Entry("safety.remind", Daily(time(9, 40)), "anshin.safety.jobs.remind_due"),
    Entry("safety.feeds", Every(60), "anshin.safety.jobs.call_due_feeds"),
    Entry("safety.match_again", Daily(time(4, 5)), "anshin.safety.jobs.match_feeds_again"),
    Entry("files.leftovers", Daily(time(3, 40)), "anshin.plumbing.files.jobs.remove_leftovers"),
)
