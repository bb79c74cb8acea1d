import type { BlockAction, BlockSuggestion, ViewOutput } from '@slack/bolt';
import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Door } from '../orchestrator/door/door';
import type { Refused } from '../orchestrator/errors';
import type { Membership, Policy } from '../orchestrator/policy';
import type { Clock, Databases, Inventory } from '../orchestrator/ports';
import type { Person } from '../orchestrator/run';
import type { ShownCards } from './cards';
import type { Homes } from './homes';
import type { House } from './house';
import type { Hurry } from './hurry';
import type { Mrkdwn } from './views/mrkdwn';

/** The public face of the door: everything a person may ask for. */
export type Asked = Pick<
  Door,
  | 'mayRequest'
  | 'review'
  | 'request'
  | 'mayDecide'
  | 'decide'
  | 'mayBreakGlass'
  | 'breakGlass'
  | 'mayAdministrate'
  | 'freeze'
  | 'unfreeze'
  | 'frozen'
  | 'startNow'
  | 'mayStop'
  | 'cancel'
  | 'undo'
  | 'extend'
  | 'removeNow'
  | 'retryRemoval'
  | 'release'
  | 'find'
  | 'open'
  | 'recent'
  | 'listed'
  | 'all'
  | 'refusals'
  | 'ofDatabase'
>;

/** What listeners work with. */
export interface Parts {
  door: Asked;
  inventory: Pick<Inventory, 'list' | 'used'>;
  databases: Pick<Databases, 'find' | 'snapshotsOf' | 'sharedSnapshots' | 'restorable'>;
  cards: ShownCards;
  homes: Pick<Homes, 'opened' | 'forget'>;
  policy: Policy;
  clock: Clock;
  house: House;
  hurry: Pick<Hurry, 'hasTimeFor'>;
}

/** Somebody who was checked to be a member of our workspace. His id comes from the signed request only. */
export interface Caller {
  person: Person;
  client: WebClient;
  /** His time zone: an IANA name. */
  zone: string;
  /** The workspace's address, which permalinks begin with; empty when Slack did not say. */
  site: string;
  /** The user groups of policy.yml that he is in, as Slack says now. */
  groups: () => Promise<Membership>;
  /** What to call people where Slack shows no mentions. */
  names: (ids: string[]) => Promise<(id: string) => string>;
}

/** What a person is told in answer, seen by nobody else. */
export interface Said {
  text: Mrkdwn;
  blocks?: KnownBlock[];
}

export interface Click extends Caller {
  /** What the button carries: opaque, and checked again by the door. */
  value: string;
  /** Where it was pressed; absent in a form. */
  channel: string | undefined;
  trigger: string;
  body: BlockAction;
}

/** Something to press. Without `said` the change of the card is the answer. */
export interface Button {
  kind: 'button';
  /** Slack's `action_id`. */
  id: string;
  press(parts: Parts, click: Click): Promise<{ ok: true; said?: Mrkdwn } | Refused>;
}

export interface OptionsAsked extends Caller {
  typed: string;
  view: ViewOutput | undefined;
  body: BlockSuggestion;
}

export type OptionsFound =
  | { options: PlainTextOption[] }
  | { option_groups: { label: { type: 'plain_text'; text: string }; options: PlainTextOption[] }[] };

/** What a menu offers while a person types. */
export interface Options {
  kind: 'options';
  /** Slack's `action_id`. */
  id: string;
  find(parts: Parts, asked: OptionsAsked): Promise<OptionsFound>;
}

export interface Submitted extends Caller {
  view: ViewOutput;
}

/** How a form goes on: closed, wrong in some fields (by `block_id`), showing something else, or that on top of itself. */
export type FormAnswer =
  | { close: true }
  | { errors: Record<string, string> }
  | { show: ModalView }
  | { push: ModalView };

export interface Form {
  kind: 'form';
  /** Slack's `callback_id`. */
  id: string;
  submit(parts: Parts, submitted: Submitted): Promise<FormAnswer>;
}

/** What a person sees who opens the app's Home tab. */
export interface Home {
  kind: 'home';
  /** Slack's event. */
  id: 'app_home_opened';
  publish(parts: Parts, caller: Caller): Promise<void>;
}

export interface ShortcutUsed extends Caller {
  trigger: string;
  /** The message whose menu it was chosen from; absent for a global shortcut. */
  message: { channel: string; ts: string } | undefined;
}

/** Something in Slack's menus: on its own, or on a message. */
export interface Shortcut {
  kind: 'shortcut';
  /** Slack's `callback_id`. */
  id: string;
  /** Answers what to tell; undefined when a dialog has opened instead. */
  open(parts: Parts, used: ShortcutUsed): Promise<Mrkdwn | undefined>;
}

/** One thing that Slack may tell us a person did. */
export type Listener = Button | Options | Form | Home | Shortcut;
