/** Says at the end of every run which tests were not run, so that nothing is left out quietly. */
export default class LeftOut {
  onRunComplete(_contexts, results) {
    const left = results.testResults.flatMap(({ testResults, skipped, testFilePath }) =>
      skipped && testResults.length === 0
        ? [testFilePath]
        : testResults
            .filter(({ status }) => ['pending', 'todo', 'disabled', 'skipped'].includes(status))
            .map(({ fullName }) => fullName),
    );
    const always = 'test/browser, which needs Chromium: npm run test:browser';
    process.stderr.write(`\nLeft out:\n${[always, ...left].map((name) => `  ${name}\n`).join('')}`);
  }
}
