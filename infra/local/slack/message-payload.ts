import type { Message } from './messages';
import type { Store } from './store';
import type { Dict } from './wire';

/** A message as Web API answers and interaction payloads carry it. */
export function messagePayload(store: Store, message: Message): Dict {
  const { channel: _, ephemeral_to: __, revisions: ___, bot_id: botId, ...shown } = message;
  return {
    type: 'message',
    ...shown,
    team: store.team.id,
    ...(botId && { bot_id: botId, app_id: store.app.appId }),
  };
}
