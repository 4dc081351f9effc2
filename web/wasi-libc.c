/* What Rust's standard library and crates ask of a C library for WASI, and Debian's of 2022 lacks: threads, of which
 * there are none, permissions, of which there are none either, and realpath(). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int pthread_attr_init(void *a) { (void)a; return 0; }
int pthread_attr_destroy(void *a) { (void)a; return 0; }
int pthread_attr_setstacksize(void *a, unsigned long n) { (void)a; (void)n; return 0; }
int pthread_attr_setguardsize(void *a, unsigned long n) { (void)a; (void)n; return 0; }
int pthread_create(void *t, const void *a, void *(*f)(void *), void *x) { (void)t; (void)a; (void)f; (void)x; return ENOTSUP; }
int pthread_detach(void *t) { (void)t; return ENOTSUP; }
int pthread_join(void *t, void **r) { (void)t; (void)r; return ENOTSUP; }

int fchmod(int fd, unsigned mode) { (void)fd; (void)mode; errno = ENOTSUP; return -1; }
int *__errno_location(void) { return &errno; }

/* Links are unknown to the folders that this runs in: a path is canonical without `.`, `..` and empty parts. */
char *realpath(const char *path, char *out) {
    size_t length = strlen(path), at = 0;
    char *full = out ? out : malloc(length + 2);
    if (!full) return NULL;
    full[0] = '\0';
    while (*path) {
        size_t part = strcspn(path, "/");
        if (part == 2 && path[0] == '.' && path[1] == '.') {
            while (at > 0 && full[--at] != '/') {}
        } else if (part > 0 && !(part == 1 && path[0] == '.')) {
            full[at++] = '/';
            memcpy(full + at, path, part);
            at += part;
        }
        path += part;
        while (*path == '/') path++;
    }
    if (at == 0) full[at++] = '/';
    full[at] = '\0';
    return full;
}
