import { type Backend, serving } from "../domain/systems/backend.ts";
import type { Portfolios } from "../domain/systems/portfolio.ts";
import { missing, take } from "./wire/reading.ts";

const deadlineMs = 3_000;

/** Reads the open positions of the backend that holds them. */
export function createPortfolios(backends: readonly Backend[]): Portfolios {
  return {
    read(system) {
      const { portfolio } = system;
      if (!portfolio) return Promise.resolve(missing(`${system.title} has no portfolio configured`));
      const look = { system: system.id, deadlineMs, round: {} };
      return take(async () => serving(backends, portfolio.backend, "portfolio").read(portfolio.spec, look));
    },
  };
}
