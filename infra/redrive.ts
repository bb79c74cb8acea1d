import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { RunTable } from '../orchestrator/aws/run-table';
import { givenToNpm } from './npm-flags';
import { redrive } from './redrive/redrive';
import { settingsOf } from './setup/cdk-json';
import { AwsCloud } from './setup/cloud';
import { type Problem, problem, type Told, told } from './setup/step';

const usage = `npm run redrive [-- [--stack Trapheus] [--look]]

  Hands back what lies in the on-failure queues of a deployment, each message once.
  --stack  the stack; the one that cdk.json names where it is left out
  --look   say what lies there, and leave it`;

const needed = ['TableName', 'StateMachineArn', 'TickQueueUrl', 'EndedFunctionName'] as const;

async function main(): Promise<number> {
  const given = readArguments();
  if (!given.ok) return complain(given);
  const outputs = await new AwsCloud().outputs(given.value.stack);
  if (!outputs.ok) return complain(outputs);
  const found = outputs.value ?? {};
  const missing = needed.filter((name) => found[name] === undefined);
  if (missing.length > 0)
    return complain(
      problem(
        `There is no stack ${given.value.stack} here that tells its ${missing.join(' and ')}.`,
        'Choose the account, the Region and the stack (--stack), or deploy again: npm run deploy',
      ),
    );
  const { TableName = '', StateMachineArn = '', TickQueueUrl = '', EndedFunctionName = '' } = found;
  const takers = {
    sqs: new SQSClient({}),
    lambda: new LambdaClient({}),
    sfn: new SFNClient({}),
    runs: new RunTable(new DynamoDBClient({}), TableName),
    tickQueueUrl: TickQueueUrl,
    endedFunctionName: EndedFunctionName,
    stateMachineArn: StateMachineArn,
  };
  return redrive(takers, found, { say: (line) => console.log(line), onlyLook: given.value.onlyLook });
}

function readArguments(): Told<{ stack: string; onlyLook: boolean }> {
  try {
    const { values } = parseArgs({
      options: { stack: { type: 'string' }, look: { type: 'boolean', default: false } },
    });
    const onlyLook = values.look || givenToNpm(process.env, 'look');
    if (values.stack !== undefined) return told({ stack: values.stack, onlyLook });
    const settings = settingsOf(resolve(__dirname, '..'));
    return settings.ok ? told({ stack: settings.value.stackName, onlyLook }) : settings;
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error), usage);
  }
}

function complain({ says, hint }: Problem): number {
  console.error(`${says}\n${hint}`);
  return 1;
}

void main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = complain(
      problem(error instanceof Error ? error.message : String(error), 'What is still in a queue is safe: try again.'),
    );
  },
);
