import type { Overflow as OverflowElement } from '@slack/types';
import { type ReactNode, useState } from 'react';
import { withEmoji } from '../../text/emoji';
import { MenuButton } from '../../ui/menu-button';
import { ConfirmDialog } from '../confirm-dialog';
import type { ElementProps } from '../field';
import { useSurface } from '../surface';

/** A menu of at most five things to do. */
export function Overflow({ blockId, element }: ElementProps<OverflowElement>): ReactNode {
  const surface = useSurface();
  const [isWaiting, setWaiting] = useState(false);
  const [asked, setAsked] = useState<string>();

  const press = async (value: string) => {
    setAsked(undefined);
    setWaiting(true);
    await surface.press({ blockId, actionId: element.action_id ?? '', value });
    setWaiting(false);
  };

  return (
    <>
      <MenuButton
        label="More actions"
        icon="dots"
        className="button button-default button-icon"
        isBusy={isWaiting}
        items={element.options.map((option) => ({
          value: option.value ?? '',
          label: withEmoji(option.text.text),
          note: option.description?.text,
        }))}
        onChoose={(value) => (element.confirm === undefined ? void press(value) : setAsked(value))}
      />
      {asked !== undefined && element.confirm && (
        <ConfirmDialog confirm={element.confirm} onYes={() => void press(asked)} onNo={() => setAsked(undefined)} />
      )}
    </>
  );
}
