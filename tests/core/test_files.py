"""Files are judged by content, stored out of reach, and shown without position."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from core import files
from core.files import judging

GPS = 0x8825
ORIENTATION = 0x0112


def picture(form="JPEG", size=(40, 20), *, exif=True):
    made = Image.new("RGB", size, "white")
    out = io.BytesIO()
    facts = Image.Exif()
    if exif:
        facts[ORIENTATION] = 6
        facts[0x010F] = "Phone"
        facts.get_ifd(GPS)[1] = "N"
        facts.get_ifd(GPS)[2] = (28.0, 11.0, 40.0)
    made.save(out, form, exif=facts)
    return out.getvalue()


def office(main="word/document.xml", extra=(), types=b"<Types/>"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr(main, b"<w/>")
        for name, content in extra:
            package.writestr(name, content)
    return out.getvalue()


def box(name, content):
    return (len(content) + 8).to_bytes(4, "big") + name + content


VIDEO = (
    box(b"ftyp", b"isom0000")
    + box(b"moov", box(b"mvhd", bytes(20)) + box(b"udta", box(b"\xa9xyz", b"+28.18+112.9/")))
    + box(b"mdat", b"frames")
)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("JPEG"), files.JPEG),
        (picture("PNG"), files.PNG),
        (picture("WEBP"), files.WEBP),
        (b"%PDF-1.7\n%%EOF", files.PDF),
        (office("word/document.xml"), files.DOCX),
        (office("xl/workbook.xml"), files.XLSX),
        (office("ppt/presentation.xml"), files.PPTX),
        (VIDEO, files.MP4),
        (box(b"ftyp", b"qt  0000") + box(b"mdat", b"x"), files.MOV),
    ],
)
def test_the_kind_is_judged_by_content_whatever_the_name(content, kind):
    assert files.judge(content, "照片.exe") == kind


@pytest.mark.parametrize("text", ["说明".encode(), "说明".encode("gb18030")])
def test_plain_text_is_taken_under_its_own_ending_alone(text):
    assert files.judge(text, "说明.txt") == files.TEXT
    with pytest.raises(files.FileRefusedError, match="This kind of file is not taken"):
        files.judge(text, "说明.html")


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.jpg", "The file is empty"),
        (b"MZ\x90\x00", "a.jpg", "This kind of file is not taken"),
        (b"<svg onload='x'/>", "a.svg", "This kind of file is not taken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "a.xls", "Save it as .docx, .xlsx or PDF"),
        (box(b"ftyp", b"heic0000"), "a.jpg", "Most Compatible"),
        (b"\xff\xd8\xff not a picture", "a.jpg", "The picture is damaged"),
        (picture()[:200], "a.jpg", "The picture is damaged"),
        (b"PK\x03\x04 broken", "a.docx", "The document is damaged"),
        (office("readme.md"), "a.docx", "Archives are not taken"),
        (office(extra=[("word/vbaProject.bin", b"x")]), "a.docx", "holds macros"),
        (office(types=b"application/vnd.ms-word.document.macroEnabled"), "a.docx", "holds macros"),
        (office(extra=[("word/big.xml", bytes(9_000_000))]), "a.docx", "unpacks to far more"),
        (
            office(extra=[(f"word/{n}.xml", b"") for n in range(files.MOST_PARTS)]),
            "a.docx",
            "unpacks to far more",
        ),
        (bytes(5) + b"\x01\x02", "a.txt", "This kind of file is not taken"),
    ],
)
def test_what_is_not_taken_is_refused_with_what_to_do(content, name, sentence):
    with pytest.raises(files.FileRefusedError, match=sentence):
        files.judge(content, name)


def test_a_file_beyond_the_limit_is_refused():
    with pytest.raises(files.FileRefusedError, match="larger than 20 MB"):
        files.judge(b"%PDF-1.7" + bytes(files.MOST_BYTES), "a.pdf")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(monkeypatch):
    monkeypatch.setattr(judging, "MOST_PIXELS", 100)

    with pytest.raises(files.FileRefusedError, match="too many pixels"):
        files.judge(picture(), "a.jpg")


def test_a_picture_that_claims_to_be_a_wall_is_refused_in_words():
    def chunk(name, content):
        mark = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", mark)

    claimed = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", claimed) + chunk(b"IEND", b"")

    with pytest.raises(files.FileRefusedError, match="too many pixels"):
        files.judge(bomb, "a.png")


def test_a_document_with_a_damaged_part_is_refused_in_words():
    whole = office(extra=[("word/media/a.bin", b"0123456789abcdef" * 4)])
    at = whole.index(b"word/media/a.bin") + len(b"word/media/a.bin")
    damaged = whole[: at + 4] + b"\x00\xff" + whole[at + 6 :]

    with pytest.raises(files.FileRefusedError, match="damaged"):
        files.without_position(damaged, files.DOCX)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_shown_picture_is_upright_and_says_nothing_about_where_it_was_taken(form):
    content = picture(form)

    shown = files.without_position(content, files.judge(content, ""))

    with Image.open(io.BytesIO(shown)) as copy:
        assert copy.size == (20, 40)
        assert dict(copy.getexif()) == {}
    assert b"Phone" not in shown


@pytest.mark.parametrize("mode", ["P", "1", "L", "LA", "RGBA", "I;16"])
def test_every_mode_of_picture_is_shown(mode):
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, "PNG")

    shown = files.without_position(out.getvalue(), files.PNG)

    with Image.open(io.BytesIO(shown)) as copy:
        assert copy.size == (8, 8)


def test_a_huge_photograph_is_shown_smaller():
    content = picture(size=(6000, 3000), exif=False)

    with Image.open(io.BytesIO(files.without_position(content, files.JPEG))) as copy:
        assert copy.size == (2560, 1280)


def test_a_video_is_shown_without_the_table_that_names_the_place():
    shown = files.without_position(VIDEO, files.MP4)

    assert len(shown) == len(VIDEO)
    assert b"112.9" not in shown
    assert b"frames" in shown
    assert b"mvhd" in shown


def test_a_photograph_in_a_document_is_shown_without_what_the_camera_wrote():
    content = office(extra=[("word/media/image1.jpeg", picture()), ("word/styles.xml", b"<s/>")])

    shown = files.without_position(content, files.DOCX)

    with zipfile.ZipFile(io.BytesIO(shown)) as copy, zipfile.ZipFile(io.BytesIO(content)) as was:
        assert copy.namelist() == was.namelist()
        assert copy.read("word/styles.xml") == b"<s/>"
        photograph = copy.read("word/media/image1.jpeg")
    with Image.open(io.BytesIO(photograph)) as bare:
        assert (bare.size, dict(bare.getexif())) == ((40, 20), {})
    assert b"Phone" not in photograph


def test_a_document_without_photographs_is_shown_as_it_is():
    assert files.without_position(office(), files.DOCX) is None


def test_a_video_whose_boxes_lie_is_refused():
    with pytest.raises(files.FileRefusedError, match="The video is damaged"):
        files.without_position(box(b"ftyp", b"isom") + b"\x00\x00\x00\x02moov", files.MP4)


def test_the_original_is_kept_word_for_word_beside_the_shown_copy():
    content = picture()

    kept = files.keep(ContentFile(content, name="C:\\照片\\改造后.jpg"), folder="evidence")

    with (
        default_storage.open(kept.path) as original,
        default_storage.open(kept.shown_path) as shown,
    ):
        assert original.read() == content
        assert b"Phone" not in shown.read()
    assert (kept.file_name, kept.size, kept.kind) == ("改造后.jpg", len(content), files.JPEG)
    assert "改造后" not in kept.path

    files.forget(kept)
    assert not default_storage.exists(kept.path)
    assert not default_storage.exists(kept.shown_path)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\报告.pdf", "报告.pdf"),
        ('a"b<c>.jpg', "a_b_c_.jpg"),
        ("", "file"),
        ("长" * 300 + ".docx", "长" * 115 + ".docx"),
    ],
)
def test_names_are_made_plain(name, plain):
    assert files.plain_name(name) == plain


def test_a_file_is_handed_out_so_that_a_browser_can_only_show_or_save_it():
    path = default_storage.save("evidence/x.docx", ContentFile(office()))

    response = files.send(path, name="整改 报告.docx", content_type=files.DOCX.content_type)

    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"
    for closer in response._resource_closers:
        closer()
