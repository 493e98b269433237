import { execFileSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';

/** The objects of a kustomization. Throws, in words, when `kubectl` is absent or cannot render it. */
export function render(folder) {
  const text = kustomize(folder);
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() ?? [];
  });
}

function kustomize(folder) {
  try {
    return execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error('kubectl is needed to render k8s/: install it.');
    throw new Error(`${folder} cannot be rendered:\n${error.stderr}`);
  }
}

export const idOf = ({ kind, metadata }) => `${kind}/${metadata?.name}`;
