"""Pictures that stand for evidence: drawn, not taken, and marked as such."""

from __future__ import annotations

from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

BEFORE, AFTER = (246, 236, 230), (230, 240, 246)


def picture(title: str, lines: list[str], *, is_after: bool) -> ContentFile[bytes]:
    """A JPEG of 960 × 640 with a title; the camera's place is in it, for the product to take out."""
    image = Image.new("RGB", (960, 640), AFTER if is_after else BEFORE)
    draw = ImageDraw.Draw(image)
    fonts = sorted((settings.BASE_DIR / "static" / "fonts").rglob("PaperHei.otf"))
    font = ImageFont.truetype(str(fonts[0]), 44) if fonts else ImageFont.load_default(44)
    small = ImageFont.truetype(str(fonts[0]), 28) if fonts else ImageFont.load_default(28)
    draw.rectangle((24, 24, 936, 616), outline=(120, 130, 140), width=3)
    for n in range(4):
        left = 70 + n * 215
        draw.rectangle((left, 330, left + 175, 560), fill=(205, 214, 222), outline=(150, 160, 170))
        draw.rectangle((left + 30, 370, left + 145, 440), fill=(245, 248, 250))
    draw.text((60, 60), title, fill=(40, 50, 60), font=font)
    for n, line in enumerate(lines):
        draw.text((60, 140 + n * 44), line, fill=(80, 90, 100), font=small)
    exif = Image.Exif()
    exif[0x010F] = "Demonstration"
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (30.0, 15.0, 0.0), 3: "E", 4: (120.0, 10.0, 0.0)})
    out = BytesIO()
    image.save(out, "JPEG", quality=70, exif=exif)
    return ContentFile(out.getvalue(), name=f"{title}.jpg")
