import { join } from 'node:path';
import { known, root } from './known.mjs';
import { needModels } from './models.mjs';
import { render } from './render.mjs';
import { ruleFaults } from './rules.mjs';
import { schemaFaults } from './schema.mjs';

/** Every deployment of k8s/: both overlays, and the components that neither uses. */
export const deployments = ['k8s/overlays/dev', 'k8s/overlays/production', 'tools/k8s-check/variant'];

/** The objects of a deployment, and all there is to say against them. */
export async function checked(folder) {
  const objects = render(join(root, folder));
  return { objects, faults: await faultsOf(objects) };
}

/** Each object against its schema, all of them against the rules. */
export async function faultsOf(objects) {
  needModels();
  const schema = (await Promise.all(objects.map(schemaFaults))).flat();
  return [...schema, ...ruleFaults(objects, known)];
}
