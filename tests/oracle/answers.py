"""Recorded answers: what every release signed with in the cases of a set, kept in the tree (answers/SET.txt).

A line that starts with "case" has the digests of the cases, one with "key" a letter and the key that it stands for, and
one with "sdk" a release and a letter for each case. A case is known by what it consists of, so that it keeps its answers
when others come or go.
"""
import hashlib
import json
import pathlib
import string

HERE = pathlib.Path(__file__).resolve().parent
NO_KEY, UNRECORDED = "-", "?"   # signed with nothing; never run
LETTERS = string.ascii_letters + string.digits + "".join(map(chr, range(0x391, 0x3ca)))


def digest(built):
    what = json.dumps([built.env, built.files, built.modes, built.endpoint, built.imds], sort_keys=True)
    return hashlib.sha256(what.encode()).hexdigest()[:8]


def key_of(told):
    """An SDK's answer as it counts: a key, or NO_KEY however it said so."""
    return told.get("key") or NO_KEY


class Answers:
    def __init__(self, name, folder=HERE / "answers"):
        self.path, self.digests, self.letters, self.lines = folder / (name + ".txt"), [], {}, {}
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                kind, _, rest = line.partition(" ")
                if kind == "case":
                    self.digests += rest.split()
                elif kind in ("key", "sdk"):
                    what, _, value = rest.partition(" ")
                    {"key": self.letters, "sdk": self.lines}[kind][what] = value
        self.column = {d: n for n, d in enumerate(self.digests)}

    def releases(self):
        return set(self.lines)

    def key(self, release, case_digest):
        """NO_KEY, a key, or None: not recorded."""
        line, n = self.lines.get(release), self.column.get(case_digest)
        if line is None or n is None or line[n] == UNRECORDED:
            return None
        return self.letters.get(line[n], NO_KEY)

    def letter(self, key):
        if key in (None, NO_KEY):
            return UNRECORDED if key is None else NO_KEY
        for letter, known in self.letters.items():
            if known == key:
                return letter
        letter = next(one for one in LETTERS if one not in self.letters)
        self.letters[letter] = key
        return letter

    def renew(self, digests, told):
        """told: {release: [key or None]} of these cases, which are the set from now on; other releases keep theirs."""
        lines = {}
        for release in self.releases() | set(told):
            keys = told.get(release) or [None] * len(digests)
            lines[release] = "".join(self.letter(self.key(release, d) if k is None else k) for d, k in zip(digests, keys))
        self.path.parent.mkdir(exist_ok=True)
        rows = ["# What releases signed with in the cases of tests/oracle (answers.py); tests/oracle/run --renew writes it."]
        rows += ["case " + " ".join(digests[n:n + 16]) for n in range(0, len(digests), 16)]
        rows += ["key %s %s" % pair for pair in sorted(self.letters.items())]
        rows += ["sdk %s %s" % (r, lines[r]) for r in sorted(lines, key=order)]
        self.path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def order(release):
    """Families by name, their releases by number."""
    family, _, version = release.partition("@")
    return family, [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in version.split(".")]
