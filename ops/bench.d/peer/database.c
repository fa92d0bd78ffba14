#include "peer.h"

#include <stdlib.h>
#include <string.h>

// One binary array parameter that grows in place: 20 bytes of head, then length and bytes of each element.
struct array { uint8_t *bytes; size_t used, room; };
enum { sources, ids, organizations, amounts, columns };
struct batch { PGconn *connection; struct array arrays[columns]; int32_t count; };

// Deduplicates and subtracts, nothing else. Wallets are locked in one order, so lanes whose wallets overlap wait and never deadlock.
static const char statement[] =
    "WITH fresh AS ("
    "  INSERT INTO bench_events (source, event_id, organization_id, tokens)"
    "  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])"
    "  ON CONFLICT (source, event_id) DO NOTHING RETURNING organization_id, tokens),"
    " spent AS (SELECT organization_id, sum(tokens)::bigint AS tokens, count(*) AS events FROM fresh GROUP BY organization_id),"
    " locked AS ("
    "  SELECT w.organization_id FROM bench_balances w JOIN spent USING (organization_id) ORDER BY w.organization_id FOR UPDATE OF w),"
    " updated AS ("
    "  UPDATE bench_balances w SET current_balance = w.current_balance - s.tokens"
    "  FROM spent s JOIN locked USING (organization_id) WHERE w.organization_id = s.organization_id RETURNING s.events)"
    " SELECT coalesce(sum(events), 0)::bigint FROM updated";

static const Oid text_oid = 25, int8_oid = 20;

static void put(struct array *a, const void *bytes, size_t length) {
    if (a->used + length > a->room) {
        a->room = 2 * (a->used + length);
        a->bytes = realloc(a->bytes, a->room);
    }
    memcpy(a->bytes + a->used, bytes, length);
    a->used += length;
}

static void put32(struct array *a, uint32_t value) {
    uint32_t ordered = __builtin_bswap32(value);
    put(a, &ordered, 4);
}

static void put_text(struct array *a, struct text value) {
    put32(a, (uint32_t)value.length);
    put(a, value.start, value.length);
}

static void clear(struct batch *b) {
    for (int i = 0; i < columns; i++) b->arrays[i].used = 0, put(&b->arrays[i], "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
    b->count = 0;
}

struct batch *batch_new(const char *url, long limit) {
    struct batch *b = calloc(1, sizeof *b);
    b->connection = PQconnectdb(url);
    if (PQstatus(b->connection) != CONNECTION_OK) fail("database: %s", PQerrorMessage(b->connection));
    PQclear(PQexec(b->connection, "SET application_name = 'bench-peer'; SET statement_timeout = '30s';"
                                  "SET plan_cache_mode = force_generic_plan"));
    PGresult *result = PQprepare(b->connection, "batch", statement, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) fail("database: %s", PQerrorMessage(b->connection));
    PQclear(result);
    for (int i = 0; i < columns; i++) b->arrays[i].bytes = malloc(b->arrays[i].room = (size_t)limit * 32 + 64);
    clear(b);
    return b;
}

void batch_add(struct batch *b, const struct event *e) {
    put_text(&b->arrays[sources], e->source);
    put_text(&b->arrays[ids], e->id);
    put_text(&b->arrays[organizations], e->organization);
    uint64_t ordered = __builtin_bswap64((uint64_t)e->tokens);
    put_text(&b->arrays[amounts], (struct text){(const char *)&ordered, 8});
    b->count++;
}

long batch_commit(struct batch *b) {
    const char *values[columns];
    int lengths[columns], formats[columns];
    for (int i = 0; i < columns; i++) {
        // Dimensions, nulls, element type, length, lower bound.
        uint32_t head[5] = {__builtin_bswap32(1), 0, __builtin_bswap32(i == amounts ? int8_oid : text_oid),
                            __builtin_bswap32((uint32_t)b->count), __builtin_bswap32(1)};
        memcpy(b->arrays[i].bytes, head, sizeof head);
        values[i] = (const char *)b->arrays[i].bytes, lengths[i] = (int)b->arrays[i].used, formats[i] = 1;
    }
    PGresult *result = PQexecPrepared(b->connection, "batch", columns, values, lengths, formats, 1);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) fail("database: %s", PQerrorMessage(b->connection));
    uint64_t fresh;
    memcpy(&fresh, PQgetvalue(result, 0, 0), 8);
    PQclear(result);
    clear(b);
    return (long)__builtin_bswap64(fresh);
}

void batch_free(struct batch *b) {
    PQfinish(b->connection);
    for (int i = 0; i < columns; i++) free(b->arrays[i].bytes);
    free(b);
}
