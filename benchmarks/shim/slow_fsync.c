/*
 * Makes every fsync and fdatasync of a program slower, to see how it fares on an ordinary cloud disk:
 *   cc -O2 -shared -fPIC -o slow_fsync.so slow_fsync.c -ldl
 *   SLOW_FSYNC_MICROSECONDS=2000 LD_PRELOAD=./slow_fsync.so PROGRAM
 * The wait comes first and the real call after it, so durability is what it was. Without the variable, or with 0, nothing changes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

typedef int (*sync_call)(int);

static long microseconds(void)
{
    static long known = -1;
    if (known < 0) {
        const char *text = getenv("SLOW_FSYNC_MICROSECONDS");
        known = text ? strtol(text, NULL, 10) : 0;
    }
    return known;
}

static void linger(void)
{
    long left = microseconds();
    struct timespec wait = { left / 1000000, (left % 1000000) * 1000 };
    while (left > 0 && nanosleep(&wait, &wait) == -1 && errno == EINTR) {
    }
}

static int call(const char *name, sync_call *known, int descriptor)
{
    if (*known == NULL) {
        *known = (sync_call)dlsym(RTLD_NEXT, name);
        if (*known == NULL) {
            errno = ENOSYS;
            return -1;
        }
    }
    linger();
    return (*known)(descriptor);
}

int fsync(int descriptor)
{
    static sync_call known;
    return call("fsync", &known, descriptor);
}

int fdatasync(int descriptor)
{
    static sync_call known;
    return call("fdatasync", &known, descriptor);
}
