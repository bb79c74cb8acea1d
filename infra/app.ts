import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { optionsFrom } from './options';
import { TrapheusStack } from './stack';

const app = new App();
const { stackName, tags } = optionsFrom(app.node);
const stack = new TrapheusStack(app, stackName, { description: 'Trapheus: restores RDS databases from Slack' });
for (const [key, value] of Object.entries(tags)) Tags.of(stack).add(key, value);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
