package main

import (
	"fmt"
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"
)

// buckets are the upper ends of the histogram, in seconds.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

type series struct{ method, route string }

type durations struct {
	counts []uint64
	sum    float64
	total  uint64
}

// Metrics counts requests and how long they took, and tells Prometheus in its text format.
type Metrics struct {
	lock      sync.Mutex
	requests  map[string]uint64
	durations map[series]*durations
}

// NewMetrics begins at nothing.
func NewMetrics() *Metrics {
	return &Metrics{requests: map[string]uint64{}, durations: map[series]*durations{}}
}

// Count takes one request in.
func (m *Metrics) Count(method, route string, status int, took time.Duration) {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.requests[fmt.Sprintf(`method=%q,route=%q,status="%d"`, method, route, status)]++
	found := m.durations[series{method, route}]
	if found == nil {
		found = &durations{counts: make([]uint64, len(buckets))}
		m.durations[series{method, route}] = found
	}
	for i, end := range buckets {
		if took.Seconds() <= end {
			found.counts[i]++
		}
	}
	found.sum += took.Seconds()
	found.total++
}

// ServeHTTP is what Prometheus asks.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	m.lock.Lock()
	defer m.lock.Unlock()
	lines := []string{}
	for labels, count := range m.requests {
		lines = append(lines, fmt.Sprintf("http_requests_total{%s} %d", labels, count))
	}
	sort.Strings(lines)
	lines = append([]string{"# TYPE http_requests_total counter"}, lines...)
	lines = append(lines, "# TYPE http_request_duration_seconds histogram")
	for key, found := range m.durations {
		lines = append(lines, found.lines(fmt.Sprintf("method=%q,route=%q", key.method, key.route))...)
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = fmt.Fprintln(w, strings.Join(lines, "\n")) // nobody is left to tell
}

func (d *durations) lines(labels string) []string {
	lines := []string{}
	for i, end := range buckets {
		lines = append(lines, fmt.Sprintf(`http_request_duration_seconds_bucket{%s,le="%g"} %d`, labels, end, d.counts[i]))
	}
	return append(lines,
		fmt.Sprintf(`http_request_duration_seconds_bucket{%s,le="+Inf"} %d`, labels, d.total),
		fmt.Sprintf("http_request_duration_seconds_sum{%s} %g", labels, d.sum),
		fmt.Sprintf("http_request_duration_seconds_count{%s} %d", labels, d.total),
	)
}
