// The imports of lambent_v1, as C declarations.
//
// Every function returns an i32 unless noted: at or above 0 a length, a count
// or a handle; below 0 a WASI preview 1 errno, negated. The host copies what
// it is given before it returns, and writes at most `cap` bytes where it is
// asked to write.
//
// A reactor exports memory and lambent_handle, and may export lambent_init:
//
//	LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void) { … }
//
// lambent_handle returns 0 when the response is complete, 1 when it reported a
// function error with lambent_response_error.

#ifndef LAMBENT_H
#define LAMBENT_H

#include <stdint.h>

#define LAMBENT_IMPORT(name) __attribute__((import_module("lambent_v1"), import_name(#name)))
#define LAMBENT_EXPORT(name) __attribute__((export_name(#name)))

enum lambent_level { LAMBENT_TRACE, LAMBENT_DEBUG, LAMBENT_INFO, LAMBENT_WARN, LAMBENT_ERROR };

// Names a handler; during lambent_init only.
LAMBENT_IMPORT(register) int32_t lambent_register(const void *name, uint32_t len);

// The event's length in bytes.
LAMBENT_IMPORT(event_len) int32_t lambent_event_len(void);

// Copies the event from offset off on; returns how many bytes, 0 at its end.
LAMBENT_IMPORT(event_read) int32_t lambent_event_read(void *to, uint32_t cap, uint32_t off);

// Appends to the response; -E2BIG beyond the limit.
LAMBENT_IMPORT(response_write) int32_t lambent_response_write(const void *from, uint32_t len);

// The response's JSON prelude (content type, status, headers), before the
// first write.
LAMBENT_IMPORT(response_meta) int32_t lambent_response_meta(const void *json, uint32_t len);

// Reports {"errorType","errorMessage","stackTrace":[]}; the last one wins.
LAMBENT_IMPORT(response_error) int32_t lambent_response_error(const void *json, uint32_t len);

// Writes what fits of the context's value under key; returns its full length.
LAMBENT_IMPORT(ctx_get) int32_t lambent_ctx_get(const void *key, uint32_t len, void *to, uint32_t cap);

// When time is over, in milliseconds since 1970, and how many are left.
LAMBENT_IMPORT(deadline_ms) int64_t lambent_deadline_ms(void);
LAMBENT_IMPORT(remaining_ms) int64_t lambent_remaining_ms(void);

// Logs one line at an enum lambent_level.
LAMBENT_IMPORT(log) int32_t lambent_log(int32_t level, const void *text, uint32_t len);

// Sends a request, head as JSON {method,url,headers}; returns a descriptor at
// once, which polls readable when the head has come.
LAMBENT_IMPORT(http_send) int32_t lambent_http_send(const void *head, uint32_t len, const void *body, uint32_t body_len);

// The answer's head as JSON {status,headers}, -EAGAIN until it has come. The
// body is read with fd_read; fd_close ends it.
LAMBENT_IMPORT(http_head) int32_t lambent_http_head(int32_t fd, void *to, uint32_t cap);

// Calls a function of the embedder; returns a descriptor like http_send's, or
// -ENOSYS for a name that is not registered, -EACCES for a forbidden one.
LAMBENT_IMPORT(call) int32_t lambent_call(const void *name, uint32_t len, const void *in, uint32_t in_len);

// 1 if the host has the feature, 0 if not.
LAMBENT_IMPORT(feature) int32_t lambent_feature(const void *name, uint32_t len);

#endif
