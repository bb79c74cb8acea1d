import { tellDemo } from './demo/tale';
import { ansi, plain } from './demo/words';

const isPretty = process.stdout.isTTY && !process.env.NO_COLOR;

tellDemo(isPretty ? ansi : plain, (line) => console.log(line)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
