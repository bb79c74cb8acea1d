// Not from '@slack/bolt': its index loads a web server and a socket client, which nobody here needs.
import App, { type ExtendedErrorHandlerArgs } from '@slack/bolt/dist/App';
import AwsLambdaReceiver from '@slack/bolt/dist/receivers/AwsLambdaReceiver';
import { WebClient } from '@slack/web-api';
import { failure, type Log } from '../orchestrator/log';
import { Admission } from './callers/admission';
import { authorizer } from './callers/authorize';
import { callerOf } from './callers/caller';
import type { Hurry } from './hurry';
import { approve } from './interactions/approve';
import { approveSubmit } from './interactions/approve-submit';
import { breakGlass } from './interactions/break-glass';
import { breakGlassRequestSubmit } from './interactions/break-glass-request-submit';
import { breakGlassSubmit } from './interactions/break-glass-submit';
import { cancel } from './interactions/cancel';
import { cancelSubmit } from './interactions/cancel-submit';
import { databaseChosen } from './interactions/database-chosen';
import { databaseOptions } from './interactions/database-options';
import { deny } from './interactions/deny';
import { denySubmit } from './interactions/deny-submit';
import { freezeSubmit } from './interactions/freeze-submit';
import { home } from './interactions/home';
import { keepLonger } from './interactions/keep-longer';
import { messageShortcut } from './interactions/message-shortcut';
import { release } from './interactions/release';
import { removeNow } from './interactions/remove-now';
import { requestAgain } from './interactions/request-again';
import { restoreShortcut } from './interactions/restore-shortcut';
import { restoreSubmit } from './interactions/restore-submit';
import { retryRemoval } from './interactions/retry-removal';
import { reviewSubmit } from './interactions/review-submit';
import { snapshotOptions } from './interactions/snapshot-options';
import { sourceChosen } from './interactions/source-chosen';
import { startChosen } from './interactions/start-chosen';
import { startNow } from './interactions/start-now';
import { startRestore } from './interactions/start-restore';
import { swapNow } from './interactions/swap-now';
import { swapNowSubmit } from './interactions/swap-now-submit';
import { targetChosen } from './interactions/target-chosen';
import { undo } from './interactions/undo';
import { undoSubmit } from './interactions/undo-submit';
import { unfreezeSubmit } from './interactions/unfreeze-submit';
import type { Listener, Parts } from './listener';
import type { Seen } from './once';
import { type Handler, receive, type SigningSecrets } from './receiver';
import { register } from './register';
import { clientOptions, quietLogger } from './slack-client';

/** Everything a person can press, fill in or choose from. To add one: a file in interactions/ and a line here. */
export const interactions: readonly Listener[] = [
  databaseChosen,
  databaseOptions,
  snapshotOptions,
  sourceChosen,
  targetChosen,
  startChosen,
  restoreSubmit,
  reviewSubmit,
  approve,
  approveSubmit,
  deny,
  denySubmit,
  swapNow,
  swapNowSubmit,
  breakGlass,
  breakGlassSubmit,
  breakGlassRequestSubmit,
  freezeSubmit,
  unfreezeSubmit,
  cancel,
  cancelSubmit,
  undo,
  undoSubmit,
  keepLonger,
  removeNow,
  retryRemoval,
  release,
  requestAgain,
  startNow,
  startRestore,
  restoreShortcut,
  messageShortcut,
  home,
];

/** Slack waits three seconds for the whole of an answer; one call may use half of that. */
const callTimeoutMs = 1500;

export interface SlackAppParts extends Parts {
  secrets: { read(): Promise<SigningSecrets & { botToken: string }> };
  seen: Seen;
  /** Slack's Web API; absent: Slack itself. */
  apiUrl?: string | undefined;
  /** Wall time in milliseconds, with which Slack signs. */
  wall: () => number;
  /** Begins to read what the answer to a signed request will need; throws nothing. */
  foresee?: <T>(payload: unknown, answer: () => Promise<T>) => Promise<T>;
  hurry: Hurry;
  log: Log;
}

/** A Lambda handler that takes everything Slack sends. */
export function slackHandler(parts: SlackAppParts): Handler {
  const { secrets, seen, log, wall } = parts;
  const logger = quietLogger(log);
  // Verified already, and by a stricter rule: see receiver.ts.
  const receiver = new AwsLambdaReceiver({ signingSecret: '', signatureVerification: false, logger });
  const options = clientOptions(parts.apiUrl, callTimeoutMs, logger);
  const authorize = authorizer({ secrets, apiUrl: parts.apiUrl, timeoutMs: callTimeoutMs, log });
  const app = new App({
    receiver,
    logger,
    convoStore: false,
    ignoreSelf: false,
    tokenVerificationEnabled: false,
    clientOptions: options,
    authorize: (source) => authorize.authorize(source),
    extendedErrorHandler: true,
  });
  app.error(async ({ error, body }: ExtendedErrorHandlerArgs) => {
    log('error', 'listener-failed', { type: 'type' in body ? body.type : 'command', ...failure(error) });
    throw error;
  });
  const admission = new Admission(parts.clock, log, parts.policy);
  register(app, parts, admission, interactions);
  // Slack's three seconds are a few calls long: what does not depend on an answer does not wait for it.
  const ahead = (payload: unknown): void => {
    const { id, team, channel } = callerOf(payload);
    const begin = async (): Promise<void> => {
      const { botToken } = await secrets.read();
      // Whose workspace this is, is asked once, and beside this: what is found out about others is told to nobody.
      const isForeign = authorize.ourTeam(botToken) !== undefined && authorize.ourTeam(botToken) !== team;
      if (id !== undefined && !isForeign) admission.meet(new WebClient(botToken, options), id, channel);
      await authorize.whoAmI(botToken);
    };
    // Whoever asks in earnest is told what went wrong.
    begin().catch(() => undefined);
  };
  const next = receiver.toHandler();
  const { hurry, foresee } = parts;
  return receive({
    secrets: () => secrets.read(),
    seen,
    around: ({ payload, ...times }, answer) =>
      hurry.of(times, () => {
        ahead(payload);
        return foresee ? foresee(payload, answer) : answer();
      }),
    next,
    wall,
    log,
  });
}
