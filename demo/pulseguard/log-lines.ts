import { type Random, round } from "../random.ts";
import { reasonCodes } from "./reason-codes.ts";
import type { Weather } from "./weather.ts";

interface Moment {
  readonly at: number;
  readonly instance: string;
  readonly weather: Weather;
}

type Event = { readonly level: "INFO" | "WARNING" | "ERROR"; readonly event: string } & Readonly<
  Record<string, unknown>
>;

/** One line of `pulseguard.log`: mostly a scored transaction, now and then what fits the weather. */
export function logLine(moment: Moment, random: Random): string {
  const event = random.chance(0.93)
    ? scored(moment.weather, random)
    : (remark(moment.weather, random) ?? scored(moment.weather, random));
  const { level, event: name, ...rest } = event;
  return JSON.stringify({
    timestamp: new Date(moment.at).toISOString(),
    level,
    logger: name === "score_request" ? "service.api" : "ingest.mempool",
    event: name,
    instance: moment.instance,
    ...rest,
  });
}

function scored(weather: Weather, random: Random): Event {
  const latencyMs = round(weather.medianLatency * 1_000 * Math.exp(0.52 * random.normal()), 1);
  const request = { request_id: random.hex(12), tx_hash: `0x${random.hex(16)}`, latency_ms: latencyMs };
  if (random.chance(weather.errorShare)) {
    const message = random.pick([
      "feature store timed out after 2000 ms",
      "model ensemble_v1 returned NaN",
      "tx not found at JSON-RPC",
    ]);
    return { level: "ERROR", event: "score_request", message, ...request, status: 500, reason_codes: [] };
  }
  const codes = random.chance(0.12) ? [random.pick(reasonCodes)] : [];
  if (codes.length > 0 && random.chance(0.25)) codes.push(random.pick(reasonCodes));
  const score = round(codes.length > 0 ? random.between(0.7, 0.99) : random.between(0.01, 0.4), 3);
  return {
    level: "INFO",
    event: "score_request",
    message: codes.length > 0 ? "transaction flagged" : "transaction scored",
    ...request,
    status: 200,
    score,
    reason_codes: [...new Set(codes)],
  };
}

/** What else a process says; undefined when it has nothing to say in this weather. */
function remark(weather: Weather, random: Random): Event | undefined {
  switch (weather.trouble) {
    case "latency":
      return {
        level: "WARNING",
        event: "slow_features",
        message: "feature window took longer than its budget",
        window_ms: Math.round(random.between(180, 420)),
      };
    case "queue":
      return { level: "WARNING", event: "queue_lag", message: "mempool queue is growing", queue_lag: weather.queueLag };
    case "blocks":
      return {
        level: "ERROR",
        event: "rpc_timeout",
        message: "JSON-RPC did not answer in 10 s",
        url: rpcUrl(random),
        block_gap: weather.blockGap,
      };
    case "errors":
      return {
        level: "ERROR",
        event: "feature_store",
        message: "feature store connection reset",
        attempt: random.pick([1, 2, 3]),
      };
    case undefined:
      return random.chance(0.5)
        ? { level: "INFO", event: "ws_reconnect", message: "mempool stream reconnected", url: streamUrl(random) }
        : {
            level: "INFO",
            event: "heartbeat",
            message: "alive",
            queue_lag: weather.queueLag,
            block_gap: weather.blockGap,
          };
  }
}

/** The key stands in the path, as the manual's own settings have it. It is made up. */
function streamUrl(random: Random): string {
  return `wss://eth-mainnet.g.alchemy.com/v2/demo${random.fork("stream-key").hex(28)}`;
}

function rpcUrl(random: Random): string {
  return `https://rpc.example.net/eth?api_key=demo${random.fork("rpc-key").hex(28)}&chain=1`;
}
