"""The ledger as people use it: asked, counted, gone back from, taken along, printed."""

import re
from urllib.parse import unquote

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.rectification.factories import an_item


@pytest.fixture
def ledger(hospital):
    for n in range(3):
        an_item(hospital, overdue=True, text=f"取药窗口排队时间长({n})")
    an_item(hospital, near=True, text="导诊台无人值守")
    an_item(
        hospital, closed=True, lead_department=hospital.surgery, responsible_leader=hospital.vp2
    )
    return reverse("rectification:list", args=[hospital.campaign.pk])


def rows(visitor):
    return visitor.tab.locator("#ledger-table tbody tr")


def shows(visitor, count):
    visitor.tab.locator("#ledger-table [role=status]", has_text=f"共 {count} 项").wait_for()
    assert rows(visitor).count() == count


def test_a_filter_swaps_the_table_and_the_back_button_brings_it_back(visit, hospital, ledger):
    office = visit(hospital.office)
    office.goes_to(ledger)
    shows(office, 5)

    office.writes("编号或内容", "导诊")
    office.tab.keyboard.press("Enter")
    shows(office, 1)
    assert unquote(office.address) == f"{ledger}?q=导诊"
    assert len([path for path in office.pages if path == ledger]) == 1

    office.tab.wait_for_load_state("networkidle")
    office.tab.evaluate("history.back()")
    shows(office, 5)
    office.tab.wait_for_load_state("networkidle")
    office.tab.evaluate("history.forward()")
    shows(office, 1)
    office.tab.reload()
    shows(office, 1)


def test_every_figure_opens_as_many_items(visit, hospital, ledger):
    office = visit(hospital.office)
    office.goes_to(ledger)
    figures = office.tab.locator("#ledger-table .tile-n, #ledger-table .tab-n")
    total = figures.count()
    assert total >= 8

    for at in range(total):
        figure = office.tab.locator("#ledger-table .tile-n, #ledger-table .tab-n").nth(at)
        wanted = int(figure.inner_text())
        figure.click()
        shows(office, wanted)


def test_two_clicks_lead_from_a_figure_at_home_to_an_item(visit, hospital, ledger):
    secretary = visit(hospital.secretary)
    secretary.goes_to("/")
    tile = secretary.tab.locator(".tile-overdue")
    assert tile.locator(".tile-n").inner_text() == "3"

    secretary.taps_on(tile)
    shows(secretary, 3)
    secretary.taps_on(rows(secretary).first.get_by_role("link"))

    secretary.is_at(r"/ledger/1/$")
    secretary.sees("办理过程")
    assert secretary.taps == 2


def test_a_workbook_is_made_behind_a_progress_page_and_holds_what_was_filtered(
    visit, hospital, ledger, tmp_path
):
    office = visit(hospital.office)
    office.goes_to(ledger + "?light=overdue")
    shows(office, 3)
    office.taps_button("导出这 3 项")

    office.is_at(r"/files/[0-9a-f-]{36}/$")
    with office.tab.expect_download() as started:
        office.taps_link(re.compile("^下载"))
    path = tmp_path / "ledger.xlsx"
    started.value.save_as(path)
    assert started.value.suggested_filename.endswith(".xlsx")
    texts = [str(cell) for row in load_workbook(path).active.values for cell in row if cell]
    assert sum("取药窗口排队时间长" in text for text in texts) == 3
    assert not any("导诊台无人值守" in text for text in texts)
    assert any("逾期" in text for text in texts)

    assert visit(hospital.office2).goes_to(office.address) == 404


def test_paper_shows_the_ledger_without_the_menu(visit, hospital, ledger):
    office = visit(hospital.office)
    office.goes_to(ledger)
    office.tab.emulate_media(media="print")

    for hidden in ("#side-menu", ".top", "form.filters", "#export-buttons", ".foot"):
        assert not office.tab.locator(hidden).first.is_visible(), hidden
    assert office.tab.get_by_role("table").first.is_visible()
    assert office.tab.locator("#ledger-table thead").first.is_visible()
    assert office.tab.locator("#phase-ribbon .ribbon-line").is_visible()
