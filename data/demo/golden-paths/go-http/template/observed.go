package main

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// NewLog writes one JSON object a line; level is debug, info, warning or error.
func NewLog(out io.Writer, level string) *slog.Logger {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "warning": slog.LevelWarn, "error": slog.LevelError}
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: levels[strings.ToLower(level)]}))
}

// quiet is asked every few seconds: measured, but not logged and not traced.
var quiet = map[string]bool{"GET /healthz": true, "GET /metrics": true}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// observed measures, logs and traces every request by its route and not its path, which may hold numbers.
func observed(routes *http.ServeMux, log *slog.Logger, metrics *Metrics, tracer *Tracer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		answered := &recorder{w, http.StatusOK}
		_, pattern := routes.Handler(r)
		span := tracer.Begin(r.Header.Get("traceparent"), r.Method+" "+route(pattern))
		defer func() {
			failed := recover()
			if failed != nil {
				answered.WriteHeader(http.StatusInternalServerError)
			}
			took := time.Since(began)
			metrics.Count(r.Method, route(pattern), answered.status, took)
			if failed != nil {
				log.Error("failed", "error", failed, "path", r.URL.Path, "trace_id", span.Trace)
			}
			if quiet[pattern] && answered.status < 400 {
				return
			}
			span.End(answered.status)
			log.Info("answered", "method", r.Method, "path", r.URL.Path, "status", answered.status,
				"seconds", took.Seconds(), "trace_id", span.Trace)
		}()
		routes.ServeHTTP(answered, r)
	})
}

func route(pattern string) string {
	_, path, found := strings.Cut(pattern, " ")
	if !found {
		return "none"
	}
	return strings.TrimSuffix(path, "{$}")
}
