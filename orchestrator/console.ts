/** Where each partition's console answers (AWS: General Reference, AWS Management Console endpoints). */
const consoles: Record<string, string> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** The page of an execution in the AWS console; undefined where we do not know the partition's console. */
export function executionAddress(stateMachineArn: string, execution: string): string | undefined {
  const [, partition = '', , region = ''] = stateMachineArn.split(':');
  const host = consoles[partition];
  if (host === undefined) return undefined;
  const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${execution}`;
  return `https://${region}.${host}/states/home?region=${region}#/v2/executions/details/${arn}`;
}
