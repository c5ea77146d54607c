import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const known = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** A real Chromium as the distribution ships it, without a window. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = known.find((path) => existsSync(path));
  if (!executablePath)
    throw new Error(`No Chromium at ${known.join(" or ")}: install it with apt-get install chromium`);
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
    ],
  });
}
