"""The hub's addresses, and one whose POST stores a row and does nothing else."""

from django.db import connection
from django.http import HttpResponseRedirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from hub.urls import urlpatterns as hub_urlpatterns

TABLE = "CREATE TABLE IF NOT EXISTS bench (id INTEGER PRIMARY KEY, text TEXT)"


def insert_row():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench (text) VALUES (%s)", ["amina@example.org"])


@csrf_exempt
def insert(request):
    insert_row()
    return HttpResponseRedirect(request.path)


urlpatterns = [path("bench/", insert), *hub_urlpatterns]
