import type { ChainHead } from "../../domain/store.ts";
import { linkHash } from "../chain.ts";
import type { PreparedCommit } from "../prepared.ts";

/** The arguments of commit.lua for a group, and the head the store has when it takes them. */
export interface EncodedGroup {
  readonly args: readonly string[];
  readonly head: ChainHead;
}

/** Chains the group's links onto `head`. `at` is the store's time in ms, as near as this process knows it. */
export function encodeGroup(commits: readonly PreparedCommit[], head: ChainHead, at: number): EncodedGroup {
  const args: string[] = [String(head.seq), head.hash, String(at), "", ""];
  let { seq, hash } = head;
  for (const commit of commits) {
    const start = args.push("");
    encodeCommit(args, commit);
    if (commit.body) {
      seq += 1;
      hash = linkHash(hash, { seq, at, bodyHash: commit.body.hash });
      args.push(String(seq), formatLink({ at, hash, bodyHash: commit.body.hash }), commit.body.text);
    } else args.push("", "", "");
    args[start - 1] = String(args.length - start);
  }
  args[3] = String(seq);
  args[4] = hash;
  return { args, head: { seq, hash } };
}

export interface StoredLink {
  readonly at: number;
  readonly hash: string;
  readonly bodyHash: string;
}

function formatLink(link: StoredLink): string {
  return `${link.at} ${link.hash} ${link.bodyHash}`;
}

/** A damaged link comes back with what could be read: its hash cannot fit then. */
export function parseLink(text: string): StoredLink {
  const [at = "", hash = "", bodyHash = ""] = text.split(" ");
  return { at: Number(at), hash, bodyHash };
}

/** The order is that of the header of commit.lua. */
function encodeCommit(args: string[], commit: PreparedCommit): void {
  args.push(commit.id, optional(commit.validUntil), commit.once?.key ?? "", commit.once?.answer ?? "");
  args.push(String(commit.expect.length));
  for (const [key, revision] of commit.expect) args.push(key, revision ?? "");
  args.push(String(commit.settles.length));
  for (const { queue, id, fence, version, retryAt } of commit.settles) {
    args.push(queue, id, String(fence), version, optional(retryAt));
  }
  args.push(String(commit.removes.length), ...commit.removes);
  args.push(String(commit.puts.length));
  for (const { key, kind, value, index } of commit.puts) {
    let text = "";
    for (const [name, indexed] of index) text += `${kind}/${name}\0${indexed}\0`;
    args.push(key, value, text, String(index.length));
    for (const [name, indexed] of index) args.push(`${kind}/${name}`, indexed);
  }
  args.push(String(commit.cancels.length));
  for (const { queue, id } of commit.cancels) args.push(queue, id);
  args.push(String(commit.items.length));
  for (const { queue, id, due, body, leaseMs } of commit.items) {
    args.push(queue, id, String(due), body, optional(leaseMs));
  }
}

function optional(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}
