import { createContext, useContext } from 'react';
import type { Person, Shortcut, UserGroup } from '../sandbox/wire';

/** Names for the ids in texts, and the day that "today" means. Changes at most once a virtual day. */
export interface Directory {
  people: ReadonlyMap<string, Person>;
  channels: ReadonlyMap<string, string>;
  groups: ReadonlyMap<string, UserGroup>;
  /** Any moment of the virtual day, in milliseconds. */
  today: number;
  /** Whose screen this is. */
  me: string;
  /** What the app offers beside its command. */
  shortcuts: readonly Shortcut[];
  goTo: (channel: string, ts?: string) => void;
}

const DirectoryContext = createContext<Directory | undefined>(undefined);
export const DirectoryProvider = DirectoryContext.Provider;

export function useDirectory(): Directory {
  const directory = useContext(DirectoryContext);
  if (directory === undefined) throw new Error('useDirectory stands outside its provider');
  return directory;
}

const slackbot = 'USLACKBOT';

export function nameOf(directory: Pick<Directory, 'people'>, id: string): string {
  if (id === slackbot) return 'Slackbot';
  return directory.people.get(id)?.realName ?? id;
}
