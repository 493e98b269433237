import { parseMail } from '../src/parsing/parse-mail.ts';
import { mutatedMails } from './mutated-mails.ts';

// `npm run fuzz:mail [COUNT] [SEED]`: parses mutated mails and prints what became of them. Ends with 1 when one was
// lost, took two seconds or more, or memory grew beyond bounds.
const [count, seed] = [Number(process.argv[2] ?? 50_000), Number(process.argv[3] ?? 1)];
const SLOWEST = 2000;
const MEMORY = 1024;

let [parsed, refused, slowest] = [0, 0, 0];
const before = performance.now();
for (const mail of mutatedMails(count, seed)) {
  const from = performance.now();
  const result = parseMail(mail);
  slowest = Math.max(slowest, performance.now() - from);
  JSON.stringify(result.kind === 'parsed' ? result.payload : result);
  if (result.kind === 'parsed') parsed++;
  else refused++;
}
const seconds = (performance.now() - before) / 1000;
const megabytes = process.memoryUsage.rss() / 2 ** 20;
console.log(
  `${count} mutated mails (seed ${seed}): ${parsed} parsed, ${refused} refused, slowest ${slowest.toFixed(0)} ms, ` +
    `${seconds.toFixed(1)} s in all, ${megabytes.toFixed(0)} MB`,
);
if (parsed + refused !== count || slowest >= SLOWEST || megabytes > MEMORY) process.exitCode = 1;
