"""The blocks of a Terraform module against the provider's own schema (provider.json), and its references."""
BUILT_IN = {"each", "path", "count", "string", "number", "bool", "map", "list", "self", "terraform"}


def arguments(blocks, row, where):
    """Faults of the arguments of one block."""
    arguments_of, nested = blocks["arguments"], blocks["blocks"]
    given = set(arguments_of) | {b["type"] for b in nested}
    known = set(row["required"]) | set(row["optional"])
    for name in given - known - {"count", "for_each", "depends_on", "lifecycle"}:
        yield "%s has no argument %s" % (where, name)
    for name in set(row["required"]) - given:
        yield "%s lacks %s" % (where, name)
    for b in nested:
        if b["type"] in row["blocks"]:
            yield from arguments(b, row["blocks"][b["type"]], where + "." + b["type"])


def every_argument(block):
    yield from block["arguments"].values()
    for b in block["blocks"]:
        yield from every_argument(b)


def faults(module, provider):
    named = {k: {b["labels"][0]: b for b in module if b["type"] == k} for k in ("variable", "output")}
    locals_ = {n for b in module if b["type"] == "locals" for n in b["arguments"]}
    resources = {tuple(b["labels"]): b for b in module if b["type"] == "resource"}
    used = set()
    if len(resources) != sum(b["type"] == "resource" for b in module):
        yield "a resource is there twice"
    for b in module:
        where = ".".join([b["type"], *(b["labels"] or [])])
        if b["type"] == "resource":
            if b["labels"][0] not in provider:
                yield "%s is of no known type" % where
                continue
            yield from arguments(b, provider[b["labels"][0]], where)
        for a in every_argument(b):
            for reference in a["references"]:
                root, rest = reference[0], reference[1:]
                own = "for %s in" % root in a["source"]
                if root == "var":
                    used.add(("var", rest[0]))
                    if rest[0] not in named["variable"]:
                        yield "%s refers to variable %s" % (where, rest[0])
                elif root == "local":
                    used.add(("local", rest[0]))
                    if rest[0] not in locals_:
                        yield "%s refers to local %s" % (where, rest[0])
                elif root.startswith("aws_"):
                    to = resources.get((root, rest[0]))
                    if not to:
                        yield "%s refers to %s.%s" % (where, root, rest[0])
                    elif len(rest) > 1 and rest[1] not in provider[root]["attributes"]:
                        yield "%s: %s has no attribute %s" % (where, root, rest[1])
                elif root not in BUILT_IN and not own:
                    yield "%s refers to %s" % (where, root)
    for name in named["variable"]:
        if ("var", name) not in used:
            yield "variable %s is not used" % name
    for name in locals_:
        if ("local", name) not in used:
            yield "local %s is not used" % name
