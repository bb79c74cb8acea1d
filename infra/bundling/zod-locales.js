// One language of zod's fifty; its index would carry their list.
export { default as en } from 'zod/v4/locales/en.js';
