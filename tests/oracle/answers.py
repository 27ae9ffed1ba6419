"""Recorded answers: what every release signed with in the cases of a set, kept in the tree (answers/SET.txt).

A line that starts with "case" has the digest and the name of a case, one with "key" a letter and the key that it stands
for, and one with "sdk" a release and a letter for each case. A case is known by what it consists of, so that it keeps its
answers when others come or go, and loses them when a factor means something else.
"""
import hashlib
import json
import pathlib
import string

HERE = pathlib.Path(__file__).resolve().parent
NO_KEY, UNRECORDED = "-", "?"   # signed with nothing; never run
EMPTY = "(empty)"               # signed with a key of no characters
LETTERS = string.ascii_letters + string.digits + "".join(map(chr, range(0x391, 0x3ca)))


def digest(built):
    world = {name: value for name, value in vars(built).items() if name not in ("facts", "rel_key", "full_key") and value is not None}
    what = json.dumps(world, sort_keys=True)
    return hashlib.sha256(what.encode()).hexdigest()[:8]


def key_of(told):
    """An SDK's answer as it counts: a key, which may be empty, or NO_KEY however it said so."""
    return EMPTY if told.get("key") == "" else told.get("key") or NO_KEY


def is_open(case_name, says):
    """In cases made by hand, rolewatch may say that it does not know: then an answer of an SDK contradicts nothing."""
    return "hand=" in case_name and says["certainty"] in ("possible", "unknown")


def known_to_differ():
    """The rows of differs.txt, what the table does not have right yet: (release, case)."""
    lines = (HERE / "differs.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")[:2]) for line in lines if line and not line.startswith("#")]


class Answers:
    def __init__(self, name, folder=HERE / "answers"):
        self.path, self.names, self.letters, self.lines = folder / (name + ".txt"), {}, {}, {}
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                kind, _, rest = line.partition(" ")
                if kind in ("case", "key", "sdk"):
                    what, _, value = rest.partition(" ")
                    {"case": self.names, "key": self.letters, "sdk": self.lines}[kind][what] = value
        self.column = {d: n for n, d in enumerate(self.names)}

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

    def renew(self, names, told):
        """names: {digest: name} of the cases that are the set from now on; told: {release: {digest: key}}. Others keep theirs."""
        lines = {release: "".join(self.letter(told.get(release, {}).get(d) or self.key(release, d)) for d in names)
                 for release in self.releases() | set(told)}
        self.path.parent.mkdir(exist_ok=True)
        rows = ["# What releases signed with in the cases of tests/oracle (answers.py); tests/oracle/run --renew writes it."]
        rows += ["case %s %s" % pair for pair in names.items()]
        rows += ["key %s %s" % pair for pair in sorted(self.letters.items())]
        rows += ["sdk %s %s" % (r, lines[r]) for r in sorted(lines, key=order)]
        self.path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def order(release):
    """Families by name, their releases by number."""
    family, _, version = release.partition("@")
    return family, [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in version.split(".")]
