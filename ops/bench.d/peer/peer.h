// The bare loops that Purser is measured against: librabbitmq, libpq and nothing else.
#pragma once

#include <amqp.h>
#include <amqp_framing.h>
#include <libpq-fe.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

// What the command line says. One structure for all modes: each reads the fields that concern it.
struct options {
    const char *mode;
    const char *amqp;           // broker URL
    const char *database;       // database URL; NULL: consume and acknowledge only
    const char *exchange;
    const char *queues;         // comma separated, dealt out to the lanes in turn
    const char *source;         // CloudEvents source of what is published
    const char *service;
    long count;                 // events to publish or to handle
    long lanes;                 // threads, each with connections of its own
    long batch;                 // most events in one statement
    long prefetch;              // per consumer
    long window;                // messages without a confirm
    long wallets;
    long size;                  // bytes of an event
    long events_per_message;    // 1: structured, more: JSON batch
    long rate;                  // events per second, 0: as fast as it goes
    long warmup;                // calls that are not counted
    long idle;                  // seconds without progress after which the program gives up
    bool hot;                   // one wallet takes everything
    bool mixed;                 // the events of a batch message belong to different wallets
    bool answer;                // drain: answer requests that carry reply_to
};

// clock.c
double now_seconds(void);                // wall clock: compared between processes
void sleep_until(double moment);
long peak_memory_kib(void);              // VmHWM of this process

// broker.c: every failure and every close ends the program with exit 1 and a line that says why.
struct broker {
    amqp_connection_state_t connection;
    int socket;
    uint8_t *output;                     // frames that wait for one send
    size_t used, room;
};
void broker_open(struct broker *b, const char *url, const char *name);
void broker_close(struct broker *b);
bool broker_frame(struct broker *b, amqp_frame_t *frame, double wait);   // false: nothing came within `wait` seconds
void broker_release(struct broker *b);   // gives the library's memory back, where that costs nothing
void broker_consume(struct broker *b, const char *queue, const char *tag, long prefetch, bool no_ack);
void broker_put_publish(struct broker *b, const char *exchange, amqp_bytes_t key, bool mandatory,
                        amqp_basic_properties_t *properties, const uint8_t *body, size_t length);
void broker_put_ack(struct broker *b, uint64_t tag);
void broker_flush(struct broker *b);
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// A delivery whose body was copied out of the library's memory.
struct delivery {
    uint64_t tag;
    amqp_basic_properties_t *properties; // valid until broker_release
    uint8_t *body;
    size_t length;
};
bool broker_delivery(struct broker *b, struct delivery *d, uint8_t *room, size_t size, double wait);

// event.c
struct generator {
    uint64_t run;                        // 38 bits that tell producers apart
    uint64_t sequence;
    unsigned seed;
};
struct text { const char *start; size_t length; };
struct event { struct text source, id, organization; int64_t tokens; };
void generator_start(struct generator *g, unsigned lane);
long generator_wallet(struct generator *g, const struct options *o);
size_t generator_event(struct generator *g, const struct options *o, long wallet, char *id, char *body);
bool event_read(const uint8_t *body, size_t length, struct event *e);

// database.c
struct batch;
struct batch *batch_new(const char *url, long limit);
void batch_add(struct batch *b, const struct event *e);
long batch_commit(struct batch *b);      // rows that were new
void batch_free(struct batch *b);

// The modes.
int publish(const struct options *o);
int drain(const struct options *o);
int call(const struct options *o);
