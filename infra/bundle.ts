/** How every function is bundled: CommonJS, from the ES modules of the SDK, which shake to a fraction of their size. */
export const mainFields = ['module', 'main'];

/** What Bolt imports for its servers, sockets and installations. In Lambda it has none of them. */
const unused = ['express', 'raw-body', '@slack/socket-mode', '@slack/oauth'];

/** Halves the time to load Bolt, which the first command after a pause waits for. */
export const aliases = Object.fromEntries(unused.map((name) => [name, './infra/constructs/nothing.js']));
