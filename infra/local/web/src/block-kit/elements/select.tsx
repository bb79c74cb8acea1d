import type { MultiSelect, Select as SelectElement } from '@slack/types';
import type { ReactNode } from 'react';
import type { SelectOption, StateValue } from '../../sandbox/wire';
import { useDirectory } from '../../text/directory';
import { withEmoji } from '../../text/emoji';
import { type Choice, type ChoiceGroup, Combobox } from '../../ui/combobox';
import { type ElementProps, useValue } from '../field';
import { useSurface } from '../surface';

type AnySelect = SelectElement | MultiSelect;

/** Every menu, of one or of several choices: what differs is where the choices come from and how a choice is held. */
export function Select({ blockId, element, field }: ElementProps<AnySelect>): ReactNode {
  const surface = useSurface();
  const [value, set] = useValue(blockId, element, field);
  const people = usePlaces(element.type);
  const groups = people ?? staticGroups(element);
  const isMultiple = element.type.startsWith('multi_');
  const holds = holdOf(element.type);
  const nameOf = (id: string): string =>
    groups?.flatMap((group) => group.choices).find((one) => one.value === id)?.label ?? id;
  const chosen = heldChoices(value ?? initialOf(element), holds, nameOf);

  const load = async (query: string): Promise<ChoiceGroup[]> => {
    if (groups !== undefined) return matching(groups, query);
    const options = await surface.suggest({ blockId, actionId: element.action_id ?? '', query });
    return [{ label: '', choices: options.map(choiceOf) }];
  };
  const change = (after: Choice[]) => {
    const held = after.map((choice) => (holds.isOption ? choice.option : choice.value));
    set({ [holds.key]: isMultiple ? held : (held[0] ?? null) });
  };

  return (
    <Combobox
      id={field?.id}
      labelledBy={field?.labelledBy}
      label={element.placeholder?.text ?? 'Choose'}
      describedBy={field?.describedBy}
      isInvalid={field?.isInvalid === true}
      isRequired={field?.isRequired === true}
      placeholder={element.placeholder?.text ?? 'Choose an option'}
      fewest={
        'min_query_length' in element ? (element.min_query_length ?? 3) : element.type.includes('external') ? 3 : 0
      }
      chosen={chosen}
      isMultiple={isMultiple}
      load={load}
      isRemote={groups === undefined}
      onChange={change}
    />
  );
}

const choiceOf = (option: SelectOption): Choice => ({
  value: option.value ?? '',
  label: withEmoji(option.text.text),
  ...(option.description && { description: option.description.text }),
  option: { text: option.text, value: option.value ?? '' },
});

function staticGroups(element: AnySelect): ChoiceGroup[] | undefined {
  if ('option_groups' in element && element.option_groups) {
    return element.option_groups.map((group) => ({
      label: group.label.text,
      choices: group.options.map(choiceOf),
    }));
  }
  if ('options' in element && element.options) return [{ label: '', choices: element.options.map(choiceOf) }];
  return undefined;
}

/** People and channels are the workspace's own, not the app's. */
function usePlaces(type: string): ChoiceGroup[] | undefined {
  const { people, channels } = useDirectory();
  if (type.includes('users')) {
    const choices = [...people.values()].map((person) => ({
      value: person.id,
      label: person.realName,
      description: person.note,
    }));
    return [{ label: '', choices }];
  }
  if (type.includes('conversations') || type.includes('channels'))
    return [{ label: '', choices: [...channels].map(([value, name]) => ({ value, label: `#${name}` })) }];
  return undefined;
}

interface Hold {
  key: string;
  isOption: boolean;
}

/** The property of the state value (Slack: View payloads, `state.values`). */
function holdOf(type: string): Hold {
  const what = type.includes('users')
    ? 'user'
    : type.includes('conversations')
      ? 'conversation'
      : type.includes('channels')
        ? 'channel'
        : 'option';
  return { key: `selected_${what}${type.startsWith('multi_') ? 's' : ''}`, isOption: what === 'option' };
}

function initialOf(element: AnySelect): StateValue | undefined {
  const { key } = holdOf(element.type);
  const initial = (element as unknown as Record<string, unknown>)[key.replace('selected_', 'initial_')];
  return initial === undefined ? undefined : { [key]: initial };
}

function heldChoices(value: StateValue | undefined, { key, isOption }: Hold, nameOf: (id: string) => string): Choice[] {
  const held = value?.[key];
  const list: unknown[] = Array.isArray(held) ? held : held === null || held === undefined ? [] : [held];
  return list.map((one) =>
    isOption ? choiceOf(one as SelectOption) : { value: String(one), label: nameOf(String(one)) },
  );
}

function matching(groups: ChoiceGroup[], query: string): ChoiceGroup[] {
  const wanted = query.trim().toLowerCase();
  return groups
    .map((group) => ({ ...group, choices: group.choices.filter((one) => one.label.toLowerCase().includes(wanted)) }))
    .filter((group) => group.choices.length > 0);
}
