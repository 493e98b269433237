// Bundles the TypeScript file of the first argument, with our libraries, into the file of the second.
import { rolldown } from 'rolldown';

const [input, file] = process.argv.slice(2);
const ours = (id) =>
  id.startsWith('.') || id.startsWith('/') || id.startsWith('@yixian/') || id.startsWith('@oxc-');
const bundle = await rolldown({
  input,
  platform: 'node',
  tsconfig: 'tsconfig.base.json',
  external: (id) => !ours(id),
});
await bundle.write({ file, format: 'esm', codeSplitting: false });
