/** The policy travels as JSON, which is YAML too: a function need not carry a YAML parser to read what was checked. */
export const parse: (text: string) => unknown = JSON.parse;
