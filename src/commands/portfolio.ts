import { z } from "zod";
import { portfolioCard } from "../cards/portfolio.ts";
import { defineCommand } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { system, systemNamed } from "./fields.ts";

/** Positions that cannot be read are unknown. Somebody would act on "flat". */
export const portfolio = defineCommand({
  name: "portfolio",
  summary: "Open positions, their notional and the day's result",
  permission: "read",
  systemField: "system",
  examples: ["portfolio {portfolio}"],
  input: z.object({ system }),
  async run(input, context) {
    const on = systemNamed(context, input.system);
    if (!on.portfolio) throw new UserError(`${on.title} holds no positions.`, "portfolio is for systems that trade.");
    const reading = await context.systems.portfolios.read(on);
    return { card: portfolioCard(on, reading, context.invocation.now) };
  },
});
