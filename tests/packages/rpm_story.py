"""The .rpm on a machine with a real systemd, with all its scriptlets. The tree is Debian's, whose rpm knows of no other package: so
dependencies are not asked for (tests/checks/packages holds their list), and the libraries come from Debian's packages."""
from story import Host, UNITS


def rpm(m, *argv):
    return m.run("rpm", "--force-debian", "--nodeps", *argv)


def enabled(m):
    return [m.run("systemctl", "is-enabled", u).stdout.strip() for u in UNITS]


def told(tree, old, new, version):
    """(right, what, more)"""
    packages = {"/root/%s.rpm" % n: p.read_bytes() for n, p in (("old", old), ("new", new))}
    with Host(tree, {"/etc/systemd/system-preset/99-default.preset": "disable *\n", **packages}) as m:
        m.apt("install", "libcurl4", "rpm")
        before = m.files()
        r = rpm(m, "-i", "/root/old.rpm")
        yield r.returncode == 0, "rpm -i", r.stdout + r.stderr
        yield m.run("id", "rolewatch", "rolewatch-broker").returncode == 0, "its users are there", m.run("id", "rolewatch").stderr
        yield enabled(m) == ["enabled"] * len(UNITS) and not m.active("rolewatch.service"), "enabled by its preset where all else is disabled, and not started", enabled(m)
        yield m.sh("stat -c '%U:%G %a' /run/rolewatch").stdout.strip() == "root:rolewatch 750", "tmpfiles made the folder of the socket", m.sh("ls -ld /run/rolewatch").stdout
        yield "rolewatch" in m.run("journalctl", "--list-catalog").stdout, "the catalog is known", ""
        yield m.run("systemctl", "start", "--no-block", *UNITS).returncode == 0 and m.until(20, lambda: m.active(*UNITS) and m.active("rolewatch-broker.service")), \
            "started, with the broker behind its socket", m.run("systemctl", "status", "rolewatch").stdout
        m.sh("sed -i 's/^#clear_delay = 5m/clear_delay = 7m/' /etc/rolewatch/rolewatch.conf", check=True)
        for what, name, want in (("upgrade", "new", version), ("downgrade", "old", "0.0.9"), ("upgrade again", "new", version),
                                 ("re-installation", "new", version)):
            pids = m.pid(), m.pid("rolewatch-broker")
            r = rpm(m, "-U", "--oldpackage", "--replacepkgs", "/root/%s.rpm" % name)
            yield r.returncode == 0 and m.version() == [want] and m.until(20, lambda: m.active(*UNITS) and m.active("rolewatch-broker.service")), \
                "%s: %s runs" % (what, want), r.stdout + r.stderr + str(m.version())
            yield m.pid() not in (0, pids[0]) and m.pid("rolewatch-broker") not in (0, pids[1]), "... both processes are new ones", pids
            yield "clear_delay = 7m" in m.sh("grep -v '^#' /etc/rolewatch/rolewatch.conf").stdout and enabled(m) == ["enabled"] * len(UNITS), "... settings and enablement are kept", ""
        yield m.sh("test -e /etc/rolewatch/rolewatch.conf.rpmnew").returncode == 0, "the new default lies beside the edited file", m.sh("ls /etc/rolewatch").stdout
        r = rpm(m, "-e", "rolewatch")
        yield r.returncode == 0 and not m.active(*UNITS) and not m.active("rolewatch-broker.service"), "rpm -e: stopped and gone", r.stdout + r.stderr
        # What the administrator edited is the administrator's.
        m.sh("rm -f /etc/rolewatch/rolewatch.conf.rpm*; rmdir /etc/rolewatch")
        # These two folders belong to the distribution's package "filesystem", which Debian has not.
        left = sorted(f for f in m.files() - before - {"/usr/share/licenses", "/usr/share/zsh/site-functions"} if not f.startswith("/var/lib/rpm/"))
        yield not left, "... no file is left but the edited settings", left
        yield "rolewatch" not in m.run("journalctl", "--list-catalog").stdout, "... nor in the catalog", ""

