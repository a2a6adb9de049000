"""The words under which spreadsheets keep what a field holds, in several languages."""

WORDS: dict[str, tuple[str, ...]] = {
    "old_number": (
        "number", "no", "nr", "id", "record", "record number", "record id", "nc no", "nc number",
        "nc", "nc id", "ncr", "ncr no", "ncr number", "ncr id", "nc nr", "report number",
        "report no", "case", "case number", "case id", "case no", "ticket", "complaint no",
        "complaint number", "capa", "capa no", "capa number", "capa id", "car", "car no",
        "car number", "8d", "8d no", "8d number", "reference", "ref", "ref no", "old number",
        "recall number", "incident number", "incident id", "nummer", "vorgang", "vorgangsnummer",
        "fehlermeldung", "numero", "n°", "nº", "folio", "#",
    ),
    "title": (
        "title", "subject", "short description", "summary", "headline", "problem", "issue",
        "what happened", "nonconformity", "nonconformance", "defect description", "description",
        "reason", "titel", "betreff", "kurztext", "titre", "objet", "titulo",
        "asunto", "titolo",
    ),
    "description": (
        "description", "details", "detail", "long description", "problem description",
        "what was found", "text", "narrative", "comments", "remarks",
        "beschreibung", "fehlerbeschreibung", "description du probleme", "descripcion",
    ),
    "problem": ("problem", "problem description", "description", "issue", "what happened"),
    "opened_date": (
        "opened", "open date", "date opened", "date", "raised", "date raised", "reported",
        "report date", "date reported", "created", "date created", "found", "date found", "day",
        "incident date", "event date", "datum", "erstellt", "gemeldet am", "date d ouverture",
        "fecha", "data", "start date",
    ),
    "closed_date": (
        "closed", "date closed", "closed date", "close date", "closed on", "completed",
        "completion date", "date completed", "end date", "finished", "geschlossen",
        "abgeschlossen", "abgeschlossen am", "cloture", "fecha de cierre", "chiuso",
    ),
    "due_date": (
        "due", "due date", "target date", "deadline", "planned date", "faellig", "fällig",
        "fällig am", "termin", "echeance", "vencimiento", "scadenza",
    ),
    "state": ("state", "status", "stage", "open closed", "zustand", "statut", "estado", "stato"),
    "owner": (
        "owner", "responsible", "responsible person", "assigned to", "assignee", "person",
        "lead", "handled by", "champion", "verantwortlich", "verantwortlicher", "bearbeiter",
        "responsable", "responsabile",
    ),
    "process": ("process", "department", "area", "prozess", "abteilung", "processus", "proceso"),
    "severity": (
        "severity", "class", "classification", "criticality", "grade", "priority", "level",
        "damage", "effect",  "schweregrad", "klasse", "gravite",
        "gravedad", "gravita",
    ),
    "category": ("category", "type", "kind", "nc type", "kategorie", "art", "categorie"),
    "found_at": ("found at", "where found", "detected at", "detection point", "origin", "source",
        "fundort", "entdeckungsort"),
    "item": (
        "item", "part", "part number", "part no", "product", "article", "material", "sku",
        "artikel", "teil", "teilenummer", "produkt", "model",
    ),
    "line": ("line", "machine", "cell", "press", "workcenter", "work center", "linie", "maschine",
        "anlage", "ligne", "linea"),
    "party": (
        "supplier", "customer", "vendor", "company", "firm", "manufacturer",
        "lieferant", "kunde", "fournisseur", "client", "proveedor", "cliente",
        "operator",
    ),
    "lot": ("lot", "batch", "serial", "serial number", "lot number", "charge", "lotto", "lote"),
    "defect": (
        "defect", "defect code", "failure", "failure mode", "failure type", "defect type", "cause",
        "test result", "testresult", "fehler", "fehlerart", "fehlercode", "defaut", "defecto",

    ),
    "origin": ("operation", "where it arose", "place", "location", "station"),
    "suspect_quantity": (
        "quantity", "qty", "suspect quantity", "quantity affected", "pieces", "pcs", "amount",
        "menge", "stückzahl", "quantite", "cantidad", "quantita",
    ),
    "requirement": ("requirement", "specification", "spec", "anforderung", "exigence"),
    "correction": (
        "correction", "immediate action", "action taken", "containment", "disposition",
        "sofortmaßnahme", "correction immediate",
    ),
    "cost": (
        "cost", "costs", "cost total", "total cost", "cost total $", "cost $", "amount", "kosten",
        "gesamtkosten", "cout", "coste", "costo",
    ),
    "linked_to": (
        "linked to", "related", "related to", "related record", "parent", "see", "see also",
        "link", "links", "repeat of", "belongs to", "related nc", "related ncr", "verweis",
    ),
    "number": ("number", "no", "item", "item number", "part", "part number", "part no", "sku",
        "material", "article", "teilenummer", "artikelnummer", "artikel"),
    "code": ("code", "id", "number", "no", "short name", "key", "nr", "kürzel", "abbreviation",
        "supplier no", "supplier number", "customer no", "vendor no"),
    "name": ("name", "description", "text", "designation", "title", "bezeichnung", "benennung",
        "nom", "nombre", "nome"),
    "revision": ("revision", "rev", "index", "version", "stand"),
    "unit": ("unit", "uom", "unit of measure", "einheit", "unite", "unidad"),
    "unit_cost": ("unit cost", "cost", "price", "unit price", "standard cost", "preis", "kosten"),
    "is_supplier": ("supplier", "is supplier", "lieferant"),
    "is_customer": ("customer", "is customer", "kunde"),
    "day": ("day", "date", "datum", "tag", "fecha"),
    "kind": ("kind", "type", "art"),
    "parent": ("parent", "belongs to", "group", "main code", "obergruppe"),
    "starts": ("starts", "start", "from", "beginn", "von"),
    "ends": ("ends", "end", "to", "until", "ende", "bis"),
}  # fmt: skip

# Words of cells, by field and stored value; what a kind does not have is passed over.
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "severity": {
        "minor": ("minor", "low", "small", "class iii", "3", "gering", "nebenfehler", "mineur"),
        "major": ("major", "high", "medium", "serious", "class ii", "2", "hauptfehler", "majeur",
                  "substantial"),
        "critical": ("critical", "safety", "class i", "1", "kritisch", "critique", "critico"),
    },
}  # fmt: skip
FIRST = (
    "open",
    "new",
    "in progress",
    "ongoing",
    "offen",
    "in arbeit",
    "ouvert",
    "abierto",
    "aperto",
)
LAST = ("closed", "done", "complete", "completed", "finished", "effective", "geschlossen",
    "erledigt", "abgeschlossen", "ferme", "clos", "cerrado", "chiuso")  # fmt: skip
YES = ("yes", "y", "true", "1", "x", "ja", "j", "oui", "si", "sí", "sim", "✓", "✔")
NO = ("no", "n", "false", "0", "nein", "non", "não", "nao")
