import { type Dict, dicts, list } from './wire';

export interface Message {
  ts: string;
  channel: string;
  user: string;
  text: string;
  blocks: Dict[];
  attachments?: Dict[];
  bot_id?: string;
  thread_ts?: string;
  reply_broadcast?: boolean;
  ephemeral_to?: string;
  edited?: { user: string; ts: string };
  metadata?: Dict;
  reactions?: { name: string; users: string[] }[];
  /** Earlier forms, oldest first, when the workspace keeps them: for transcripts. */
  revisions?: { at: number; text: string; blocks: Dict[] }[];
}

/** Blocks of a message, those in its attachments too. */
export const blocksOf = (message: Pick<Message, 'blocks' | 'attachments'>): Dict[] => [
  ...message.blocks,
  ...list(message.attachments).flatMap((attachment) => dicts((attachment as Dict).blocks)),
];

/** All messages, by channel and in the order of their ts. */
export class Messages {
  readonly #channels = new Map<string, Map<string, Message>>();

  add(message: Message): void {
    const channel = this.#channels.get(message.channel) ?? new Map<string, Message>();
    this.#channels.set(message.channel, channel);
    channel.set(message.ts, message);
  }

  find(channel: string, ts: string): Message | undefined {
    return this.#channels.get(channel)?.get(ts);
  }

  /** A ts names one message in the whole workspace. */
  anywhere(ts: string): Message | undefined {
    for (const channel of this.#channels.values()) {
      const message = channel.get(ts);
      if (message !== undefined) return message;
    }
    return undefined;
  }

  remove(message: Message): void {
    this.#channels.get(message.channel)?.delete(message.ts);
  }

  in(channel: string): Message[] {
    return [...(this.#channels.get(channel)?.values() ?? [])];
  }

  /** What only this person has been shown, newer than `after`. */
  ephemeralTo(user: string, after: string): Message[] {
    return [...this.#channels.values()]
      .flatMap((channel) => [...channel.values()])
      .filter((message) => message.ephemeral_to === user && message.ts > after);
  }
}
