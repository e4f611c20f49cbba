from collections import Counter

import django.db.models.deletion
from django.db import migrations, models

JUDGES = [
    ("on_top", "Marks at the very top of the mail, which no sender can write"),
    ("rspamd", "rspamd, wherever its marks stand"),
    ("spamassassin", "SpamAssassin, wherever its marks stand"),
    ("microsoft", "Microsoft 365, wherever its marks stand"),
    ("yahoo", "Yahoo!, wherever its marks stand"),
    ("google", "Google, wherever its marks stand"),
    ("barracuda", "Barracuda, wherever its marks stand"),
    ("nobody", "Nobody: all mail goes to the inbox"),
]


def choose_for_the_shop(apps, _schema):
    """The choice of most mailboxes; of equally many, that of the oldest mailbox."""
    chosen = {}
    rows = apps.get_model("email", "Mailbox").objects.order_by("-is_active", "id")
    for shop_id, judge, at in rows.values_list("shop_id", "spam_judge", "created_at"):
        chosen.setdefault(shop_id, []).append((judge, at))
    for shop_id, judges in chosen.items():
        judge = Counter(each for each, _at in judges).most_common(1)[0][0]
        if judge != "on_top":
            apps.get_model("email", "SpamChoice").objects.create(shop_id=shop_id, judge=judge, chosen_at=judges[0][1])


def give_back(apps, _schema):
    for shop_id, judge in apps.get_model("email", "SpamChoice").objects.values_list("shop_id", "judge"):
        apps.get_model("email", "Mailbox").objects.filter(shop_id=shop_id).update(spam_judge=judge)


class Migration(migrations.Migration):
    dependencies = [
        ("email", "0017_amazon_ses"),
        ("shops", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SpamChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("judge", models.CharField(choices=JUDGES, max_length=20)),
                ("chosen_at", models.DateTimeField()),
                (
                    "shop",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="shops.shop"
                    ),
                ),
            ],
        ),
        migrations.RunPython(choose_for_the_shop, give_back),
        migrations.RemoveField(model_name="mailbox", name="spam_judge"),
    ]
