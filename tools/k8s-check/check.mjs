// Renders every deployment of k8s/ and holds each object against its schema and all of them against the rules; then
// has Compose read docker/compose.yaml, where Compose is. The last line is `N objects, N problems`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { known, root } from './known.mjs';
import { render } from './render.mjs';
import { ruleFaults } from './rules.mjs';
import { schemaFaults } from './schema.mjs';

let objects = 0;
let problems = 0;

function tell(what, faults) {
  console.log(`${faults.length === 0 ? 'PASS' : 'FAIL'} ${what}`);
  for (const fault of faults) console.log(`  ${fault}`);
  problems += faults.length;
}

for (const folder of ['k8s/overlays/dev', 'k8s/overlays/production', 'tools/k8s-check/variant']) {
  const rendered = render(join(root, folder));
  objects += rendered.length;
  const schema = (await Promise.all(rendered.map(schemaFaults))).flat();
  tell(`${folder} (${rendered.length} objects)`, [...schema, ...ruleFaults(rendered, known)]);
}

const file = join(root, 'docker/compose.yaml');
const environment = { ...process.env, YIXIAN_SECRET: 'x'.repeat(32), POSTGRES_PASSWORD: 'x' };
const compose = [['docker', 'compose'], ['docker-compose']].find(
  ([command, ...args]) => spawnSync(command, [...args, 'version']).status === 0,
);
if (compose) {
  const [command, ...args] = compose;
  const { status, stderr } = spawnSync(command, [...args, '-f', file, 'config', '-q'], {
    env: environment,
    encoding: 'utf8',
  });
  tell(`docker/compose.yaml by ${compose.join(' ')}`, status === 0 ? [] : [stderr.trim()]);
} else console.log('SKIP docker/compose.yaml: neither docker compose nor docker-compose is here');

console.log(`${objects} objects, ${problems} problems`);
process.exitCode = problems === 0 ? 0 : 1;
