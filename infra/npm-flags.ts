/**
 * Whether a flag was given to npm itself: of `npm run setup --dry-run`, without the `--` that hands flags on, npm keeps the
 * flag and tells it in the environment (npm: config, Environment variables). What looks like a dry run has to be one.
 */
export function givenToNpm(env: Readonly<Record<string, string | undefined>>, flag: string): boolean {
  return env[`npm_config_${flag.replaceAll('-', '_')}`] === 'true';
}
