"""Fetch, check and record the front-end files that are committed under static/vendor.

``update`` (maintainers; needs the npm client) packs every package of vendor.lock.json, verifies its
integrity, copies the listed files without their source map notes, builds the icon sprite and writes
the licences and SHA256SUMS. ``check`` (everybody, offline) proves that what is committed is exactly
what was recorded.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
LOCK = "vendor.lock.json"
SUMS = "SHA256SUMS"
SOURCE_MAP = re.compile(rb"\n?(//|/\*)[#@] ?sourceMappingURL=[^\n*]*(\*/)?\s*$")
REACHES_OUT = re.compile(rb"url\(\s*['\"]?(https?:)?//|@import", re.IGNORECASE)
MIT = """MIT License

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


class VendorError(Exception):
    """What is committed, or what was fetched, is not what the lock says."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["update", "check"])
    command = parser.parse_args(argv).command
    try:
        if command == "update":
            update()
        faults = check()
    except VendorError as error:
        faults = [str(error)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def update() -> None:
    lock = json.loads((VENDOR / LOCK).read_text())
    for package in lock["packages"]:
        with tempfile.TemporaryDirectory() as folder:
            unpack(fetch(package, Path(folder)), package)
    (VENDOR / LOCK).write_text(json.dumps(lock, indent=2) + "\n")
    lines = [f"{digest(path)}  {path.relative_to(VENDOR)}\n" for path in committed()]
    (VENDOR / SUMS).write_text("".join(lines))


def fetch(package: dict[str, Any], folder: Path) -> Path:
    """Pack the exact version; the integrity is compared, or recorded when it is new."""
    wanted = f"{package['name']}@{package['version']}"
    command = ["npm", "pack", wanted, "--json", "--ignore-scripts"]
    answer = subprocess.run(command, cwd=folder, check=True, capture_output=True)
    archive = folder / json.loads(answer.stdout)[0]["filename"]
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if package.setdefault("integrity", found) != found:
        raise VendorError(f"{wanted}: the integrity is {found}, the lock says otherwise")
    return archive


def unpack(archive: Path, package: dict[str, Any]) -> None:
    with tarfile.open(archive) as tar:
        contents = Unpacked(tar)
        for source, target in package.get("files", {}).items():
            write(target, SOURCE_MAP.sub(b"\n", contents.read(source)))
        if icons := package.get("icons"):
            write(package["sprite"], sprite(contents, icons))
        write(f"{package['folder']}/LICENSE", licence(contents, package))


class Unpacked:
    """Read single files out of a packed package, none of them through the file system."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.names = set(tar.getnames())

    def read(self, name: str) -> bytes:
        member = f"package/{name}"
        found = self.tar.extractfile(member) if member in self.names else None
        if found is None:
            raise VendorError(f"the package has no {name}")
        return found.read()


def sprite(contents: Unpacked, icons: list[str]) -> bytes:
    """One file with a symbol for each icon; `filled/name` becomes the symbol `name-filled`."""
    symbols = []
    for icon in sorted(icons):
        folder, _, name = icon.rpartition("/")
        drawing = contents.read(f"icons/{folder or 'outline'}/{name}.svg").decode()
        paths = re.findall(r"<(?:path|circle|line|rect)[^>]*/>", drawing)
        shapes = "".join(path for path in paths if "M0 0h24v24H0z" not in path)
        filled = 'fill="currentColor" stroke="none"' if folder == "filled" else 'fill="none"'
        key = f"{name}-filled" if folder == "filled" else name
        symbols.append(f'<symbol id="{key}" viewBox="0 0 24 24" {filled}>{shapes}</symbol>\n')
    body = "".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}</svg>\n'.encode()


def licence(contents: Unpacked, package: dict[str, Any]) -> bytes:
    """The package's own licence, or the MIT text under the copyright line that its files carry."""
    if "LICENSE" in {name.removeprefix("package/") for name in contents.names}:
        return contents.read("LICENSE")
    return MIT.format(copyright=package["copyright"]).encode()


def write(target: str, content: bytes) -> None:
    path = VENDOR / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def committed() -> list[Path]:
    """Every vendored file except the two that describe the others."""
    files = (path for path in VENDOR.rglob("*") if path.is_file())
    return sorted(path for path in files if path.name not in {LOCK, SUMS})


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check(folder: Path = VENDOR) -> list[str]:
    """Name every file that is missing, changed, extra, or reaches for another host."""
    lines = (folder / SUMS).read_text().splitlines()
    recorded = {name: found for found, name in (line.split("  ", 1) for line in lines)}
    files = {path for path in folder.rglob("*") if path.is_file()}
    present = {str(p.relative_to(folder)): p for p in files if p.name not in {LOCK, SUMS}}
    faults = [f"{name}: missing" for name in recorded.keys() - present.keys()]
    faults += [f"{name}: not in {SUMS}" for name in present.keys() - recorded.keys()]
    for name in sorted(recorded.keys() & present.keys()):
        content = present[name].read_bytes()
        if hashlib.sha256(content).hexdigest() != recorded[name]:
            faults.append(f"{name}: changed since it was recorded")
        if b"sourceMappingURL" in content or REACHES_OUT.search(content):
            faults.append(f"{name}: refers to a file that is not shipped")
    return sorted(faults)


if __name__ == "__main__":
    sys.exit(main())
