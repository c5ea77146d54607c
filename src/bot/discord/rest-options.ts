import type { RESTOptions } from "discord.js";

/**
 * How Discord's API is asked, wherever that is done; `timeout` in ms. By Node's own `fetch`: Discord's client would ask through
 * whichever undici the process loaded first, and that of Slack's client or of the cluster's refuses every message with a file.
 */
export function restOptions(asked: {
  readonly apiUrl?: string | undefined;
  readonly timeout: number;
  readonly retries: number;
}): Partial<RESTOptions> {
  const { apiUrl, timeout, retries } = asked;
  const options: Partial<RESTOptions> = {
    version: "10",
    retries,
    timeout,
    ...(apiUrl !== undefined && { api: apiUrl }),
  };
  // Its documentation has it so; its types and those of Node differ in what neither sends.
  return Object.assign(options, { makeRequest: fetch });
}
