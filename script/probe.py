"""Ask a health page from inside the container, as the proxy would; exit 0 when it answers 200."""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

address = urlsplit(sys.argv[1])
host = os.environ.get("ALLOWED_HOSTS", "localhost").partition(",")[0]
page = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port or 80, timeout=8)
try:
    page.request("GET", address.path, headers={"Host": host, "X-Forwarded-Proto": "https"})
    answer = page.getresponse()
    print(answer.read().decode())
except OSError as error:
    sys.exit(str(error))
sys.exit(answer.status != http.HTTPStatus.OK)
