"""The SDKs the oracle runs: one row a release, with what installs it (setup) and what runs it."""
import collections
import pathlib
import subprocess

import natives

HERE = pathlib.Path(__file__).resolve().parent
RUNNERS = HERE / "runners"
# loads: what need not be loaded anew for each case (runners/seed.*); None: a process of its own for each.
# needs: a file without which the release cannot run here. often: `oracle-check` runs it, and not only compares its record, if it has one.
# by_hand: it is asked the cases of hand.py, too, which are about what SDKs read and tools do not.
Sdk = collections.namedtuple("Sdk", "family version release command loads needs often by_hand", defaults=(None, None, True, True))

# Releases from npm: v2 by its own number; v3 by a client's number and the day before which the
# parts it draws in were published (None: its parts are pinned). The version that counts for a row
# of the chain table is that of @aws-sdk/credential-provider-node.
JS2 = ("2.4.6", "2.428.0", "2.430.0", "2.516.0", "2.517.0", "2.574.0", "2.1693.0")
JS3 = (("3.345.0", None, "3.345.0"), ("3.450.0", None, "3.450.0"), ("3.451.0", None, "3.451.0"), ("3.504.0", None, "3.504.0"),
       ("3.577.0", None, "3.577.0"), ("3.637.0", None, "3.637.0"), ("3.734.0", None, "3.734.0"), ("3.738.0", None, "3.738.0"), ("3.922.0", None, "3.922.0"),
       ("3.1079.0", "2026-07-06", "3.972.62"), ("3.1083.0", "2026-07-10", "3.972.66"), ("3.1173.0", "2026-11-24", "3.972.97"),
       ("3.1177.0", "2026-11-25", "3.972.99"))
CRT = "1.33.2"
# Releases from Maven Central: the STS client of each, which draws in the rest; Kotlin's chain has one in it. Family, group, artifact, releases.
JAVA = (("java1", "com.amazonaws", "aws-java-sdk-sts",
         ("1.11.0", "1.11.16", "1.11.400", "1.11.678", "1.11.900", "1.12.300", "1.12.797")),
        ("java2", "software.amazon.awssdk", "sts", ("2.1.0", "2.5.71", "2.10.15", "2.11.14", "2.15.35", "2.17.100", "2.20.50", "2.25.10", "2.59.1")),
        ("kotlin", "aws.sdk.kotlin", "aws-config-jvm", ("1.0.48", "1.2.8", "1.2.16", "1.3.99", "1.4.59", "1.5.16", "1.5.59", "1.5.90",
                                                         "1.6.75", "1.8.9", "1.8.12")))
# Releases from PyPI: on both sides of each turn of the chain, and newest.
BOTOCORE = ("0.109.0", "1.2.0", "1.4.36", "1.4.37", "1.5.26", "1.5.27", "1.9.11", "1.9.12", "1.12.199", "1.12.200", "1.13.20", "1.13.21",
            "1.17.0", "1.20.0", "1.23.0", "1.27.0", "1.31.85", "1.32.0", "1.32.3", "1.32.4", "1.34.162", "1.36.0", "1.40.76",
            "1.41.0", "1.42.4", "1.42.5", "1.43.0", "1.44.8")
BEFORE_PYTHON_310 = BOTOCORE[:BOTOCORE.index("1.20.0")]
# awscrt by its own number, and that of the aws-c-auth inside.
AWSCRT = (("0.16.0", "0.6.21"), ("0.19.0", "0.7.1"), ("0.19.19", "0.7.8"), ("0.21.0", "0.7.22"), ("0.22.0", "0.7.31"), ("0.24.2", "0.8.5"),
          ("0.27.0", "0.9.0"), ("0.29.0", "0.9.2"), ("0.31.0", "0.9.4"), ("0.35.0", "0.10.3"), ("0.38.1", "0.10.5"))
# Newer packages of Debian, unpacked and run by this machine's own interpreters: release, suite, packages.
CLI2 = (("2.23.6", "trixie", "awscli"), ("2.38.1", "sid", "awscli"))
RUBY_PACKAGES = "ruby-aws-sdk-core ruby-aws-partitions ruby-aws-sigv4 ruby-aws-eventstream ruby-jmespath"
RUBY3 = (("3.212.0", "trixie", RUBY_PACKAGES), ("3.257.0", "sid", RUBY_PACKAGES))
PHP = ("3.318.0", "3.376.2")
# What the Debian packages above need beside this machine's own.
AWSCLI_NEEDS = "awscrt==0.38.1 ruamel.yaml==0.17.21"


def newest(rows, every):
    return rows if every else rows[-1:]


def packages(kind, every):
    """Prints what setup installs: a folder, and packages for it."""
    if kind == "tools":
        for row in TOOLS:
            print(tool_folder(HERE, row).name, row[2], row[4], sep="|")
        for version, suite in ASYNC_AWS:
            print("async-aws-" + version, suite, ASYNC_AWS_NEEDS, sep="|")
    if kind == "wheels":
        for row in WHEELS:
            print(wheel_folder(HERE, row).name, row[2], sep="|")
    if kind == "debian":
        for folder, rows in (("awscli-", CLI2), ("ruby-", RUBY3)):
            for version, suite, names in newest(rows, every):
                print(folder + version, suite, names, sep="|")
    if kind == "python":
        print("awscli", AWSCLI_NEEDS)
        for version in newest(BOTOCORE, every):
            print("botocore-" + version, "--no-deps", "botocore==" + version)
        for version, _ in newest(AWSCRT, every):
            print("awscrt-" + version, "--no-deps", "awscrt==" + version)
    if kind == "java":
        for family, group, artifact, versions in JAVA:
            for version in newest(versions, every):
                print(family, group, artifact, version)
    if kind == "s3a":
        for row in newest(S3A, every):
            print(*row)
    if kind == "js3":
        for client, before, provider in JS3 if every else [row for row in JS3 if row[0] == "3.345.0" or row[2].startswith("3.972")]:
            print(client, before, provider)


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
# Hadoop's S3A from Maven Central, with the modules of the SDK that it needs and not its bundle of them all: release, SDK's group, release and modules of that.
S3A = (("3.3.6", "com.amazonaws", "1.12.367", "aws-java-sdk-s3 aws-java-sdk-sts aws-java-sdk-dynamodb"),
       ("3.4.2", "software.amazon.awssdk", "2.29.52", "s3 sts"))
S3A_OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Djavax.net.ssl.trustStorePassword=changeit")
# A library of Debian's packages that its own PHP runs: release, suite.
ASYNC_AWS = (("1.18.1", "bookworm"), ("1.25.0", "trixie"), ("1.30.0", "sid"))
ASYNC_AWS_NEEDS = ("php-async-aws-core php-symfony-http-client php-symfony-http-client-contracts php-symfony-service-contracts "
                   "php-symfony-deprecation-contracts php-psr-log php-psr-cache php-psr-container")
# Libraries with a chain of their own, as PyPI's wheels carry them: family, release of the library, wheel.
WHEELS = (("boto2", "2.49.0", "boto==2.49.0"),
          # reqsign, whose credentials OpenDAL takes
          ("opendal", "0.14.1", "opendal==0.42.0"), ("opendal", "0.16.5", "opendal==0.46.0"),
          ("opendal", "3.0.0", "opendal==0.47.1"), ("opendal", "3.0.1", "opendal==0.47.3"), ("opendal", "3.1.0", "opendal==0.47.6"),
          ("opendal", "3.2.0", "opendal==0.47.12"),
          ("object-store", "0.12.0", "obstore==0.6.0"), ("object-store", "0.13.1", "obstore==0.9.0"), ("object-store", "0.14.2", "obstore==0.12.1"),
          ("gdal", "3.7.2", "pyogrio==0.7.2"), ("gdal", "3.8.5", "pyogrio==0.8.0"), ("gdal", "3.10.3", "pyogrio==0.11.0"),
          ("gdal", "3.12.4", "pyogrio==0.13.0"))
# The release of a package that this machine has anyway: on another one it is another.
OWN = "Debian's own"


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def debian(package):
    """Debian's own suffixes are not the SDK's version. None: not installed."""
    done = subprocess.run(("dpkg-query", "-W", "-f=${Version}", package), capture_output=True, text=True)
    return done.stdout.partition("-")[0].partition("+")[0] if done.returncode == 0 else None


def python_version(python):
    return output(python, "-c", "import botocore; print(botocore.__version__)")


def tool_folder(build, row):
    return build / "tools" / ("%s-%s" % (row[3], row[1]))


def tool(family, version, where, program):
    return Sdk(family, version, where, ("/usr/bin/python3", str(RUNNERS / "tool.py"), family, str(program)), None, program,
               by_hand=False)


def wheel_folder(build, row):
    return build / "tools" / ("%s-%s" % row[:2])


def wheel(build, family, version, package):
    folder = wheel_folder(build, (family, version))
    runner = ("boto2.py",) if family == "boto2" else ("tool.py", family)
    return Sdk(family, version, package, ("/usr/bin/python3", str(RUNNERS / runner[0]), *runner[1:], str(folder)), None, folder / ".done",
               by_hand=family == "boto2")


def all_tools(build):
    found = [tool(row[0], row[1], "Debian %s, %s" % (row[2], row[4]), tool_folder(build, row) / "usr/bin" / row[3]) for row in TOOLS]
    for version, suite in ASYNC_AWS:
        folder = build / "tools" / ("async-aws-" + version)
        found.append(Sdk("async-aws", version, "Debian " + suite, ("php", str(RUNNERS / "async-aws.php"), str(folder / "usr/share/php")), None,
                         folder / ".done", by_hand=False))
    for version, *_ in S3A:
        folder = build / ("s3a-" + version)
        found.append(Sdk("s3a", version, "hadoop-aws", ("java", *S3A_OPTIONS, "-Djavax.net.ssl.trustStore=%s" % (build / "tls/ca.p12"),
                                                        "-cp", "%s/*:%s" % (folder, build / "java"), "S3a"), None, folder / ".done", by_hand=False))
    return found + [wheel(build, *row) for row in WHEELS]


def tools_and_programs(build, programs=()):
    """Of each family, `oracle-check` runs the newest. programs: releases that are no package of these suites, as FAMILY@VERSION=PATH."""
    found = all_tools(build)
    last = {sdk.family: sdk for sdk in found}
    named = [tool(*what.split("@"), path, path) for what, _, path in (p.partition("=") for p in programs)]
    return [sdk._replace(often=sdk is last[sdk.family]) for sdk in found] + named


def botocores(build, pythons):
    installed = ["/usr/bin/python3"] if debian("python3-botocore") else []
    for python in (*installed, *pythons):
        yield Sdk("botocore", python_version(python), OWN if python in installed else python, (python, str(RUNNERS / "default_chain.py")), ("botocore.session",),
                  None, python not in installed)
    for version in BOTOCORE:
        folder = build / "python" / ("botocore-" + version)
        yield Sdk("botocore", version, "PyPI", ("/usr/bin/python3", str(RUNNERS / "default_chain.py")),
                  (str(folder), *(("old_python",) if version in BEFORE_PYTHON_310 else ()), "botocore.session"), folder / ".done", version == BOTOCORE[-1])


def clis(build):
    command = ("/usr/bin/python3", str(RUNNERS / "cli2.py"))
    if debian("awscli"):
        yield Sdk("cli2", debian("awscli"), OWN, command, ("awscli.clidriver",), None, False)
    for version, suite, _ in CLI2:
        folder = build / "tools" / ("awscli-" + version)
        yield Sdk("cli2", version, "Debian " + suite, command,
                  (str(build / "python" / "awscli"), str(folder / "usr/lib/python3/dist-packages"), "awscli.clidriver"), folder / ".done", version == CLI2[-1][0])


def scripts(build):
    js2, ruby = build / "js2/node_modules", ("ruby", str(RUNNERS / "ruby3.rb"))
    for version in JS2:
        folder = js2 / ("js2-" + version)
        yield Sdk("js2", version, "npm", ("node", str(RUNNERS / "js2.js"), str(folder)), (), folder, version == JS2[-1])
    for client, _, version in JS3:
        folder = build / ("js3-" + client)
        yield Sdk("js3", version, "client-sts " + client, ("node", str(RUNNERS / "js3.js"), str(folder)), (), folder / ".done", client == JS3[-1][0])
    if debian("ruby-aws-sdk-core"):
        yield Sdk("ruby3", debian("ruby-aws-sdk-core"), OWN, ruby, ("aws-sdk-core",), None, False)
    for version, suite, _ in RUBY3:
        folder = build / "tools" / ("ruby-" + version)
        yield Sdk("ruby3", version, "Debian " + suite, ruby, (str(folder), "aws-sdk-core"), folder / ".done",
                  version == RUBY3[-1][0])


def crts(build):
    """What counts is the aws-c-auth that each carries."""
    python, node = ("/usr/bin/python3", str(RUNNERS / "crt.py")), build / "js2/node_modules/aws-crt"
    if debian("python3-awscrt"):
        yield Sdk("crt", "0.6.24", "awscrt " + debian("python3-awscrt"), python, ("awscrt.auth", "awscrt.io"), None, False)
    yield Sdk("crt", "0.10.5", "aws-crt " + CRT, ("node", str(RUNNERS / "crt.js"), str(node)), None, node, False)
    for release, version in AWSCRT:
        folder = build / "python" / ("awscrt-" + release)
        yield Sdk("crt", version, "awscrt " + release, python, (str(folder), "awscrt.auth", "awscrt.io"), folder / ".done",
                  release == AWSCRT[-1][0])


def gos(build):
    for family, package in (("go1", "golang-github-aws-aws-sdk-go-dev"), ("go2", "golang-github-aws-aws-sdk-go-v2-dev")):
        if debian(package):
            yield Sdk(family, debian(package), OWN, (str(build / family),), None, build / family, False)


def phps(build):
    """No registry that setup knows has it: a copy with its autoload.php at build/oracle/php/VERSION is run, others have their records."""
    for version in PHP:
        folder = build / "php" / version
        yield Sdk("php", version, "a copy", ("php", str(RUNNERS / "php.php"), str(folder)), None, folder / "autoload.php", version == PHP[-1])


def java(build):
    """loads: the options of the JVM that runs all of them."""
    loads = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-Dhttp.keepAlive=false", "--add-opens=java.base/java.lang=ALL-UNNAMED",
             "-Djavax.net.ssl.trustStore=%s" % (build / "tls/ca.p12"), "-Djavax.net.ssl.trustStorePassword=changeit", "-cp", str(build / "java"), "Seed")
    for family, _, artifact, versions in JAVA:
        for version in versions:
            folder = build / ("%s-%s" % (family, version))
            yield Sdk(family, version, artifact, ("java", *loads, family, str(folder)), loads, folder / ".done", version == versions[-1])


def all_sdks(build, pythons=()):
    return [*botocores(build, pythons), *clis(build), *scripts(build), *gos(build), *crts(build), *phps(build), *java(build), *natives.rows(build, Sdk)]
