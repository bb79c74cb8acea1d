import { problem, type SetupStep, told } from '../step';

/** The stack that `cdk bootstrap` makes, by its default name (CDK: Bootstrapping). */
const bootstrapStack = 'CDKToolkit';

export const account: SetupStep = {
  id: 'account',
  title: 'Check the AWS account',
  asks: ['bootstrap'],
  preview: () => [
    'Ask AWS who you are (sts:GetCallerIdentity).',
    `Look for the CDK’s own stack ${bootstrapStack} in the Region, and offer to make it.`,
  ],
  async run(desk) {
    const identity = await desk.cloud.identity();
    if (!identity.ok) return identity;
    const { account: id, arn, region } = identity.value;
    desk.say(`You are ${arn}, in account ${id}, Region ${region}.`);
    const toolkit = await desk.cloud.outputs(bootstrapStack);
    if (!toolkit.ok) return toolkit;
    if (toolkit.value !== undefined) {
      desk.say(`The CDK is bootstrapped here (version ${toolkit.value.BootstrapVersion ?? 'unknown'}).`);
      return told(undefined);
    }
    const wanted = await desk.ask({
      id: 'bootstrap',
      text: `The CDK is not bootstrapped in ${region}. Bootstrap it now? (yes/no)`,
      fallback: 'yes',
      check: (answer) => (/^(yes|no|y|n)$/i.test(answer) ? undefined : 'Answer yes or no.'),
    });
    if (!wanted.ok) return wanted;
    if (/^n/i.test(wanted.value))
      return problem('Without bootstrapping nothing can be deployed.', `npx cdk bootstrap aws://${id}/${region}`);
    const code = await desk.run('cdk', 'bootstrap', `aws://${id}/${region}`);
    return code === 0
      ? told(undefined)
      : problem(`cdk bootstrap ended with ${code}.`, 'What it printed above says why. Put that right, then try again.');
  },
};
