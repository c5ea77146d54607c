import type { Command } from "../domain/commands/command.ts";
import { ack, unack } from "./ack.ts";
import { alerts } from "./alerts.ts";
import { alertsDead, alertsDrop, alertsReplay } from "./alerts-dead.ts";
import { alertsRoute } from "./alerts-route.ts";
import { alertsShadow } from "./alerts-shadow.ts";
import { alertsWhy } from "./alerts-why.ts";
import { audit } from "./audit.ts";
import {
  confirmAbort,
  confirmApprove,
  confirmCancel,
  confirmDeny,
  confirmList,
  confirmNext,
  confirmShow,
  confirmWho,
  confirmWithdraw,
} from "./confirm.ts";
import { digestList, digestNow, digestPreview, digestShow } from "./digest.ts";
import { escalation } from "./escalation.ts";
import { followStop } from "./follow.ts";
import { handover, handoverTake } from "./handover.ts";
import { help } from "./help.ts";
import { home } from "./home.ts";
import {
  incidentDeclare,
  incidentList,
  incidentNote,
  incidentReopen,
  incidentResolve,
  incidentShow,
} from "./incident.ts";
import {
  incidentDone,
  incidentInvite,
  incidentPhase,
  incidentRole,
  incidentSeverity,
  incidentTask,
  incidentTasks,
} from "./incident-response.ts";
import { incidentCatchup, incidentLearned, incidentPostmortem, incidentStats } from "./incident-story.ts";
import { incidentSnooze, incidentUpdate } from "./incident-update.ts";
import { linkClaim, linkConfirm, linkRemove } from "./link.ts";
import { logs } from "./logs.ts";
import { metrics } from "./metrics.ts";
import { oncall, oncallOverride, oncallRevert } from "./oncall.ts";
import { portfolio } from "./portfolio.ts";
import { confirmSettle } from "./settle.ts";
import { alertsMatching, alertsSilences, silence, unsilence } from "./silence.ts";
import { snooze, unsnooze } from "./snooze.ts";
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
  followStop,
  alerts,
  alertsRoute,
  alertsShadow,
  alertsWhy,
  alertsSilences,
  alertsDead,
  alertsReplay,
  alertsDrop,
  alertsMatching,
  ack,
  unack,
  snooze,
  unsnooze,
  silence,
  unsilence,
  digestList,
  digestPreview,
  digestShow,
  digestNow,
  incidentDeclare,
  incidentList,
  incidentShow,
  incidentNote,
  incidentSeverity,
  incidentPhase,
  incidentRole,
  incidentInvite,
  incidentTask,
  incidentTasks,
  incidentDone,
  incidentUpdate,
  incidentSnooze,
  incidentResolve,
  incidentReopen,
  incidentCatchup,
  incidentLearned,
  incidentPostmortem,
  incidentStats,
  escalation,
  oncall,
  oncallOverride,
  oncallRevert,
  handover,
  handoverTake,
  portfolio,
  confirmList,
  confirmNext,
  confirmShow,
  confirmWho,
  confirmApprove,
  confirmDeny,
  confirmWithdraw,
  confirmCancel,
  confirmAbort,
  confirmSettle,
  linkClaim,
  linkConfirm,
  linkRemove,
  audit,
];
