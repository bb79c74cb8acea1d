import { manifestText } from '../../slack-manifest';
import { deployed, type SetupStep, told } from '../step';

export const app: SetupStep = {
  id: 'app',
  title: 'Create the Slack app',
  asks: ['installed'],
  preview: ({ command }) => [
    `Print the app’s manifest for ${command}, with the address of the deployed stack where manifest.yml has a placeholder.`,
  ],
  async run(desk) {
    const settings = desk.settings();
    if (!settings.ok) return settings;
    const outputs = await deployed(desk);
    if (!outputs.ok) return outputs;
    desk.say('Open https://api.slack.com/apps, “Create New App”, “From a manifest”, and paste this (YAML):');
    desk.say('');
    desk.say(manifestText({ url: outputs.value.SlackUrl, command: settings.value.command }).trimEnd());
    desk.say('');
    const done = await desk.ask({
      id: 'installed',
      text: 'Then install it to your workspace. Press Enter when that is done',
      fallback: 'done',
    });
    return done.ok ? told(undefined) : done;
  },
};
