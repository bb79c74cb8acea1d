import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { TrapheusStack } from './stack';

const app = new App();
new TrapheusStack(app, 'Trapheus', { description: 'Trapheus: restores RDS databases from Slack' });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
