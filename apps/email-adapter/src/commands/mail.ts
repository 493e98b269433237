import { printParsed } from '../parsing/print-parsed.ts';

// `npm run -s mail -- parse FILE…`: prints what each mail says as one JSON line, in the order given. Ends with 0 also
// when a file cannot be read: its line then has an `error`.
const [command, ...files] = process.argv.slice(2);
if (command !== 'parse' || files.length === 0) {
  process.stderr.write('Usage: npm run -s mail -- parse FILE…\n');
  process.exitCode = 2;
} else {
  await printParsed(files, process.stdout);
}
