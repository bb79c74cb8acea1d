import type { ActAnswer, Info, Scenario, SignedExchange, State } from './wire';

/** The sandbox could not be asked; the message is for people. */
export class SandboxError extends Error {}

/** The answers are the sandbox's own, of the same version as the page: their shape is not checked again here. */
async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
  const init: RequestInit =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`/sandbox/${path}`, init).catch(() => {
    throw new SandboxError('The sandbox does not answer. Is npm start still running?');
  });
  const text = await response.text();
  if (!response.ok) throw new SandboxError(sentenceOf(text) ?? `The sandbox answered ${response.status}.`);
  return (text === '' ? {} : JSON.parse(text)) as Answer;
}

function sentenceOf(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('error' in parsed)) return undefined;
    return `The sandbox says: ${String(parsed.error)}. ${'hint' in parsed ? String(parsed.hint) : ''}`.trim();
  } catch {
    // Not JSON: nothing that people could read.
  }
  return undefined;
}

export const fetchInfo = (): Promise<Info> => ask('info');
export const fetchState = (): Promise<State> => ask('state');
export const fetchScenarios = (): Promise<Scenario[]> => ask('scenarios');
export const fetchRequests = (): Promise<SignedExchange[]> => ask('requests');
export const postAct = (act: Record<string, unknown>): Promise<ActAnswer> => ask('act', act);
export const postClock = (change: { speed: number } | { advanceSeconds: number } | { skip: true }): Promise<unknown> =>
  ask('clock', change);
export const postFaults = (change: { scenario: string; database?: string } | { reset: true }): Promise<unknown> =>
  ask('faults', change);
