import { deployed, problem, type SetupStep, told } from '../step';

export const deploy: SetupStep = {
  id: 'deploy',
  title: 'Deploy the stack',
  preview: ({ stackName }) => [
    `Run cdk deploy for the stack ${stackName}; it shows its rights and asks before it goes on (with --yes it does not ask).`,
  ],
  async run(desk) {
    const settings = desk.settings();
    if (!settings.ok) return settings;
    // Without a terminal the CDK would not ask, but give up (AWS CDK CLI: cdk deploy, --require-approval).
    const approval = desk.isYes ? ['--require-approval', 'never'] : [];
    const { stackName } = settings.value;
    const code = await desk.run('cdk', 'deploy', '--no-notices', '--no-version-reporting', ...approval, stackName);
    if (code !== 0)
      return problem(
        `cdk deploy ended with ${code}.`,
        'What it printed above says why. Put that right, then try again.',
      );
    const outputs = await deployed(desk);
    if (!outputs.ok) return outputs;
    desk.say(`Slack will call ${outputs.value.SlackUrl}`);
    const { alertEmails } = settings.value;
    // SNS: "Email subscription setup".
    if (alertEmails.length > 0)
      desk.say(
        `AWS writes to ${alertEmails.join(' and ')}: nobody hears an alarm before pressing the link in that e-mail.`,
      );
    return told(undefined);
  },
};
