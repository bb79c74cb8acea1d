import { command as anyCommand, type Problem } from '../../orchestrator/errors';
import type { House } from '../house';
import { type Mrkdwn, md, plain, sentence } from './mrkdwn';

/** What happened and what to do, as a person in a channel reads it. */
export function problemText(problem: Pick<Problem, 'message' | 'hint'>, house: Pick<House, 'command'>): Mrkdwn {
  const { message, hint } = spoken(problem, house);
  const said = sentence(message, 1500);
  // A message may end with what a person wrote.
  return /[.!?…]$/.test(said) ? md`${said} ${sentence(hint, 800)}` : md`${said}. ${sentence(hint, 800)}`;
}

/** The same where Slack shows no markup, such as under a field of a form. */
export function problemPlain(
  problem: Pick<Problem, 'message' | 'hint'>,
  house: Pick<House, 'command'>,
  nameOf?: (id: string) => string,
): string {
  const { message, hint } = spoken(problem, house);
  return plain(`${message} ${hint}`, nameOf);
}

/** A problem in the words of this deployment: the catalogue does not know what the slash command is called here. */
export function spoken<T extends Pick<Problem, 'message' | 'hint'>>(
  problem: T,
  { command }: Pick<House, 'command'>,
): T {
  const say = (text: string) => text.replaceAll(anyCommand, command);
  return { ...problem, message: say(problem.message), hint: say(problem.hint) };
}
