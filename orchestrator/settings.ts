import * as z from 'zod/mini';

/** One setting of a database, as plain data that can be compared, stored and shown. */
export const SettingValue = z.json();
export type SettingValue = z.infer<typeof SettingValue>;

/** Settings by their key in the fidelity tables, for example `parameterGroup`. */
export const Settings = z.record(z.string(), SettingValue);
export type Settings = z.infer<typeof Settings>;

/** The settings of each member by its name, where a database has members with names of their own. */
export function membersOf(settings: Settings): Record<string, Settings> {
  return z.record(z.string(), Settings).safeParse(settings.members).data ?? {};
}

/** How many settings are compared: a member's are its own. */
export function countSettings(settings: Settings): number {
  const members = Object.values(membersOf(settings));
  const own = Object.keys(settings).filter((key) => key !== 'members').length;
  return own + members.reduce((sum, member) => sum + Object.keys(member).length, 0);
}
