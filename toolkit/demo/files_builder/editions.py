"""Which templates exist in which language besides English, and under which file name.

A template is listed once every word of it is in ``catalogues/<language>.po``; a build with a gap fails.
"""

FILE_NAMES = {
    "es": {
        "context-brief": "nota-de-contexto",
        "supporters-and-detractors-map": "mapa-de-partidarios-y-detractores",
        "strategy-on-a-page": "estrategia-en-una-pagina",
        "one-page-brief": "nota-de-una-pagina",
        "campaign-plan": "plan-de-campana",
        "message-test-sheet": "hoja-de-prueba-del-mensaje",
    },
    "fr": {
        "context-brief": "note-de-contexte",
        "supporters-and-detractors-map": "carte-des-soutiens-et-des-detracteurs",
        "strategy-on-a-page": "strategie-sur-une-page",
        "one-page-brief": "note-d-une-page",
        "campaign-plan": "plan-de-campagne",
        "message-test-sheet": "fiche-de-test-du-message",
    },
}
