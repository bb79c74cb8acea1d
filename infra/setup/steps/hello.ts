import { askSlack, storedSecrets } from '../slack';
import { type SetupStep, told } from '../step';

export const hello: SetupStep = {
  id: 'hello',
  title: 'Send a first message',
  asks: ['channel'],
  preview: ({ command }) => [`Ask for a channel, and post there that ${command} is ready.`],
  async run(desk) {
    const settings = desk.settings();
    if (!settings.ok) return settings;
    const secrets = await storedSecrets(desk);
    if (!secrets.ok) return secrets;
    const channel = await desk.ask({
      id: 'channel',
      text: 'Id of a channel that the bot was invited to, such as C012AB3CD',
      check: (answer) => (/^[CGD][A-Z0-9]+$/.test(answer) ? undefined : 'A channel id begins with C, G or D.'),
    });
    if (!channel.ok) return channel;
    const { command } = settings.value;
    const posted = await askSlack(desk, secrets.value.botToken, (slack) =>
      slack.chat.postMessage({
        channel: channel.value,
        text: `Trapheus is set up here. \`${command} help\` shows what it does, \`${command} whoami\` what you may ask for.`,
      }),
    );
    if (!posted.ok) return posted;
    desk.say('Posted.');
    return told(undefined);
  },
};
