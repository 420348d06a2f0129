"""Translation: what wagtail-localize lacks.

- teams: who works on which language; guard: that wagtail-localize's addresses hold to it
- tracking: what publishing a source or a translation means for the others
- passages: which parts of a published translation are out of date, and how readers are told
- memory, glossary, checks: what the editor offers and warns of
- tasks: the verbs of the work: assign, send for review, send back, publish
- demand, desk: what readers miss, and the translators' queue made of it
- release, release_checks, readiness, contents: launches: what is missing, and publishing all at once
- cascade, submit, machine: moves and deletions, whole sections, machines
- po, po_file, markup: files for translators' own programs, out and in
- notify, digest: mail at once, and once a day
"""
