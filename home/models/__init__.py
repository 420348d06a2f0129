from home.models.contact import ContactFormField, ContactPage
from home.models.home import FeaturedStory, HomePage
from home.models.standard import StandardPage
from home.models.stories import StoryCountry, StoryCredit, StoryIndexPage, StoryPage, StoryTool

__all__ = [
    "ContactFormField",
    "ContactPage",
    "FeaturedStory",
    "HomePage",
    "StandardPage",
    "StoryCountry",
    "StoryCredit",
    "StoryIndexPage",
    "StoryPage",
    "StoryTool",
]
