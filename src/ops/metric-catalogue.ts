export type MetricDefinition =
  | { readonly kind: "counter" | "gauge"; readonly help: string; readonly labels: readonly string[] }
  | {
      readonly kind: "histogram";
      readonly help: string;
      readonly labels: readonly string[];
      readonly buckets: readonly number[];
    };

/** Seconds, from an answer out of memory to a backend's deadline. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Every measurement of the bot, by its name on `/metrics`. */
export const catalogue: Readonly<Record<string, MetricDefinition>> = {
  wardroom_commands_total: {
    kind: "counter",
    help: "Commands asked, by how they ended.",
    labels: ["command", "outcome"],
  },
  wardroom_command_seconds: {
    kind: "histogram",
    help: "Time from accepting a command to its answer.",
    labels: ["command"],
    buckets: seconds,
  },
  wardroom_commits_total: {
    kind: "counter",
    help: "Commits to the store, by outcome.",
    labels: ["outcome"],
  },
  wardroom_commit_group_size: {
    kind: "histogram",
    help: "Commits flushed together.",
    labels: [],
    buckets: [1, 2, 4, 8, 16, 32, 64],
  },
  wardroom_conflicts_total: {
    kind: "counter",
    help: "Commits refused because a document was not at the revision it had been read at.",
    labels: [],
  },
  wardroom_commit_retries_total: {
    kind: "counter",
    help: "Groups sent again because another process had moved the journal or the clock.",
    labels: ["reason"],
  },
  wardroom_notices_owed: {
    kind: "gauge",
    help: "Messages owed to channels and not delivered yet.",
    labels: ["surface"],
  },
  wardroom_notices_oldest_seconds: {
    kind: "gauge",
    help: "How long the oldest owed message is overdue.",
    labels: ["surface"],
  },
  wardroom_sends_ambiguous_total: {
    kind: "counter",
    help: "Messages whose answer was lost on the way: found again, sent again, or sent again without having been able to look.",
    labels: ["surface", "outcome"],
  },
  wardroom_probes_total: {
    kind: "counter",
    help: "Health probes of operated systems, by outcome.",
    labels: ["system", "outcome"],
  },
  wardroom_http_calls_total: {
    kind: "counter",
    help: "Calls to backends, by outcome.",
    labels: ["backend", "outcome"],
  },
  wardroom_http_seconds: {
    kind: "histogram",
    help: "Time of calls to backends.",
    labels: ["backend"],
    buckets: seconds,
  },
  wardroom_requests: {
    kind: "gauge",
    help: "Requests that wait or run, by state.",
    labels: ["state"],
  },
  wardroom_deliveries_total: {
    kind: "counter",
    help: "Attempts to deliver a message, by outcome.",
    labels: ["surface", "outcome"],
  },
  wardroom_surface_hears: {
    kind: "gauge",
    help: "1 while what is said on a chat platform reaches the bot, 0 while it does not.",
    labels: ["surface"],
  },
  wardroom_canary_seconds: {
    kind: "histogram",
    help: "Time from an edit of the self-check's message until the platform told of it.",
    labels: ["surface"],
    buckets: seconds,
  },
  wardroom_discord_gap_seconds_total: {
    kind: "counter",
    help: "Seconds in which the gateway of Discord was away and what was said was not heard.",
    labels: [],
  },
  wardroom_slack_sockets_lost_total: {
    kind: "counter",
    help: "Sockets to Slack that were lost, by how: closed, or silent although open.",
    labels: ["how"],
  },
  wardroom_runs_total: {
    kind: "counter",
    help: "Operations run, by how they ended.",
    labels: ["outcome"],
  },
};
