// Sends spans to an OpenTelemetry collector (OTLP over HTTP, as JSON). Without OTEL_EXPORTER_OTLP_ENDPOINT it only
// makes the ids that logs are found by.

import { randomBytes } from "node:crypto";

const MOST_WAITING = 1000; // spans that come faster than they can be sent are dropped

export function createTracer(name, env) {
  const endpoint = (env.OTEL_EXPORTER_OTLP_ENDPOINT ?? "").replace(/\/+$/, "");
  const service = env.OTEL_SERVICE_NAME || name;
  const sending = new Set();

  const send = (span) => {
    if (!endpoint || sending.size >= MOST_WAITING) {
      return;
    }
    const sent = fetch(`${endpoint}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(payload(service, span)),
      signal: AbortSignal.timeout(5_000),
    })
      .then((answer) => answer.body?.cancel())
      .catch(() => {}) // a trace that is lost costs nobody anything
      .finally(() => sending.delete(sent));
    sending.add(sent);
  };

  return {
    begin(traceparent, title) {
      const [, trace, parent] = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-/.exec(traceparent ?? "") ?? [];
      const span = { trace: trace ?? random(16), id: random(8), parent: parent ?? "", title, began: Date.now() };
      span.end = (status) => send({ ...span, status, ended: Date.now() });
      return span;
    },
    close: () => Promise.all(sending),
  };
}

function payload(service, span) {
  const text = (key, stringValue) => ({ key, value: { stringValue } });
  return {
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", service)] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: span.trace,
                spanId: span.id,
                parentSpanId: span.parent,
                name: span.title,
                kind: 2,
                startTimeUnixNano: `${span.began}000000`,
                endTimeUnixNano: `${span.ended}000000`,
                attributes: [{ key: "http.response.status_code", value: { intValue: String(span.status) } }],
              },
            ],
          },
        ],
      },
    ],
  };
}

function random(size) {
  return randomBytes(size).toString("hex");
}
