/* image_manifest -- which of the images of an archive is meant, and of which blobs it is made. */
#pragma once
#include "image_blobs.h"

struct manifest_request {
        const char *name;              /* the image of the container: decides where an archive has several; NULL: not known */
        const char *os, *architecture; /* as Go calls them: "linux", "amd64" */
};
struct image_manifest {
        char *config;                  /* the names of blobs */
        char **layers; size_t n_layers;
};
void manifest_done(struct image_manifest *m);
/*
 * manifest.json of `docker save`, or index.json of an OCI layout. -EBADMSG with the reason: neither is there, one has members of a wrong type,
 * or it is not clear which image is meant.
 */
int manifest_choose(struct image_blobs *b, const struct manifest_request *q, struct image_manifest *ret);
