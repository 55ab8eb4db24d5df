"""A Wine with the genuine MetaTrader5 package in a Windows Python, built once into a cache folder outside the clone."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plimsoll-wine"
COMPILER = "x86_64-w64-mingw32-gcc"
DUMPER = "x86_64-w64-mingw32-objdump"
DEBIAN = "apt-get install wine64 gcc-mingw-w64-x86-64-posix"

# numpy 2 aborts on Wine 8; panda3d carries a genuine python311.dll and the extension modules that belong to it.
WHEELS: Final = {
    "panda3d==1.10.16": "37acfb92655c4226879f95c988e2ef1449a53c54486d6c1ebc00e2772429af82",
    "numpy==1.24.4": "b7b1fc9864d7d39e28f41d089bfd6353cb5f27ecd9905348c24187a768c79694",
    "MetaTrader5==5.0.6231": "1e0fb5e43437f426be3e5aef614f6798a918377db4cdb380593a66d1908f918d",
    "msgspec==0.22.0": "024138c51afd335d0b4dce401be33902caafac2b64f8c9f2509a378986175d98",
    "psutil==7.2.2": "eb7e81434c8d223ec4a219b5fc1c47d0417b12be7ea866e24fb5ad6e84b3d988",
    "tzdata==2026.6": "0a10eec6e13ef16b627fabed9a5f2ba61a62b1c67f327305f4e7e412a70b4aec",
}
BESIDE_THE_PROGRAM = ("python311.dll", "VCRUNTIME140.dll")
NOT_NEEDED = ("__pycache__", "test", "tests", "lib-dynload", "site-packages", "dist-packages", "config-*", "idlelib",
              "tkinter", "turtledemo", "lib2to3", "ensurepip")  # fmt: skip
LAUNCHER = """
#include <wchar.h>
__declspec(dllimport) int Py_Main(int count, wchar_t **words);
int wmain(int count, wchar_t **words)
{
    return Py_Main(count, words);
}
"""
EXPORT = re.compile(r"^\s*\[\s*\d+\].*?\s(_?Py\w+)$", re.MULTILINE)
WINE_OWN = ("services.exe", "winedevice.exe", "plugplay.exe", "svchost.exe", "explorer.exe", "rpcss.exe", "conhost.exe",
            "wineboot.exe", "wineserver")  # fmt: skip


class Lacking(Exception):
    """What this machine lacks for it, and how to come by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wine:
    """A Wine prefix of its own, and the Windows Python in it."""

    loader: str
    server: str
    home: Path = HOME

    @property
    def program(self) -> Path:
        return self.home / "python" / "python.exe"

    @property
    def environment(self) -> dict[str, str]:
        """Only what is named here reaches Wine: no display, no browser, no debugger, no byte code in the clone."""
        return {
            "HOME": str(self.home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8",
            "WINEPREFIX": str(self.home / "prefix"), "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe,winedbg.exe=d",
            "PYTHONPATH": seen_by_windows(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip

    def command(self, *words: str, program: Path | None = None) -> tuple[str, ...]:
        """What starts Python, or another Windows program, in the prefix."""
        settings = (f"{name}={value}" for name, value in self.environment.items())
        return "/usr/bin/env", "-i", *settings, self.loader, str(program or self.program), *words

    def running(self) -> list[str]:
        """The command lines of Windows programs in the prefix, without Wine's own."""
        mark = f"WINEPREFIX={self.home / 'prefix'}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdecimal() and mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip())
            except OSError:  # it ended meanwhile, or is somebody else's
                continue
        return [line for line in found if line and not any(own in line for own in WINE_OWN)]

    def emptied(self, seconds: float) -> bool:
        """True once everything in the prefix has ended by itself, Wine's own services included."""
        try:
            subprocess.run([self.server, "-w"], env=self.environment, timeout=seconds, check=True)
        except subprocess.TimeoutExpired:
            return False
        return True

    def end(self) -> None:
        """End everything in the prefix, and wait for it."""
        subprocess.run([self.server, "-k"], env=self.environment, timeout=30, check=False)
        subprocess.run([self.server, "-w"], env=self.environment, timeout=30, check=False)


def seen_by_windows(path: Path) -> str:
    """A path as the programs in the prefix spell it."""
    return f"Z:{path}".replace("/", "\\")


@contextmanager
def wine() -> Iterator[Wine]:
    """Wine with the package in it, for one user at a time; Lacking where this machine cannot have it."""
    import fcntl  # noqa: PLC0415 -- Windows has none

    made = Wine(loader=_found("wine64", "/usr/lib/wine/wine64"),
                server=_found("wineserver", "/usr/lib/wine/wineserver64"))  # fmt: skip
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _build(made)
        try:
            yield made
        finally:
            made.end()


def _found(name: str, place: str = "", package: str = DEBIAN) -> str:
    path = shutil.which(name) or (place if Path(place).is_file() else "")
    if not path:
        raise Lacking(f"{name} is not here: {package}")
    return path


def _build(made: Wine) -> None:
    """Python and the prefix, unless they stand as this file describes them."""
    library = _standard_library()
    recipe = hashlib.sha256(Path(__file__).read_bytes() + str(library).encode()).hexdigest()
    stamp = HOME / "stamp"
    if stamp.is_file() and stamp.read_text() == recipe:
        return
    stamp.unlink(missing_ok=True)
    compiler, dumper = _found(COMPILER), _found(DUMPER)
    wheels = _wheels()
    for old in ("python", "prefix"):
        shutil.rmtree(HOME / old, ignore_errors=True)
    shutil.copytree(library, HOME / "python" / "Lib", ignore=shutil.ignore_patterns(*NOT_NEEDED))
    _unpack(wheels, HOME / "python")
    _compile(compiler, dumper, HOME / "python")
    subprocess.run([made.loader, "wineboot", "--init"], env=made.environment, cwd=HOME, timeout=200, check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    stamp.write_text(recipe)


def _standard_library() -> Path:
    """The modules in Python of a 3.11 on this machine, which is what python311.dll can run."""
    ask = "import sys, sysconfig; print(sysconfig.get_path('stdlib') if sys.version_info[:2] == (3, 11) else '')"
    for python in (sys.executable, shutil.which("python3.11")):
        folder = python and _said(python, "-c", ask).strip()
        if folder:
            return Path(folder)
    raise Lacking("no Python 3.11 is here, whose standard library is needed")


def _wheels() -> list[Path]:
    """The wheels, each the file expected; downloaded where they are not there yet."""
    folder = HOME / "wheels"
    folder.mkdir(exist_ok=True)
    wanted = set(WHEELS.values())
    if not wanted <= set(_hashes(folder)):
        listed = HOME / "wheels.txt"
        listed.write_text("".join(f"{name} --hash=sha256:{mark}\n" for name, mark in WHEELS.items()))
        for_windows = ["--platform", "win_amd64", "--python-version", "311", "--only-binary=:all:", "--no-deps"]
        download = [_python_with_pip(), "-m", "pip", "download", "-q", "--require-hashes", "-r", str(listed)]
        answer = subprocess.run([*download, *for_windows], cwd=folder, capture_output=True, text=True, timeout=280,
                                check=False)  # fmt: skip
        if answer.returncode:
            raise Lacking(f"the wheels could not be had: {answer.stderr.strip()}")
    return [path for mark, path in _hashes(folder).items() if mark in wanted]


def _hashes(folder: Path) -> dict[str, Path]:
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in folder.glob("*.whl")}


def _python_with_pip() -> str:
    for python in (sys.executable, "/usr/bin/python3", shutil.which("python3.11")):
        if python and _said(python, "-m", "pip", "--version"):
            return python
    raise Lacking("no pip is here: apt-get install python3-pip")


def _said(*command: str) -> str:
    """What a command prints; nothing where it fails or is not there."""
    try:
        return subprocess.run(command, timeout=60, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def _unpack(wheels: list[Path], python: Path) -> None:
    """The interpreter and its extension modules out of panda3d's, everything else as it is installed."""
    for path in wheels:
        with ZipFile(path) as wheel:
            if not path.name.startswith("panda3d"):
                wheel.extractall(python / "Lib" / "site-packages")
                continue
            for name in wheel.namelist():
                folder, _, file = name.rpartition("/")
                if folder == "deploy_libs" and not file.startswith("api-ms-"):
                    target = python if file in BESIDE_THE_PROGRAM else python / "DLLs"
                    target.mkdir(exist_ok=True)
                    (target / file).write_bytes(wheel.read(name))


def _compile(compiler: str, dumper: str, python: Path) -> None:
    """The program that calls Py_Main, and a python3.dll that hands everything on, which psutil is linked against."""
    (python / "launcher.c").write_text(LAUNCHER)
    _tool(compiler, "-O2", "-s", "-municode", "-o", "python.exe", "launcher.c", "python311.dll", cwd=python)
    names = EXPORT.findall(_tool(dumper, "-p", "python311.dll", cwd=python))
    forwarded = "".join(f"{name} = python311.{name}\n" for name in names)
    (python / "python3.def").write_text(f"LIBRARY python3.dll\nEXPORTS\n{forwarded}")
    _tool(compiler, "-shared", "-nostdlib", "-s", "-Wl,--entry,0", "-o", "python3.dll", "python3.def", cwd=python)


def _tool(*command: str, cwd: Path) -> str:
    return subprocess.run(command, cwd=cwd, timeout=60, check=True, capture_output=True, text=True).stdout
