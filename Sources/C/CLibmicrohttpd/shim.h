#pragma once
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>
#include <microhttpd.h>

// MHD_start_daemon and MHD_get_daemon_info are variadic, which Swift cannot call.

// A pool of `threads` threads, or a thread for each connection where `threads` is 0.
static inline struct MHD_Daemon *purser_mhd_start(
    const struct sockaddr *address, unsigned int threads, unsigned int connections, size_t memory, unsigned int timeout,
    MHD_AccessHandlerCallback handler, void *(*begin)(void *, const char *, struct MHD_Connection *), MHD_RequestCompletedCallback end,
    void *context) {
    unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC;
    flags |= threads > 0 ? MHD_USE_AUTO : (MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL);
    if (address->sa_family == AF_INET6) flags |= MHD_USE_IPv6;
    struct MHD_OptionItem pool[] = {
        {threads > 0 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handler, context,
        MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
        MHD_OPTION_CONNECTION_TIMEOUT, timeout,
        MHD_OPTION_URI_LOG_CALLBACK, begin, context,
        MHD_OPTION_NOTIFY_COMPLETED, end, context,
        MHD_OPTION_ARRAY, pool,
        MHD_OPTION_END);
}

// The port on which the server listens; 0 where it is not known.
static inline uint16_t purser_mhd_port(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == NULL ? 0 : info->port;
}

// Swift gives the members of these enumerations names of its own making, which differ between compilers.
static const enum MHD_Result purser_mhd_yes = MHD_YES;
static const enum MHD_Result purser_mhd_no = MHD_NO;
static const enum MHD_ValueKind purser_mhd_header = MHD_HEADER_KIND;
static const enum MHD_ResponseMemoryMode purser_mhd_copy = MHD_RESPMEM_MUST_COPY;
