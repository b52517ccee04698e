"""What a swap gets is the part of the page that a person without scripts gets."""

import re


def element(html, ident):
    """The element with this id, cut out of a page or a part, without the tokens that differ each time."""
    opening = re.search(rf"<(\w+)[^>]*\bid=\"{ident}\"", html)
    assert opening, f"there is no element #{ident}"
    tag, depth, at = opening[1], 0, opening.start()
    for found in re.finditer(rf"<{tag}\b|</{tag}>", html[at:]):
        depth += 1 if found[0].startswith(f"<{tag}") else -1
        if depth == 0:
            return re.sub(
                r"(csrfmiddlewaretoken\" value=)\"\w+\"", r"\1", html[at : at + found.end()]
            )
    raise AssertionError(f"#{ident} does not end")


def assert_same_part(client, url, ident):
    page = client.get(url)
    part = client.get(url, headers={"HX-Request": "true"})

    assert (page.status_code, part.status_code) == (200, 200)
    assert "<html" not in part.content.decode()
    assert element(part.content.decode(), ident) == element(page.content.decode(), ident)
    assert element(part.content.decode(), ident).strip() != ""
