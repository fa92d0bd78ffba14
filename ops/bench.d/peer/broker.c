#include "peer.h"

#include <amqp_tcp_socket.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { frame_max = 131072, deadline_ms = 30000, flush_at = 60000 };

_Noreturn void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("bench-peer: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    // Threads of other lanes are still in the libraries: no handlers, no flushing of what they write.
    _Exit(1);
}

static amqp_table_entry_t flag(const char *name) {
    amqp_table_entry_t entry = {.key = amqp_cstring_bytes(name)};
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = 1;
    return entry;
}

void broker_open(struct broker *b, const char *url, const char *name) {
    char *copy = strdup(url);
    struct amqp_connection_info info;
    if (amqp_parse_url(copy, &info) != AMQP_STATUS_OK || info.ssl) fail("not an amqp:// URL: %s", url);
    b->connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(b->connection);
    struct timeval limit = {.tv_sec = 10};
    int status = amqp_socket_open_noblock(socket, info.host, info.port, &limit);
    if (status) fail("broker: %s", amqp_error_string2(status));
    limit.tv_sec = deadline_ms / 1000;
    amqp_set_rpc_timeout(b->connection, &limit);

    // Without this table the broker would not say that it cancelled a consumer or blocked the connection.
    amqp_table_entry_t capabilities[] = {flag("connection.blocked"), flag("consumer_cancel_notify"), flag("basic.nack"),
                                         flag("publisher_confirms"), flag("authentication_failure_close")};
    amqp_table_entry_t properties[2] = {{.key = amqp_cstring_bytes("capabilities")}, {.key = amqp_cstring_bytes("connection_name")}};
    properties[0].value.kind = AMQP_FIELD_KIND_TABLE;
    properties[0].value.value.table = (amqp_table_t){5, capabilities};
    properties[1].value.kind = AMQP_FIELD_KIND_UTF8;
    properties[1].value.value.bytes = amqp_cstring_bytes(name);
    amqp_table_t table = {2, properties};
    amqp_rpc_reply_t reply = amqp_login_with_properties(b->connection, info.vhost, 0, frame_max, 60, &table,
                                                        AMQP_SASL_METHOD_PLAIN, info.user, info.password);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) fail("broker: login refused");
    if (!amqp_channel_open(b->connection, 1)) fail("broker: no channel");
    b->socket = amqp_get_sockfd(b->connection);
    b->room = 4 * flush_at;
    b->output = malloc(b->room);
    b->used = 0;
    free(copy);
}

void broker_close(struct broker *b) {
    broker_flush(b);
    amqp_connection_close(b->connection, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(b->connection);
    free(b->output);
}

static _Noreturn void closed(const amqp_frame_t *frame) {
    if (frame->payload.method.id == AMQP_CHANNEL_CLOSE_METHOD) {
        amqp_channel_close_t *close = frame->payload.method.decoded;
        fail("channel closed: %d %.*s", close->reply_code, (int)close->reply_text.len, (char *)close->reply_text.bytes);
    }
    if (frame->payload.method.id == AMQP_CONNECTION_CLOSE_METHOD) {
        amqp_connection_close_t *close = frame->payload.method.decoded;
        fail("connection closed: %d %.*s", close->reply_code, (int)close->reply_text.len, (char *)close->reply_text.bytes);
    }
    fail("broker: unwanted method %s", amqp_method_name(frame->payload.method.id));
}

bool broker_frame(struct broker *b, amqp_frame_t *frame, double wait) {
    struct timeval limit = {(time_t)wait, (suseconds_t)((wait - (double)(time_t)wait) * 1e6)};
    int status = amqp_simple_wait_frame_noblock(b->connection, frame, &limit);
    if (status == AMQP_STATUS_TIMEOUT) return false;
    if (status != AMQP_STATUS_OK) fail("broker: %s", amqp_error_string2(status));
    if (frame->frame_type != AMQP_FRAME_METHOD) return true;
    switch (frame->payload.method.id) {
    case AMQP_BASIC_ACK_METHOD:
    case AMQP_BASIC_NACK_METHOD:
    case AMQP_BASIC_DELIVER_METHOD:
    case AMQP_BASIC_RETURN_METHOD:
        return true;
    case AMQP_CONNECTION_BLOCKED_METHOD:
        fail("broker: connection blocked by an alarm");
    default:
        closed(frame);
    }
}

void broker_release(struct broker *b) {
    // While frames are queued inside the library this call scans all of them (mq-facts, trap 17).
    if (!amqp_frames_enqueued(b->connection)) amqp_maybe_release_buffers(b->connection);
}

void broker_consume(struct broker *b, const char *queue, const char *tag, long prefetch, bool no_ack) {
    if (prefetch && !amqp_basic_qos(b->connection, 1, 0, (uint16_t)prefetch, 0)) fail("basic.qos refused");
    // Without waiting for the answer: deliveries of the queues before would pile up inside the library meanwhile. A refusal closes
    // the channel.
    amqp_basic_consume_t method = {
        .queue = amqp_cstring_bytes(queue), .consumer_tag = amqp_cstring_bytes(tag), .no_ack = no_ack, .nowait = 1};
    int status = amqp_send_method(b->connection, 1, AMQP_BASIC_CONSUME_METHOD, &method);
    if (status) fail("basic.consume: %s", amqp_error_string2(status));
}

static void put32(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 24), at[1] = (uint8_t)(value >> 16), at[2] = (uint8_t)(value >> 8), at[3] = (uint8_t)value;
}

static void reserve(struct broker *b, size_t length) {
    if (b->used + length <= b->room) return;
    b->room = 2 * (b->used + length);
    b->output = realloc(b->output, b->room);
}

// Writes the frame's head and end around `length` bytes of payload that stand at `used` + 7.
static void put_frame(struct broker *b, uint8_t type, size_t length) {
    uint8_t *at = b->output + b->used;
    at[0] = type, at[1] = 0, at[2] = 1;
    put32(at + 3, (uint32_t)length);
    at[7 + length] = AMQP_FRAME_END;
    b->used += length + 8;
}

static void put_method(struct broker *b, amqp_method_number_t id, void *decoded) {
    reserve(b, 1024);
    uint8_t *at = b->output + b->used + 7;
    put32(at, id);
    amqp_bytes_t room = {1000, at + 4};
    int length = amqp_encode_method(id, decoded, room);
    if (length < 0) fail("cannot encode %s", amqp_method_name(id));
    put_frame(b, AMQP_FRAME_METHOD, (size_t)length + 4);
}

void broker_put_publish(struct broker *b, const char *exchange, amqp_bytes_t key, bool mandatory,
                        amqp_basic_properties_t *properties, const uint8_t *body, size_t length) {
    amqp_basic_publish_t method = {.exchange = amqp_cstring_bytes(exchange), .routing_key = key, .mandatory = mandatory};
    put_method(b, AMQP_BASIC_PUBLISH_METHOD, &method);

    reserve(b, 2048 + length + 8 * (length / (frame_max - 8) + 1));
    uint8_t *at = b->output + b->used + 7;
    at[0] = AMQP_BASIC_CLASS >> 8, at[1] = AMQP_BASIC_CLASS & 255, at[2] = 0, at[3] = 0;
    put32(at + 4, 0);
    put32(at + 8, (uint32_t)length);
    amqp_bytes_t room = {2000, at + 12};
    int encoded = amqp_encode_properties(AMQP_BASIC_CLASS, properties, room);
    if (encoded < 0) fail("cannot encode properties");
    put_frame(b, AMQP_FRAME_HEADER, (size_t)encoded + 12);

    while (length) {
        size_t part = length < frame_max - 8 ? length : frame_max - 8;
        memcpy(b->output + b->used + 7, body, part);
        put_frame(b, AMQP_FRAME_BODY, part);
        body += part, length -= part;
    }
    if (b->used >= flush_at) broker_flush(b);
}

void broker_put_ack(struct broker *b, uint64_t tag) {
    amqp_basic_ack_t method = {.delivery_tag = tag, .multiple = 1};
    put_method(b, AMQP_BASIC_ACK_METHOD, &method);
}

void broker_flush(struct broker *b) {
    size_t sent = 0;
    while (sent < b->used) {
        ssize_t n = send(b->socket, b->output + sent, b->used - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            sent += (size_t)n;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            struct pollfd ready = {b->socket, POLLOUT, 0};
            if (poll(&ready, 1, deadline_ms) == 0) fail("broker takes nothing for %d s", deadline_ms / 1000);
        } else if (errno != EINTR) {
            fail("send: %s", strerror(errno));
        }
    }
    b->used = 0;
}

bool broker_delivery(struct broker *b, struct delivery *d, uint8_t *room, size_t size, double wait) {
    amqp_frame_t frame;
    if (!broker_frame(b, &frame, wait)) return false;
    if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_DELIVER_METHOD) fail("broker: a frame out of turn");
    d->tag = ((amqp_basic_deliver_t *)frame.payload.method.decoded)->delivery_tag;
    if (!broker_frame(b, &frame, deadline_ms / 1000) || frame.frame_type != AMQP_FRAME_HEADER) fail("broker: no content header");
    d->properties = frame.payload.properties.decoded;
    d->body = room;
    d->length = 0;
    uint64_t whole = frame.payload.properties.body_size;
    if (whole > size) fail("message of %llu bytes", (unsigned long long)whole);
    while (d->length < whole) {
        if (!broker_frame(b, &frame, deadline_ms / 1000) || frame.frame_type != AMQP_FRAME_BODY) fail("broker: no body");
        memcpy(room + d->length, frame.payload.body_fragment.bytes, frame.payload.body_fragment.len);
        d->length += frame.payload.body_fragment.len;
    }
    return true;
}
