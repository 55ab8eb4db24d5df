/* Preloaded into a child: every change to files below POWERCUT_FOLDER, and every sync, is appended to POWERCUT_RECORD.
 *
 * One record: kind (1 byte), descriptor (4), a (8), b (8), length of the data (4), then the data; little-endian.
 * What is mapped into memory is not seen: SQLite keeps only its -shm so, which every opening builds anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, CLOSE, WRITE, TRUNCATE, SYNC, UNLINK, RENAME, LINK, MARK };
#define MOST 4096
#define REAL(name, type, ...) ((type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

static char watched[MOST];
static int record = -1;

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("POWERCUT_FOLDER"), *file = getenv("POWERCUT_RECORD");
    if (folder && file)
        record = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void put(char kind, int fd, int64_t a, int64_t b, const void *data, uint32_t length) {
    char head[25];
    head[0] = kind;
    memcpy(head + 1, &fd, 4);
    memcpy(head + 5, &a, 8);
    memcpy(head + 13, &b, 8);
    memcpy(head + 21, &length, 4);
    struct iovec parts[2] = {{head, sizeof head}, {(void *)data, length}};
    if (record >= 0 && syscall(SYS_writev, record, parts, 2) != (long)sizeof head + length)
        abort(); /* a record with a hole proves nothing */
}

/* The path below the folder, "" for the folder itself, NULL for anything else. */
static const char *below(const char *path) {
    const char *folder = getenv("POWERCUT_FOLDER");
    if (record < 0 || !folder || !path)
        return NULL;
    size_t length = strlen(folder);
    if (strncmp(path, folder, length))
        return NULL;
    return path[length] == '/' ? path + length + 1 : path[length] ? NULL : path + length;
}

static int seen(int fd) { return fd >= 0 && fd < MOST && watched[fd]; }

static int opened(int fd, const char *path, int flags, int was) {
    const char *name = below(path);
    if (fd >= 0 && fd < MOST && (watched[fd] = name != NULL))
        put(OPEN, fd, !was && (flags & O_CREAT), was && (flags & O_TRUNC) != 0, name, strlen(name));
    return fd;
}

#define OPENING(name)                                                                  \
    int name(const char *path, int flags, ...) {                                       \
        va_list rest;                                                                  \
        va_start(rest, flags);                                                         \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;      \
        va_end(rest);                                                                  \
        int was = below(path) && !access(path, F_OK);                                  \
        return opened(REAL(#name, int, const char *, int, ...)(path, flags, mode), path, flags, was); \
    }
OPENING(open)
OPENING(open64)

int close(int fd) {
    if (seen(fd)) {
        watched[fd] = 0;
        put(CLOSE, fd, 0, 0, "", 0);
    }
    return REAL("close", int, int)(fd);
}

#define WRITING_AT(name)                                                               \
    ssize_t name(int fd, const void *data, size_t length, off64_t at) {                \
        ssize_t done = REAL(#name, ssize_t, int, const void *, size_t, off64_t)(fd, data, length, at); \
        if (done > 0 && seen(fd))                                                      \
            put(WRITE, fd, at, 0, data, done);                                         \
        return done;                                                                   \
    }
WRITING_AT(pwrite)
WRITING_AT(pwrite64)

ssize_t write(int fd, const void *data, size_t length) {
    ssize_t done = REAL("write", ssize_t, int, const void *, size_t)(fd, data, length);
    if (done > 0 && seen(fd)) /* the position stands behind what was written, also where it was appended */
        put(WRITE, fd, lseek(fd, 0, SEEK_CUR) - done, 0, data, done);
    return done;
}

#define TRUNCATING(name)                                                               \
    int name(int fd, off64_t size) {                                                   \
        int failed = REAL(#name, int, int, off64_t)(fd, size);                         \
        if (!failed && seen(fd))                                                       \
            put(TRUNCATE, fd, size, 0, "", 0);                                         \
        return failed;                                                                 \
    }
TRUNCATING(ftruncate)
TRUNCATING(ftruncate64)

#define SYNCING(name)                                                                  \
    int name(int fd) {                                                                 \
        int failed = REAL(#name, int, int)(fd);                                        \
        if (!failed && seen(fd))                                                       \
            put(SYNC, fd, 0, 0, "", 0);                                                \
        return failed;                                                                 \
    }
SYNCING(fsync)
SYNCING(fdatasync)

int unlink(const char *path) {
    int failed = REAL("unlink", int, const char *)(path);
    if (!failed && below(path))
        put(UNLINK, -1, 0, 0, below(path), strlen(below(path)));
    return failed;
}

/* Both names, with a zero between them. */
static int moved(char kind, int failed, const char *from, const char *to) {
    char both[2 * MOST];
    if (!failed && below(from) && below(to)) {
        size_t length = strlen(below(from)) + 1;
        memcpy(both, below(from), length);
        strcpy(both + length, below(to));
        put(kind, -1, 0, 0, both, length + strlen(below(to)));
    }
    return failed;
}

int rename(const char *from, const char *to) {
    return moved(RENAME, REAL("rename", int, const char *, const char *)(from, to), from, to);
}

int link(const char *from, const char *to) {
    return moved(LINK, REAL("link", int, const char *, const char *)(from, to), from, to);
}

int linkat(int there, const char *from, int here, const char *to, int flags) {
    return moved(LINK, REAL("linkat", int, int, const char *, int, const char *, int)(there, from, here, to, flags),
                 from, to);
}

/* Called by the program under record: what it may claim from here on. */
void powercut_mark(const char *text) { put(MARK, -1, 0, 0, text, strlen(text)); }
