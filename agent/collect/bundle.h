/* bundle -- documents as bundles and the IAM API hold them. */
#pragma once
#include "rolewatch/base.h"

/* An object, or text, percent-encoded or plain, as a new object; NULL: no JSON, or no memory. */
cJSON *bundle_document(const cJSON *doc);
