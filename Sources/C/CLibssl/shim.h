#pragma once
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// Swift does not import macros that take arguments.
static inline long purser_ssl_ctx_set_mode(SSL_CTX *context) {
    return SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
}
// AMQP has frames and a goodbye of its own: a peer that vanishes without TLS's goodbye is an ordinary end of the stream.
static inline uint64_t purser_ssl_ctx_ignore_unexpected_eof(SSL_CTX *context) { return SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF); }
static inline long purser_ssl_ctx_require_tls12(SSL_CTX *context) { return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION); }
static inline long purser_ssl_set_server_name(SSL *ssl, const char *name) { return SSL_set_tlsext_host_name(ssl, name); }
