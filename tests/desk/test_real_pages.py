"""The same real file by the pages of the desk, without JavaScript."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from andon.portal.desk.models import Intake
from andon.portal.desk.tests import conftest
from andon.portal.desk.tests.test_pages import at, filled, go_on
from andon.trail.verify import verify
from tests.desk.test_real_files import RECALLS, counted

site, ana = conftest.site, conftest.ana


def test_recalls_go_in_by_the_pages(client, site, ana):
    client.force_login(ana)
    upload = SimpleUploadedFile(RECALLS.name, RECALLS.read_bytes())
    sent = {"target": "nonconformities", "site": site.pk, "file": upload}
    client.post(reverse("desk:new"), sent)
    intake = Intake.objects.get()
    go_on(client, intake)
    shown = client.get(at(intake))
    columns = ["reason-for-recall", "product-description", "code-info", "product-quantity"]
    chosen = {"item_columns": "", "defect_columns": "product-type", "description_columns": columns}
    client.post(at(intake, "mapping"), filled(shown.context["mapping_form"]) | chosen)
    go_on(client, intake)
    for made in ("defect", "party"):
        client.post(at(intake, "words"), {"all_new": made})
        go_on(client, intake)
    assert "No row is in the way" in client.get(at(intake)).content.decode()
    client.post(at(intake, "confirm"))
    go_on(client, intake)

    assert "72 rows came in" in client.get(at(intake)).content.decode()
    assert counted("severity") == {"critical": 7, "major": 46, "minor": 19}
    assert counted("defect__name") == {"Biologics": 42, "Food": 16, "Devices": 9, "Drugs": 5}
    assert verify().findings == []
