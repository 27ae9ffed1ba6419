"""Images in the forms in which tools write them, for tests: layers from entries, docker save in both formats, OCI layouts."""
import gzip
import hashlib
import io
import json
import subprocess
import tarfile


def entry(path, data=b"", mode=0o644, kind=tarfile.REGTYPE, link="", uid=0, gid=0):
    info = tarfile.TarInfo(path)
    info.size, info.mode, info.type, info.linkname, info.uid, info.gid = len(data), mode, kind, link, uid, gid
    return info, data


def directory(path, mode=0o755, **more):
    return entry(path, mode=mode, kind=tarfile.DIRTYPE, **more)


def symlink(path, to):
    return entry(path, kind=tarfile.SYMTYPE, link=to, mode=0o777)


def hard_link(path, to):
    return entry(path, kind=tarfile.LNKTYPE, link=to)


def tar(entries, form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as t:
        for info, data in entries:
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout


COMPRESSIONS = {"": bytes, "gzip": lambda data: gzip.compress(data, 6, mtime=0), "zstd": zstd}


def configuration(layers, architecture="amd64", os="linux", **config):
    return json.dumps({"architecture": architecture, "os": os, "config": config, "rootfs": {"type": "layers", "diff_ids": ["sha256:" + sha256(l) for l in layers]}}).encode()


def saved(layers, tags=("shop/app:1",), **config):
    """Entries of `docker save` before version 25: a directory for each layer; one that is there already is a link to it."""
    page = configuration(layers, **config)
    names, entries, known = [], [], {}
    for i, layer in enumerate(layers):
        name = sha256(b"%d" % i + layer)
        entries += [directory(name), entry(name + "/VERSION", b"1.0")]
        entries.append(symlink(name + "/layer.tar", "../%s/layer.tar" % known[layer]) if layer in known else entry(name + "/layer.tar", layer))
        known.setdefault(layer, name)
        names.append(name + "/layer.tar")
    manifest = [{"Config": sha256(page) + ".json", "RepoTags": list(tags), "Layers": names}]
    return [*entries, entry(sha256(page) + ".json", page), entry("manifest.json", json.dumps(manifest).encode())]


def oci_manifest(layers, blobs, compression="", **config):
    """The descriptor of an image, whose parts are added to blobs."""
    def put(data, kind, **more):
        blobs[sha256(data)] = data
        return {"mediaType": "application/vnd.oci.image." + kind, "digest": "sha256:" + sha256(data), "size": len(data), **more}
    kind = "layer.v1.tar" + ("+" + compression if compression else "")
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": put(configuration(layers, **config), "config.v1+json"),
                "layers": [put(COMPRESSIONS[compression](l), kind) for l in layers]}
    return put(json.dumps(manifest).encode(), "manifest.v1+json")


def oci_index(descriptors):
    return json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": descriptors}).encode()


def layout(blobs, descriptors):
    """{path: bytes} of an OCI layout."""
    return {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": oci_index(descriptors), **{"blobs/sha256/" + n: d for n, d in blobs.items()}}


def oci(layers, compression="", **config):
    blobs = {}
    return layout(blobs, [oci_manifest(layers, blobs, compression, **config)])


def saved_with_layout(layers, compression="", tags=("shop/app:1",), **config):
    """{path: bytes} of `docker save` since version 25: an OCI layout, and a manifest.json that names its blobs."""
    blobs = {}
    descriptor = oci_manifest(layers, blobs, compression, **config)
    manifest = json.loads(blobs[descriptor["digest"][7:]])
    names = ["blobs/sha256/" + d["digest"][7:] for d in (manifest["config"], *manifest["layers"])]
    return {**layout(blobs, [descriptor]), "manifest.json": json.dumps([{"Config": names[0], "RepoTags": list(tags), "Layers": names[1:]}]).encode()}


def tar_of(files):
    return tar([entry(path, data) for path, data in files.items()])


def write_directory(folder, files):
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
