/** What the e-mail about an execution needs to know; CloudFormation and EventBridge fill it in when deployed. */
export interface EndedExecution {
  stackName: string;
  region: string;
  runbookUrl: string;
  /** The name of an execution begins with its run's id. */
  name: string;
  status: string;
  arn: string;
}

/** Says which run it was; its console page has the sentence that the card shows. */
export function endedMail({ stackName, region, runbookUrl, name, status, arn }: EndedExecution): string {
  return [
    `${stackName}: the execution ${name} ended ${status}.`,
    `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${arn}`,
    `What to do: ${runbookUrl}#run-failed`,
  ].join(' ');
}
