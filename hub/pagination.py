from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404


def paginate(request, items, per_page: int) -> Page:
    """The page of ``items`` that ``?page=`` asks for; a number that does not exist is a 404."""
    try:
        return Paginator(items, per_page).page(request.GET.get("page") or 1)
    except InvalidPage as error:
        raise Http404(str(error)) from error
