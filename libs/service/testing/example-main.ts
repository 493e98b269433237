// The example app as a process of its own.
import { runService } from '../src/run-service.ts';
import { exampleApp } from './example-app.ts';

await runService([exampleApp], {
  onListening: ({ url, internalUrl }) => void process.stdout.write(`listening ${url} ${internalUrl}\n`),
});
