/** What the bot writes when Slack does not do as it is asked (bot/notify.ts, bot/drive.ts, bot/authorize.ts, bot/people.ts). */
export const slackTroubles: readonly string[] = [
  'card-behind',
  'card-undeliverable',
  'blocks-refused',
  'authorize-failed',
  'user-unknown',
];
