#include "peer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { message_limit = 1 << 20 };
struct lane {
    const struct options *options;
    struct broker broker;
    struct batch *batch;
    pthread_t thread;
    long index;
    long messages, events, fresh, batches;
    double began, ended;
};

static atomic_long handled;
static _Atomic double last_progress;

// The events of one message: an object, or an array whose elements are taken one after the other.
static long take(struct lane *l, const struct delivery *d) {
    struct event e;
    if (!l->batch) return l->options->events_per_message;
    if (d->body[0] != '[') {
        if (!event_read(d->body, d->length, &e)) fail("an event that cannot be read");
        batch_add(l->batch, &e);
        return 1;
    }
    long events = 0;
    const uint8_t *at = d->body + 1, *end = d->body + d->length;
    static const char stop[] = "}}}";
    while (at < end) {
        const uint8_t *close = at;
        while (close + 3 <= end && memcmp(close, stop, 3)) close++;
        if (close + 3 > end) break;
        if (!event_read(at, (size_t)(close + 3 - at), &e)) fail("an event that cannot be read");
        batch_add(l->batch, &e);
        events++;
        at = close + 4;
    }
    return events;
}

static void answer(struct lane *l, char *queue, size_t queue_length, char *correlation, size_t correlation_length) {
    static const char body[] = "{\"ok\":true,\"result\":{\"outcome\":\"debited\"}}";
    amqp_basic_properties_t properties = {
        ._flags = AMQP_BASIC_CORRELATION_ID_FLAG | AMQP_BASIC_CONTENT_TYPE_FLAG,
        .content_type = amqp_cstring_bytes("application/json"),
        .correlation_id = {correlation_length, correlation},
    };
    broker_put_publish(&l->broker, "", (amqp_bytes_t){queue_length, queue}, false, &properties, (const uint8_t *)body, sizeof body - 1);
}

struct caller { char queue[256], correlation[256]; size_t queue_length, correlation_length; };

static bool remember(const struct delivery *d, struct caller *c) {
    if (!(d->properties->_flags & AMQP_BASIC_REPLY_TO_FLAG) || d->properties->reply_to.len > sizeof c->queue) return false;
    c->queue_length = d->properties->reply_to.len;
    memcpy(c->queue, d->properties->reply_to.bytes, c->queue_length);
    c->correlation_length = d->properties->_flags & AMQP_BASIC_CORRELATION_ID_FLAG ? d->properties->correlation_id.len : 0;
    if (c->correlation_length) memcpy(c->correlation, d->properties->correlation_id.bytes, c->correlation_length);
    return true;
}

static void *work(void *argument) {
    struct lane *l = argument;
    const struct options *o = l->options;
    uint8_t *room = malloc(message_limit);
    struct caller *callers = o->answer ? malloc((size_t)o->batch * sizeof *callers) : NULL;
    while (atomic_load(&handled) < o->count) {
        struct delivery d;
        long events = 0, messages = 0, calls = 0;
        // A batch ends where nothing more is waiting: one partition's window can be full while the others are empty.
        while (events < o->batch && broker_delivery(&l->broker, &d, room, message_limit, messages ? 0 : 0.05)) {
            if (!messages && l->began == 0) l->began = now_seconds();
            if (callers && remember(&d, &callers[calls])) calls++;
            events += take(l, &d);
            messages++;
            if (messages % 256 == 0) broker_release(&l->broker);
        }
        if (!messages) {
            if (now_seconds() - atomic_load(&last_progress) > (double)o->idle) {
                fail("nothing came for %ld s: %ld handled", o->idle, atomic_load(&handled));
            }
            continue;
        }
        uint64_t tag = d.tag;
        if (l->batch) l->fresh += batch_commit(l->batch);
        for (long i = 0; i < calls; i++) {
            answer(l, callers[i].queue, callers[i].queue_length, callers[i].correlation, callers[i].correlation_length);
        }
        broker_put_ack(&l->broker, tag);
        broker_flush(&l->broker);
        broker_release(&l->broker);
        l->ended = now_seconds();
        atomic_store(&last_progress, l->ended);
        l->messages += messages, l->events += events, l->batches++;
        atomic_fetch_add(&handled, events);
    }
    free(callers);
    free(room);
    return NULL;
}

static void subscribe(struct lane *l) {
    const struct options *o = l->options;
    char *names = strdup(o->queues), *rest = names, *queue, tag[32];
    for (long i = 0; (queue = strsep(&rest, ",")); i++) {
        snprintf(tag, sizeof tag, "bench-%ld", i);
        if (i % o->lanes == l->index) broker_consume(&l->broker, queue, tag, o->prefetch, false);
    }
    free(names);
}

int drain(const struct options *o) {
    struct lane *lanes = calloc((size_t)o->lanes, sizeof *lanes);
    atomic_store(&last_progress, now_seconds());
    for (long i = 0; i < o->lanes; i++) {
        lanes[i].options = o, lanes[i].index = i;
        broker_open(&lanes[i].broker, o->amqp, "bench drain");
        if (o->database) lanes[i].batch = batch_new(o->database, o->batch);
    }
    for (long i = 0; i < o->lanes; i++) subscribe(&lanes[i]), pthread_create(&lanes[i].thread, NULL, work, &lanes[i]);
    struct lane sum = {.began = 0};
    for (long i = 0; i < o->lanes; i++) {
        struct lane *l = &lanes[i];
        pthread_join(l->thread, NULL);
        sum.messages += l->messages, sum.events += l->events, sum.fresh += l->fresh, sum.batches += l->batches;
        if (l->began > 0 && (sum.began == 0 || l->began < sum.began)) sum.began = l->began;
        if (l->ended > sum.ended) sum.ended = l->ended;
        broker_close(&l->broker);
        if (l->batch) batch_free(l->batch);
    }
    printf("{\"mode\":\"%s\",\"events\":%ld,\"messages\":%ld,\"fresh\":%ld,\"batches\":%ld,\"began\":%.6f,\"ended\":%.6f,"
           "\"rate\":%.0f,\"memory_kib\":%ld}\n",
           o->database ? "drain" : "consume", sum.events, sum.messages, sum.fresh, sum.batches, sum.began, sum.ended,
           (double)sum.events / (sum.ended - sum.began), peak_memory_kib());
    free(lanes);
    return 0;
}
