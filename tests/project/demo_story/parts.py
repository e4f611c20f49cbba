"""The story's parts by their numbers."""

from pathlib import Path

from anshin.project.demo_shop import story as story_module
from anshin.project.demo_shop.shape import Case, Message, Note, Order, ShopStory

FOLDER = Path(story_module.__file__).parent
SLUGS = ("komorebi", "shiosai")

NUMBER_FORMS = {
    "own": r"KM-\d{5}",
    "rakuten": r"394871-20\d{6}-\d{10}",
    "yahoo": r"komorebi-\d{8}",
    "amazon": r"(249|250|503)-\d{7}-\d{7}",
}


def case(shop: ShopStory, number: int) -> Case:
    return {one.number: one for one in shop.cases}[number]


def order(shop: ShopStory, number: str) -> Order:
    return {one.number: one for one in shop.orders}[number]


def entries(one: Case) -> list[Message | Note]:
    return [*one.messages, *one.notes]
