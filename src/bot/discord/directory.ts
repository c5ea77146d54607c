import { Routes } from "discord.js";
import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { Directory, Standing } from "../../domain/people/directory.ts";
import type { Account } from "../../domain/people/person.ts";
import { Memory, noForMs } from "../chat/memory.ts";
import { botStanding, refusedStanding } from "../chat/refused-standing.ts";
import { codes, discordError } from "./faults.ts";
import { DiscordFaultError, type DiscordWeb } from "./web.ts";

const Member = z.object({
  roles: z.array(z.string()),
  user: z.object({ id: z.string(), bot: z.boolean().default(false) }),
});
type Member = z.output<typeof Member>;

/** Members of the configured server and their roles. */
export class DiscordDirectory implements Directory {
  readonly #web: DiscordWeb;
  readonly #guild: string;
  readonly #members = new Memory<Member | undefined>((error) => error instanceof DiscordFaultError && error.code === 0);

  constructor(web: DiscordWeb, guild: string) {
    this.#web = web;
    this.#guild = guild;
  }

  async standing({ id, tenant }: Account, { maxAgeMs }: { readonly maxAgeMs: number }): Promise<Standing> {
    if (tenant !== undefined && tenant !== this.#guild) return elsewhere;
    const known = await this.#member(id, maxAgeMs);
    const member = known ?? (maxAgeMs > noForMs ? await this.#member(id, noForMs) : undefined);
    if (!member) return elsewhere;
    if (member.user.bot) return botStanding;
    return { ok: true, groups: member.roles };
  }

  async #member(id: string, maxAgeMs: number): Promise<Member | undefined> {
    try {
      return await this.#members.get(id, maxAgeMs, () => this.#ask(id));
    } catch (error) {
      if (error instanceof DiscordFaultError) throw discordError(error.fault);
      throw new BackendError("Discord", { fault: "nonsense", detail: "the answer about an account could not be read" });
    }
  }

  async #ask(id: string): Promise<Member | undefined> {
    try {
      const answer = await this.#web.call({
        lane: "reply",
        send: (rest) => rest.get(Routes.guildMember(this.#guild, id)),
      });
      return Member.parse(answer);
    } catch (error) {
      if (
        error instanceof DiscordFaultError &&
        [codes.unknownMember, codes.unknownUser].some((each) => each === error.code)
      )
        return undefined;
      throw error;
    }
  }
}

const elsewhere = refusedStanding(
  "That account is not a member of the server Wardroom works in.",
  "Ask as a member of that server.",
);
