import { VirtualClock } from '../../../infra/local/clock';
import { Faults } from '../../../infra/local/faults';
import { Lambda } from '../../../infra/local/lambda';
import { Front } from '../../../infra/local/service';

export const region = 'eu-west-1';
export const accountId = '123456789012';
export const accessKeyId = 'AKIDSANDBOX';
export const credentials = { accessKeyId, secretAccessKey: 'secret' };
/** Every test begins at noon on the first of January 2027. */
export const noon = Date.UTC(2027, 0, 1, 12);

/** Clock, faults, functions and front, as the sandbox wires them, without an upper speed. */
export function loopback() {
  const clock = new VirtualClock({ start: noon });
  const faults = new Faults();
  const lambda = new Lambda(clock, faults);
  const front = new Front({ clock, faults, lambda });
  return { clock, faults, lambda, front };
}

/** What a call was refused with: the name that code compares, and the HTTP status. */
export async function refusal(call: Promise<unknown>): Promise<{ name: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode };
  }
  throw new Error('the call was not refused');
}
