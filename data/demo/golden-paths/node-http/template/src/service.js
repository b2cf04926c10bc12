// The routes of the service, each measured, logged and traced.

import { createServer } from "node:http";

import { createMetrics } from "./metrics.js";

// Asked every few seconds: measured, but neither logged nor traced.
const QUIET = new Set(["/healthz", "/metrics"]);

export function createService({ name, log, tracer }) {
  const metrics = createMetrics();
  const routes = {
    "GET /": () => json({ service: name }),
    "GET /healthz": () => json({ status: "ok" }),
    "GET /metrics": () => ({ status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: metrics.text() }),
  };

  const server = createServer(async (request, response) => {
    const began = process.hrtime.bigint();
    const path = request.url.split("?")[0];
    const handler = routes[`${request.method} ${path}`];
    // The route and not the path: a path that holds a number would make a series of its own.
    const route = handler ? path : "none";
    const span = tracer.begin(request.headers.traceparent, `${request.method} ${route}`);
    const answer = await answered(handler, request, log, span);
    response.writeHead(answer.status, { "content-type": answer.type });
    response.end(answer.body);
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    metrics.count(request.method, route, answer.status, seconds);
    if (!QUIET.has(route) || answer.status >= 400) {
      span.end(answer.status);
      log.info("answered", { method: request.method, path, status: answer.status, seconds, trace_id: span.trace });
    }
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 30_000;
  return server;
}

async function answered(handler, request, log, span) {
  if (!handler) {
    return json({ error: "There is nothing here." }, 404);
  }
  try {
    return await handler(request);
  } catch (error) {
    log.error("failed", { error: String(error?.stack ?? error), trace_id: span.trace });
    return json({ error: "Something went wrong here." }, 500);
  }
}

function json(value, status = 200) {
  return { status, type: "application/json", body: `${JSON.stringify(value)}\n` };
}
