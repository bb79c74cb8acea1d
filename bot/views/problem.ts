import type { Problem } from '../../orchestrator/errors';
import { type Mrkdwn, md, plain, sentence } from './mrkdwn';

/** What happened and what to do, as a person in a channel reads it. */
export function problemText({ message, hint }: Pick<Problem, 'message' | 'hint'>): Mrkdwn {
  const said = sentence(message, 1500);
  // A message may end with what a person wrote.
  return /[.!?…]$/.test(said) ? md`${said} ${sentence(hint, 800)}` : md`${said}. ${sentence(hint, 800)}`;
}

/** The same where Slack shows no markup, such as under a field of a form. */
export function problemPlain(
  { message, hint }: Pick<Problem, 'message' | 'hint'>,
  nameOf?: (id: string) => string,
): string {
  return plain(`${message} ${hint}`, nameOf);
}
