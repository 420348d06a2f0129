"""The block of a discussion guide: its group, its time and its questions."""

import pytest
from django.core.exceptions import ValidationError

from hub.blocks import DiscussionGuideBlock
from tests.bodies import body_of, cleaned
from tests.factories import StandardPageFactory

GUIDE = {
    "title": "Who would be relieved?",
    "minutes": 45,
    "group_min": None,
    "group_max": None,
    "prompts": ["Who inside the office?"],
    "notes": "",
}


@pytest.mark.parametrize(
    ("low", "high", "size"),
    [
        (4, 8, "4 to 8 people"),
        (6, 6, "6 people"),
        (6, None, "6 people"),
        (None, 8, "8 people"),
        (1, 1, "1 person"),
        (1, 4, "1 to 4 people"),
        (None, None, ""),
    ],
)
def test_discussion_guide_says_its_group_size(low, high, size):
    assert (
        DiscussionGuideBlock().to_python(GUIDE | {"group_min": low, "group_max": high}).group_size
        == size
    )


def test_discussion_guide_refuses_a_largest_group_below_the_smallest():
    with pytest.raises(ValidationError) as refusal:
        cleaned(DiscussionGuideBlock(), GUIDE, group_min=8, group_max=4)
    errors = refusal.value.block_errors
    assert {name: error.messages for name, error in errors.items()} == {
        "group_max": ["This is smaller than the smallest group size."]
    }
    value = cleaned(DiscussionGuideBlock(), GUIDE, group_min=8, group_max=8)
    assert value.group_size == "8 people"


@pytest.mark.parametrize(
    "changes", [{"minutes": 0}, {"minutes": 601}, {"group_min": 0}, {"prompts": []}, {"title": ""}]
)
def test_discussion_guide_out_of_bounds_is_refused_at_the_field(changes):
    with pytest.raises(ValidationError) as refusal:
        cleaned(DiscussionGuideBlock(), GUIDE, **changes)
    assert list(refusal.value.block_errors) == list(changes)


def test_discussion_guide_shows_time_size_and_questions(site, client):
    page = StandardPageFactory(
        parent=site.home, body=[("discussion_guide", GUIDE | {"group_min": 4, "group_max": 8})]
    )
    panel = body_of(client, page).select_one(".panel")
    facts = [
        " ".join(fact.get_text().split())
        for fact in panel.find(class_="details-line").find_all("span")
    ]
    assert facts == ["45 minutes", "4 to 8 people"]
    assert [item.get_text() for item in panel.find_all("li")] == ["Who inside the office?"]
    assert panel.find("h2")["id"] == panel["aria-labelledby"]
