#include "peer.h"

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] =
    "bench-peer: bare loops over librabbitmq and libpq, the measure that Purser is held against. Each prints one line of JSON.\n"
    "\n"
    "  bench-peer publish  --count N [--window 2000] [--lanes 1] [--wallets 10000] [--hot] [--size 300]\n"
    "                      [--events-per-message 1] [--mixed] [--rate PER_SECOND]\n"
    "  bench-peer drain    --count N --database URL [--lanes 1] [--batch 2000] [--prefetch 4000] [--queues a,b] [--answer]\n"
    "  bench-peer consume  --count N [--lanes 1] [--events-per-message 1]     read and acknowledge, no database\n"
    "  bench-peer both     publish and drain at the same time, two processes\n"
    "  bench-peer call     --count N [--warmup 200]                           request and reply, one caller\n"
    "\n"
    "All take --amqp URL, --exchange purser.usage, --source /bench, --service bench.call, --idle 60 (seconds without progress).\n";

enum {
    database_option = 1, amqp_option, exchange_option, queues_option, source_option, service_option, count_option, lanes_option,
    batch_option, prefetch_option, window_option, wallets_option, size_option, per_message_option, rate_option, warmup_option,
    idle_option, hot_option, mixed_option, answer_option, help_option
};

static const struct option table[] = {
    {"amqp", 1, 0, amqp_option},         {"database", 1, 0, database_option}, {"exchange", 1, 0, exchange_option},
    {"queues", 1, 0, queues_option},     {"source", 1, 0, source_option},     {"service", 1, 0, service_option},
    {"count", 1, 0, count_option},       {"lanes", 1, 0, lanes_option},       {"batch", 1, 0, batch_option},
    {"prefetch", 1, 0, prefetch_option}, {"window", 1, 0, window_option},     {"wallets", 1, 0, wallets_option},
    {"size", 1, 0, size_option},         {"rate", 1, 0, rate_option},         {"events-per-message", 1, 0, per_message_option},
    {"warmup", 1, 0, warmup_option},     {"idle", 1, 0, idle_option},         {"hot", 0, 0, hot_option},
    {"mixed", 0, 0, mixed_option},       {"answer", 0, 0, answer_option},     {"help", 0, 0, help_option},
    {0},
};

static long number(const char *text, long least) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || value < least) fail("not a number of at least %ld: %s", least, text);
    return value;
}

static void parse(struct options *o, int argc, char **argv) {
    int option;
    while ((option = getopt_long(argc, argv, "", table, NULL)) != -1) {
        switch (option) {
        case amqp_option: o->amqp = optarg; break;
        case database_option: o->database = optarg; break;
        case exchange_option: o->exchange = optarg; break;
        case queues_option: o->queues = optarg; break;
        case source_option: o->source = optarg; break;
        case service_option: o->service = optarg; break;
        case count_option: o->count = number(optarg, 1); break;
        case lanes_option: o->lanes = number(optarg, 1); break;
        case batch_option: o->batch = number(optarg, 1); break;
        case prefetch_option: o->prefetch = number(optarg, 1); break;
        case window_option: o->window = number(optarg, 1); break;
        case wallets_option: o->wallets = number(optarg, 1); break;
        case size_option: o->size = number(optarg, 1); break;
        case per_message_option: o->events_per_message = number(optarg, 1); break;
        case rate_option: o->rate = number(optarg, 0); break;
        case warmup_option: o->warmup = number(optarg, 0); break;
        case idle_option: o->idle = number(optarg, 1); break;
        case hot_option: o->hot = true; break;
        case mixed_option: o->mixed = true; break;
        case answer_option: o->answer = true; break;
        case help_option: fputs(usage, stdout), exit(0);
        default: exit(64);
        }
    }
    if (!o->amqp || o->count < 1) fputs(usage, stderr), exit(64);
}

// Producer and consumer as two processes, as Purser's are.
static int both(const struct options *o) {
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        struct options producer = *o;
        producer.lanes = 1;
        exit(publish(&producer));
    }
    int result = drain(o), status = 0;
    waitpid(child, &status, 0);
    return result ? result : !WIFEXITED(status) || WEXITSTATUS(status);
}

int main(int argc, char **argv) {
    struct options o = {
        .exchange = "purser.usage",
        .queues = "purser.usage.0,purser.usage.1,purser.usage.2,purser.usage.3,purser.usage.4,purser.usage.5,purser.usage.6,purser.usage.7",
        .source = "/bench", .service = "bench.call", .lanes = 1, .batch = 2000, .prefetch = 4000, .window = 2000, .wallets = 10000,
        .size = 300, .events_per_message = 1, .warmup = 200, .idle = 60,
    };
    if (argc < 2 || argv[1][0] == '-') fputs(usage, stderr), exit(64);
    o.mode = argv[1];
    parse(&o, argc - 1, argv + 1);
    signal(SIGPIPE, SIG_IGN);
    if (!strcmp(o.mode, "publish")) return publish(&o);
    if (!strcmp(o.mode, "consume")) return o.database = NULL, drain(&o);
    if (!strcmp(o.mode, "drain") && o.database) return drain(&o);
    if (!strcmp(o.mode, "both") && o.database) return both(&o);
    if (!strcmp(o.mode, "call")) return call(&o);
    fputs(usage, stderr);
    return 64;
}
