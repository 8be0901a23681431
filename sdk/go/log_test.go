package lambent

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"
)

func TestLogHandlerIsASlogHandler(t *testing.T) {
	var lines [][]byte
	slogtest.Run(t, func(*testing.T) slog.Handler {
		lines = nil
		return newLogHandler(func(_ logLevel, line []byte) { lines = append(lines, append([]byte(nil), line...)) }, nil)
	}, func(t *testing.T) map[string]any {
		if len(lines) != 1 {
			t.Fatalf("%d lines: %q", len(lines), lines)
		}
		var m map[string]any
		if err := json.Unmarshal(lines[0], &m); err != nil {
			t.Fatal(err)
		}
		return m
	})
}

func TestLogLevels(t *testing.T) {
	type line struct {
		level logLevel
		text  string
	}
	var got []line
	h := newLogHandler(func(level logLevel, text []byte) { got = append(got, line{level, string(text)}) }, &slog.HandlerOptions{Level: slog.LevelDebug - 4})
	logger := slog.New(h).With("k", "v").WithGroup("g")
	for _, level := range []slog.Level{slog.LevelDebug - 4, slog.LevelDebug, slog.LevelInfo, slog.LevelInfo + 2, slog.LevelWarn, slog.LevelError, slog.LevelError + 4} {
		logger.Log(t.Context(), level, "line\nwith two", "a", 1)
	}
	want := []logLevel{logTrace, logDebug, logInfo, logInfo, logWarn, logError, logError}
	if len(got) != len(want) {
		t.Fatalf("%d lines", len(got))
	}
	for i, l := range got {
		if l.level != want[i] || strings.Contains(l.text, "\n") || !strings.Contains(l.text, `"k":"v","g":{"a":1}`) {
			t.Errorf("line %d: level %d, %s; want level %d", i, l.level, l.text, want[i])
		}
	}
}

func TestLogLevelOption(t *testing.T) {
	h := newLogHandler(func(_ logLevel, line []byte) { t.Errorf("logged %s", line) }, &slog.HandlerOptions{Level: slog.LevelWarn})
	slog.New(h).Info("quiet")
}

// A value may log while it is being written.
func TestLogWithinLogging(t *testing.T) {
	n := 0
	logger := slog.New(newLogHandler(func(logLevel, []byte) { n++ }, nil))
	logger.Info("outer", "v", talkative{logger})
	if n != 2 {
		t.Errorf("%d lines; want 2", n)
	}
}

type talkative struct{ logger *slog.Logger }

func (v talkative) LogValue() slog.Value {
	v.logger.Info("inner")
	return slog.StringValue("said")
}
