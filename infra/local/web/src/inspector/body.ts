/** A request's body as people read it: forms taken apart, and the JSON inside them as well. */
export function bodyOf(contentType: string, body: string): unknown {
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return readable(body);
  const form = Object.fromEntries(new URLSearchParams(body));
  return form.payload === undefined ? form : readable(form.payload);
}

/** JSON where it is JSON, else the text. */
export function readable(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
