"""What the editor of a fund's page is shown besides its fields."""

from django.db.models import Count, Q
from wagtail.admin.panels import Panel

from funding.models.requests import UNDECIDED, GrantRequest


class VersionsPanel(Panel):
    """How many requests are judged by which version of the criteria, whatever is changed now."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "funding/admin/versions.html"

        def get_context_data(self, parent_context=None):
            requests = GrantRequest.objects.filter(fund_key=self.instance.translation_key).sent()
            versions = (
                requests.order_by("-criteria__number")
                .values("criteria__number")
                .annotate(requests=Count("pk"), undecided=Count("pk", Q(status__in=UNDECIDED)))
            )
            return super().get_context_data(parent_context) | {
                "versions": [
                    (version["criteria__number"], version["requests"], version["undecided"])
                    for version in versions
                ]
            }
