// Counts requests and how long they took, and tells Prometheus in its text format.

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]; // upper ends, in seconds

export function createMetrics() {
  const requests = new Map();
  const durations = new Map();

  return {
    count(method, route, status, seconds) {
      const labels = `method="${method}",route="${route}"`;
      const counted = `${labels},status="${status}"`;
      requests.set(counted, (requests.get(counted) ?? 0) + 1);
      if (!durations.has(labels)) {
        durations.set(labels, { counts: BUCKETS.map(() => 0), sum: 0, total: 0 });
      }
      const found = durations.get(labels);
      BUCKETS.forEach((end, i) => {
        found.counts[i] += seconds <= end ? 1 : 0;
      });
      found.sum += seconds;
      found.total += 1;
    },

    text() {
      const lines = ["# TYPE http_requests_total counter"];
      for (const [labels, count] of requests) {
        lines.push(`http_requests_total{${labels}} ${count}`);
      }
      lines.push("# TYPE http_request_duration_seconds histogram");
      for (const [labels, { counts, sum, total }] of durations) {
        BUCKETS.forEach((end, i) => {
          lines.push(`http_request_duration_seconds_bucket{${labels},le="${end}"} ${counts[i]}`);
        });
        lines.push(`http_request_duration_seconds_bucket{${labels},le="+Inf"} ${total}`);
        lines.push(`http_request_duration_seconds_sum{${labels}} ${sum}`);
        lines.push(`http_request_duration_seconds_count{${labels}} ${total}`);
      }
      return `${lines.join("\n")}\n`;
    },
  };
}
