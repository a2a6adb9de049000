"""`andon import`: what it brings in, and what it says when it brings in nothing."""

import pytest

from andon.accounts.testing import SiteFactory
from andon.cli.main import main
from andon.modules.production.models import Output

GOOD = "Date;Line;Quantity\n2026-03-02;L1;120\n2026-03-03;L1;118\n"


@pytest.fixture
def site(db):
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "output.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def bring(path, *more):
    return main(["import", str(path), "--kind", "output", *more])


def test_a_file_comes_in_whole(site, table, capsys):
    code = bring(table, "--create-missing")

    assert code == 0, capsys.readouterr().out
    assert "In: 2 new" in capsys.readouterr().out
    assert Output.objects.count() == 2


def test_the_same_file_again_changes_nothing(site, table, capsys):
    bring(table, "--create-missing")
    code = bring(table)

    assert code == 0
    assert "0 new, 0 corrected, 2 unchanged" in capsys.readouterr().out
    assert Output.objects.count() == 2


def test_what_is_unknown_is_named_and_nothing_is_in(site, table, capsys):
    code = bring(table)

    said = capsys.readouterr().out
    assert code == 1
    assert "L1" in said
    assert "--create-missing" in said
    assert not Output.objects.exists()


def test_a_row_with_an_error_is_named_with_its_column_and_nothing_is_in(site, table, capsys):
    table.write_text(GOOD + "2026-03-04;L1;many\n", encoding="utf-8")

    code = bring(table, "--create-missing")

    said = capsys.readouterr().out
    assert code == 1
    assert "row 4, Quantity:" in said
    assert not Output.objects.exists()


def test_a_dry_run_says_what_would_happen(site, table, capsys):
    bring(table, "--create-missing")
    table.write_text(GOOD.replace("118", "119"), encoding="utf-8")

    code = bring(table, "--dry-run")

    assert code == 0
    assert "it would be: 0 new, 1 corrected" in capsys.readouterr().out
    assert not Output.objects.filter(produced=119).exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--site", "XX"], "there are: ABC1"),
        (["--by", "nobody"], "Nobody active is called nobody"),
        (["--column", "produced=Pieces"], "Pieces"),
        (["--answer", "header_row=first"], "whole number"),
    ],
)
def test_a_wrong_option_is_a_sentence(site, table, capsys, words, sentence):
    code = bring(table, *words)

    assert code == 2
    assert sentence in capsys.readouterr().err


def test_a_file_that_is_not_there_is_a_sentence(site, tmp_path, capsys):
    code = bring(tmp_path / "none.csv")

    assert code == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_kind_that_is_none_is_told_the_kinds_there_are(site, table, capsys):
    code = main(["import", str(table), "--kind", "poetry"])

    assert code == 2
    assert "output" in capsys.readouterr().err
