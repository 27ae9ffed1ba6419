/* Where each language keeps its libraries, as far as fixed places and the command line tell. */
#include <stdio.h>
#include "search.h"

static const char *last_part(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

static bool path_ends_with(const char *s, size_t len, const char *end)
{
        return len > strlen(end) && memcmp(s + len - strlen(end), end, strlen(end)) == 0;
}

/* "/a/b/c" -> 4, the length of "/a/b"; 0 where nothing is left. */
static int parent_len(const char *path, int len)
{
        while (len > 0 && path[len - 1] != '/')
                len--;
        while (len > 0 && path[len - 1] == '/')
                len--;
        return len;
}

/* ---- Python ---- */

/* The interpreter, and whether it runs the AWS CLI. */
struct python { char name[32]; bool runs_cli, runs_s3cmd; };

/* "python3.11", by the executable or the library of a program that has Python built in. */
static void python_name(struct sdk_search *h, char *buf, size_t size)
{
        const char *lib = strstr(h->program, "python3.") == h->program
                                  ? h->program + 6
                                  : strstr(search_maps(h), "/libpython3.");
        const char *digits = lib ? strchr(lib, '3') : NULL;
        int n = digits ? (int)strspn(digits, "0123456789.") : 0;

        while (n > 0 && digits[n - 1] == '.')
                n--;
        snprintf(buf, size, "python%.*s", n > 8 ? 0 : n, digits ? digits : "");
}

/* AWS CLI v2 as Debian and others package it brings a botocore of its own. */
static bool python_root(struct sdk_search *h, const char *root, int len, const struct python *py)
{
        bool old;

        if (py->runs_cli && search_file(h, SDK_AWSCLI, "%.*s/awscli/__init__.py", len, root))
                return true;
        if (py->runs_s3cmd)
                return search_file(h, SDK_S3CMD, "%.*s/S3/PkgInfo.py", len, root);
        old = search_file(h, SDK_BOTO2, "%.*s/boto/__init__.py", len, root);
        return search_file(h, SDK_BOTOCORE, "%.*s/botocore/__init__.py", len, root) || old;
}

/* Virtual environments show in how the interpreter or the script was named. */
static bool python_environment(struct sdk_search *h, const struct python *py)
{
        static const char *const own[] = { ".venv", "venv" };
        char root[PATH_TEXT_MAX];

        for (size_t i = 0; i < 3; i++) {
                const char *arg = search_arg(h, i);
                int bin = arg ? parent_len(arg, (int)strlen(arg)) : 0;

                if (bin < 4 || arg[0] != '/' || memcmp(arg + bin - 4, "/bin", 4) != 0)
                        continue;
                snprintf(root, sizeof root, "%.*s/lib/%s/site-packages", bin - 4, arg, py->name);
                if (python_root(h, root, (int)strlen(root), py))
                        return true;
        }
        for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
                snprintf(root, sizeof root, "%s/lib/%s/site-packages", own[i], py->name);
                if (python_root(h, root, (int)strlen(root), py))
                        return true;
        }
        return false;
}

/* Every place from which a compiled module was loaded. */
static bool python_mapped(struct sdk_search *h, const struct python *py)
{
        static const char *const names[] = { "/site-packages/", "/dist-packages/" };
        const char *known_roots[SDK_ROOTS_MAX];
        size_t n = 0;

        for (const char *line = search_maps(h), *next; line && *line && n < SDK_ROOTS_MAX; line = next) {
                const char *path = strchr(line, '/'), *end = strchrnul(line, '\n'), *at = NULL;
                bool again = false;

                next = *end ? end + 1 : NULL;
                if (!path || path > end)
                        continue;
                for (size_t i = 0; i < ARRAY_SIZE(names) && !at; i++) {
                        at = memmem(path, (size_t)(end - path), names[i], strlen(names[i]));
                        at = at ? at + strlen(names[i]) - 1 : NULL;
                }
                for (size_t i = 0; i < n && at; i++)
                        again = again || strncmp(known_roots[i], path, (size_t)(at + 1 - path)) == 0;
                if (!at || again)
                        continue;
                known_roots[n++] = path;
                if (python_root(h, path, (int)(at - path), py))
                        return true;
        }
        return false;
}

/* Compiled modules with a chain of their own, which count where no SDK does: packages that use one beside them take its credentials. */
static void python_modules(struct sdk_search *h)
{
        static const char *const names[] = { "/_opendal.", "/_obstore.", "/polars.", "/_polars_runtime", "/deltalake/_internal.", "/lancedb/_lancedb.", "/lance/lance." };

        for (const char *line = search_maps(h), *next; line && *line && h->opens < SDK_OPENS_MAX && !h->set.n; line = next) {
                const char *path = strchr(line, '/'), *end = strchrnul(line, '\n');

                next = *end ? end + 1 : NULL;
                for (size_t i = 0; path && path < end && i < ARRAY_SIZE(names); i++)
                        if (memmem(path, (size_t)(end - path), names[i], strlen(names[i])) && search_file(h, SDK_EXECUTABLE, "%.*s", (int)(end - path), path))
                                return;
        }
        sdk_scan(SDK_MAPS, search_maps(h), h->maps_len, &h->set);
}

static void python_packages(struct sdk_search *h)
{
        static const char *const kinds[] = { "site-packages", "dist-packages" };
        const char *script = search_arg(h, 1), *home = h->p->env[ENV_VAR_HOME];
        struct python py = { .runs_cli = script && streq(last_part(script), "aws"),
                             .runs_s3cmd = script && streq(last_part(script), "s3cmd") };
        char root[PATH_TEXT_MAX];
        int bin = parent_len(h->p->exe, (int)strlen(h->p->exe)), prefix = parent_len(h->p->exe, bin);

        python_name(h, py.name, sizeof py.name);
        if (python_environment(h, &py) || python_mapped(h, &py))
                return;
        if (home && *home) {
                snprintf(root, sizeof root, "%s/.local/lib/%s/site-packages", home, py.name);
                if (python_root(h, root, (int)strlen(root), &py))
                        return;
        }
        for (size_t i = 0; i < 2 * ARRAY_SIZE(kinds); i++) {
                snprintf(root, sizeof root, "%.*s/lib/%s/%s", i & 1 ? prefix : 10,
                         i & 1 ? h->p->exe : "/usr/local", py.name, kinds[i / 2]);
                if (python_root(h, root, (int)strlen(root), &py))
                        return;
        }
        python_root(h, "/usr/lib/python3/dist-packages", 30, &py);
}

void search_python(struct sdk_search *h)
{
        python_packages(h);
        if (!h->set.n)
                python_modules(h);
}

/* ---- Node ---- */

/* The node_modules of one folder, which is "" or ends with a slash. */
static void node_directory(struct sdk_search *h, const char *dir, int len)
{
        static const struct { enum sdk_format format; const char *path; } files[] = {
                { SDK_JS2, "node_modules/aws-sdk/package.json" },
                { SDK_JS3, "node_modules/@aws-sdk/credential-provider-node/package.json" },
        };
        static const struct { enum sdk_format format; const char *path; } lists[] = {
                { SDK_NPM_LOCK, "node_modules/.package-lock.json" },
                { SDK_PNPM_LOCK, "node_modules/.pnpm/lock.yaml" },
                { SDK_YARN_PNP, ".pnp.cjs" },
        };
        bool any = false;

        for (size_t i = 0; i < ARRAY_SIZE(files); i++)
                any = search_file(h, files[i].format, "%.*s%s", len, dir, files[i].path) || any;
        for (size_t i = 0; i < ARRAY_SIZE(lists) && !any; i++)
                any = search_file(h, lists[i].format, "%.*s%s", len, dir, lists[i].path);
}

/* From a folder up to the root, as require() looks; the first that has any SDK ends it. */
static void node_upwards(struct sdk_search *h, const char *dir, int len)
{
        char path[PATH_TEXT_MAX];

        for (int i = 0; i < SDK_LEVELS_MAX && !h->set.n; i++) {
                snprintf(path, sizeof path, "%.*s/", len, dir);
                node_directory(h, path, (int)strlen(path));
                if (len == 0)
                        return;
                len = parent_len(dir, len);
        }
}

static void node_from_cwd(struct sdk_search *h)
{
        static const char ups[] = "../../../../../../";

        for (int i = 0; i <= SDK_LEVELS_MAX && i * 3 < (int)sizeof ups && !h->set.n && !h->outside; i++)
                node_directory(h, ups, i * 3);
}

static bool is_script(const char *arg)
{
        static const char *const kinds[] = { ".js", ".mjs", ".cjs" };

        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
                if (path_ends_with(arg, strlen(arg), kinds[i]))
                        return true;
        return false;
}

void search_node(struct sdk_search *h)
{
        static const char *const global[] = { "/usr/local/lib/", "/usr/lib/" };
        const char *arg;

        for (size_t i = 1; (arg = search_arg(h, i)) && i < SDK_ARGS_MAX && !h->set.n; i++)
                if (arg[0] == '/')
                        node_upwards(h, arg, parent_len(arg, (int)strlen(arg)));
                else if (arg[0] != '-' && strchr(arg, '/'))
                        node_directory(h, arg, (int)(last_part(arg) - arg));
        if (!h->set.n)
                node_from_cwd(h);
        for (size_t i = 1; (arg = search_arg(h, i)) && i < SDK_ARGS_MAX && !h->set.n; i++)
                if (arg[0] != '-' && is_script(arg))
                        search_file(h, SDK_BUNDLE, "%s", arg);
        for (size_t i = 0; i < ARRAY_SIZE(global) && !h->set.n; i++)
                node_directory(h, global[i], (int)strlen(global[i]));
}

/* ---- Ruby ---- */

void search_ruby(struct sdk_search *h)
{
        static const char *const directories[] = { "", "../", "/app/", "/usr/src/app/", "/rails/", "/srv/" };

        for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
                if (search_file(h, SDK_GEM_LOCK, "%sGemfile.lock", directories[i]))
                        return;
}

/* ---- JVM ---- */

/* Each jar of a class path; their names were searched before. */
static void java_jars(struct sdk_search *h, const char *list, size_t len)
{
        while (len && h->opens < SDK_OPENS_MAX) {
                size_t n = 0;

                while (n < len && !strchr(":\" \r\n", list[n]))
                        n++;
                if (path_ends_with(list, n, ".jar"))
                        search_file(h, SDK_JAR, "%.*s", (int)n, list);
                list += n + (n < len);
                len -= n + (n < len);
        }
}

/*
 * The launcher expands a class path with a wildcard; the JVM shows the first 1,024 bytes of the result (PerfMaxStringConstLength) in
 * the file of its counters, which it has mapped: also of a path in CLASSPATH.
 */
static void java_counters(struct sdk_search *h)
{
        static const char counters[] = "/tmp/hsperfdata_";
        const char *at = strstr(search_maps(h), counters);

        if (at)
                search_file(h, SDK_JAR_NAMES, "%.*s", (int)strcspn(at, "\n"), at);
}

/* A part of a class path that ends with an asterisk is all jars in that directory. */
static void java_wildcards(struct sdk_search *h, const char *list)
{
        for (size_t n; *list; list += n + (list[n] == ':')) {
                char directory[PATH_TEXT_MAX];

                n = strcspn(list, ":");
                if (n == 0 || list[n - 1] != '*' || (n > 1 && list[n - 2] != '/') || n >= sizeof directory)
                        continue;
                snprintf(directory, sizeof directory, "%.*s", n > 1 ? (int)n - 1 : 1, n > 1 ? list : ".");
                search_names(h, directory);
        }
}

static void java_class_path(struct sdk_search *h)
{
        static const char *const options[] = { "-cp", "-classpath", "--class-path" };
        const char *option, *list;

        for (size_t i = 1; (option = search_arg(h, i)) && (list = search_arg(h, i + 1)) && i < SDK_ARGS_MAX; i++)
                for (size_t k = 0; k < ARRAY_SIZE(options); k++)
                        if (streq(option, options[k]))
                                java_wildcards(h, list);
}

void search_java(struct sdk_search *h)
{
        const char *arg;

        sdk_scan(SDK_JAR_NAMES, h->q->argv.s, h->q->argv.len, &h->set);
        for (size_t i = 1; (arg = search_arg(h, i)) && i < SDK_ARGS_MAX; i++)
                if (arg[0] == '@')
                        search_file(h, SDK_JAR_NAMES, "%s", arg + 1);
        search_file(h, SDK_JAR_NAMES, "BOOT-INF/classpath.idx");
        if (!h->set.n)
                java_counters(h);
        if (!h->set.n)
                java_class_path(h);
        if (h->set.n)
                return;
        for (size_t i = 1; (arg = search_arg(h, i)) && i < SDK_ARGS_MAX; i++)
                java_jars(h, arg, strlen(arg));
}

/* ---- PHP ---- */

/*
 * Copies that a program brings under names of its own (PHP-Scoper, Mozart): composer's list beside them names the package
 * as it was; where there is none, Sdk.php has the release.
 */
static void php_copies(struct sdk_search *h)
{
        static const char *const roots[] = { "", "/var/www/html/", "/var/www/", "/app/" };
        static const struct { enum sdk_format format; const char *path; } copies[] = {
                { SDK_COMPOSER, "vendor_prefixed/composer/installed.json" }, { SDK_COMPOSER, "vendor-prefixed/composer/installed.json" },
                { SDK_COMPOSER, "vendor-scoped/composer/installed.json" },   { SDK_COMPOSER, "3rdparty/composer/installed.json" },
                { SDK_PHP_SDK, "vendor_prefixed/aws/aws-sdk-php/src/Sdk.php" },
                { SDK_PHP_SDK, "vendor-prefixed/aws/aws-sdk-php/src/Sdk.php" },
                { SDK_PHP_SDK, "wp-content/plugins/amazon-s3-and-cloudfront/vendor/Aws3/Aws/Sdk.php" },
                { SDK_PHP_SDK, "wp-content/plugins/amazon-s3-and-cloudfront-pro/vendor/Aws3/Aws/Sdk.php" },
                { SDK_COMPOSER, "wp-content/plugins/s3-uploads/vendor/composer/installed.json" },
                { SDK_COMPOSER, "wp-content/plugins/updraftplus/vendor/composer/installed.json" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(roots) * ARRAY_SIZE(copies) && !h->set.n; i++)
                search_file(h, copies[i % ARRAY_SIZE(copies)].format, "%s%s", roots[i / ARRAY_SIZE(copies)],
                            copies[i % ARRAY_SIZE(copies)].path);
}

void search_php(struct sdk_search *h)
{
        static const char *const directories[] = { "", "../", "../../", "/var/www/html/", "/var/www/", "/app/",
                                                   "/srv/app/", "/srv/", "/usr/src/app/" };
        static const char *const lists[] = { "installed.php", "installed.json" };
        const char *arg;

        for (size_t i = 1; (arg = search_arg(h, i)) && i < SDK_ARGS_MAX && !h->set.n; i++)
                if (path_ends_with(arg, strlen(arg), ".php") || arg[0] == '/') {
                        int len = (int)(last_part(arg) - arg);

                        search_file(h, SDK_COMPOSER, "%.*svendor/composer/installed.php", len, arg);
                        search_file(h, SDK_COMPOSER, "%.*s../vendor/composer/installed.php", len, arg);
                }
        for (size_t i = 0; i < ARRAY_SIZE(directories) * ARRAY_SIZE(lists) && !h->set.n; i++)
                search_file(h, SDK_COMPOSER, "%svendor/composer/%s", directories[i / 2], lists[i % 2]);
        if (!h->set.n)
                php_copies(h);
}

/* ---- .NET ---- */

/* Beside the program stands PROGRAM.deps.json; the program is a dll of dotnet, or starts itself. */
void search_dotnet(struct sdk_search *h)
{
        const char *arg;

        for (size_t i = 1; (arg = search_arg(h, i)) && i < SDK_ARGS_MAX && !h->set.n; i++)
                if (path_ends_with(arg, strlen(arg), ".dll"))
                        search_file(h, SDK_DEPS_JSON, "%.*s.deps.json", (int)strlen(arg) - 4, arg);
        if (!h->set.n)
                search_file(h, SDK_DEPS_JSON, "%s.deps.json", h->p->exe);
        if (!h->set.n && !streq(h->program, "dotnet"))
                search_executable(h);
}
