// In the place of the SDK's: what it adds to each call is for services that call functions.
export const getRecursionDetectionPlugin = () => ({ applyToStack: () => undefined });
