// What no schema can say: rules over all objects of a deployment together. Each gives what it has against them.
import { services, routes } from './rules/doors.mjs';
import { uniqueNames, servedVersions, oneNamespace } from './rules/identity.mjs';
import { kafka } from './rules/kafka.mjs';
import { migration } from './rules/migration.mjs';
import { networkPolicies } from './rules/network-policies.mjs';
import { restrictedPods, probes } from './rules/pods.mjs';
import { references, secrets, settings } from './rules/references.mjs';
import { everyApp, rolling } from './rules/rollout.mjs';
import { autoscalers, connections } from './rules/scaling.mjs';

const rules = [
  uniqueNames,
  servedVersions,
  oneNamespace,
  restrictedPods,
  references,
  secrets,
  settings,
  probes,
  everyApp,
  rolling,
  services,
  routes,
  autoscalers,
  kafka,
  connections,
  migration,
  networkPolicies,
];

/** `known`: the `settings` that exist, and the `apps` that can run as services. */
export const ruleFaults = (objects, known) => rules.flatMap((rule) => rule(objects, known));
