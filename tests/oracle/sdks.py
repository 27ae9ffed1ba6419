"""The SDKs the oracle runs: one row a release, with what installs it (setup) and what runs it."""
import collections
import pathlib
import subprocess

import natives

HERE = pathlib.Path(__file__).resolve().parent
RUNNERS = HERE / "runners"
# loads: what need not be loaded anew for each case (runners/seed.*); None: a process of its own for each.
# needs: a file without which the release cannot run here. often: `oracle-check` runs it, and not only compares its record.
Sdk = collections.namedtuple("Sdk", "family version release command loads needs often", defaults=(None, None, True))

# Releases from npm: v2 by its own number; v3 by a client's number and the day before which the
# parts it draws in were published (None: its parts are pinned). The version that counts for a row
# of the chain table is that of @aws-sdk/credential-provider-node.
JS2 = ("2.4.6", "2.428.0", "2.430.0", "2.516.0", "2.517.0", "2.574.0", "2.1693.0")
JS3 = (("3.345.0", None), ("3.1079.0", "2026-07-06"), ("3.1083.0", "2026-07-10"),
       ("3.1173.0", "2026-11-24"))
CRT = "1.33.2"
# Releases from Maven Central: the STS client of each, which draws in the rest. Family, group, artifact, releases.
JAVA = (("java1", "com.amazonaws", "aws-java-sdk-sts",
         ("1.11.0", "1.11.16", "1.11.400", "1.11.678", "1.11.900", "1.12.300", "1.12.797")),
        ("java2", "software.amazon.awssdk", "sts", ("2.1.0", "2.5.71", "2.10.15", "2.11.14", "2.15.35", "2.17.100", "2.20.50", "2.25.10", "2.59.1")))
# Tools with a chain of their own, as Debian packages them: family, release, suite, program and package. What one program
# does by its options are several families. LIBRARIES they need and other programs may lack, from the machine's own release.
LIBRARIES = ("libpq5", "libfuse2", "libcurl3-gnutls")
TOOLS = (("registry", "2.8.2", "bookworm", "docker-registry", "docker-registry"),
         ("registry", "2.8.3", "trixie", "docker-registry", "docker-registry"),
         ("pgbackrest", "2.45", "bookworm", "pgbackrest", "pgbackrest"),
         ("pgbackrest", "2.55.1", "trixie", "pgbackrest", "pgbackrest"),
         ("s3fs-iam-role", "1.90", "bookworm", "s3fs", "s3fs"),
         ("s3fs-ecs", "1.90", "bookworm", "s3fs", "s3fs"),
         ("s3fs", "1.90", "bookworm", "s3fs", "s3fs"),
         ("s3cmd", "2.3.0", "bookworm", "s3cmd", "s3cmd"),
         ("s3cmd", "2.4.0", "trixie", "s3cmd", "s3cmd"),
         ("restic", "0.14.0", "bookworm", "restic", "restic"),
         ("restic", "0.18.0", "trixie", "restic", "restic"),
         ("rclone", "1.60.1", "bookworm", "rclone", "rclone"))
BOTO2 = "2.49.0"


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def debian(package):
    """Debian's own suffixes are not the SDK's version."""
    version = output("dpkg-query", "-W", "-f=${Version}", package)
    return version.partition("-")[0].partition("+")[0]


def python_version(python):
    return output(python, "-c", "import botocore; print(botocore.__version__)")


def js3_version(folder):
    return output("node", "-p", "require('%s').version" % (
        folder / "node_modules/@aws-sdk/credential-provider-node/package.json"))


def tool_folder(build, row):
    return build / "tools" / ("%s-%s" % (row[3], row[1]))


def tool(family, version, where, program):
    return Sdk(family, version, where, ("/usr/bin/python3", str(RUNNERS / "tool.py"), family, str(program)))


def all_tools(build, programs=()):
    """programs: releases that are no package of these suites, as FAMILY@VERSION=PATH."""
    found = [tool(row[0], row[1], "Debian %s, %s" % (row[2], row[4]), tool_folder(build, row) / "usr/bin" / row[3]) for row in TOOLS]
    found += [tool(*what.split("@"), path, path) for what, _, path in (p.partition("=") for p in programs)]
    return found + [Sdk("boto2", BOTO2, "boto", ("/usr/bin/python3", str(RUNNERS / "boto2.py"), str(build / "tools/boto2")))]


def java(build):
    """loads: the options of the JVM that runs all of them."""
    loads = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-Dhttp.keepAlive=false", "--add-opens=java.base/java.lang=ALL-UNNAMED",
             "-Djavax.net.ssl.trustStore=%s" % (build / "tls/ca.p12"), "-Djavax.net.ssl.trustStorePassword=changeit", "-cp", str(build / "java"), "Seed")
    return [Sdk(family, v, artifact, ("java", *loads, family, str(build / ("%s-%s" % (family, v)))), loads)
            for family, _, artifact, versions in JAVA for v in versions]


def all_sdks(build, pythons=()):
    found = [Sdk("botocore", python_version(p), "botocore",
                 (p, str(RUNNERS / "default_chain.py")), ("botocore.session",)) for p in ("/usr/bin/python3", *pythons)]
    found += [Sdk("cli2", debian("awscli"), "awscli", ("/usr/bin/python3", str(RUNNERS / "cli2.py")),
                  ("awscli.clidriver",))]
    found += [Sdk("js2", v, "aws-sdk", ("node", str(RUNNERS / "js2.js"),
                                        str(build / "js2" / "node_modules" / ("js2-" + v))), ())
              for v in JS2]
    found += [Sdk("js3", js3_version(build / ("js3-" + v)), "@aws-sdk/client-sts " + v,
                  ("node", str(RUNNERS / "js3.js"), str(build / ("js3-" + v))), ()) for v, _ in JS3]
    found += [Sdk("go1", debian("golang-github-aws-aws-sdk-go-dev"), "aws-sdk-go",
                  (str(build / "go1"),)),
              Sdk("go2", debian("golang-github-aws-aws-sdk-go-v2-dev"), "aws-sdk-go-v2",
                  (str(build / "go2"),)),
              *java(build),
              Sdk("ruby3", debian("ruby-aws-sdk-core"), "aws-sdk-core",
                  ("ruby", str(RUNNERS / "ruby3.rb")), ("aws-sdk-core",)),
              # what counts is the aws-c-auth that each carries
              Sdk("crt", "0.6.24", "awscrt " + debian("python3-awscrt"),
                  ("/usr/bin/python3", str(RUNNERS / "crt.py")), ("awscrt.auth", "awscrt.io")),
              Sdk("crt", "0.10.5", "aws-crt " + CRT,
                  ("node", str(RUNNERS / "crt.js"), str(build / "js2/node_modules/aws-crt")))]
    return found + list(natives.rows(build, Sdk))
