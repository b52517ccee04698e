"""Workbooks made in memory, as departments write them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADINGS = ("序号", "问题类别", "存在问题", "问题来源", "责任科室", "整改时限")


def a_sheet(*rows, headings=HEADINGS, title="问题清单", name="清单.xlsx"):
    book = Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile(name, file.getvalue())
