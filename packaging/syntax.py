"""The arguments of a command as agent/cli/commands.c writes them, as mdoc and as words to complete.

    [--json] [--from FILE] PID|CONTAINER|TASK
"""
import re

TOKENS = re.compile(r"\[|\]|\||\.\.\.|--?[a-z][a-z-]*|[A-Z]+|@|-|[a-z]+")


def tokens(arguments):
    found = TOKENS.findall(arguments)
    if "".join(found) != arguments.replace(" ", ""):
        raise SystemExit("arguments that are not understood: " + arguments)
    return found


def groups(arguments):
    """The macros of each group outside of all brackets: a list of lists."""
    out, depth, alternative = [[]], 0, False
    for token in tokens(arguments):
        if depth == 0 and not alternative and token not in ("|", "...") and out[-1]:
            out.append([])
        alternative = token == "|"
        if token == "[":
            depth += 1
            out[-1].append("Oo")
        elif token == "]":
            depth -= 1
            out[-1].append("Oc")
        elif token == "@":
            out[-1].insert(-1, "Ns")
            out[-1] += ["@", "Ns"]
        elif token in ("|", "..."):
            out[-1].append(token)
        elif token.startswith("-") and len(token) > 1:
            out[-1] += ["Fl", token[1:]]
        elif token == "-" or token.islower():
            out[-1] += ["Cm", "\\-" if token == "-" else token]
        else:
            out[-1] += ["Ar", token.lower()]
    return [g for g in out if g]


def inline(arguments):
    return " ".join(word for group in groups(arguments) for word in group)


def lines(arguments):
    """A macro line for each group, with an option's value kept beside it."""
    out = []
    for group in groups(arguments):
        if out and out[-1].startswith(".Fl") and group[0] == "Ar":
            out[-1] += " " + " ".join(group)
        elif group[0] == "Oo" and group[-1] == "Oc" and group.count("Oo") == 1:
            out.append(".Op " + " ".join(group[1:-1]))
        elif group[0] == "...":
            out[-1] += " ..."
        else:
            out.append("." + " ".join(group))
    return out


def options(arguments):
    """{option: value or None}"""
    return {name: value or None for name, value in re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)(?: ([A-Z]+))?", arguments)}


def operands(arguments):
    """What is typed without an option: literal words, and names of values in capitals."""
    return re.findall(r"[A-Z]+|[a-z]+|(?<![\w-])-(?![\w-])", re.sub(r"--?[a-z][a-z-]*(?: [A-Z]+)?", "", re.sub(r"\[@[A-Z]+\]", "", arguments)))


def again(arguments, option):
    """May it come more than once?"""
    return re.search(r"%s(?: [A-Z]+)?\]?\.\.\." % re.escape(option), arguments) is not None
