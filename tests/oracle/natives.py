"""The SDKs that are compiled: Go from the module proxy, Rust from crates.io, C++ as wheels of PyPI carry it. setup-natives installs
what programs() prints, each below build/oracle/native/FAMILY-RELEASE."""
import collections
import pathlib
import sys

RUNNERS = pathlib.Path(__file__).resolve().parent / "runners"
# least: the least release of Go or of rustc that builds it. often: oracle-check runs it.
Program = collections.namedtuple("Program", "family version kind source least needs often")

# Go v1 by its number. Its oldest have no list of what they need. No NewSession before 1.3.0.
INI = "github.com/go-ini/ini@v1.25.4"
GO1 = ("1.2.5", "1.8.12", "1.8.13", "1.13.3", "1.13.4", "1.15.90", "1.16.0", "1.20.21", "1.21.0", "1.22.0", "1.25.37", "1.27.2",
       "1.47.1", "1.47.2", "1.47.10", "1.47.11", "1.49.0", "1.55.8")
# Go v2 by the number of its core module, which is the one that rolewatch reads, with the release of config that was published with it,
# which has the chain.
GO2 = (("1.0.0", "1.0.0", "1.15"), ("1.16.16", "1.17.7", "1.15"), ("1.22.1", "1.22.0", "1.19"), ("1.23.0", "1.25.3", "1.19"),
       ("1.24.1", "1.26.6", "1.19"), ("1.30.4", "1.27.31", "1.21"), ("1.30.5", "1.27.35", "1.21"), ("1.41.7", "1.32.17", "1.24"),
       ("1.48.0", "1.33.18", "1.24"))
# Rust by the number of aws-config; the features without which it has no HTTP client.
RUST = (("1.0.0", "main", "1", "client-hyper,rustls,credentials-process", "1.91"),
        ("1.13.0", "main", "1", "default-https-client,credentials-process", "1.94"))
# C++ by the number of the aws-sdk-cpp in the wheel: pyarrow and, for the oldest, the numpy that it needs.
NUMPY = "numpy<2"
CPP = (("1.8.133", "10.0.1", NUMPY), ("1.11.4", "14.0.2", NUMPY), ("1.11.201", "16.1.0", NUMPY), ("1.11.285", "21.0.0", None),
       ("1.11.591", "23.0.1", None), ("1.11.724", "24.0.0", None), ("1.11.800", "25.0.1", None), ("1.11.900", "26.0.1", None))


def programs():
    v1, v2 = "github.com/aws/aws-sdk-go", "github.com/aws/aws-sdk-go-v2"
    for v in GO1:
        needs = [v1 + "@v" + v] + ([INI] if v in GO1[:5] else [])
        yield Program("go1", v, "go", "go1-new" if v == "1.2.5" else "go1", "1.13", needs, v == GO1[-1])
    for core, config, least in GO2:
        yield Program("go2", core, "go", "go2", least, [v2 + "@v" + core, v2 + "/config@v" + config], core in ("1.30.4", GO2[-1][0]))
    for v, source, types, features, least in RUST:
        yield Program("rust", v, "rust", source, least, [types, features], False)
    for v, wheel, more in CPP:
        yield Program("cpp", v, "cpp", "", "", ["pyarrow==" + wheel] + ([more] if more else []), v == "1.11.800")


def folder(build, program):
    return build / "native" / ("%s-%s" % program[:2])


def rows(build, sdk):
    """sdk: the row type of sdks.py."""
    for p in programs():
        at = folder(build, p)
        if p.kind == "cpp":
            yield sdk(p.family, p.version, p.needs[0], ("/usr/bin/python3", str(RUNNERS / "cpp.py"), str(at)), (str(at), "pyarrow"), at / ".done", p.often)
        else:
            where = {"go": "module proxy", "rust": "aws-config"}[p.kind]
            yield sdk(p.family, p.version, where, (str(at / "ask"),), None, at / "ask", p.often)


if __name__ == "__main__":      # natives.py check|all
    for program in programs():
        if program.often or sys.argv[1] == "all":
            print(*program[:5], " ".join(program.needs), sep="|")
