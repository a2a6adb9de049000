"""What the navigation offers, by group; what a person may not use is left out."""

from django.utils.translation import gettext_lazy as _

NAVIGATION = [
    {
        "label": _("Work"),
        "icon": "home",
        "items": [
            {"label": _("Home"), "route": "portal:home"},
            {"label": _("My work"), "route": "portal:work"},
        ],
    },
    {
        "label": _("Shop floor"),
        "icon": "building-factory",
        "items": [
            {"label": _("KPIs"), "route": "kpis:board"},
            {"label": _("Signals"), "route": "kpis:list"},
            {"label": _("Production"), "route": "production:overview"},
            {
                "label": _("Imports"),
                "route": "production:imports",
                "permission": "production.import",
            },
            {
                "label": _("Feeds"),
                "route": "production:feeds",
                "permission": "production.import",
            },
        ],
    },
    {
        "label": _("Improve"),
        "icon": "refresh",
        "items": [
            {"label": _("Nonconformities"), "route": "nonconformities:list"},
            {"label": _("Clusters"), "route": "nonconformities:clusters"},
            {"label": _("Pareto"), "route": "nonconformities:pareto"},
            {"label": _("Hold list"), "route": "nonconformities:holds"},
            {"label": _("Concessions"), "route": "nonconformities:concessions"},
            {"label": _("Corrective actions"), "route": "actions:list"},
            {"label": _("Improvement projects"), "route": "improvements:list"},
            {
                "label": _("Workbench"),
                "route": "analyses:new",
                "permission": "analyses.keep",
            },
            {"label": _("Analyses"), "route": "analyses:list"},
        ],
    },
    {
        "label": _("ISO 9001"),
        "icon": "certificate",
        "items": [
            {"label": _("Clause map"), "route": "assurance:in_use"},
            {"label": _("Terms"), "route": "assurance:terms"},
            {"label": _("Principles"), "route": "assurance:principles"},
            {"label": _("Evidence packs"), "route": "packs:index", "permission": "packs.make"},
            {"label": _("Trail"), "route": "proof:trail", "permission": "proof.read"},
        ],
    },
    {
        "label": _("Set up"),
        "icon": "settings",
        "items": [
            {
                "label": _("Organization"),
                "route": "organization:settings",
                "permission": "organization.manage",
            },
            {"label": _("Who decides"), "route": "nonconformities:authorities"},
            {
                "label": _("Defect codes"),
                "route": "nonconformities:codes",
                "permission": "nonconformities.codes",
            },
            {
                "label": _("Custom fields and checklists"),
                "route": "designer:index",
                "permission": "sheets.design",
            },
            {"label": _("Signatures"), "route": "signing:dial"},
            {"label": _("Import desk"), "route": "desk:intakes", "permission": "records.adopt"},
            {"label": _("People"), "route": "accounts:people", "permission": "accounts.manage"},
        ],
    },
    {
        "label": _("Safe keeping"),
        "icon": "shield-check",
        "items": [
            {
                "label": _("Sign-in rules"),
                "route": "sign_in_rules:rules",
                "permission": "accounts.manage",
            },
            {"label": _("Tablets"), "route": "tablets:listed", "permission": "accounts.manage"},
            {"label": _("Sign-in watch"), "route": "entry:watch", "permission": "entry.guard"},
            {"label": _("My tokens"), "route": "entry:tokens", "permission": "entry.tokens"},
            {
                "label": _("Retention"),
                "route": "retention:index",
                "permission": "retention.confirm",
            },
            {
                "label": _("Privacy"),
                "route": "retention:people",
                "permission": "retention.privacy",
            },
            {"label": _("Webhooks"), "route": "hooks:index", "permission": "hooks.manage"},
            {"label": _("Backups"), "route": "keeping:backups", "permission": "keeping.see"},
            {
                "label": _("Files held back"),
                "route": "store:quarantine",
                "permission": "store.quarantine",
            },
            {
                "label": _("Background work"),
                "route": "notices:duties",
                "permission": "notices.administer",
            },
            {"label": _("System"), "route": "operations:system", "permission": "operations.watch"},
        ],
    },
]
