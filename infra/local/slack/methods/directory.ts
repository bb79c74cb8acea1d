import { ApiError } from '../api-error';
import type { Channel, Person } from '../people';
import type { Store } from '../store';
import type { Dict } from '../wire';
import { isTrue, type Method, required } from './method';

const authTest: Method = (_, store) => ({
  url: `https://${store.team.domain}.slack.com/`,
  team: store.team.name,
  user: store.app.name,
  team_id: store.team.id,
  user_id: store.app.botUserId,
  bot_id: store.app.botId,
  is_enterprise_install: false,
});

/** Slack: User object. */
function user(store: Store, person: Person): Dict {
  return {
    id: person.id,
    team_id: person.teamId ?? store.team.id,
    name: person.name,
    deleted: person.deleted === true,
    real_name: person.realName,
    ...timeZone(person.tz ?? 'Etc/UTC', store.now()),
    profile: { real_name: person.realName, display_name: person.name, team: person.teamId ?? store.team.id },
    is_admin: person.isAdmin === true,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.isRestricted === true || person.isUltraRestricted === true,
    is_ultra_restricted: person.isUltraRestricted === true,
    is_bot: person.isBot === true,
    is_app_user: false,
    updated: 0,
    ...(person.isStranger && { is_stranger: true }),
  };
}

/** Slack: User object; `tz_offset` is in seconds, as it is now. */
function timeZone(tz: string, now: number): Dict {
  const named = (style: 'long' | 'longOffset') =>
    new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: style })
      .formatToParts(now)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(named('longOffset')) ?? [];
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return { tz, tz_label: named('long'), tz_offset: sign === '-' ? -seconds : seconds };
}

const usersInfo: Method = (args, store) => {
  const person = store.person(required(args, 'user'));
  if (person === undefined) throw new ApiError('user_not_found');
  return { user: user(store, person) };
};

const groupsList: Method = (args, store) => ({
  usergroups: store.userGroups.map((group) => ({
    id: group.id,
    team_id: store.team.id,
    is_usergroup: true,
    is_external: false,
    handle: group.handle,
    name: group.name,
    description: '',
    date_delete: 0,
    user_count: group.users.length,
    ...(isTrue(args.include_users) && { users: group.users }),
  })),
});

const groupUsers: Method = (args, store) => {
  const id = required(args, 'usergroup');
  const group = store.userGroups.find((one) => one.id === id);
  if (group === undefined) throw new ApiError('no_such_subteam');
  return { users: group.users };
};

/** What the app's token can see: public channels, and others only as a member. */
function visible(store: Store, id: string): Channel {
  const channel = store.channel(id);
  const isVisible = channel?.kind === 'public' || channel?.members.includes(store.app.botUserId);
  if (channel === undefined || !isVisible) throw new ApiError('channel_not_found');
  return channel;
}

/** Slack: Conversation object. */
function conversation(store: Store, channel: Channel): Dict {
  const shared = channel.isExtShared === true;
  const common = { id: channel.id, created: 0, is_archived: channel.isArchived === true, is_org_shared: false };
  if (channel.kind === 'im')
    return { ...common, is_im: true, user: channel.members.find((id) => id !== store.app.botUserId) };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_member: channel.members.includes(store.app.botUserId),
    is_shared: shared,
    is_ext_shared: shared,
    is_pending_ext_shared: false,
    context_team_id: store.team.id,
  };
}

const conversationsInfo: Method = (args, store) => {
  const channel = visible(store, required(args, 'channel'));
  return {
    channel: {
      ...conversation(store, channel),
      ...(isTrue(args.include_num_members) && { num_members: channel.members.length }),
    },
  };
};

const conversationsMembers: Method = (args, store) => ({
  members: visible(store, required(args, 'channel')).members,
  response_metadata: { next_cursor: '' },
});

const conversationsOpen: Method = (args, store) => {
  const people = required(args, 'users')
    .split(',')
    .map((id) => store.person(id.trim()));
  const person = people[0];
  if (people.length !== 1 || person === undefined) throw new ApiError('user_not_found');
  const before = store.channels.length;
  const channel = store.direct(person);
  const isOld = store.channels.length === before;
  return { channel: { id: channel.id }, ...(isOld && { no_op: true, already_open: true }) };
};

export const directoryMethods: Record<string, Method> = {
  'auth.test': authTest,
  'users.info': usersInfo,
  'usergroups.list': groupsList,
  'usergroups.users.list': groupUsers,
  'conversations.info': conversationsInfo,
  'conversations.members': conversationsMembers,
  'conversations.open': conversationsOpen,
};
