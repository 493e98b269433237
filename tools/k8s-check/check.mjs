// `npm run check:k8s`: renders every deployment of k8s/ and holds each object against its schema and all of them against
// the rules. The last line is `N objects, N problems`.
import { checked, deployments } from './deployments.mjs';

let count = 0;
let problems = 0;
for (const folder of deployments) {
  const { objects, faults } = await checked(folder);
  console.log(`${faults.length === 0 ? 'PASS' : 'FAIL'} ${folder} (${objects.length} objects)`);
  for (const fault of faults) console.log(`  ${fault}`);
  count += objects.length;
  problems += faults.length;
}
console.log(`${count} objects, ${problems} problems`);
process.exitCode = problems === 0 ? 0 : 1;
