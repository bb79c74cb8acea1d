import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { interactions } from '../../bot/app';
import { commands } from '../../bot/command-line';
import { Options } from '../../infra/options';
import { manifestText, placeholder, slackManifest } from '../../infra/slack-manifest';

describe('the Slack app’s manifest', () => {
  test('manifest.yml is fresh: npm run docs', () => {
    expect(readFileSync('manifest.yml', 'utf8')).toBe(manifestText(placeholder));
  });

  test('reads back as what was meant', () => {
    expect(parse(manifestText(placeholder))).toEqual(slackManifest(placeholder));
  });

  test('sends commands, clicks, menus and events to one address', () => {
    const url = 'https://abc.lambda-url.eu-west-1.on.aws/slack/events';

    const { features, settings } = slackManifest({ ...placeholder, url });

    expect(features?.slash_commands?.map((command) => command.url)).toEqual([url]);
    expect(settings?.event_subscriptions).toEqual({ request_url: url, bot_events: ['app_home_opened'] });
    expect(settings?.interactivity).toEqual({ is_enabled: true, request_url: url, message_menu_options_url: url });
  });

  test('a trial by Socket Mode has no address at all', () => {
    const manifest = slackManifest({ command: '/trapheus' });

    expect(JSON.stringify(manifest)).not.toContain('url');
    expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
  });

  test('names a second deployment after its command', () => {
    const { display_information, features } = slackManifest({ ...placeholder, command: '/trapheus-staging' });

    expect(display_information.name).toBe('Trapheus-staging');
    expect(features?.bot_user?.display_name).toBe('trapheus-staging');
    expect(features?.slash_commands?.[0]?.command).toBe('/trapheus-staging');
    expect(features?.shortcuts?.map(({ name }) => name)).toEqual(['Restore · staging', 'Because · staging']);
  });

  test('is for a command that Slack has not taken for itself', () => {
    const { command } = Options.shape;

    expect(command.safeParse('/trapheus-staging').success).toBe(true);
    for (const taken of ['/status', '/me', '/join']) expect(command.safeParse(taken).success).toBe(false);
  });

  test('offers exactly the shortcuts that the bot answers, and a command with every verb', () => {
    const { features } = slackManifest(placeholder);
    const answered = interactions.filter(({ kind }) => kind === 'shortcut').map(({ id }) => id);

    expect(features?.shortcuts?.map(({ callback_id }) => callback_id).toSorted()).toEqual(answered.toSorted());
    expect(features?.shortcuts?.map(({ type }) => type).toSorted()).toEqual(['global', 'message']);
    for (const { verb } of commands) expect(features?.slash_commands?.[0]?.usage_hint).toContain(verb);
  });

  test('asks for no right to read what people write', () => {
    const { oauth_config } = slackManifest(placeholder);

    expect(oauth_config?.scopes?.bot).toEqual([
      'commands',
      'chat:write',
      'users:read',
      'usergroups:read',
      'channels:read',
      'groups:read',
    ]);
  });

  // Slack: "App manifest reference".
  test('stays within Slack’s limits', () => {
    const { display_information, features } = slackManifest({ ...placeholder, command: `/${'t'.repeat(31)}` });

    expect(display_information.name.length).toBeLessThanOrEqual(35);
    expect(display_information.description?.length).toBeLessThanOrEqual(140);
    expect(features?.bot_user?.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
    expect(features?.slash_commands?.[0]?.usage_hint?.length).toBeLessThanOrEqual(1000);
    for (const { name, description, callback_id } of features?.shortcuts ?? [])
      expect([name.length <= 24, description.length <= 150, callback_id.length <= 255]).toEqual([true, true, true]);
  });
});
