"""Builds of the packages for the tests: as they are, elsewhere in another way, and an older one."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

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


def start(kind, tree, out, env=None, umask=0o022, *more):
    """A build of "deb" or "rpm" under way; its log is OUT.log."""
    out.parent.mkdir(parents=True, exist_ok=True)
    argv = [tree / "packaging" / kind / "build", out, *more]
    return subprocess.Popen(argv, cwd=tree, stdout=open("%s.log" % out, "w"), stderr=subprocess.STDOUT, preexec_fn=lambda: os.umask(umask),
                            env={**os.environ, "DEB_BUILD_OPTIONS": "nocheck parallel=2", **(env or {})})


def start_within(tree, out):
    """The same of the .deb in another distribution's tree, by its compiler and libraries. The tree is only for builds."""
    shutil.rmtree(tree / "build", ignore_errors=True)
    copy(tree / "build/src")
    out.mkdir(parents=True)
    inside = "cd /build/src && packaging/deb/build /build/out"
    script = 'mount --bind "$2" "$1/build/out" && exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "DEB_BUILD_OPTIONS=nocheck parallel=2" sh -c "$3"'
    (tree / "build/out").mkdir()
    return subprocess.Popen(["unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc=%s/proc" % tree, "sh", "-c", script, "sh", tree, out, inside],
                            stdout=open("%s.log" % out, "w"), stderr=subprocess.STDOUT)


def package(out, kind):
    """The package itself, not that of its symbols."""
    found = [p for p in out.rglob("*." + kind) if "dbgsym" not in p.name]
    return found[0] if len(found) == 1 else None


def done(process, out, kind):
    if process.wait() != 0 or not package(out, kind):
        raise RuntimeError("%s was not built: %s" % (out, pathlib.Path("%s.log" % out).read_text()[-3000:]))
    return package(out, kind)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cjson(folder):
    """Debian's own source of cJSON, as the tarball that --cjson takes; apt works in a state of its own."""
    sources, folder = folder / "apt", folder.resolve()
    for d in ("lists/partial", "cache/archives/partial"):
        (sources / d).mkdir(parents=True)
    lines = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"], text=True,
                           capture_output=True, check=True).stdout.splitlines()
    uri, release, component = lines[0].split()
    (sources / "list").write_text("deb-src [trusted=yes] %s %s %s\n" % (uri, release, component))
    apt = ["apt-get", "-q", "-o", "Dir::Etc::SourceList=%s" % (sources / "list"), "-o", "Dir::Etc::SourceParts=-", "-o", "Dir::State=%s" % sources,
           "-o", "Dir::Cache=%s" % (sources / "cache"), "-o", "APT::Sandbox::User=root"]
    subprocess.run([*apt, "update"], check=True, capture_output=True)
    subprocess.run([*apt, "source", "--download-only", "cjson"], check=True, capture_output=True, cwd=folder)
    orig = next(folder.glob("cjson_*.orig.tar.gz"))
    version = orig.name.split("_")[1].removesuffix(".orig.tar.gz")
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["tar", "-xf", orig, "-C", name], check=True)
        inside = next(pathlib.Path(name).iterdir()).rename(pathlib.Path(name) / ("cJSON-" + version))
        out = folder / ("cJSON-%s.tar.gz" % version)
        subprocess.run(["tar", "-czf", out, "-C", name, inside.name], check=True)
    return out
