package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func nothing(string) string { return "" }

func ask(t *testing.T, handler http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer
}

func service() (http.Handler, *bytes.Buffer) {
	var lines bytes.Buffer
	return NewHandler(NewLog(&lines, ""), NewMetrics(), NewTracer(nothing)), &lines
}

func TestItSaysWhatItIs(t *testing.T) {
	handler, _ := service()
	if got := ask(t, handler, "/").Body.String(); !strings.Contains(got, Name) {
		t.Errorf("answered %q", got)
	}
}

func TestItIsWell(t *testing.T) {
	handler, _ := service()
	answer := ask(t, handler, "/healthz")
	if answer.Code != 200 || !strings.Contains(answer.Body.String(), `"ok"`) {
		t.Errorf("answered %d %q", answer.Code, answer.Body)
	}
}

func TestMetricsCountRequestsByRoute(t *testing.T) {
	handler, _ := service()
	ask(t, handler, "/")
	ask(t, handler, "/nowhere/4711")
	metrics := ask(t, handler, "/metrics").Body.String()
	for _, wanted := range []string{
		`http_requests_total{method="GET",route="/",status="200"} 1`,
		`http_requests_total{method="GET",route="none",status="404"} 1`,
		`http_request_duration_seconds_bucket{method="GET",route="/",le="+Inf"} 1`,
	} {
		if !strings.Contains(metrics, wanted) {
			t.Errorf("no %s in\n%s", wanted, metrics)
		}
	}
	if strings.Contains(metrics, "nowhere") {
		t.Error("a path stands in the metrics")
	}
}

func TestLogsAreOneJSONObjectALine(t *testing.T) {
	handler, lines := service()
	ask(t, handler, "/")
	ask(t, handler, "/healthz") // not logged
	var line map[string]any
	if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
		t.Fatal(err, lines)
	}
	if line["path"] != "/" || line["status"] != 200.0 || len(line["trace_id"].(string)) != 32 {
		t.Errorf("logged %v", line)
	}
}

func TestTracesGoWhereTheEnvironmentSays(t *testing.T) {
	posted := make(chan string, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posted <- r.URL.Path + string(body)
	}))
	defer collector.Close()
	tracer := NewTracer(func(key string) string {
		return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL}[key]
	})
	handler := NewHandler(NewLog(io.Discard, ""), NewMetrics(), tracer)
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	trace := strings.Repeat("ab", 16)
	request.Header.Set("traceparent", "00-"+trace+"-1234567890abcdef-01")
	handler.ServeHTTP(httptest.NewRecorder(), request)
	tracer.Close()
	got := <-posted
	if !strings.HasPrefix(got, "/v1/traces") || !strings.Contains(got, trace) || !strings.Contains(got, Name) {
		t.Errorf("posted %q", got)
	}
}
