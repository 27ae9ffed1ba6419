"""Builds of the packages for the tests: as they are, elsewhere in another way, and an older one."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
PACKED = ["Makefile", "README.md", "LICENSE", "agent", "include", "packaging", "systemd", "tests"]
VERSION = re.match(r"rolewatch \(([^)]+)\)", (TOP / "packaging/changelog").read_text())[1]
# What must not show in a package: where, by whom and in what surroundings it was built.
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8", "HOME": "/nonexistent"}


def copy(folder, version=None):
    """The tree below `folder`; with `version` as an older release had it: another version, and other settings."""
    folder.mkdir(parents=True)
    for name in PACKED:
        if (TOP / name).is_dir():
            shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(TOP / name, folder)
    if version:
        log, conf = folder / "packaging/changelog", folder / "packaging/rolewatch.conf"
        log.write_text(log.read_text().replace("(%s)" % VERSION, "(%s)" % version, 1))
        conf.write_text(conf.read_text() + "# as it was before\n")
    return folder


def start(kind, tree, out, env=None, umask=0o022):
    """A build of "deb" or "rpm" under way; its log is OUT.log."""
    out.parent.mkdir(parents=True, exist_ok=True)
    argv = [tree / "packaging" / kind / "build", out]
    return subprocess.Popen(argv, cwd=tree, stdout=open("%s.log" % out, "w"), stderr=subprocess.STDOUT, preexec_fn=lambda: os.umask(umask),
                            env={**os.environ, "DEB_BUILD_OPTIONS": "nocheck parallel=2", **(env or {})})


def start_within(tree, out):
    """The same of the .deb in another distribution's tree, by its compiler. The tree is only for builds; the sysroot is the machine's."""
    shutil.rmtree(tree / "build", ignore_errors=True)
    copy(tree / "build/src")
    out.mkdir(parents=True)
    inside = "cd /build/src && packaging/deb/build /build/out"
    kept = pathlib.Path(os.environ.get("ROLEWATCH_PACKAGES_DIR", "/var/lib/rolewatch-packages"))
    (tree / "var/lib/rolewatch-packages").mkdir(exist_ok=True)
    script = 'mount --bind "$2" "$1/build/out" && mount --bind "$4" "$1/var/lib/rolewatch-packages" && exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "DEB_BUILD_OPTIONS=nocheck parallel=2" sh -c "$3"'
    (tree / "build/out").mkdir()
    return subprocess.Popen(["unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc=%s/proc" % tree, "sh", "-c", script, "sh", tree, out, inside, kept],
                            stdout=open("%s.log" % out, "w"), stderr=subprocess.STDOUT)


def package(out, kind):
    """The package itself, not that of its symbols."""
    found = [p for p in out.rglob("*." + kind) if "dbgsym" not in p.name and ".src." not in p.name]
    return found[0] if len(found) == 1 else None


def done(process, out, kind):
    if process.wait() != 0 or not package(out, kind):
        raise RuntimeError("%s was not built: %s" % (out, pathlib.Path("%s.log" % out).read_text()[-3000:]))
    return package(out, kind)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
