#include "peer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// Confirms are counted per tag: they come singly, multiple and out of order (mq-facts, trap 18).
enum { ring = 1 << 16 };
struct producer {
    const struct options *options;
    struct broker broker;
    struct generator generator;
    pthread_t thread;
    unsigned lane;
    long events;                 // this producer's share
    uint64_t next, lowest;       // the next tag; the lowest without a confirm
    long outstanding;
    uint8_t open[ring];          // 1: published and not confirmed
};

static void confirm(struct producer *p, uint64_t tag, bool multiple) {
    if (tag >= p->next || tag + ring < p->next) fail("confirm for unknown tag %llu", (unsigned long long)tag);
    for (uint64_t t = multiple ? p->lowest : tag; t <= tag; t++) {
        if (p->open[t % ring]) p->open[t % ring] = 0, p->outstanding--;
    }
    while (p->lowest < p->next && !p->open[p->lowest % ring]) p->lowest++;
}

static void take_confirms(struct producer *p, double wait) {
    amqp_frame_t frame;
    while (broker_frame(&p->broker, &frame, wait)) {
        if (frame.frame_type != AMQP_FRAME_METHOD) fail("broker: a frame out of turn");
        if (frame.payload.method.id != AMQP_BASIC_ACK_METHOD) {
            fail("a message was refused or returned: %s", amqp_method_name(frame.payload.method.id));
        }
        amqp_basic_ack_t *ack = frame.payload.method.decoded;
        confirm(p, ack->delivery_tag, ack->multiple);
        wait = 0;
    }
    broker_release(&p->broker);
}

// Waits until there is room for one more message.
static void make_room(struct producer *p, long window) {
    double began = 0;
    while (p->outstanding >= window || p->next - p->lowest >= ring) {
        broker_flush(&p->broker);
        take_confirms(p, 1);
        if (p->outstanding < window && p->next - p->lowest < ring) return;
        if (began == 0) began = now_seconds();
        if (now_seconds() - began > (double)p->options->idle) fail("no confirm for %ld s", p->options->idle);
    }
}

static size_t message(struct producer *p, long events, char *id, char *key, char *body) {
    const struct options *o = p->options;
    long wallet = generator_wallet(&p->generator, o);
    sprintf(key, "org-%ld", wallet);
    if (o->events_per_message == 1) return generator_event(&p->generator, o, wallet, id, body);
    size_t length = 0;
    char other[32];
    body[length++] = '[';
    for (long i = 0; i < events; i++) {
        if (i) body[length++] = ',';
        if (i && o->mixed) wallet = generator_wallet(&p->generator, o);
        length += generator_event(&p->generator, o, wallet, i ? other : id, body + length);
    }
    body[length++] = ']';
    return length;
}

static void *produce(void *argument) {
    struct producer *p = argument;
    const struct options *o = p->options;
    char *body = malloc((size_t)(o->events_per_message * (o->size + 512)) + 8), id[32], key[32];
    bool batched = o->events_per_message > 1;
    double began = now_seconds();
    for (long done = 0; done < p->events;) {
        long events = p->events - done < o->events_per_message ? p->events - done : o->events_per_message;
        if (o->rate) sleep_until(began + (double)done * (double)o->lanes / (double)o->rate);
        make_room(p, o->window);
        size_t length = message(p, events, id, key, body);
        amqp_basic_properties_t properties = {
            ._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_TYPE_FLAG,
            .content_type = amqp_cstring_bytes(batched ? "application/cloudevents-batch+json" : "application/cloudevents+json"),
            .delivery_mode = 2,
            .message_id = amqp_cstring_bytes(id),
            .type = amqp_cstring_bytes("usage.recorded"),
        };
        broker_put_publish(&p->broker, o->exchange, amqp_cstring_bytes(key), true, &properties, (uint8_t *)body, length);
        p->open[p->next % ring] = 1, p->next++, p->outstanding++;
        done += events;
        if (o->rate) broker_flush(&p->broker);
        if (o->rate || p->next % 64 == 0) take_confirms(p, 0);
    }
    make_room(p, 1);
    free(body);
    return NULL;
}

int publish(const struct options *o) {
    struct producer *producers = calloc((size_t)o->lanes, sizeof *producers);
    for (long i = 0; i < o->lanes; i++) {
        struct producer *p = &producers[i];
        p->options = o, p->lane = (unsigned)i, p->next = p->lowest = 1;
        p->events = o->count / o->lanes + (i < o->count % o->lanes);
        broker_open(&p->broker, o->amqp, "bench producer");
        if (!amqp_confirm_select(p->broker.connection, 1)) fail("confirm.select refused");
        generator_start(&p->generator, p->lane);
    }
    double began = now_seconds();
    for (long i = 0; i < o->lanes; i++) pthread_create(&producers[i].thread, NULL, produce, &producers[i]);
    for (long i = 0; i < o->lanes; i++) pthread_join(producers[i].thread, NULL);
    double ended = now_seconds();
    for (long i = 0; i < o->lanes; i++) broker_close(&producers[i].broker);
    free(producers);
    printf("{\"mode\":\"publish\",\"events\":%ld,\"began\":%.6f,\"ended\":%.6f,\"rate\":%.0f,\"memory_kib\":%ld}\n", o->count, began, ended,
           (double)o->count / (ended - began), peak_memory_kib());
    return 0;
}
