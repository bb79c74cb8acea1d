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
    process.stderr.write(
      left.length === 0 ? '\nLeft out: nothing\n' : `\nLeft out:\n${left.map((name) => `  ${name}\n`).join('')}`,
    );
  }
}
