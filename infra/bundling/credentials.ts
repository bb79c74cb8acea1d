import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * In the place of @aws-sdk/credential-provider-node, for the one client of the SDK that is left: Lambda hands a
 * function its credentials in the environment (Lambda: Defined runtime environment variables), and nothing else has to
 * be asked. A client without them says so.
 */
export const defaultProvider = fromEnv;
