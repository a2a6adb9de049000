"""The API: one version, one router a kind, problem JSON for every refusal."""

from ninja import NinjaAPI
from ninja.security import django_auth

from andon.entry.bearer import ByToken
from andon.modules.actions.api import router as actions
from andon.modules.analyses.api import router as analyses
from andon.modules.improvements.api import router as improvements
from andon.modules.kpis.api import router as kpis
from andon.modules.kpis.api import signals
from andon.modules.nonconformities.api import router as nonconformities
from andon.modules.production.api import router as facts
from andon.records.problems import answer_problems
from andon.signing.api import router as signatures

from .parsing import StrictParser

api = NinjaAPI(
    title="Andon",
    version="1",
    docs_url=None,
    # A program by its token; people by the session, with its token against forged requests (SE4).
    auth=[ByToken(), django_auth],
    parser=StrictParser(),
    urls_namespace="api",
)
answer_problems(api)
api.add_router("/kpis", kpis)
api.add_router("/signals", signals)
api.add_router("/nonconformities", nonconformities)
api.add_router("/actions", actions)
api.add_router("/improvements", improvements)
api.add_router("/analyses", analyses)
api.add_router("/facts", facts)
api.add_router("/signatures", signatures)
