#include "account_internal.h"
#include "rolewatch/io.h"
#include "rolewatch/limits.h"
#include "rolewatch/needs.h"

static int needs_read(void *userdata, const struct directory_file *f)
{
        return needs_from_text(userdata, f->text, f->len, f->path);
}

static int needs_error(void *userdata, const char *path, int error)
{
        return needs_add_error(userdata, path, read_error_to_string(error));
}

int needs_of_path(struct snapshot *s, const char *path)
{
        return read_directory(&(struct directory_request){
                .path = path, .suffix = ".json", .kind = DIRECTORY_OR_FILE, .max_bytes = NEED_FILE_MAX,
                .max_files = NEEDS_MAX, .on_file = needs_read, .on_error = needs_error, .userdata = s });
}

int account_needs(struct scan *x) { return needs_of_path(x->s, x->at.cs->needs); }
