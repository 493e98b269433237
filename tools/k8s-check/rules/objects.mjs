// Short ways into the objects of a deployment.

export { idOf } from '../render.mjs';

/** Whether a selector finds what has these labels. */
export const matches = (selector, labels) =>
  Object.entries(selector?.matchLabels ?? selector ?? {}).every(([key, value]) => labels?.[key] === value);
export const ofKind = (objects, ...kinds) => objects.filter(({ kind }) => kinds.includes(kind));
export const named = (objects, kind, name) =>
  ofKind(objects, kind).find(({ metadata }) => metadata.name === name);
export const workloadsOf = (objects) => ofKind(objects, 'Deployment', 'StatefulSet', 'Job');
export const podOf = ({ spec }) => spec.template;
export const containersOf = (workload) => podOf(workload).spec.containers;
/** Whether a container runs our image. */
export const isOurs = ({ image }) => /(^|\/)yixian[:@]/.test(image ?? '');
export const autoscalersOf = (objects) => ofKind(objects, 'HorizontalPodAutoscaler', 'ScaledObject');

/** How many replicas of a workload there may be, by its autoscaler if it has one. */
export const mostReplicas = (objects, { spec, metadata }) => {
  const scaler = autoscalersOf(objects).find((one) => one.spec.scaleTargetRef?.name === metadata.name);
  return scaler ? (scaler.spec.maxReplicas ?? scaler.spec.maxReplicaCount) : (spec.replicas ?? 1);
};
