import { type Answer, type Call, done, ok, type Route } from "./call.ts";
import { modalProblems } from "./limits.ts";
import { addMessage, change, checkedBody, deleteMessage } from "./messages.ts";
import { refuse, refuseBadForm } from "./refusal.ts";
import { messageWire } from "./wire.ts";
import { type FakeMessage, fieldsOf, type Interaction, listOf, textOf, type World } from "./world.ts";

/** Discord lets go of the token of an interaction after a quarter of an hour. */
const tokenMs = 15 * 60_000;
const choicesMost = 25;
const ephemeralFlag = 64;

export const interactionRoutes: readonly Route[] = [
  ["POST", /^\/interactions\/(\d+)\/([^/]+)\/callback$/, callback],
  ["POST", /^\/webhooks\/(\d+)\/([^/]+)$/, followUp],
  ["GET", /^\/webhooks\/(\d+)\/([^/]+)\/messages\/(@original|\d+)$/, readAnswer],
  ["PATCH", /^\/webhooks\/(\d+)\/([^/]+)\/messages\/(@original|\d+)$/, editAnswer],
  ["DELETE", /^\/webhooks\/(\d+)\/([^/]+)\/messages\/(@original|\d+)$/, removeAnswer],
];

function callback(call: Call, [id = "", token = ""]: readonly string[]): Answer {
  const { world, body, query } = call;
  const interaction = world.interactions.get(token);
  if (interaction?.id !== id) refuse(404, 10_062, "Unknown interaction");
  const afterMs = world.now() - interaction.at;
  if (interaction.ack) refuse(400, 40_060, "Interaction has already been acknowledged.");
  if (afterMs > world.ackWithinMs) refuse(404, 10_062, "Unknown interaction");
  const type = Number(body["type"]);
  const data = fieldsOf(body["data"]);
  if (!answersTo(interaction).includes(type)) refuseBadForm(["type: BASE_TYPE_CHOICES"]);
  const made = answerWith({ ...call, body: data }, interaction, type);
  interaction.ack = { afterMs, type, data };
  interaction.ackedAt = performance.now();
  if (made) interaction.original = made.id;
  if (type === 4 || type === 7) interaction.answeredAt = performance.now();
  if (query.get("with_response") !== "true") return done;
  return ok(callbackWire(interaction, type, { made, world }));
}

function callbackWire(
  interaction: Interaction,
  type: number,
  { made, world }: { readonly made: FakeMessage | undefined; readonly world: World },
): unknown {
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      response_message_id: made?.id,
      response_message_loading: made?.thinking ?? false,
      response_message_ephemeral: made?.ephemeralFor !== undefined,
    },
    resource: { type, ...(made && { message: messageWire(made, world) }) },
  };
}

/** The kinds of answer that an interaction takes at first. */
function answersTo({ type, fromModal, source }: Interaction): number[] {
  if (type === 4) return [8];
  return [4, 5, ...(source === undefined ? [] : [6, 7]), ...(fromModal ? [] : [9])];
}

/** Makes what an answer makes; the message that is the interaction's original from now on. */
function answerWith(call: Call, interaction: Interaction, type: number): FakeMessage | undefined {
  const { world, body } = call;
  const ephemeral = (Number(body["flags"] ?? 0) & ephemeralFlag) > 0;
  const answers = { interaction };
  const place = { channel: interaction.channel, answers, ...(ephemeral && { ephemeralFor: interaction.user }) };
  switch (type) {
    case 4:
      checkedBody(call, undefined, "data");
      return addMessage(call, place);
    case 5:
      return addMessage({ ...call, body: {}, files: [] }, { ...place, thinking: true });
    case 6:
      return world.message(interaction.source ?? "");
    case 7: {
      const source = world.message(interaction.source ?? "") ?? refuse(404, 10_008, "Unknown Message");
      return change(call, source, "data");
    }
    case 8:
      refuseBadForm(choiceProblems(body["choices"]), "data");
      return undefined;
    default:
      refuseBadForm(modalProblems(body), "data");
      return undefined;
  }
}

function choiceProblems(value: unknown): string[] {
  const choices = listOf(value).map(fieldsOf);
  const bad = (length: number): boolean => length < 1 || length > 100;
  return [
    ...(choices.length > choicesMost ? ["choices: BASE_TYPE_MAX_LENGTH"] : []),
    ...choices.flatMap(({ name, value: given }, index) => [
      ...(bad(textOf(name).length) ? [`choices[${index}].name: BASE_TYPE_BAD_LENGTH`] : []),
      ...(bad(typeof given === "number" ? 1 : textOf(given).length)
        ? [`choices[${index}].value: BASE_TYPE_BAD_LENGTH`]
        : []),
    ]),
  ];
}

/** An interaction that was answered, by its token, for as long as that lives. */
function answered({ world }: Call, application: string, token: string): Interaction {
  const interaction = world.interactions.get(token);
  if (!interaction?.ack || application !== world.application) refuse(404, 10_015, "Unknown Webhook");
  if (world.now() - interaction.at > tokenMs) refuse(401, 50_027, "Invalid Webhook Token");
  return interaction;
}

function answerOf(call: Call, [application = "", token = "", id = ""]: readonly string[]): FakeMessage {
  const interaction = answered(call, application, token);
  const wanted = id === "@original" ? interaction.original : id;
  const own = wanted !== undefined && [interaction.original, ...interaction.followUps].includes(wanted);
  return (own && call.world.message(wanted)) || refuse(404, 10_008, "Unknown Message");
}

function readAnswer(call: Call, params: readonly string[]): Answer {
  return ok(messageWire(answerOf(call, params), call.world));
}

function editAnswer(call: Call, params: readonly string[]): Answer {
  const message = change(call, answerOf(call, params));
  answered(call, params[0] ?? "", params[1] ?? "").answeredAt ??= performance.now();
  return ok(messageWire(message, call.world));
}

function removeAnswer(call: Call, params: readonly string[]): Answer {
  return deleteMessage(call, answerOf(call, params));
}

function followUp(call: Call, [application = "", token = ""]: readonly string[]): Answer {
  const { world, body } = call;
  const interaction = answered(call, application, token);
  // While the answer is still "thinking…", a follow-up fills it in, and whether others see it was said before.
  const waiting = world.message(interaction.original ?? "");
  if (waiting?.thinking) {
    const filled = change(call, waiting);
    interaction.answeredAt ??= performance.now();
    return ok(messageWire(filled, world));
  }
  checkedBody(call);
  const ephemeral = (Number(body["flags"] ?? 0) & ephemeralFlag) > 0;
  const { original: follows } = interaction;
  const message = addMessage(call, {
    channel: interaction.channel,
    answers: { interaction, ...(follows !== undefined && { follows }) },
    ...(ephemeral && { ephemeralFor: interaction.user }),
  });
  interaction.followUps.push(message.id);
  interaction.answeredAt ??= performance.now();
  return ok(messageWire(message, world, { fresh: true }));
}
