#define _GNU_SOURCE
#include "peer.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

void generator_start(struct generator *g, unsigned lane) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    g->run = (((uint64_t)t.tv_nsec ^ ((uint64_t)getpid() << 16) ^ ((uint64_t)t.tv_sec << 20)) + lane * 0x9E3779B9ull) & 0x3FFFFFFFFFull;
    g->sequence = 0;
    g->seed = (unsigned)g->run | 1;
}

long generator_wallet(struct generator *g, const struct options *o) {
    if (o->hot) return 0;
    g->seed ^= g->seed << 13, g->seed ^= g->seed >> 17, g->seed ^= g->seed << 5;
    return (long)(g->seed % (unsigned long)o->wallets);
}

static void base32(char *out, int digits, uint64_t value) {
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    while (digits--) out[digits] = alphabet[value & 31], value >>= 5;
}

// A ULID: 48 bits of milliseconds; then, in place of randomness, 10 bits of microseconds, 32 of sequence and 38 of the run. So ids are
// unique and in the order of time, and the moment of publication can be read back from the ledger to the microsecond.
static void identity(struct generator *g, const struct timespec *t, char *id) {
    uint64_t milliseconds = (uint64_t)t->tv_sec * 1000 + (uint64_t)t->tv_nsec / 1000000;
    uint64_t microseconds = (uint64_t)t->tv_nsec / 1000 % 1000;
    uint64_t sequence = g->sequence++ & 0xFFFFFFFF;
    base32(id, 10, milliseconds);
    base32(id + 10, 8, microseconds << 30 | sequence >> 2);
    base32(id + 18, 8, (sequence & 3) << 38 | g->run);
    id[26] = 0;
}

// Writes one event of about o->size bytes to `body` and its id to `id`; returns the length. `body` holds at least o->size + 512 bytes.
size_t generator_event(struct generator *g, const struct options *o, long wallet, char *id, char *body) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    identity(g, &t, id);
    static _Thread_local time_t second = 0;
    static _Thread_local char moment[32];
    if (t.tv_sec != second) {
        struct tm parts;
        gmtime_r(&t.tv_sec, &parts);
        strftime(moment, sizeof moment, "%Y-%m-%dT%H:%M:%S", &parts);
        second = t.tv_sec;
    }
    int length = sprintf(body,
                         "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"usage.recorded\",\"subject\":\"org-%ld\","
                         "\"time\":\"%s.%06ldZ\",\"datacontenttype\":\"application/json\","
                         "\"data\":{\"service\":\"%s\",\"quantity\":1,\"metadata\":{\"note\":\"",
                         id, o->source, wallet, moment, t.tv_nsec / 1000, o->service);
    long padding = o->size - length - 4;
    if (padding > 0) memset(body + length, 'x', (size_t)padding), length += (int)padding;
    memcpy(body + length, "\"}}}", 4);
    return (size_t)length + 4;
}

static bool find(const uint8_t *body, size_t length, const char *name, struct text *value) {
    const uint8_t *at = memmem(body, length, name, strlen(name));
    if (!at) return false;
    value->start = (const char *)at + strlen(name);
    const char *end = memchr(value->start, '"', (size_t)((const char *)body + length - value->start));
    if (!end) return false;
    value->length = (size_t)(end - value->start);
    return true;
}

// Takes the four values from where our own producer puts them: a floor, not a reader of JSON.
bool event_read(const uint8_t *body, size_t length, struct event *e) {
    static const char quantity[] = "\"quantity\":";
    if (!find(body, length, "\"id\":\"", &e->id) || !find(body, length, "\"source\":\"", &e->source)
        || !find(body, length, "\"subject\":\"", &e->organization)) {
        return false;
    }
    const uint8_t *at = memmem(body, length, quantity, sizeof quantity - 1);
    if (!at) return false;
    e->tokens = 0;
    for (at += sizeof quantity - 1; at < body + length && *at >= '0' && *at <= '9'; at++) e->tokens = e->tokens * 10 + (*at - '0');
    return true;
}
