"""Versions of a fund's criteria: when one is made, and which one holds."""

from django.db import transaction

from funding.models.criteria import CriteriaVersion
from hub.models.forms import is_source_page
from hub.translation.facts import set_right


@transaction.atomic
def settle(page):
    """Keeps what the published ``page`` of a fund says, and has its facts hold in all languages.

    Called after every publication. A new version is made where the words differ from the latest of that
    language, and only then.
    """
    # Inline: the fund's page is made of criteria.
    from funding.models.fund import FACTS, FundPage

    # Locked, so that two publications at once do not make two versions of one number.
    pages = list(
        FundPage.objects.select_for_update()
        .filter(translation_key=page.translation_key)
        .order_by("pk")
    )
    source = next((found for found in pages if is_source_page(found)), page)
    set_right(pages, {name: getattr(source, name) for name in FACTS})
    record(page, is_source=page.pk == source.pk)


def record(page, *, is_source: bool) -> CriteriaVersion:
    """The version of what ``page`` says now, made if it is not the latest of its language."""
    content = CriteriaVersion.content_of(page.criteria.all())
    language = page.locale.language_code
    versions = CriteriaVersion.objects.filter(fund_key=page.translation_key)
    latest = versions.filter(language=language).first()
    if latest and latest.content == content:
        return latest
    if is_source:
        number = latest.number + 1 if latest else 1
    else:
        number = _number_of_source(versions.exclude(language=language), content)
    version = CriteriaVersion(
        fund_key=page.translation_key, language=language, number=number, content=content
    )
    if latest and latest.number == number:
        # Mended words: what they mean has been in force since they were first published.
        version.made_at = latest.made_at
    version.save()
    return version


def _number_of_source(others, content: list[dict]) -> int:
    """The number of the version that a translation says the same as: the latest of the same criteria.

    A translation may be published while the source has one criterion more already; it then belongs to
    the version before.
    """
    versions = list(others.order_by("-number"))
    for version in versions:
        if _shape(version.content) == _shape(content):
            return version.number
    return versions[0].number if versions else 1


def _shape(content: list[dict]) -> list[tuple[str, str]]:
    """Which criteria there are, whatever their words."""
    return [(criterion["key"], criterion["kind"]) for criterion in content]


def criteria_for(page) -> CriteriaVersion:
    """The version that a reader of the fund's ``page`` is judged by. One query.

    That of a fund which was never published since there are versions is made now.
    """
    versions = CriteriaVersion.objects.filter(fund_key=page.translation_key)
    found = versions.filter(language=page.locale.language_code).first()
    return found or record(page, is_source=is_source_page(page))


def in_language(version: CriteriaVersion, language: str) -> CriteriaVersion:
    """What the same version said in ``language``; itself where it was never in it. One query.

    For staff, who read a request in one language and its criteria in another. What has other criteria
    is not the same, whatever its number: points are given for those the request is judged by.
    """
    if version.language == language:
        return version
    same = CriteriaVersion.objects.filter(
        fund_key=version.fund_key, number=version.number, language=language
    )
    shape = _shape(version.content)
    return next((found for found in same if _shape(found.content) == shape), version)
