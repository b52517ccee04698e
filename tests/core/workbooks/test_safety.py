"""What is not a plain workbook within limits is refused, with a sentence that says what to do."""

import io
import struct
import zipfile
import zlib

import pytest

from core.errors import ActionRefusedError
from core.workbooks import reading, safety
from core.workbooks.safety import WorkbookRefusedError
from tests.core.workbooks.books import COLUMNS, book, sheet_xml, with_parts

SHEET = "xl/worksheets/sheet1.xml"
GOOD = book(["序号", "存在问题"], [1, "挂号排队时间长"])


def refusal(data, name="list.xlsx"):
    with pytest.raises(WorkbookRefusedError) as refused:
        reading.read(data, name, COLUMNS)
    return str(refused.value)


def test_a_refusal_is_an_answer_that_a_form_can_show():
    assert issubclass(WorkbookRefusedError, ActionRefusedError)


def test_a_workbook_is_taken_whatever_it_is_called():
    assert reading.read(GOOD, "list.xls", COLUMNS).number_of_rows == 1


def archive(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "list.xls", "This is a .xls file"),
        (OLE + "Workbook".encode("utf-16-le"), "list.xlsx", "This is a .xls file"),
        (OLE + "Workbook".encode("utf-16-le"), "list.et", "This is a .et file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "list.xlsx", "protected with a password"),
        (OLE + "WordDocument".encode("utf-16-le"), "list.doc", "This is a Word document"),
        (OLE, "list.msg", "This is not a workbook"),
        ("序号,问题\n1,排队\n".encode(), "list.csv", "This is a text file (.csv)"),
        ("序号,问题\n1,排队\n".encode("gb18030"), "list.xlsx", "This is a text file (.csv)"),
        ("序号\t问题\n".encode("utf-16"), "list.xlsx", "This is a text file (.csv)"),
        (b"<html><table><tr><td>1</td></tr></table>", "list.xls", "This is a .xls file"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "a.xml", "a .xml file"),
        (b"%PDF-1.7 \x00", "list.pdf", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00", "list.xlsx", "This is a picture"),
        (b"\x00\x00\x00\x18ftypheic\x00", "photo.heic", "This is a picture"),
        (b"Rar!\x1a\x07\x00", "list.rar", "This is an archive"),
        (b"\x00\x01\x02\xfe\xff\x00" * 100, "list.xlsx", "This is not a workbook"),
        (b"", "list.xlsx", "The file is empty"),
        (archive(**{"a.txt": "x"}), "list.zip", "This is an archive"),
        (archive(**{"word/document.xml": "<a/>"}), "list.docx", "This is a Word document"),
        (archive(**{"ppt/presentation.xml": "<a/>"}), "list.pptx", "This is not a workbook"),
        (archive(mimetype="x", **{"content.xml": "<a/>"}), "list.ods", "This is a .ods file"),
        (archive(**{"Index/Document.iwa": "x"}), "list.numbers", "This is a Numbers document"),
        (archive(**{"xl/workbook.bin": "x"}), "list.xlsb", "This is a .xlsb file"),
        (GOOD[:-200], "list.xlsx", "The file is damaged"),
        (with_parts(GOOD, {SHEET: "<worksheet><row"}), "list.xlsx", "The file is damaged"),
        (with_parts(GOOD, {"xl/vbaProject.bin": "x"}), "list.xlsm", "contains macros"),
        (with_parts(GOOD, {"xl/macrosheets/sheet1.xml": "<a/>"}), "list.xlsx", "contains macros"),
        (
            with_parts(GOOD, {"xl/externalLinks/externalLink1.xml": "<a/>"}),
            "list.xlsx",
            "links to other workbooks",
        ),
        (with_parts(GOOD, {"xl/connections.xml": "<a/>"}), "list.xlsx", "links to other workbooks"),
    ],
)
def test_what_is_not_a_plain_workbook_is_refused_by_its_content(data, name, words):
    assert words in refusal(data, name)


def test_an_xls_is_refused_with_what_to_do():
    sentence = refusal(OLE + "Workbook".encode("utf-16-le"))

    assert "“Save as”" in sentence
    assert ".xlsx" in sentence


def test_ten_megabytes_are_the_limit():
    assert "larger than 10 MB" in refusal(io.BytesIO(b"PK\x03\x04" + b"0" * safety.MOST_BYTES))


LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;">]>"""


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "docProps/core.xml", "xl/styles.xml"])
def test_a_billion_laughs_are_not_laughed(part):
    data = with_parts(GOOD, {part: LAUGHS + sheet_xml("<row><c><v>&c;</v></c></row>")})

    assert "definitions that no spreadsheet program writes" in refusal(data)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7"])
def test_definitions_cannot_hide_in_another_encoding(encoding):
    laughs = LAUGHS.replace("?>", f' encoding="{encoding}"?>', 1)

    assert "definitions that" in refusal(with_parts(GOOD, {SHEET: laughs.encode(encoding)}))


def test_a_bomb_is_not_unpacked():
    data = with_parts(GOOD, {SHEET: b"<worksheet>" + b" " * (60 * 1024 * 1024)})

    assert len(data) < 200_000
    assert "far too large" in refusal(data)


def test_many_small_bombs_are_one_bomb(monkeypatch):
    monkeypatch.setattr(safety, "MOST_BYTES_UNPACKED", 3 * 1024 * 1024)
    padding = {f"docProps/{n}.xml": b" " * 1_000_000 for n in range(4)}

    assert "far too large" in refusal(with_parts(GOOD, padding))


def test_a_directory_that_lies_about_a_size_does_not_help():
    """The part says that it is 10 bytes long; the parser must not see the rest of it."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = sheet_xml("").encode() + b" " * 5_000_000
    stream = packed.compress(content) + packed.flush()
    data = bytearray(with_parts(GOOD, {SHEET: content}))
    at = data.index(stream)
    sizes = struct.pack("<II", len(stream), len(content))
    assert data.count(sizes) == 2
    data = data.replace(sizes, struct.pack("<II", len(stream), 10))

    assert at
    assert refusal(bytes(data)) == refusal(GOOD[:-200])


def test_a_text_kept_once_and_used_everywhere_is_counted_as_often_as_it_is_used(monkeypatch):
    monkeypatch.setattr(safety, "MOST_BYTES_READ", 1_000_000)
    used = "<row>{}</row>".format('<c t="s"><v>0</v></c>' * 90) * 20
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"长" * 9000}</t></si></sst>'

    assert "far too large" in refusal(
        with_parts(GOOD, {SHEET: sheet_xml(used), "xl/sharedStrings.xml": shared})
    )


def far(address):
    return with_parts(
        GOOD,
        {
            SHEET: sheet_xml(
                '<row r="1"><c r="A1"><v>1</v></c></row>'
                f'<row r="{address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{address}"><v>1</v></c></row>'
            )
        },
    )


def test_a_stray_cell_at_the_end_of_the_world_is_named():
    assert "Cell XFD2 lies beyond the 100 columns" in refusal(far("XFD2"))
    assert "Row 1048576 lies beyond the 20000 rows" in refusal(far("A1048576"))


def test_cells_without_addresses_are_counted_too():
    wide = sheet_xml("<row>" + "<c><v>1</v></c>" * 101 + "</row>")

    assert "Cell CW1 lies beyond" in refusal(with_parts(GOOD, {SHEET: wide}))


def test_a_hundred_columns_are_taken_and_one_more_is_not():
    def wide(count):
        return book(
            ["序号", "存在问题", *map(str, range(count - 2))], [1, "排队", *["是"] * (count - 2)]
        )

    assert reading.read(wide(100), "", COLUMNS).number_of_rows == 1
    assert "Cell CW1 lies beyond the 100 columns" in refusal(wide(101))


def test_twenty_thousand_rows_are_taken_and_one_more_is_not():
    def long(count):
        heading = "".join(
            f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("序号", "问题")
        )
        row = '<row><c><v>1</v></c><c t="inlineStr"><is><t>排队</t></is></c></row>'
        return with_parts(GOOD, {SHEET: sheet_xml(f"<row>{heading}</row>{row * count}")})

    assert reading.read(long(20_000), "", COLUMNS).number_of_rows == 20_000
    assert "The file has 20001 rows; 20000 at most" in refusal(long(20_001))


def test_blank_formatted_cells_far_out_do_no_harm():
    def colour(worksheet):
        for address in ("XFD1", "A30000", "ZZ5"):
            worksheet[address].number_format = "0.00"

    data = book(["序号", "存在问题"], [1, "排队"], change=colour)

    assert reading.read(data, "", COLUMNS).number_of_rows == 1
