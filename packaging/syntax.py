"""The rows of a command's options and the operands of agent/cli/command.h, as mdoc and as words to complete.

    operands: PID|CONTAINER|TASK, [SDK[@VERSION]], eval|statement
"""
import re

TOKENS = re.compile(r"\[|\]|\||\.\.\.|[A-Z]+|@|-|[a-z]+")


def tokens(operands):
    found = TOKENS.findall(operands)
    if "".join(found) != operands.replace(" ", ""):
        raise SystemExit("operands that cannot be parsed: " + operands)
    return found


def operands_mdoc(operands):
    """The macros of the operands, in one line."""
    out = []
    for token in tokens(operands):
        if token in "[]":
            out.append("Oo" if token == "[" else "Oc")
        elif token == "@":
            out.insert(-1, "Ns")
            out += ["@", "Ns"]
        elif token in ("|", "..."):
            out.append(token)
        elif token == "-" or token.islower():
            out += ["Cm", "\\-" if token == "-" else token]
        else:
            out += ["Ar", token.lower()]
    return " ".join(out)


def operands_offered(operands):
    """Words of the operands: those to be typed as they stand, and names of values in capitals."""
    return re.findall(r"[A-Z]+|[a-z]+|(?<![\w-])-(?![\w-])", re.sub(r"\[@[A-Z]+\]", "", operands))


def choices(command):
    """[eval, statement], each with options of its own; [None]: there is no choice."""
    return command["operands"].split("|") if command["operands"][:1].islower() else [None]


def option_mdoc(o):
    return "Fl %s%s" % (o["name"][1:], " Ar " + o["value"].lower() if o["value"] else "")


def grouped(options):
    """Options that exclude each other stand in one list."""
    out = []
    for o in options:
        if out and o["group"] and out[-1][0]["group"] == o["group"]:
            out[-1].append(o)
        else:
            out.append([o])
    return out


def synopsis(command, choice):
    """A macro line for each option, and one for the operands."""
    out = [".Cm " + choice] if choice else []
    for group in grouped([o for o in command["options"] if not choice or o["only"] in (None, choice)]):
        text = " | ".join(map(option_mdoc, group))
        if group[0]["required"]:
            out.append("." + text)
            text = text if group[0]["repeats"] else ""
        if text:
            out.append(".Oo %s Oc ..." % text if group[0]["repeats"] else ".Op " + text)
    return out + (["." + operands_mdoc(command["operands"])] if command["operands"] and not choice else [])


def names(o):
    """The ways to type an option, the short one first."""
    return [o["short"], o["name"]] if o["short"] else [o["name"]]
