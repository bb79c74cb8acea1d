/** What the bot writes when Slack does not do as it is asked (bot/notifier/notify.ts, bot/notifier/drive.ts, bot/callers/authorize.ts, bot/callers/people.ts). */
export const slackTroubles: readonly string[] = [
  'card-behind',
  'card-undeliverable',
  'blocks-refused',
  'authorize-failed',
  'user-unknown',
];
