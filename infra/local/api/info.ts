import { commands } from '../../../bot/command-line';
import { slackManifest } from '../../slack-manifest';
import { accessKeyId, accountId, botToken, region, type Sandbox, secretAccessKey, signingSecret } from '../sandbox';
import { app, channels, team, userGroups, users } from '../slack/people';

/** All that a program needs to drive the sandbox: addresses, keys, people. */
export function info(sandbox: Sandbox): object {
  const { lambda: _, ...endpoints } = sandbox.endpoints;
  return {
    url: sandbox.url,
    speed: sandbox.speed(),
    now: sandbox.clock.now(),
    slack: {
      apiUrl: sandbox.slackApiUrl,
      requestUrl: sandbox.requestUrl,
      signingSecret,
      botToken,
      teamId: team.id,
      appId: app.appId,
      botUserId: app.botUserId,
      command: sandbox.command,
      groups: userGroups.map(({ id, handle, users }) => ({ id, handle, users })),
      shortcuts: slackManifest({ command: sandbox.command }).features?.shortcuts ?? [],
      ...(sandbox.workspace && { workspace: sandbox.workspace }),
      channels: channels.filter(({ kind }) => kind !== 'im').map(({ id, name }) => ({ id, name })),
      users: users
        .filter(({ isBot }) => isBot !== true)
        .map(({ id, name, realName, note }) => ({ id, name, realName, note })),
    },
    aws: {
      region,
      accountId,
      accessKeyId,
      secretAccessKey,
      endpoints,
      tableName: sandbox.tableName,
      stateMachineArn: sandbox.stateMachineArn,
    },
    commands: commands.map(({ verb, usage, summary }) => ({ verb, usage, summary })),
  };
}

/** Everything that people and the account show now. */
export function state(sandbox: Sandbox): object {
  return {
    ...sandbox.slack.state(),
    runs: [...sandbox.runs.values()],
    ...sandbox.rds.snapshotOfWorld(),
    executions: sandbox.machine.executions(),
    alarms: sandbox.alarms.ringing(),
    alerts: sandbox.alerts.sent,
    faults: sandbox.faults.list(),
    speed: sandbox.speed(),
    pace: sandbox.pace(),
    now: sandbox.clock.now(),
  };
}
