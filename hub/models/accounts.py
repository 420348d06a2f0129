from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff or a translator. Visitors have no accounts.

    Ours from the first migration, because the user model cannot be replaced later.
    """
