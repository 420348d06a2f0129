"""Addresses within a page: each heading and question has one, which stays."""

from tests.bodies import faq, soup, words
from tests.factories import ChapterPageFactory, StandardPageFactory


def test_faq_keeps_its_address_when_its_words_change(site, client):
    chapter = ChapterPageFactory(parent=site.toolkit, faqs=[("faq", faq("Is it slow?"))])
    before = soup(client.get(chapter.url).content).select_one(".faq-list details")
    chapter = type(chapter).objects.get(pk=chapter.pk)
    chapter.faqs[0].value["question"] = "Would it delay us?"
    chapter.faqs.insert(0, ("faq", faq("Is it dear?")))
    chapter.save_revision().publish()
    after = soup(client.get(chapter.url).content).select(".faq-list details")
    assert [words(str(item.find("summary"))) for item in after] == [
        "Is it dear?",
        "Would it delay us?",
    ]
    assert after[1]["id"] == before["id"]
    assert after[0]["id"] != before["id"]
    assert after[1].find("button")["data-copy-link"] == f"#{after[1]['id']}"


def test_faq_in_a_body_has_the_same_kind_of_address(site, client):
    page = StandardPageFactory(parent=site.home, body=[("faq", faq("Is it slow?"))])
    item = soup(client.get(page.url).content).select_one(".faq-list details")
    assert item["id"] == f"faq-{page.body[0].id[:8]}"


def heading(text: str, level: str = "h2") -> tuple:
    return ("heading", {"text": text, "level": level})


def test_headings_that_read_the_same_have_different_addresses(site, client):
    chapter = ChapterPageFactory(
        parent=site.toolkit, body=[heading("Who decides"), heading("Who decides"), heading("谁")]
    )
    page = soup(client.get(chapter.url).content)
    ids = [item["id"] for item in page.select("main h2[id^=section-]")]
    assert len(set(ids)) == 3
    links = page.select(".on-this-page a")
    assert [link["href"] for link in links] == [f"#{id_}" for id_ in ids]
    assert [link.get_text() for link in links] == ["Who decides", "Who decides", "谁"]


def test_headings_named_like_a_part_of_the_page_do_not_take_its_address(site, client):
    chapter = ChapterPageFactory(
        parent=site.toolkit,
        body=[
            heading("Sticking points"),
            heading("Main"),
            heading("Templates"),
            heading("Feedback"),
        ],
        faqs=[("faq", faq("Is it slow?"))],
    )
    page = soup(client.get(chapter.url).content)
    ids = [item["id"] for item in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))
    assert page.find(id="main").name == "main"


def test_headings_keep_their_address_when_their_words_change(site, client):
    chapter = ChapterPageFactory(parent=site.toolkit)
    before = soup(client.get(chapter.url).content).select_one(".on-this-page a")["href"]
    chapter = type(chapter).objects.get(pk=chapter.pk)
    chapter.body[0].value["text"] = "Who signs"
    chapter.save_revision().publish()
    link = soup(client.get(chapter.url).content).select_one(".on-this-page a")
    assert (link["href"], link.get_text()) == (before, "Who signs")


def test_headings_of_parts_are_not_in_the_list_of_contents(site, client):
    chapter = ChapterPageFactory(parent=site.toolkit, body=[heading("A"), heading("A.1", "h3")])
    page = soup(client.get(chapter.url).content)
    assert [link.get_text() for link in page.select(".on-this-page a")] == ["A"]
    assert page.select_one("main h3[id^=section-]").get_text() == "A.1"
