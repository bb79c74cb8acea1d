/** asl-validator ships no typings. */
declare module 'asl-validator' {
  const validate: (definition: unknown) => { isValid: boolean; errorsText: () => string };
  export default validate;
}
