"""The demo: a whole hub's content, written down in TOML files beside the app each page belongs to.

``<app>/demo/pages/*.toml`` holds one page a file and ``vocabulary.toml``; ``<app>/demo/handlers.py``
says what to do with the keys that are not plain fields of the page. Pictures are in
``home/demo/images``, template files in ``toolkit/demo/files/<language>``. How the files are written
is explained in docs/demo-content.md.
"""
