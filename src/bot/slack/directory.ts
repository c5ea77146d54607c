import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { Trouble, Troubles } from "../../domain/messages/trouble.ts";
import type { Directory, Standing } from "../../domain/people/directory.ts";
import type { Account } from "../../domain/people/person.ts";
import { Memory, noForMs } from "../chat/memory.ts";
import { botStanding, refusedStanding } from "../chat/refused-standing.ts";
import { groupsRemedy, slackError } from "./faults.ts";
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
type Groups = z.output<typeof Groups>["usergroups"];

const groupsTrouble = "slack/groups";

/** Accounts and user groups of the workspace. */
export class SlackDirectory implements Directory {
  readonly #web: SlackWeb;
  readonly #team: () => string | undefined;
  readonly #groupsNamed: () => Promise<readonly string[]>;
  readonly #troubles: Troubles;
  readonly #users = new Memory<User | undefined>(isSilence);
  readonly #groups = new Memory<Groups>(isSilence);

  constructor(parts: {
    readonly web: SlackWeb;
    /** The workspace it works in; undefined until Slack has said so. */
    readonly team: () => string | undefined;
    /** The user groups that roles are given by. Without any, none is asked for. */
    readonly groupsNamed: () => Promise<readonly string[]>;
    readonly troubles: Troubles;
  }) {
    this.#web = parts.web;
    this.#team = parts.team;
    this.#groupsNamed = parts.groupsNamed;
    this.#troubles = parts.troubles;
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

  /** The groups an account is in, of those that give roles. Many workspaces have no right to them at all. */
  async #groupsOf(id: string, maxAgeMs: number): Promise<readonly string[]> {
    const named = await this.#groupsNamed();
    if (named.length === 0) {
      this.#troubles.clear(groupsTrouble);
      return [];
    }
    try {
      const groups = await this.#groups.get("all", maxAgeMs, () => this.#askGroups());
      return groups.filter((group) => named.includes(group.id) && group.users.includes(id)).map((group) => group.id);
    } catch (error) {
      throw asBackend(error);
    }
  }

  /**
   * A refusal is an answer, kept like any other: no group, so no role by one, told to the operators. Were it an error, a
   * workspace without user groups would have no commands either.
   */
  async #askGroups(): Promise<Groups> {
    try {
      const answer = await this.#web.call({
        method: "usergroups.list",
        lane: "reply",
        send: (client) => client.usergroups.list({ include_users: true, include_disabled: false }),
      });
      const { usergroups } = Groups.parse(answer);
      this.#troubles.clear(groupsTrouble);
      return usergroups;
    } catch (error) {
      if (isSilence(error)) throw error;
      const code = error instanceof SlackFaultError ? error.code : "its answer cannot be read";
      // A scope that is missing has been told as that.
      if (code !== "missing_scope") this.#troubles.raise(groupsTroubleOf(code));
      return [];
    }
  }
}

/** `why` is Slack's own word for its refusal. */
function groupsTroubleOf(why: string): Trouble {
  return {
    id: groupsTrouble,
    surface: "slack",
    what: `Slack does not let the bot read user groups (${why}), so nobody has a role by one.`,
    remedy: groupsRemedy(why),
  };
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
