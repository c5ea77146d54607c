import type { Command } from "../domain/command.ts";
import { alerts } from "./alerts.ts";
import { audit } from "./audit.ts";
import {
  confirmApprove,
  confirmCancel,
  confirmDeny,
  confirmList,
  confirmShow,
  confirmWho,
  confirmWithdraw,
} from "./confirm.ts";
import { help } from "./help.ts";
import { home } from "./home.ts";
import { linkClaim, linkConfirm, linkRemove } from "./link.ts";
import { logs } from "./logs.ts";
import { metrics } from "./metrics.ts";
import { portfolio } from "./portfolio.ts";
import { status } from "./status.ts";
import { why } from "./why.ts";

/** Every built-in command. The systems' operations are compiled to more of them at start. */
export const commands: readonly Command[] = [
  help,
  why,
  home,
  status,
  metrics,
  logs,
  alerts,
  portfolio,
  confirmList,
  confirmShow,
  confirmWho,
  confirmApprove,
  confirmDeny,
  confirmWithdraw,
  confirmCancel,
  linkClaim,
  linkConfirm,
  linkRemove,
  audit,
];
