from django.core.management.base import BaseCommand

from hub.roles import ROLES, set_up_roles


class Command(BaseCommand):
    help = "Creates the groups of the hub's roles and grants what they lack."

    def handle(self, **options):
        set_up_roles()
        self.stdout.write("Groups: " + ", ".join(role.group for role in ROLES))
