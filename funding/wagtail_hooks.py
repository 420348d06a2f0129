from wagtail import hooks

from funding.admin.history import register_log_actions

hooks.register("register_log_actions", register_log_actions)
