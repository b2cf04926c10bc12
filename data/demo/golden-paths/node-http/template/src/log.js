// Logs as one JSON object a line.

const LEVELS = ["debug", "info", "warning", "error"];

export function createLog(out, least = "info") {
  const from = Math.max(LEVELS.indexOf((least || "info").toLowerCase()), 0);
  const write = (level, message, more = {}) => {
    if (LEVELS.indexOf(level) >= from) {
      out.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...more })}\n`);
    }
  };
  return Object.fromEntries(LEVELS.map((level) => [level, (message, more) => write(level, message, more)]));
}
