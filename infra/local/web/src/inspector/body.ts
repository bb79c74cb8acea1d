/** A request's body as people read it: forms taken apart, and the JSON inside them as well. */
export function bodyOf(contentType: string, body: string): unknown {
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return readable(body);
  const form = Object.fromEntries(new URLSearchParams(body));
  return form.payload === undefined ? form : readable(form.payload);
}

/** What was pressed, chosen or submitted, where the request says so. */
export function subjectOf(contentType: string, body: string): string | undefined {
  const said = bodyOf(contentType, body);
  if (!isRecord(said)) return undefined;
  const [action] = Array.isArray(said.actions) ? said.actions : [];
  const named = isRecord(action)
    ? action.action_id
    : (said.action_id ?? (isRecord(said.view) ? said.view.callback_id : said.text));
  return typeof named === 'string' && named !== '' ? named : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** JSON where it is JSON, else the text. */
export function readable(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
