// The job before the services.
import { containersOf, idOf, ofKind } from './objects.mjs';

export function migration(objects) {
  const jobs = ofKind(objects, 'Job');
  if (jobs.length !== 1) return [`there are ${jobs.length} migration jobs`];
  return jobs.flatMap((job) => {
    const [{ args, image }] = containersOf(job);
    const faults = [];
    if (args?.join(' ') !== 'dist/apps/standalone/main.js migrate') faults.push('does not migrate every app');
    if (job.metadata.name !== `migrate-${image.split(':').at(-1).replaceAll('.', '-')}`)
      faults.push('is not named after its release');
    if (!job.spec.ttlSecondsAfterFinished) faults.push('stays for ever');
    const others = ofKind(objects, 'Deployment').filter((one) => containersOf(one)[0].image !== image);
    return [...faults, ...others.map((one) => `is of another release than ${idOf(one)}`)].map(
      (fault) => `${idOf(job)}: ${fault}`,
    );
  });
}
