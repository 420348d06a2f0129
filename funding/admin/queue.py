"""The requests that somebody has to decide, in the order in which their windows close."""

from wagtail.admin.views import generic

from funding.models import GrantRequest

PER_PAGE = 50


class QueueView(generic.IndexView):
    model = GrantRequest
    permission_required = "view"
    any_permission_required = None
    paginate_by = PER_PAGE

    def get_base_queryset(self):
        return GrantRequest.objects.listed_to(self.request.user).in_reading_order()
