package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Tracer sends spans to an OpenTelemetry collector (OTLP over HTTP, as JSON). Without
// OTEL_EXPORTER_OTLP_ENDPOINT it only makes the ids that logs are found by.
type Tracer struct {
	address string
	service string
	client  http.Client
	spans   chan Span
	done    sync.WaitGroup
}

// Span is one request. Trace is the id that it shares with what called it.
type Span struct {
	Trace, id, parent, name string
	began                   time.Time
	tracer                  *Tracer
}

// NewTracer reads the environment; spans that come faster than they can be sent are dropped.
func NewTracer(env func(string) string) *Tracer {
	t := &Tracer{service: env("OTEL_SERVICE_NAME"), client: http.Client{Timeout: 5 * time.Second}}
	if t.service == "" {
		t.service = Name
	}
	endpoint := strings.TrimRight(env("OTEL_EXPORTER_OTLP_ENDPOINT"), "/")
	if endpoint == "" {
		return t
	}
	t.address = endpoint + "/v1/traces"
	t.spans = make(chan Span, 1000)
	return t
}

// Begin opens a span below what the header traceparent names, if it names something.
func (t *Tracer) Begin(traceparent, name string) Span {
	span := Span{Trace: random(16), id: random(8), name: name, began: time.Now(), tracer: t}
	if parts := strings.Split(traceparent, "-"); len(parts) == 4 && len(parts[1]) == 32 && len(parts[2]) == 16 {
		span.Trace, span.parent = parts[1], parts[2]
	}
	return span
}

// End sends the span, off the way of the request.
func (s Span) End(status int) {
	if s.tracer.address == "" {
		return
	}
	body, err := json.Marshal(s.payload(time.Now(), status))
	if err != nil {
		return
	}
	s.tracer.done.Add(1)
	select {
	case s.tracer.spans <- s:
		go s.tracer.send(body)
	default:
		s.tracer.done.Done()
	}
}

func (t *Tracer) send(body []byte) {
	defer t.done.Done()
	defer func() { <-t.spans }()
	answer, err := t.client.Post(t.address, "application/json", bytes.NewReader(body))
	if err == nil {
		_ = answer.Body.Close() // a trace that is lost costs nobody anything
	}
}

// Close waits for what is being sent.
func (t *Tracer) Close() { t.done.Wait() }

func (s Span) payload(ended time.Time, status int) map[string]any {
	span := map[string]any{
		"traceId": s.Trace, "spanId": s.id, "parentSpanId": s.parent, "name": s.name, "kind": 2,
		"startTimeUnixNano": strconv.FormatInt(s.began.UnixNano(), 10),
		"endTimeUnixNano":   strconv.FormatInt(ended.UnixNano(), 10),
		"attributes": []any{map[string]any{
			"key": "http.response.status_code", "value": map[string]any{"intValue": strconv.Itoa(status)},
		}},
	}
	service := map[string]any{"key": "service.name", "value": map[string]any{"stringValue": s.tracer.service}}
	return map[string]any{"resourceSpans": []any{map[string]any{
		"resource":   map[string]any{"attributes": []any{service}},
		"scopeSpans": []any{map[string]any{"spans": []any{span}}},
	}}}
}

func random(size int) string {
	id := make([]byte, size)
	_, _ = rand.Read(id) // never fails
	return hex.EncodeToString(id)
}
