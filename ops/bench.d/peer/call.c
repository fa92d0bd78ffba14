#define _GNU_SOURCE
#include "peer.h"

#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// One caller over direct reply-to: publish, wait for the answer, publish the next.
int call(const struct options *o) {
    struct broker broker;
    struct generator generator;
    broker_open(&broker, o->amqp, "bench caller");
    generator_start(&generator, 0);
    // The pseudo-queue wants a consumer without acknowledgement on the channel that publishes.
    broker_consume(&broker, "amq.rabbitmq.reply-to", "answers", 0, true);
    double *times = calloc((size_t)o->count, sizeof *times);
    uint8_t *room = malloc(1 << 16);
    char *body = malloc((size_t)o->size + 512), id[32], key[32];
    long refused = 0;
    double began = 0;
    for (long i = -o->warmup; i < o->count; i++) {
        long wallet = generator_wallet(&generator, o);
        sprintf(key, "org-%ld", wallet);
        size_t length = generator_event(&generator, o, wallet, id, body);
        amqp_basic_properties_t properties = {
            ._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_TYPE_FLAG
                | AMQP_BASIC_REPLY_TO_FLAG | AMQP_BASIC_CORRELATION_ID_FLAG,
            .content_type = amqp_cstring_bytes("application/cloudevents+json"),
            .delivery_mode = 2,
            .message_id = amqp_cstring_bytes(id),
            .type = amqp_cstring_bytes("usage.recorded"),
            .reply_to = amqp_cstring_bytes("amq.rabbitmq.reply-to"),
            .correlation_id = amqp_cstring_bytes(id),
        };
        double sent = now_seconds();
        if (i == 0) began = sent;
        broker_put_publish(&broker, o->exchange, amqp_cstring_bytes(key), false, &properties, (uint8_t *)body, length);
        broker_flush(&broker);
        struct delivery d;
        if (!broker_delivery(&broker, &d, room, 1 << 16, (double)o->idle)) fail("no answer within %ld s", o->idle);
        double answered = now_seconds();
        amqp_bytes_t correlation = d.properties->correlation_id;
        if (!(d.properties->_flags & AMQP_BASIC_CORRELATION_ID_FLAG) || correlation.len != strlen(id)
            || memcmp(correlation.bytes, id, correlation.len)) {
            fail("an answer with another correlation_id");
        }
        bool ok = memmem(d.body, d.length, "\"ok\":true", 9);
        if (i >= 0) times[i] = answered - sent, refused += !ok;
        broker_release(&broker);
    }
    double ended = now_seconds();
    broker_close(&broker);
    qsort(times, (size_t)o->count, sizeof *times, ascending);
    printf("{\"mode\":\"call\",\"events\":%ld,\"refused\":%ld,\"rate\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,"
           "\"memory_kib\":%ld}\n",
           o->count, refused, (double)o->count / (ended - began), times[o->count / 2] * 1e3, times[o->count * 99 / 100] * 1e3,
           times[o->count - 1] * 1e3, peak_memory_kib());
    free(times), free(room), free(body);
    return 0;
}
