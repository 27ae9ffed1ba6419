"""A CloudFormation template against the resource specification, and, with its parameters filled in, against the models of the
services' own APIs as botocore carries them."""
import json
import re

import botocore.session

PSEUDO = {"AWS::Region": "eu-west-1", "AWS::AccountId": "111122223333", "AWS::Partition": "aws", "AWS::NoValue": None}
SUB = re.compile(r"\$\{([^!}][^}]*)\}")


class Template:
    def __init__(self, document, spec):
        self.doc, self.spec, self.faults, self.used = document, spec, [], set()

    def fault(self, *words):
        self.faults.append(" ".join(map(str, words)))

    # ---- references ----

    def target(self, name, where):
        self.used.add(name)
        if name not in self.doc["Parameters"] and name not in self.doc["Resources"] and name not in PSEUDO:
            self.fault(where, "refers to", name, "that is not there")

    def references(self, value, where):
        if isinstance(value, list):
            for v in value:
                self.references(v, where)
        if not isinstance(value, dict):
            return
        for key, v in value.items():
            if key == "Ref":
                self.target(v, where)
            elif key == "Fn::GetAtt":
                self.target(v[0], where)
                kind = self.doc["Resources"].get(v[0], {}).get("Type")
                if v[1] not in self.spec["ResourceTypes"].get(kind, {}).get("Attributes", {}):
                    self.fault(where, v[0], "has no", v[1])
            elif key == "Fn::Sub":
                text, own = (v, {}) if isinstance(v, str) else v
                holes = SUB.findall(text)
                for name in set(own) - set(holes):
                    self.fault(where, "fills", name, "that is not in the text")
                for name in holes:
                    if name not in own:
                        self.target(name.split(".")[0], where)
                self.references(own, where)
            else:
                if key in ("Fn::If", "Condition") and isinstance(v, (list, str)):
                    name = v if isinstance(v, str) else v[0]
                    self.used.add(name)
                    if name not in self.doc["Conditions"]:
                        self.fault(where, "asks for a condition", name, "that is not there")
                elif key.startswith("Fn::") and key not in ("Fn::Equals", "Fn::Not"):
                    self.fault(where, "uses", key)
                self.references(v, where)

    # ---- the specification ----

    def typed(self, row, value, where, scope):
        if isinstance(value, dict) and (set(value) & {"Ref"} or any(k.startswith("Fn::") for k in value)):
            for inner in value["Fn::If"][1:] if "Fn::If" in value else []:
                self.typed(row, inner, where, scope)
            return
        if row.get("Type") == "List":
            if not isinstance(value, list):
                return self.fault(where, "is not a list")
            item = {"PrimitiveType": row["PrimitiveItemType"]} if "PrimitiveItemType" in row else {"Type": row["ItemType"]}
            for v in value:
                self.typed(item, v, where, scope)
        elif row.get("Type") and row["Type"] != "Map":
            properties = self.spec["PropertyTypes"].get(scope + "." + row["Type"]) or self.spec["PropertyTypes"][row["Type"]]
            self.properties(properties["Properties"], value, where, scope)
        elif row.get("PrimitiveType"):
            kinds = {"String": str, "Integer": int, "Double": (int, float), "Boolean": bool, "Json": dict, "Long": int}
            if not isinstance(value, kinds[row["PrimitiveType"]]):
                self.fault(where, "is not", row["PrimitiveType"])

    def properties(self, rows, values, where, scope):
        for name, row in rows.items():
            if row.get("Required") and name not in values:
                self.fault(where, "lacks", name)
        for name, value in values.items():
            if name not in rows:
                self.fault(where, "has no property", name)
            else:
                self.typed(rows[name], value, where + "." + name, scope)

    def check(self):
        for name, resource in self.doc["Resources"].items():
            row = self.spec["ResourceTypes"].get(resource["Type"])
            if not row:
                self.fault(name, "is of no known type:", resource["Type"])
                continue
            for key in set(resource) - {"Type", "Properties", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy"}:
                self.fault(name, "has", key)
            self.properties(row["Properties"], resource.get("Properties", {}), name, resource["Type"])
            self.references(resource, name)
        for part in ("Conditions", "Outputs"):
            for name, value in self.doc[part].items():
                self.references(value, name)
        for name in [*self.doc["Parameters"], *self.doc["Conditions"]]:
            if name not in self.used:
                self.fault(name, "is not used")
        return self.faults

    # ---- filled in ----

    def fill(self, value, given):
        if isinstance(value, list):
            return [v for v in (self.fill(v, given) for v in value) if v is not None]
        if not isinstance(value, dict):
            return value
        key, v = next(iter(value.items())) if value else ("", None)
        if key == "Ref":
            return given.get(v, PSEUDO.get(v, v)) if v not in self.doc["Resources"] else self.ref(v, given)
        if key == "Fn::If":
            return self.fill(v[1] if self.holds(v[0], given) else v[2], given)
        if key == "Fn::Sub":
            text, own = (v, {}) if isinstance(v, str) else v
            return SUB.sub(lambda m: str(self.fill(own[m[1]] if m[1] in own else {"Ref": m[1]}, given)), text)
        return {k: x for k, x in ((k, self.fill(x, given)) for k, x in value.items()) if x is not None}

    def ref(self, name, given):
        properties = self.doc["Resources"][name].get("Properties", {})
        for key in ("AlarmName", "LogGroupName"):
            if key in properties:
                return self.fill(properties[key], given)
        return "arn:aws:sns:eu-west-1:111122223333:" + name

    def holds(self, condition, given):
        def test(c):
            key, v = next(iter(c.items()))
            return not test(v[0]) if key == "Fn::Not" else self.fill(v[0], given) == self.fill(v[1], given)
        return test(self.doc["Conditions"][condition])

    def filled(self, **given):
        given = {**{n: p.get("Default") for n, p in self.doc["Parameters"].items()}, **given}
        return {name: self.fill(r["Properties"], given) for name, r in self.doc["Resources"].items()
                if "Condition" not in r or self.holds(r["Condition"], given)}


SESSION = botocore.session.Session()
CALLS = {"AWS::CloudWatch::Alarm": ("cloudwatch", "PutMetricAlarm", {}), "AWS::CloudWatch::CompositeAlarm": ("cloudwatch", "PutCompositeAlarm", {}),
         "AWS::CloudWatch::Dashboard": ("cloudwatch", "PutDashboard", {}),
         "AWS::Logs::MetricFilter": ("logs", "PutMetricFilter", {"FilterName": "x"}), "AWS::Logs::QueryDefinition": ("logs", "PutQueryDefinition", {}),
         "AWS::Logs::LogGroup": ("logs", "CreateLogGroup", {}), "AWS::Events::Rule": ("events", "PutRule", {"Name": "x"})}


def shape_faults(shape, value, where):
    """What the model of an API says against a value: names, types, enumerations, lengths, patterns."""
    kind = shape.type_name
    if kind == "structure":
        for name in shape.required_members:
            if name not in value:
                yield "%s lacks %s" % (where, name)
        for name, v in value.items():
            if name not in shape.members:
                yield "%s has no %s" % (where, name)
            else:
                yield from shape_faults(shape.members[name], v, where + "." + name)
    elif kind == "list":
        for v in value:
            yield from shape_faults(shape.member, v, where)
    elif kind == "map":
        for v in value.values():
            yield from shape_faults(shape.value, v, where)
    elif kind == "string":
        least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 1 << 30)
        if not isinstance(value, str) or not least <= len(value) <= most:
            yield "%s: %r has not %s to %s characters" % (where, value, least, most)
        elif shape.enum and value not in shape.enum:
            yield "%s: %r is none of %s" % (where, value, shape.enum)
        elif shape.metadata.get("pattern") and not re.fullmatch(shape.metadata["pattern"], value, re.S):
            yield "%s: %r is not %s" % (where, value, shape.metadata["pattern"])
    elif kind in ("integer", "double", "long", "float"):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < shape.metadata.get("min", value):
            yield "%s: %r is no number for it" % (where, value)


def service_faults(kind, name, properties):
    if kind not in CALLS:
        return
    service, operation, more = CALLS[kind]
    # A plain text in the model; the API reference of PutMetricAlarm has the words.
    if properties.get("TreatMissingData", "missing") not in ("missing", "notBreaching", "breaching", "ignore"):
        yield "%s: TreatMissingData %r" % (name, properties["TreatMissingData"])
    shape = SESSION.get_service_model(service).operation_model(operation).input_shape
    if service == "logs":
        lower = lambda v: {k[0].lower() + k[1:]: lower(x) for k, x in v.items()} if isinstance(v, dict) else [lower(x) for x in v] if isinstance(v, list) else v
        properties = lower({**properties, **more})
        properties.pop("retentionInDays", None)
        for t in properties.get("metricTransformations", []):
            t["dimensions"] = {d["key"]: d["value"] for d in t["dimensions"]}
    else:
        properties = {**properties, **more}
        properties.pop("Targets", None)
        if "EventPattern" in properties:
            properties["EventPattern"] = json.dumps(properties["EventPattern"])
    yield from shape_faults(shape, properties, name)
