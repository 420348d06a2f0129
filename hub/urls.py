from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve as serve_file
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.urls import serve_pattern

from home.feeds import StoryFeed
from hub import health, routing, sitemaps, views
from search.views import search

handler404 = "hub.views.not_found"
handler500 = "hub.views.server_error"

urlpatterns = [
    path("", views.choose_language, name="choose_language"),
    path("admin/reports/", include("hub.admin.site_history")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap_section"),
    path("robots.txt", views.robots),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]

if settings.HUB_SERVE_MEDIA:
    urlpatterns += [
        re_path(r"^media/(?P<path>images/.*)$", serve_file, {"document_root": settings.MEDIA_ROOT}),
    ]
if settings.HUB_SHOW_MAIL:
    from hub.mail import views as mail_views

    urlpatterns += [
        path("dev/mail/", mail_views.listing, name="dev_mail"),
        path("dev/mail/<str:name>/", mail_views.message, name="dev_mail_message"),
    ]

urlpatterns += i18n_patterns(
    path("search/", search, name="search"),
    path("stories/feed/", StoryFeed(), name="story_feed"),
    path("registration/", include("training.urls")),
    path("request/", include("funding.urls")),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        wagtail_views.authenticate_with_password,
        name="wagtailcore_authenticate_with_password",
    ),
    # Wagtail asks for this name even where WAGTAIL_FRONTEND_LOGIN_URL says otherwise.
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="wagtailadmin_login", query_string=True),
        name="wagtailcore_login",
    ),
    re_path(serve_pattern, routing.serve, name="wagtail_serve"),
)
