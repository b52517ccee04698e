"""The administrator enters somebody new; that person signs in on a phone and makes the account his own."""

import re

from tests.journeys.visitor import PHONE

OWN_PASSWORD = "水滴-石穿-2027"


def test_somebody_new_is_entered_given_a_post_and_signs_in_with_a_password_of_his_own(
    visit, hospital
):
    admin = visit(hospital.administrator)
    admin.goes_to("/people/")
    admin.taps_link("新增人员", admin.main)
    admin.writes("工号", "8801")
    admin.writes("姓名", "陈新")
    admin.taps_button("保存", admin.main)
    password = admin.main.locator("code.one-time").inner_text()
    admin.taps_link("下一步：录入任职", admin.main)
    admin.chooses("单位", "普外科")
    admin.chooses("职务", "联络员")
    admin.taps_button("保存", admin.main)
    admin.sees("代表下列科室：认领台账条目、填报进展、提交佐证", re.compile("普外科"))

    newcomer = visit(width=PHONE)
    newcomer.goes_to("/units/")
    newcomer.writes("工号", "8801", newcomer.tab)
    newcomer.writes("密码", password, newcomer.tab)
    newcomer.taps_button("登录")
    newcomer.is_at(r"/me/password/$")
    newcomer.sees(re.compile("请先改为自己的密码"))
    newcomer.goes_to("/units/")
    newcomer.is_at(r"/me/password/$")
    newcomer.writes("原密码", password)
    newcomer.writes("新密码", OWN_PASSWORD)
    newcomer.writes("再输一次新密码", OWN_PASSWORD)
    newcomer.taps_button("修改密码", newcomer.main)

    newcomer.goes_to("/units/")
    newcomer.sees("普外科")
    wide = newcomer.tab.evaluate("document.documentElement.scrollWidth")
    assert wide == PHONE
