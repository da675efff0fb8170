"""Run nginx, Apache and Caddy with our settings, each on a port of its own of this machine."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from nutgraf.publish.hosting.servers import SERVERS
from tests.hosting.table import lay, names

_MODULES: Final = Path("/usr/lib/apache2/modules")
_WAIT_S: Final = 20


def _nginx(folder: Path, site: Path, root: Path, port: int, base: str) -> list[str]:
    own = SERVERS["nginx"](base, names(base))["nginx.conf"]
    own = own.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/var/www/html", root.as_posix())
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/log;\nevents {{ }}\n"
        f"http {{\naccess_log off;\n{paths}{own}}}\n",
        encoding="utf-8",
    )
    if Path("/etc/nginx").is_dir() and site.stat().st_uid == 0:
        text = (folder / "nginx.conf").read_text(encoding="utf-8")
        (folder / "nginx.conf").write_text(f"user root;\n{text}", encoding="utf-8")
    return ["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/log"]


def _apache(folder: Path, site: Path, root: Path, port: int, base: str) -> list[str]:
    (site / ".htaccess").write_text(SERVERS["apache"](base, names(base))[".htaccess"], encoding="utf-8")
    needed = ("mpm_event", "authz_core", "rewrite", "headers", "setenvif", "mime", "dir", "negotiation")
    modules = "".join(f"LoadModule {name}_module {_MODULES}/mod_{name}.so\n" for name in needed)
    (folder / "apache.conf").write_text(
        f"{modules}ServerName localhost\nListen 127.0.0.1:{port}\nPidFile {folder}/pid\n"
        f"ErrorLog {folder}/log\nTypesConfig /dev/null\nDocumentRoot {root}\n"
        f"<Directory {root}>\nRequire all granted\n"
        "AllowOverride FileInfo Indexes Options=MultiViews,Indexes\n</Directory>\n",
        encoding="utf-8",
    )
    return ["apache2", "-DFOREGROUND", "-d", str(folder), "-f", f"{folder}/apache.conf"]


def _caddy(folder: Path, site: Path, root: Path, port: int, base: str) -> list[str]:
    own = SERVERS["caddy"](base, names(base))["Caddyfile"]
    own = own.replace(f"{urlsplit(base).netloc} {{", f"http://127.0.0.1:{port} {{")
    own = own.replace("/var/www/html", root.as_posix())
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{own}", encoding="utf-8")
    return ["caddy", "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


_Starter = Callable[[Path, Path, Path, int, str], list[str]]
_STARTERS: Final[dict[str, tuple[str, _Starter]]] = {
    "nginx": ("nginx", _nginx),
    "apache": ("apache2", _apache),
    "caddy": ("caddy", _caddy),
}
NAMES: Final = tuple(_STARTERS)


@contextmanager
def running(name: str, folder: Path, base: str) -> Iterator[int]:
    """A server of the small site; its port."""
    program, starter = _STARTERS[name]
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    if path is None:
        pytest.skip(f"{program} is not here; apt-get install {program}")
    root = folder / "root"
    site = root / urlsplit(base).path.strip("/")
    lay(site)
    port = _free_port()
    command = starter(folder, site, root, port, base)
    with (folder / "output").open("wb") as output:
        # Caddy keeps what it knows in the home folder.
        own_home = os.environ | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        process = subprocess.Popen([path, *command[1:]], stdout=output, stderr=output, env=own_home)
    try:
        _await(process, port, folder)
        yield port
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


def ask(port: int, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send one request; its target is sent as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest("GET", target, skip_accept_encoding=True)
        for key, value in headers.items():
            connection.putheader(key, value)
        connection.endheaders()
        response = connection.getresponse()
        found = {key.lower(): value for key, value in response.getheaders()}
        return response.status, found, response.read()
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _await(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + _WAIT_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    log = folder / "log"
    said = (folder / "output").read_text() + (log.read_text() if log.exists() else "")
    pytest.fail(f"the server did not start: {said}")
