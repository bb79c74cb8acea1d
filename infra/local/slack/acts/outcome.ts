import type { AppLine, Exchange } from '../app-line';
import type { Person } from '../people';
import type { Store } from '../store';
import type { Dict } from '../wire';

/** What Slack and the acting person saw. */
export interface ActAnswer {
  /** The HTTP status of the app's answer; 0 when nothing was sent, or no answer came in time. */
  status: number;
  /** Wall milliseconds until the app's answer. */
  ms: number;
  /** The app's answer: its JSON, else its text. */
  body: unknown;
  /** What only this person has been shown meanwhile. */
  ephemeral: Dict[];
  /** The view on top of this person's screen; after `home` the Home tab. */
  view?: Dict;
  options?: Dict[];
  /** Under the fields of the view, by block_id: from the app, or from Slack's own form. */
  errors?: Record<string, string>;
  /** Slack's words when the app failed. */
  notice?: string;
  /** The act was not possible, and why; nothing was sent. */
  error?: string;
}

export type Outcome = Partial<Omit<ActAnswer, 'ephemeral'>> & { exchange?: Exchange };

/** One kind of act. */
export type Perform<Input> = (desk: { store: Store; line: AppLine }, person: Person, input: Input) => Promise<Outcome>;

/** In the words of Slack's clients: a modal's, and everything else's. */
export const trouble = 'We had some trouble connecting. Try again?';
export const wentWrong = 'Oh no, something went wrong. Please try that again.';
