"""What the programs that write pages share: asking rolewatch, mdoc, and writing or checking files."""
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
DATE = "November 24, 2026"


def rolewatch(program, *words, env=None, statuses=(0,)):
    """What `rolewatch WORDS` prints into a pipe, where nothing is wrapped; the environment is only `env`."""
    done = subprocess.run([program, *words], capture_output=True, text=True, env={"NO_COLOR": "1", **(env or {})})
    if done.returncode not in statuses:
        sys.exit("%s %s: status %d: %s" % (program, " ".join(words), done.returncode, done.stderr))
    return done.stdout


def table(program, *words):
    return json.loads(rolewatch(program, *words, "--json"))


def roff(text):
    """Running text as roff takes it, hyphens as they are typed."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def quoted(text):
    """One argument of a macro."""
    return '"%s"' % text.replace("\\", "\\e").replace('"', "\\(dq").replace("-", "\\-")


def mdoc(text):
    """Lines of mdoc: a sentence a line, `code` literal."""
    out = []
    for sentence in re.split(r"(?<=[.;]) (?=[A-Z`])", text):
        parts = sentence.split("`")
        for i, part in enumerate(parts):
            if i % 2:
                follows = parts[i + 1] if i + 1 < len(parts) else ""
                end = re.match(r"[.,:;)]*", follows).group()
                parts[i + 1:i + 2] = [follows[len(end):]]
                out.append(" ".join([".Ql " + quoted(part), *end]))
            elif part.strip():
                out.append(roff(part.strip()))
    return out


def sentence(text):
    return mdoc(text[0].upper() + text[1:] + ("" if text.endswith((".", "?")) else "."))


def literal(text):
    return [".Bd -literal -offset indent", *(line and roff(line) or "\\&" for line in text.rstrip("\n").split("\n")), ".Ed"]


MACROS = "Ar|Cm|Dl|Dq|Ev|Fl|Ic|It|Nm|Op|Pa|Pq|Ql|Qq|Sq|Xr"
# mdoc(7) knows a macro at the beginning of a line, and by its bare name behind another; elsewhere a reader would see it.
LITERAL_MACRO = re.compile(r"^\..*?\s\.(?:%s)(?!\S)|^(?!\.).*?(?<![^\s(])(?:\.(?:%s)\b|(?:Ar|Cm|Ev|Fl|Nm|Pa|Xr)(?!\S))" % (MACROS, MACROS))


def literal_macros(lines):
    """The lines in which a macro would be printed as text."""
    return [line for line in lines if not line.startswith('.\\"') and LITERAL_MACRO.search(line)]


def page(by, name, section, about, body):
    """A manual page; `body` is a list of lines after the NAME section."""
    for line in literal_macros(body):
        sys.exit("%s(%d): a macro inside a line of text: %s" % (name, section, line))
    return "\n".join([".\\\" Written by packaging/%s; do not edit." % by, ".Dd " + DATE, ".Dt %s %d" % (name.upper(), section), ".Os",
                      ".Sh NAME", ".Nm " + name, ".Nd " + about, *body]) + "\n"


def finish(files, target):
    """Writes {path below TOP: text}, or with --check says which are not what they should be."""
    stale = []
    for path, text in files.items():
        at = TOP / path
        if "--check" not in sys.argv:
            at.write_text(text, encoding="utf-8")
        elif not at.exists() or at.read_text(encoding="utf-8") != text:
            stale.append("%s is not what the program says: make %s" % (path, target))
    sys.exit("\n".join(stale) if stale else 0)
