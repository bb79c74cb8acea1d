import { z } from 'zod';

/** What a person may do in the stand-in; users and channels by id or name. */
const values = z.record(z.string(), z.unknown());

const command = z.strictObject({
  user: z.string(),
  channel: z.string(),
  command: z.string().startsWith('/'),
  text: z.string().default(''),
});
const acted = {
  action_id: z.string(),
  block_id: z.string().optional(),
  /** A menu's option or an input's value; for buttons it tells apart those with the same action_id. */
  value: z.unknown().optional(),
  /** What else the person has filled in, by block_id and action_id. */
  state: z.record(z.string(), values).optional(),
};
const messageAction = z.strictObject({
  user: z.string(),
  channel: z.string().optional(),
  message_ts: z.string(),
  ...acted,
});
const viewAction = z.strictObject({ user: z.string(), view_id: z.string(), ...acted });
const submit = z.strictObject({ user: z.string(), view_id: z.string(), submit: values });
const close = z.strictObject({ user: z.string(), view_id: z.string(), close: z.literal(true) });
const options = z.strictObject({
  user: z.string(),
  options: z.strictObject({
    view_id: z.string().optional(),
    channel: z.string().optional(),
    message_ts: z.string().optional(),
    block_id: z.string().optional(),
    action_id: z.string(),
    value: z.string().default(''),
  }),
});
const home = z.strictObject({ user: z.string(), home: z.literal(true) });
const shortcut = z.strictObject({ user: z.string(), shortcut: z.string() });
/** From the menu of a message. */
const messageShortcut = z.strictObject({
  user: z.string(),
  shortcut: z.string(),
  channel: z.string().optional(),
  message_ts: z.string(),
});

export type CommandInput = z.infer<typeof command>;
export type MessageActionInput = z.infer<typeof messageAction>;
export type ViewActionInput = z.infer<typeof viewAction>;
export type SubmitInput = z.infer<typeof submit>;
export type CloseInput = z.infer<typeof close>;
export type OptionsInput = z.infer<typeof options>;
export type HomeInput = z.infer<typeof home>;
export type ShortcutInput = z.infer<typeof shortcut>;
export type MessageShortcutInput = z.infer<typeof messageShortcut>;

export type Act =
  | { kind: 'command'; input: CommandInput }
  | { kind: 'message-action'; input: MessageActionInput }
  | { kind: 'view-action'; input: ViewActionInput }
  | { kind: 'submit'; input: SubmitInput }
  | { kind: 'close'; input: CloseInput }
  | { kind: 'options'; input: OptionsInput }
  | { kind: 'home'; input: HomeInput }
  | { kind: 'shortcut'; input: ShortcutInput }
  | { kind: 'message-shortcut'; input: MessageShortcutInput };

/** The field that tells what kind of act is meant; the first one present decides. */
const byField = {
  command: { kind: 'command', schema: command },
  submit: { kind: 'submit', schema: submit },
  close: { kind: 'close', schema: close },
  options: { kind: 'options', schema: options },
  home: { kind: 'home', schema: home },
  shortcut: { kind: 'shortcut', schema: shortcut },
  message_ts: { kind: 'message-action', schema: messageAction },
  view_id: { kind: 'view-action', schema: viewAction },
} as const;

export function readAct(given: unknown): Act | { error: string } {
  const fields = typeof given === 'object' && given !== null ? Object.keys(given) : [];
  const isOnMessage = fields.includes('shortcut') && fields.includes('message_ts');
  const found = isOnMessage
    ? ({ kind: 'message-shortcut', schema: messageShortcut } as const)
    : Object.entries(byField).find(([field]) => fields.includes(field))?.[1];
  if (found === undefined) return { error: `an act has one of the fields ${Object.keys(byField).join(', ')}` };
  const parsed = found.schema.safeParse(given);
  if (!parsed.success) return { error: `${found.kind}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}` };
  // Kind and schema stand in the same entry of the table, so the parsed input is that kind's.
  return { kind: found.kind, input: parsed.data } as Act;
}
