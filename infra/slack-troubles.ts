/** What the bot writes, as a warning or an error, when Slack does not do as it is asked, and people notice. */
export const slackTroubles: readonly string[] = [
  // Cards.
  'card-behind',
  'card-undeliverable',
  'blocks-refused',
  // Whom to let in: without an answer, nobody.
  'authorize-failed',
  'user-unknown',
  'group-unknown',
  'channel-unknown',
];
