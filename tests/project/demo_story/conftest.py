"""The demo shop's story, read once."""

import pytest

from anshin.project.demo_shop.shape import ShopStory, Story
from anshin.project.demo_shop.story import read_story


@pytest.fixture(scope="session")
def story() -> Story:
    return read_story()


@pytest.fixture(scope="session")
def komorebi(story: Story) -> ShopStory:
    return story.of_shop("komorebi")
