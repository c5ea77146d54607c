import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { Directory, Standing } from "../../domain/people/directory.ts";
import type { Account } from "../../domain/people/person.ts";
import { Memory, noForMs } from "../chat/memory.ts";
import { botStanding, refusedStanding } from "../chat/refused-standing.ts";
import { slackError } from "./faults.ts";
import { SlackFaultError, type SlackWeb } from "./web.ts";

const Answer = z.object({
  user: z.object({
    team_id: z.string(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
  }),
});
type User = z.output<typeof Answer>["user"];
const Groups = z.object({ usergroups: z.array(z.object({ id: z.string(), users: z.array(z.string()).default([]) })) });

/** Accounts and user groups of the workspace. */
export class SlackDirectory implements Directory {
  readonly #web: SlackWeb;
  readonly #team: () => string | undefined;
  readonly #users = new Memory<User | undefined>(isSilence);
  readonly #groups = new Memory<z.output<typeof Groups>["usergroups"]>(isSilence);

  constructor(web: SlackWeb, team: () => string | undefined) {
    this.#web = web;
    this.#team = team;
  }

  async standing({ id, tenant }: Account, { maxAgeMs }: { readonly maxAgeMs: number }): Promise<Standing> {
    const team = this.#team();
    if (team === undefined) throw new BackendError("Slack", { fault: "unreachable", detail: "is not connected yet" });
    if (tenant !== undefined && tenant !== team) return elsewhere;
    const [user, groups] = await Promise.all([this.#user(id, maxAgeMs), this.#groupsOf(id, maxAgeMs)]);
    const refusal = refusalOf(user, team);
    const still = refusal && maxAgeMs > noForMs ? refusalOf(await this.#user(id, noForMs), team) : refusal;
    return still ?? { ok: true, groups };
  }

  async #user(id: string, maxAgeMs: number): Promise<User | undefined> {
    try {
      return await this.#users.get(id, maxAgeMs, () => this.#ask(id));
    } catch (error) {
      throw asBackend(error);
    }
  }

  async #ask(id: string): Promise<User | undefined> {
    try {
      const answer = await this.#web.call({
        method: "users.info",
        lane: "reply",
        send: (client) => client.users.info({ user: id }),
      });
      return Answer.parse(answer).user;
    } catch (error) {
      if (error instanceof SlackFaultError && ["user_not_found", "user_not_visible"].includes(error.code))
        return undefined;
      throw error;
    }
  }

  async #groupsOf(id: string, maxAgeMs: number): Promise<readonly string[]> {
    try {
      const groups = await this.#groups.get("all", maxAgeMs, async () => {
        const answer = await this.#web.call({
          method: "usergroups.list",
          lane: "reply",
          send: (client) => client.usergroups.list({ include_users: true, include_disabled: false }),
        });
        return Groups.parse(answer).usergroups;
      });
      return groups.filter((group) => group.users.includes(id)).map((group) => group.id);
    } catch (error) {
      const code = error instanceof SlackFaultError ? error.code : "";
      // A plan without user groups has none. A scope that is missing is told to the operator; a decision waits for it.
      if (code === "plan_upgrade_required" || (code === "missing_scope" && maxAgeMs > 0)) return [];
      throw asBackend(error);
    }
  }
}

function refusalOf(user: User | undefined, team: string): Standing | undefined {
  if (user === undefined || user.team_id !== team || user.is_stranger) return elsewhere;
  if (user.deleted) return refusedStanding("That account has been deactivated.", "Use an account that is active.");
  if (user.is_bot) return botStanding;
  if (user.is_restricted || user.is_ultra_restricted)
    return refusedStanding(
      "Guests of the workspace may not ask or decide anything.",
      "Ask as a full member of the workspace.",
    );
  return undefined;
}

const elsewhere = refusedStanding(
  "That account is not of the workspace Wardroom works in.",
  "Ask as a member of that workspace.",
);

function isSilence(error: unknown): boolean {
  return error instanceof SlackFaultError && error.code === "";
}

function asBackend(error: unknown): BackendError {
  if (error instanceof SlackFaultError) return slackError(error.fault, error.method);
  return new BackendError("Slack", { fault: "nonsense", detail: "the answer about an account could not be read" });
}
