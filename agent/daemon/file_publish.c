#include "file_publish.h"

void file_publish(struct error_log *errors, const char *what, const struct file_target *to, const char *text)
{
        int r = text ? replace_file(to, text, strlen(text)) : -ENOMEM;

        if (r < 0)
                error_notef(errors, what, "cannot write %s: %s", to->path, strerror(-r));
        else
                error_clear(errors, what);
}
