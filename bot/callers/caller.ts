import * as z from 'zod/mini';

const Id = z.optional(z.string());
const Named = z.nullish(z.object({ id: Id }));

/** Where the kinds of requests say who calls, from which workspace and channel (Slack: slash commands, interaction payloads, events). */
const Calling = z.object({
  user_id: Id,
  team_id: Id,
  team: Named,
  channel_id: Id,
  user: z.optional(z.union([z.string(), z.object({ id: Id })])),
  channel: Named,
  event: z.optional(z.object({ user: z.optional(z.unknown()) })),
});

/** Who calls, and from where, as far as that can be told before anything else is known of the request. */
export function callerOf(payload: unknown): Record<'id' | 'team' | 'channel', string | undefined> {
  const read = Calling.safeParse(payload);
  if (!read.success) return { id: undefined, team: undefined, channel: undefined };
  const { user_id, user, event, team_id, team, channel_id, channel } = read.data;
  const acting = typeof user === 'string' ? user : user?.id;
  const told = typeof event?.user === 'string' ? event.user : undefined;
  return { id: user_id ?? acting ?? told, team: team_id ?? team?.id, channel: channel_id ?? channel?.id };
}
