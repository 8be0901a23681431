package lambent

import (
	"bytes"
	"context"
	"log/slog"
)

// LogHandler returns a slog.Handler that writes each record as one structured
// line to the function's log, with its level, as the JSON that slog.JSONHandler
// makes. Outside of Lambent the lines go to standard error. Options are those
// of slog.JSONHandler, nil for the defaults.
//
// The lines carry no request id: the log that they go to knows the invocation.
func LogHandler(opts *slog.HandlerOptions) slog.Handler {
	return newLogHandler(emitLog, opts)
}

// logLevel is a level at the guest border.
type logLevel int32

const (
	logTrace logLevel = iota
	logDebug
	logInfo
	logWarn
	logError
	logLevels // how many there are
)

func newLogLevel(l slog.Level) logLevel {
	switch {
	case l < slog.LevelDebug:
		return logTrace
	case l < slog.LevelInfo:
		return logDebug
	case l < slog.LevelWarn:
		return logInfo
	case l < slog.LevelError:
		return logWarn
	}
	return logError
}

// logWriter passes on the lines of one level.
type logWriter struct {
	level logLevel
	emit  func(level logLevel, line []byte)
}

func (w logWriter) Write(p []byte) (int, error) {
	w.emit(w.level, bytes.TrimSuffix(p, []byte("\n")))
	return len(p), nil
}

// logHandler has one JSONHandler a level, since a JSONHandler does not tell its
// writer which level it writes.
type logHandler [logLevels]slog.Handler

func newLogHandler(emit func(logLevel, []byte), opts *slog.HandlerOptions) *logHandler {
	var h logHandler
	for level := range logLevels {
		h[level] = slog.NewJSONHandler(logWriter{level, emit}, opts)
	}
	return &h
}

func (h *logHandler) Enabled(ctx context.Context, l slog.Level) bool {
	return h[newLogLevel(l)].Enabled(ctx, l)
}

func (h *logHandler) Handle(ctx context.Context, r slog.Record) error {
	return h[newLogLevel(r.Level)].Handle(ctx, r)
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.each(func(h slog.Handler) slog.Handler { return h.WithAttrs(attrs) })
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	return h.each(func(h slog.Handler) slog.Handler { return h.WithGroup(name) })
}

func (h *logHandler) each(derive func(slog.Handler) slog.Handler) *logHandler {
	var derived logHandler
	for level := range h {
		derived[level] = derive(h[level])
	}
	return &derived
}
