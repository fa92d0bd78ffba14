#pragma once
// Only the codecs are used: the socket, the poll loop and the buffers are ours.
#include <amqp.h>
#include <amqp_framing.h>
