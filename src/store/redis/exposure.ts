import { BlockList, isIP } from "node:net";
import { Redis } from "ioredis";

/** Addresses that only this machine reaches, and those that are not routed on the internet (RFC 1918, 4193, 3927, 6598). */
const loopback = blockList([
  ["127.0.0.0", 8],
  ["::1", 128],
]);
const privateNetworks = blockList([
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
  ["fc00::", 7],
  ["fe80::", 10],
]);

const askMs = 3_000;

/** What is open to others than the bot, and what to do. */
interface Exposure {
  readonly what: string;
  readonly remedy: string;
}

/**
 * Who else could use the Redis that a state is on: each with its remedy. Tried rather than read from its
 * configuration, which a server need not show: a connection that gives no password is what anybody would open.
 */
export async function exposureOf(redis: Redis, url: string): Promise<Exposure[]> {
  const address = redis.stream.remoteAddress ?? "";
  const isHere = address === "" || within(loopback, address);
  const isOpen = await takesAnybody(url);
  const exposed: Exposure[] = [];
  if (isOpen && isHere)
    exposed.push({
      what: "Redis asks for no password: any program on this machine can change the state",
      remedy: lockIt,
    });
  if (isOpen && !isHere)
    exposed.push({ what: "Redis asks for no password: anybody on the network can change the state", remedy: lockIt });
  if (isOpen && isHere && (await listensBeyond(redis)))
    exposed.push({
      what: "Redis listens beyond this machine with protected-mode off: anybody on the network can change the state",
      remedy: `${lockIt} Set protected-mode yes, or bind it to 127.0.0.1.`,
    });
  if (!isHere && !within(privateNetworks, address) && new URL(url).protocol === "redis:")
    exposed.push({
      what: "Password and state cross a public network in the clear",
      remedy: "Use TLS: rediss:// in REDIS_URL.",
    });
  return exposed;
}

const lockIt = "Set requirepass, or an ACL user with a password, and put it into REDIS_URL.";

/** Does the server take commands from whoever gives no name and no password? */
async function takesAnybody(url: string): Promise<boolean> {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  const stranger = new Redis(bare.href, {
    lazyConnect: true,
    connectTimeout: askMs,
    commandTimeout: askMs,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  stranger.on("error", () => {});
  try {
    await stranger.connect();
    return (await stranger.echo("wardroom")) === "wardroom";
  } catch {
    return false;
  } finally {
    stranger.disconnect();
  }
}

/** As far as it tells: bound to more than loopback, and not protected from whoever comes from there. */
async function listensBeyond(redis: Redis): Promise<boolean> {
  const bind = await setting(redis, "bind");
  const isProtected = await setting(redis, "protected-mode");
  if (bind === undefined || isProtected !== "no") return false;
  const names = bind.split(" ").map((name) => name.replace(/^-/, ""));
  return names.some((name) => isIP(name) === 0 || !within(loopback, name));
}

async function setting(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const answer: unknown = await redis.config("GET", name);
    return Array.isArray(answer) && typeof answer[1] === "string" ? answer[1] : undefined;
  } catch {
    return undefined;
  }
}

function blockList(subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, isIP(net) === 6 ? "ipv6" : "ipv4");
  return list;
}

function within(list: BlockList, address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}
