import { NotifierEnvironment, readEnvironment, SlackEnvironment } from '../../bot/config';

const whole = {
  TABLE_NAME: 'trapheus',
  STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:trapheus',
  TICK_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/ticks',
  SECRET_ID: 'trapheus/slack',
  POLICY_FILE: 'policy.yml',
};

test('the command has a default, Slack’s address is Slack’s', () => {
  expect(readEnvironment(SlackEnvironment, whole)).toEqual({ ...whole, COMMAND: '/trapheus' });
});

test('the notifier needs neither the machine nor the policy', () => {
  const { TABLE_NAME, SECRET_ID } = whole;
  expect(readEnvironment(NotifierEnvironment, { TABLE_NAME, SECRET_ID, LABEL: 'staging' })).toMatchObject({
    LABEL: 'staging',
  });
});

test('all mistakes are reported at once, by name and without the values', () => {
  const env = {
    TABLE_NAME: '',
    COMMAND: 'Trapheus!',
    SLACK_API_URL: 'http://slack.example/api',
    TICK_QUEUE_URL: 'not-a-url',
  };
  expect(() => readEnvironment(SlackEnvironment, env)).toThrow(
    [
      'The environment has 7 mistakes:',
      '  TABLE_NAME is empty',
      '  SECRET_ID is not set',
      '  SLACK_API_URL has to end with a slash',
      '  COMMAND is not a slash command such as /trapheus',
      '  STATE_MACHINE_ARN is not set',
      '  TICK_QUEUE_URL is not a URL',
      '  POLICY_FILE is not set',
    ].join('\n'),
  );
});
